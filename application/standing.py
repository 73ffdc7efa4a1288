"""Where a paper stands, in words: one sentence, what comes next and when, and what a person can do. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from attrs import frozen

from application.formats import listed, plural, size
from application.queries import PaperRow
from application.wording import cause_sentence
from domain.causes import CAUSES
from domain.pipeline import Status
from domain.scraper import ScraperStatus

LABELS: Mapping[Status, str] = {
    Status.NEW: "New",
    Status.LOCATED: "Located",
    Status.UNAVAILABLE: "Unavailable",
    Status.DONE: "Done",
    Status.DOUBTFUL: "Doubtful",
    Status.FAILED: "Failed",
    Status.EXCLUDED: "Excluded",
    Status.PENDING: "Planned",
    Status.PROCESSING: "In work",
}
MEANINGS: Mapping[Status, str] = {
    Status.NEW: "Sources were not asked yet.",
    Status.LOCATED: "A copy is known and waits to be downloaded.",
    Status.UNAVAILABLE: "No source knows a copy that may be fetched.",
    Status.DONE: "The file is in the library and was checked.",
    Status.DOUBTFUL: "A file was kept that a person must judge.",
    Status.FAILED: "Copies are known, but none could be fetched.",
    Status.EXCLUDED: "Set aside.",
    Status.PENDING: "A job is planned.",
    Status.PROCESSING: "It is being worked on right now.",
}


@frozen(kw_only=True)
class Next:
    """What comes next: words that `moment` ends, where there is one.

    `held_up` is what holds it up, `asked` what a person does meanwhile; "" for nothing.
    """

    text: str
    moment: datetime | None = None
    held_up: str = ""
    asked: str = ""


@frozen(kw_only=True)
class Standing:
    """A sentence about a paper, what to do ("" for nothing), and when it is taken up again by itself."""

    sentence: str
    action: str = ""
    again: datetime | None = None
    next: Next | None = None


def standing(
    paper: PaperRow,
    *,
    due: datetime | None = None,
    places: Sequence[str] | None = None,
    switch: ScraperStatus | None = None,
    aside: str = "",
) -> Standing:
    """Where the paper stands.

    It tells more where more is known: when its job is `due`, the `places` of the copies that can still be tried, the
    position of the switch, and how the paper was set `aside`.
    """
    sentence, action = _WORDS[paper.status](paper)
    if paper.status is Status.EXCLUDED and aside:
        sentence = f"Set aside: the program leaves this paper alone. {aside.rstrip('.')}."
    if paper.status is Status.FAILED and places is not None:
        sentence = f"{sentence} {_left(places)}"
    return Standing(sentence=sentence, action=action, again=paper.not_before, next=_next(paper, due, switch))


def _left(places: Sequence[str]) -> str:
    """Which copies can still be tried."""
    named = list(dict.fromkeys(places))
    if not named:
        return "No copy is left to try."
    more = [plural(len(named) - 2, "other place")] if len(named) > 2 else []
    return f"A copy is known at {listed([*named[:2], *more])}."


def _next(paper: PaperRow, due: datetime | None, switch: ScraperStatus | None) -> Next | None:
    """What comes next, if anything does by itself."""
    if paper.status not in _LATER:
        return None
    later, otherwise = _LATER[paper.status]
    moment = due if paper.status is Status.PENDING else paper.not_before
    happens = moment is not None or paper.status in _BY_ITSELF
    return Next(
        text=later if moment else otherwise,
        moment=moment,
        held_up=_HELD_UP.get(switch, "") if switch and happens else "",
        asked="A person asked for it elsewhere." if paper.requested else "",
    )


_BY_ITSELF = (Status.NEW, Status.LOCATED, Status.PENDING)
_LATER: Mapping[Status, tuple[str, str]] = {
    Status.NEW: ("The sources are asked after", "The sources are asked."),
    Status.LOCATED: ("The schedule may draw it after", "The schedule draws it in one of the next hours."),
    Status.UNAVAILABLE: ("The sources are asked again after", "It is not looked for again by itself."),
    Status.FAILED: ("It is tried again after", "It is not tried again by itself."),
    Status.PENDING: ("It begins at", "It begins within its hour."),
    Status.DOUBTFUL: ("", "It waits until a person has judged the file."),
}
"""What comes next at a moment, and where there is none."""
_HELD_UP: Mapping[ScraperStatus, str] = {
    ScraperStatus.STOPPED: "The scraper is stopped: nothing happens by itself until it is started.",
    ScraperStatus.PAUSED: "The scraper is paused: nothing happens by itself until it is resumed.",
    ScraperStatus.EMERGENCY_STOPPED: "There is an emergency stop: nothing happens by itself until it is lifted.",
}


def _ended(start: str, paper: PaperRow) -> tuple[str, str]:
    if paper.cause is None:
        return f"{start}.", ""
    known = CAUSES.get(paper.cause)
    return f"{start}. {cause_sentence(paper.cause)}", known.action if known else ""


def _located(paper: PaperRow) -> tuple[str, str]:
    where = f", the best one at {paper.host}" if paper.host else ""
    copies = plural(paper.copies, "copy is", "copies are")
    put_off = f" {cause_sentence(paper.cause)}" if paper.cause and paper.not_before else ""
    return f"{copies} known{where}. The download waits for its turn.{put_off}", ""


def _new(paper: PaperRow) -> tuple[str, str]:
    put_off = f" {cause_sentence(paper.cause)}" if paper.cause and paper.not_before else ""
    return f"Waiting for the sources to be asked for copies.{put_off}", ""


def _done(paper: PaperRow) -> tuple[str, str]:
    facts = [plural(paper.file_pages, "page")] if paper.file_pages else []
    facts += [size(paper.file_size)] if paper.file_size else []
    return f"The file is in your library{': ' if facts else ''}{', '.join(facts)}.", ""


_DOUBT = "A file was kept, but nothing in it proves that it is this paper."
_JUDGE = "Open the file and see whether it is the paper."
_WORDS: Mapping[Status, Callable[[PaperRow], tuple[str, str]]] = {
    Status.NEW: _new,
    Status.LOCATED: _located,
    Status.UNAVAILABLE: lambda paper: _ended("Unavailable", paper),
    Status.DONE: _done,
    Status.DOUBTFUL: lambda _: (_DOUBT, _JUDGE),
    Status.FAILED: lambda paper: _ended("Not retrieved", paper),
    Status.EXCLUDED: lambda _: ("Set aside: the program leaves this paper alone.", ""),
    Status.PENDING: lambda paper: (f"A job is planned{_of(paper)}.", ""),
    Status.PROCESSING: lambda paper: (f"It is being worked on right now{_of(paper)}.", ""),
}


def _of(paper: PaperRow) -> str:
    return {"locate": ", to find copies", "download": ", to download it"}.get(paper.module or "", "")
