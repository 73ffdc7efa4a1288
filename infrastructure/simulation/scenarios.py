"""What may happen to a paper, as one table: the share, the outcome, and how the hosts of its copies answer."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from attrs import field, frozen

from domain.copies import Version
from domain.pipeline import Status


class Told(StrEnum):
    """What a source says of a copy: the file's address, its page's, or the DOI that leads to the page."""

    FILE = "file"
    PAGE = "page"
    DOI = "doi"


@frozen(kw_only=True)
class Site:
    """A kind of host: how many there are of it, and where a paper's page and file lie on them."""

    hosts: int
    page: str
    file: str


SITES: Mapping[str, Site] = {
    "publisher": Site(hosts=12, page="/articles/{number}", file="/articles/{number}/pdf"),
    "repository": Site(hosts=4, page="/records/{number}", file="/records/{number}/files/article.pdf"),
    "arxiv": Site(hosts=1, page="/abs/{arxiv_id}", file="/pdf/{arxiv_id}"),
    "pmc": Site(hosts=1, page="/articles/{pmcid}", file="/articles/{pmcid}?pdf=render"),
    # A host that refuses is soon left alone for a while: so each paper in trouble has a host of its own.
    "troubled": Site(hosts=64, page="/articles/{number}", file="/articles/{number}/pdf"),
    "restricted": Site(hosts=1, page="/restricted/{number}", file="/restricted/{number}/pdf"),
}


@frozen(kw_only=True)
class Place:
    """One copy. `answers` are what the file's address gives: first, second…; the last one stays."""

    at: str
    """A name of SITES."""
    answers: tuple[str, ...] = ("pdf",)
    """Names of infrastructure.simulation.hosts.ANSWERS."""
    told: Told = Told.FILE
    by: str = "unpaywall"
    """The source that knows of it."""
    version: Version = Version.PUBLISHED
    tagged: bool = True
    """Whether the page names the file in its head."""


@frozen
class Scenario:
    """What happens to a paper. `share` is in thousandths."""

    name: str
    share: int
    outcome: Status
    places: tuple[Place, ...] = ()
    registered: bool = field(default=True, kw_only=True)
    """Whether any source has heard of the DOI."""


def _direct(*answers: str) -> tuple[Place]:
    return (Place(at="troubled", answers=answers),)


_PUBLISHER = Place(at="publisher")
_MANUSCRIPT = Place(at="repository", version=Version.ACCEPTED)
_ARXIV = Place(at="arxiv", version=Version.SUBMITTED)
_DONE, _UNAVAILABLE, _FAILED, _DOUBTFUL = Status.DONE, Status.UNAVAILABLE, Status.FAILED, Status.DOUBTFUL

SCENARIOS: Sequence[Scenario] = (
    Scenario("good file", 190, _DONE, (_PUBLISHER,)),
    Scenario("good landing page", 95, _DONE, (Place(at="publisher", told=Told.PAGE),)),
    Scenario("landing page behind the DOI", 15, _DONE, (Place(at="publisher", told=Told.DOI),)),
    Scenario("repository page", 20, _DONE, (Place(at="repository", told=Told.PAGE, version=Version.ACCEPTED),)),
    Scenario("arXiv copy", 40, _DONE, (Place(at="arxiv", version=Version.ACCEPTED),)),
    Scenario("preprint only", 20, _DONE, (_ARXIV,)),
    Scenario("Europe PMC copy", 30, _DONE, (Place(at="pmc", by="europepmc"),)),
    Scenario("second copy after a dead address", 20, _DONE, (*_direct("missing"), _MANUSCRIPT)),
    Scenario("second copy after a wall", 15, _DONE, (*_direct("challenge"), _MANUSCRIPT)),
    Scenario("second copy after a wrong paper", 10, _DONE, (*_direct("other paper"), _ARXIV)),
    Scenario("redirect chain", 15, _DONE, _direct("chain")),
    Scenario("rate limited", 15, _DONE, _direct("slow down", "pdf")),
    Scenario("rate limited until a moment", 5, _DONE, _direct("slow down until", "pdf")),
    Scenario("busy once", 15, _DONE, _direct("busy", "pdf")),
    Scenario("reset once", 10, _DONE, _direct("reset", "pdf")),
    Scenario("no copy", 310, _UNAVAILABLE),
    Scenario("unknown DOI", 15, _UNAVAILABLE, registered=False),
    Scenario("forbidden", 30, _FAILED, _direct("forbidden")),
    Scenario("challenge page", 25, _FAILED, _direct("challenge")),
    Scenario("login wall", 15, _FAILED, _direct("login")),
    Scenario("dead address", 15, _FAILED, _direct("missing")),
    Scenario("page without a file", 10, _FAILED, (Place(at="troubled", told=Told.PAGE, tagged=False),)),
    Scenario("web page as PDF", 10, _FAILED, _direct("web page")),
    Scenario("closed to robots", 5, _FAILED, (Place(at="restricted"),)),
    Scenario("redirect loop", 5, _FAILED, _direct("loop")),
    Scenario("wrong paper", 5, _FAILED, _direct("other paper")),
    Scenario("damaged PDF", 5, _FAILED, _direct("damaged")),
    Scenario("cut off", 5, _FAILED, _direct("cut off")),
    Scenario("empty file", 5, _FAILED, _direct("empty")),
    Scenario("stalled", 5, _FAILED, _direct("stall")),
    Scenario("slow", 5, _FAILED, _direct("trickle")),
    Scenario("garbage", 5, _FAILED, _direct("garbage")),
    Scenario("scan without text", 10, _DOUBTFUL, _direct("scan")),
)
"""Shares follow what is published of open access and of crawls: about half of a list can be had, a third is closed,
and most of the rest is met by walls. From 200 papers on, every scenario occurs."""

GOOD_FILES: Sequence[Scenario] = (Scenario("good file", 1000, _DONE, (_PUBLISHER,)),)
"""Nothing but files: to measure downloads."""


def drawn(scenarios: Sequence[Scenario], count: int) -> list[Scenario]:
    """`count` scenarios in the order of the table, each as often as its share says, to within one."""
    total = sum(scenario.share for scenario in scenarios)
    ladder = iter(scenarios)
    current, reached = next(ladder), 0.0
    result = []
    for number in range(count):
        while (number + 0.5) * total >= (reached + current.share) * count:
            reached += current.share
            current = next(ladder)
        result.append(current)
    return result
