"""Why a try, or a paper, did not end with a file: the closed list of causes, as data.

A try is one URL; a paper's verdict is derived from its tries by `verdict`. `sentence` and `action` are what the user
reads. `waits` are the pauses before the paper is taken up again by itself; none means: not by itself.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from attrs import field, frozen


class Scope(StrEnum):
    """What a cause speaks of."""

    TRY = "try"
    PAPER = "paper"
    SYSTEM = "system"


@frozen(kw_only=True)
class Cause:
    """One cause. `transient` ones are tried again within the attempt, or the paper is deferred.

    `blocks` tells that the URL is not worth another try. `rank` orders causes by how much they tell the user:
    the verdict of a paper is the cause of highest rank among its tries.
    """

    name: str
    scope: Scope
    sentence: str
    action: str
    rank: int = 0
    transient: bool = False
    blocks: bool = False
    waits: tuple[timedelta, ...] = field(default=())


def _days(*counts: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(days=count) for count in counts)


def _minutes(*counts: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=count) for count in counts)


_T, _P, _S = Scope.TRY, Scope.PAPER, Scope.SYSTEM
_ALL = (
    Cause(
        name="unknown_doi",
        scope=_P,
        rank=5,
        waits=_days(30),
        sentence="No registration agency that we ask knows this DOI.",
        action="Check the DOI at doi.org; a new one may need some weeks to be known.",
    ),
    Cause(
        name="not_an_article",
        scope=_P,
        rank=5,
        sentence="The DOI names no article: a figure, a data set, a journal.",
        action="Replace it by the DOI of the article.",
    ),
    Cause(
        name="no_open_copy",
        scope=_P,
        rank=1,
        waits=_days(90, 180),
        sentence="No source knows a copy that is free to read.",
        action="Get it through your library, or ask the authors.",
    ),
    Cause(
        name="open_but_blocked",
        scope=_P,
        rank=90,
        waits=_days(7, 30, 90),
        sentence="The paper is free to read, but the site does not let programs in.",
        action="Open it in your browser and save the PDF.",
    ),
    Cause(
        name="embargoed",
        scope=_P,
        rank=40,
        sentence="The free copy is under embargo.",
        action="Nothing: it is asked for again when the embargo ends.",
    ),
    Cause(
        name="no_pdf_link",
        scope=_T,
        rank=30,
        blocks=True,
        sentence="The article's page names no PDF.",
        action="Look at the page in your browser, and save the PDF if you find it.",
    ),
    Cause(
        name="html_instead_of_pdf",
        scope=_T,
        rank=35,
        blocks=True,
        sentence="A web page came instead of the PDF.",
        action="Open the address in your browser.",
    ),
    Cause(
        name="bot_challenge",
        scope=_T,
        rank=80,
        sentence="The site asked for a proof of being human.",
        action="Open the paper in your browser and save the PDF.",
    ),
    Cause(
        name="login_or_paywall",
        scope=_T,
        rank=60,
        blocks=True,
        sentence="The site asked for a login or a payment.",
        action="Get it through your library, or ask the authors.",
    ),
    Cause(
        name="cookie_wall",
        scope=_T,
        rank=55,
        sentence="The site insists on cookies.",
        action="Open the paper in your browser and save the PDF.",
    ),
    Cause(
        name="forbidden",
        scope=_T,
        rank=70,
        waits=_days(1),
        sentence="The site refused the request.",
        action="Open the paper in your browser and save the PDF.",
    ),
    Cause(
        name="not_found",
        scope=_T,
        rank=20,
        blocks=True,
        waits=_days(7),
        sentence="The address of the copy does not exist any more.",
        action="Nothing: other copies are tried.",
    ),
    Cause(
        name="rate_limited",
        scope=_T,
        rank=10,
        transient=True,
        sentence="The site asked us to slow down.",
        action="Nothing: it is asked again later.",
    ),
    Cause(
        name="server_error",
        scope=_T,
        rank=15,
        transient=True,
        waits=_minutes(15, 120, 1440),
        sentence="The site had a fault of its own.",
        action="Nothing: it is asked again later.",
    ),
    Cause(
        name="timeout",
        scope=_T,
        rank=16,
        transient=True,
        waits=_minutes(15, 120, 1440),
        sentence="The site was too slow.",
        action="Nothing: it is asked again later.",
    ),
    Cause(
        name="network_error",
        scope=_T,
        rank=14,
        transient=True,
        waits=_minutes(15, 120, 1440),
        sentence="The site could not be reached.",
        action="Check the internet connection if this happens with every site.",
    ),
    Cause(
        name="tls_error",
        scope=_T,
        rank=18,
        blocks=True,
        waits=_days(7),
        sentence="The site's certificate is not valid.",
        action="Open the address in your browser if you trust the site.",
    ),
    Cause(
        name="bad_response",
        scope=_T,
        rank=17,
        waits=_days(1),
        sentence="The site's answer broke the rules of HTTP.",
        action="Open the address in your browser.",
    ),
    Cause(
        name="redirect_loop",
        scope=_T,
        rank=25,
        blocks=True,
        sentence="The address leads in circles.",
        action="Open the address in your browser.",
    ),
    Cause(
        name="address_refused",
        scope=_T,
        rank=22,
        blocks=True,
        sentence="The address does not lead to the public internet.",
        action="If it is a server of your institution, add its network to ALLOWED_NETWORKS.",
    ),
    Cause(
        name="too_large",
        scope=_T,
        rank=45,
        blocks=True,
        sentence="The file is larger than the limit.",
        action="Raise MAX_FILE_BYTES, or fetch it by hand.",
    ),
    Cause(
        name="empty_body",
        scope=_T,
        rank=19,
        blocks=True,
        sentence="An empty file came.",
        action="Open the address in your browser.",
    ),
    Cause(
        name="truncated",
        scope=_T,
        rank=24,
        waits=_minutes(15, 1440),
        sentence="The file was cut off on its way.",
        action="Nothing: it is fetched again later.",
    ),
    Cause(
        name="bad_pdf",
        scope=_T,
        rank=32,
        blocks=True,
        sentence="The file is no readable PDF.",
        action="Open the address in your browser.",
    ),
    Cause(
        name="needs_password",
        scope=_T,
        rank=46,
        blocks=True,
        sentence="The PDF is locked with a password.",
        action="Fetch another copy by hand.",
    ),
    Cause(
        name="unsafe_pdf",
        scope=_T,
        rank=33,
        blocks=True,
        sentence="The PDF could not be checked within its limits of time and memory.",
        action="Open it with care, outside of this program.",
    ),
    Cause(
        name="wrong_document",
        scope=_T,
        rank=50,
        blocks=True,
        sentence="The file is another document.",
        action="Nothing: other copies are tried.",
    ),
    Cause(
        name="robots_disallowed",
        scope=_T,
        rank=75,
        waits=_days(30),
        sentence="The site asks programs to stay away from this address.",
        action="Open the paper in your browser and save the PDF.",
    ),
    Cause(
        name="policy_skip",
        scope=_T,
        rank=12,
        sentence="This site is left alone: its terms, or its logins, are not made for programs.",
        action="Open the paper in your browser and save the PDF.",
    ),
    Cause(
        name="missing_credential",
        scope=_S,
        waits=_days(1, 7),
        sentence="A source needs a key or a contact address that is not set.",
        action="Set it in the settings.",
    ),
    Cause(
        name="source_off",
        scope=_S,
        waits=_days(30),
        sentence="No source that is switched on serves this paper's identifiers.",
        action="Switch the other sources on.",
    ),
    Cause(
        name="source_unreachable",
        scope=_S,
        transient=True,
        waits=_minutes(5, 15, 60),
        sentence="A source could not be asked.",
        action="Nothing: it is asked again later.",
    ),
    Cause(
        name="no_internet",
        scope=_S,
        transient=True,
        sentence="Nothing that was asked answered, whatever the site.",
        action="Check the internet connection; it goes on by itself.",
    ),
    Cause(
        name="budget_exhausted",
        scope=_S,
        transient=True,
        sentence="The daily budget of a source is used up.",
        action="Nothing: it goes on tomorrow.",
    ),
    Cause(
        name="host_resting",
        scope=_S,
        transient=True,
        sentence="The site rests after repeated refusals.",
        action="Nothing: it is asked again later.",
    ),
    Cause(
        name="disk_full",
        scope=_S,
        transient=True,
        waits=_minutes(5),
        sentence="There is not enough space on the disk.",
        action="Free some space; it goes on by itself.",
    ),
    Cause(
        name="crashed",
        scope=_S,
        waits=_minutes(60),
        sentence="The program made a mistake of its own.",
        action="Report it with the entry of the log.",
    ),
)
CAUSES: Mapping[str, Cause] = {cause.name: cause for cause in _ALL}

GOOD: Mapping[str, str] = {"ok": "A file came.", "page": "A page came that leads on to the file."}
"""Outcomes of a try that need no cause, with the sentence for the user."""

WALLS = frozenset({"bot_challenge", "forbidden", "cookie_wall", "robots_disallowed"})
"""A site that is open to people but not to programs."""


def verdict(tried: Iterable[str]) -> str:
    """The cause of a paper whose every copy failed, from the causes of its tries.

    Copies are known only where a source called the paper open, so a wall makes it “open but blocked”.
    Tries that went well, and causes that are not in the list any more, do not count.
    """
    causes = [CAUSES[name] for name in tried if name in CAUSES]
    if not causes:
        return "no_open_copy"
    worst = max(causes, key=lambda cause: cause.rank)
    return "open_but_blocked" if worst.name in WALLS else worst.name


def next_try(cause: str, setbacks: int, now: datetime) -> datetime | None:
    """When a paper that ended so after `setbacks` in a row is taken up again; None for never by itself.

    Short pauses run out (a site that is down for days is down); pauses of days go on with the last one.
    """
    waits = CAUSES[cause].waits
    if setbacks < len(waits):
        return now + waits[setbacks]
    return now + waits[-1] if waits and waits[-1] >= timedelta(days=7) else None
