"""The timeline of a paper: every attempt with each address that it tried, newest first, a page at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from attrs import frozen

from application.attempts import Part, PartKind, parted, whole
from application.handling import PROGRAM
from application.ports.event_log import EventLog, Recorded
from application.wording import cause_sentence, sentence
from domain import paper
from domain import paper_events as happened
from domain.causes import GOOD
from domain.pipeline import MODULES

PAGE = 100
"""Events of a page."""
LOOKED_THROUGH, FOUND = 1_000, 25
"""Events that are looked through for what failed, and how many parts of them a page shows."""
FAILED = "failed"
"""The value of `shown` that leaves only what failed."""

Tone = Literal["good", "bad", "plain", "quiet"]
_GOOD = (happened.Downloaded, happened.FileAttached, happened.FileReplaced, happened.CopiesLocated)
_BAD = (happened.Failed, happened.NotLocated, happened.FileLost, happened.Doubted)
_NAMES = {"locate": "Search for copies", "download": "Download"}
_SHORTEST_WAIT = 1.0
"""Seconds of waiting that are worth telling."""


@frozen(kw_only=True)
class Entry:
    """An event in words."""

    position: int
    moment: datetime
    text: str
    tone: Tone
    actor: str


@frozen(kw_only=True)
class Try:
    """An address that was tried, what came of it, and for how many seconds the program waited before."""

    position: int
    moment: datetime
    tried: happened.CandidateTried
    outcome: str
    good: bool
    waited: float


@frozen(kw_only=True)
class Attempt:
    """A module's work on the paper. `begun` is None where the beginning is on the page before."""

    name: str
    begun: Entry | None
    how: str
    """By the schedule, or by hand."""
    planned: datetime | None
    actor: str
    """Who asked for it, "" where the program did it by itself."""
    worker: str
    end: Entry | None
    tries: tuple[Try, ...]
    small: tuple[Entry, ...]
    tone: Tone


@frozen(kw_only=True)
class Row:
    """A part of the timeline: an attempt, or a deed (one entry), or small things in a row."""

    id: int
    attempt: Attempt | None = None
    deed: Entry | None = None
    small: tuple[Entry, ...] = ()


@frozen(kw_only=True)
class Timeline:
    """A page of it. `before` begins the next page, None at the end."""

    rows: tuple[Row, ...]
    before: int | None
    first: bool
    """Whether it is the newest page."""
    only_failed: bool


def newest(log: EventLog, paper_id: str, until: int, *, only_failed: bool = False) -> tuple[list[Recorded], int | None]:
    """The newest events up to a position, in order, and the position where the page before begins."""
    size = LOOKED_THROUGH if only_failed else PAGE
    found = log.newest(paper.stream_of(paper_id), limit=size + 1, until=until)
    records = list(reversed(found))
    if len(records) <= size:
        return records, None
    shown = list(whole(records[1:]))
    return shown, shown[0].position


def timeline(records: Sequence[Recorded], before: int | None, *, first: bool, only_failed: bool) -> Timeline:
    """A page of the timeline."""
    parts = list(parted(records))
    if only_failed:
        parts = [part for part in parts if part.fell_short]
        before = parts[-FOUND].events[0].position if len(parts) > FOUND else before
        parts = parts[-FOUND:]
    befores = dict(zip((one.position for one in records[1:]), records, strict=False))
    rows = tuple(_row(part, befores) for part in reversed(parts))
    return Timeline(rows=rows, before=before, first=first, only_failed=only_failed)


def _row(part: Part, befores: dict[int, Recorded]) -> Row:
    identity = part.events[0].position
    if part.kind is PartKind.ATTEMPT:
        return Row(id=identity, attempt=_attempt(part, befores))
    if part.kind is PartKind.DEED:
        return Row(id=identity, deed=entry(part.events[0]))
    return Row(id=identity, small=_entries(part.events))


def _attempt(part: Part, befores: dict[int, Recorded]) -> Attempt:
    start, plan = part.start, part.planned
    started = start.event if start else None
    begun = started if isinstance(started, happened.ProcessingStarted) else None
    end = entry(part.end) if part.end else None
    return Attempt(
        name=_NAMES.get(begun.module, begun.module) if begun else "An attempt that began before",
        begun=entry(start) if start else None,
        how=_how(begun, part) if begun else "",
        planned=plan.due if plan else None,
        actor=start.actor if start and start.actor != PROGRAM.name else "",
        worker=begun.worker if begun else "",
        end=end,
        tries=tuple(_try(one, befores.get(one.position)) for one in part.tries),
        small=_entries(part.small),
        tone=end.tone if end else "plain",
    )


def _how(begun: happened.ProcessingStarted, part: Part) -> str:
    if begun.by_hand:
        return "by hand"
    return "by the schedule" if part.planned or begun.module not in MODULES else "by itself"


def _try(record: Recorded, previous: Recorded | None) -> Try:
    tried = record.event
    assert isinstance(tried, happened.CandidateTried)  # noqa: S101 - the part holds no others there
    return Try(
        position=record.position,
        moment=record.recorded_at,
        tried=tried,
        outcome=GOOD.get(tried.outcome) or cause_sentence(tried.outcome),
        good=tried.outcome in GOOD,
        waited=_waited(record, previous, tried.seconds),
    )


def _waited(record: Recorded, previous: Recorded | None, seconds: float) -> float:
    """How long nothing was sent before the try: for the site's gap, or because it asked for patience."""
    if previous is None:
        return 0.0
    rest = (record.recorded_at - previous.recorded_at).total_seconds() - seconds
    return rest if rest >= _SHORTEST_WAIT else 0.0


def _entries(records: Sequence[Recorded]) -> tuple[Entry, ...]:
    return tuple(entry(one) for one in records)


def entry(record: Recorded) -> Entry:
    """An event in words."""
    return Entry(
        position=record.position,
        moment=record.recorded_at,
        text=sentence(record),
        tone=_tone(record),
        actor=record.actor,
    )


def _tone(record: Recorded) -> Tone:
    if isinstance(record.event, _GOOD):
        return "good"
    return "bad" if isinstance(record.event, _BAD) else "plain"
