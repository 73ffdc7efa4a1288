"""What needs a person: files to judge, papers to fetch by hand, papers that were asked for elsewhere or given up."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from attrs import frozen

from application.exporting import csv_line
from application.ports.event_log import EventLog, Recorded
from application.queries import PaperPage, PaperRow
from domain.paper import stream_of
from domain.paper_events import Doubted, MarkedUnavailable, Requested

CHUNK = 200
"""Papers whose streams are read at once."""


class Need(StrEnum):
    """Why a paper needs a person, or what a person has done about it."""

    CHECK = "check"
    """It is doubtful: a file waits for a verdict."""
    FETCH = "fetch"
    """It has failed or is unavailable, only a person can help, and nobody has taken it up."""
    AGAIN = "again"
    """It has failed or is unavailable, and the program tries it again by itself after a moment."""
    REQUESTED = "requested"
    """It was asked for elsewhere, and has not come."""
    GIVEN_UP = "not-available"
    """A person decided that it cannot be had."""


LEFT = (Need.CHECK, Need.FETCH)
"""What is left to do."""


@frozen(kw_only=True)
class NeedCounts:
    """How many papers there are of each need."""

    by_need: Mapping[Need, int]

    def __getitem__(self, need: Need) -> int:
        return self.by_need.get(need, 0)

    @property
    def left(self) -> int:
        """How many wait for a person."""
        return sum(self[need] for need in LEFT)


class Needs(Protocol):
    """Questions about papers that need a person. `collection` is an id; None for all."""

    def counts(self, collection: str | None = None) -> NeedCounts:
        """How many there are of each; cheap enough for every page."""
        ...

    def page(
        self,
        need: Need,
        *,
        collection: str | None = None,
        limit: int = 50,
        after: str | None = None,
        before: str | None = None,
    ) -> PaperPage:
        """One page in the order of adding, 1 to 500 papers; the cursors are papers' ids."""
        ...

    def all(self, need: Need, *, collection: str | None = None) -> Iterator[PaperRow]:
        """Every one in the order of adding, streamed."""
        ...


class Titles(Protocol):
    """Papers found by what may be their titles."""

    def titled(self, titles: Sequence[str], limit: int) -> Sequence[PaperRow]:
        """Those whose title is one of these but for case and accents."""
        ...

    def worded(self, lines: Sequence[str], limit: int) -> Sequence[PaperRow]:
        """Those that have the telling words of one of the lines in title, authors or journal."""
        ...


@frozen(kw_only=True)
class Deed:
    """What a person last did about a paper: when, who, and what was noted."""

    at: datetime
    by: str
    note: str


def deeds(log: EventLog, papers: Sequence[str], kind: type[Requested] | type[MarkedUnavailable]) -> dict[str, Deed]:
    """The last deed of a kind on each of the papers."""
    streams = log.streams([stream_of(name) for name in papers])
    found = {name: _deed(streams.get(stream_of(name), ()), kind) for name in papers}
    return {name: deed for name, deed in found.items() if deed is not None}


def _deed(records: Sequence[Recorded], kind: type[Requested] | type[MarkedUnavailable]) -> Deed | None:
    for record in reversed(records):
        if isinstance(record.event, kind):
            note = record.event.note if isinstance(record.event, Requested) else record.event.reason
            return Deed(at=record.recorded_at, by=record.actor, note=note)
    return None


def doubts(records: Sequence[Recorded]) -> tuple[str, ...]:
    """What the check said of the file that waits for a verdict."""
    return next((record.event.checks for record in reversed(records) if isinstance(record.event, Doubted)), ())


REQUEST_COLUMNS = ("doi", "title", "authors", "journal", "year", "issn", "pmid", "requested", "by", "note", "id")


def request_lines(rows: Iterator[PaperRow], log: EventLog) -> Iterator[str]:
    """What was asked for elsewhere, as a table for interlibrary loan; cells are neutralised."""
    yield csv_line(REQUEST_COLUMNS)
    chunk: list[PaperRow] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield from _lines(chunk, log)
            chunk = []
    yield from _lines(chunk, log)


def _lines(chunk: Sequence[PaperRow], log: EventLog) -> Iterator[str]:
    found = deeds(log, [row.id for row in chunk], Requested)
    for row in chunk:
        deed = found.get(row.id)
        told = (deed.at.date().isoformat(), deed.by, deed.note) if deed else (None, None, None)
        plain = (row.doi, row.title, row.authors, row.journal, row.year, row.issn, row.pmid)
        yield csv_line((*plain, *told, row.id))
