"""Where a paper stands, in words: one sentence, and what a person can do about it. Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime

from attrs import frozen

from application.formats import plural, size
from application.queries import PaperRow
from application.wording import cause_sentence
from domain.causes import CAUSES
from domain.pipeline import Status

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
class Standing:
    """A sentence about a paper, what to do ("" for nothing), and when it is taken up again by itself."""

    sentence: str
    action: str = ""
    again: datetime | None = None


def standing(paper: PaperRow) -> Standing:
    """Where the paper stands."""
    sentence, action = _WORDS[paper.status](paper)
    return Standing(sentence=sentence, action=action, again=paper.not_before)


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
    Status.UNAVAILABLE: lambda paper: _ended("Not available", paper),
    Status.DONE: _done,
    Status.DOUBTFUL: lambda _: (_DOUBT, _JUDGE),
    Status.FAILED: lambda paper: _ended("Not retrieved", paper),
    Status.EXCLUDED: lambda _: ("Set aside: the program leaves this paper alone.", ""),
    Status.PENDING: lambda paper: (f"A job is planned{_of(paper)}.", ""),
    Status.PROCESSING: lambda paper: (f"It is being worked on right now{_of(paper)}.", ""),
}


def _of(paper: PaperRow) -> str:
    return {"locate": ", to find copies", "download": ", to download it"}.get(paper.module or "", "")
