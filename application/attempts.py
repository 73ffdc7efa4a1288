"""What happened to a paper in parts that belong together: attempts, deeds, and small things between them. Pure."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from attrs import frozen

from application.kinds import Level, level_of
from application.ports.event_log import Recorded
from domain import paper_events as happened

FACTS = (
    happened.Registered,
    happened.MetadataUpdated,
    happened.IdentifierAdded,
    happened.IdentifierCorrected,
    happened.Merged,
    happened.CandidateBlocked,
)
"""Events that say what is known of a paper, whatever happened else."""
ABOUT_COPIES = (happened.CopiesLocated, happened.NotLocated, happened.IdentifierCorrected)
"""Events of which the newest decides which copies are known."""

_FELL_SHORT = (happened.NotLocated, happened.Failed, happened.Deferred, happened.Reverted, happened.FileLost)


class PartKind(StrEnum):
    """What a part of a history is."""

    ATTEMPT = "attempt"
    """A module worked on the paper."""
    DEED = "deed"
    """One event that a reader wants to see."""
    SMALL = "small"
    """Small things in a row."""


@frozen(kw_only=True)
class Part:
    """Events that belong together, in order. A part of a long attempt may be without its beginning."""

    kind: PartKind
    events: tuple[Recorded, ...]

    @property
    def start(self) -> Recorded | None:
        """The event that began the attempt."""
        return next((one for one in self.events if isinstance(one.event, happened.ProcessingStarted)), None)

    @property
    def planned(self) -> happened.Queued | None:
        """The plan that the attempt followed."""
        return next((one.event for one in self.events if isinstance(one.event, happened.Queued)), None)

    @property
    def end(self) -> Recorded | None:
        """The event that ended the attempt; None while it runs."""
        return self.events[-1] if self.kind is PartKind.ATTEMPT and _ends(self.events[-1]) else None

    @property
    def tries(self) -> tuple[Recorded, ...]:
        """The addresses that were tried."""
        return tuple(one for one in self.events if isinstance(one.event, happened.CandidateTried))

    @property
    def small(self) -> tuple[Recorded, ...]:
        """What else happened in the attempt."""
        ends = (self.end,)
        told = (happened.Queued, happened.ProcessingStarted, happened.CandidateTried)
        return tuple(one for one in self.events if not isinstance(one.event, told) and one not in ends)

    @property
    def fell_short(self) -> bool:
        """Whether it ended without what it was for."""
        return self.kind is not PartKind.SMALL and isinstance(self.events[-1].event, _FELL_SHORT)


def parted(records: Iterable[Recorded]) -> tuple[Part, ...]:
    """The events of a paper, given in order, as parts in order; each event is in one of them."""
    parts: list[Part] = []
    attempt: list[Recorded] = []
    for one in records:
        if isinstance(one.event, happened.ProcessingStarted):
            _close(parts, attempt)
            attempt = [*_plan(parts), one]
        elif attempt or isinstance(one.event, happened.CandidateTried):
            attempt.append(one)
        else:
            _put(parts, one)
        if attempt and _ends(one):
            _close(parts, attempt)
            attempt = []
    _close(parts, attempt)
    return tuple(parts)


def whole(records: Sequence[Recorded]) -> Sequence[Recorded]:
    """The records of a page, in order, without the rest of an attempt that began before it; all where it is one."""
    for index, one in enumerate(records):
        begins = isinstance(one.event, happened.Queued | happened.ProcessingStarted)
        if index and (begins or _ends(records[index - 1])):
            return records[index:]
    return records


def _close(parts: list[Part], attempt: list[Recorded]) -> None:
    if attempt:
        parts.append(Part(kind=PartKind.ATTEMPT, events=tuple(attempt)))


def _plan(parts: list[Part]) -> list[Recorded]:
    """The plan that came just before, taken out of the part that it is in."""
    if not parts or parts[-1].kind is not PartKind.SMALL or not isinstance(parts[-1].events[-1].event, happened.Queued):
        return []
    *before, plan = parts.pop().events
    if before:
        parts.append(Part(kind=PartKind.SMALL, events=tuple(before)))
    return [plan]


def _put(parts: list[Part], one: Recorded) -> None:
    if level_of(one.event) is not Level.DETAIL or isinstance(one.event, happened.Registered):
        parts.append(Part(kind=PartKind.DEED, events=(one,)))
    elif parts and parts[-1].kind is PartKind.SMALL:
        parts[-1] = Part(kind=PartKind.SMALL, events=(*parts[-1].events, one))
    else:
        parts.append(Part(kind=PartKind.SMALL, events=(one,)))


def _ends(one: Recorded) -> bool:
    status = happened.status_after(one.event)
    return status is not None and not isinstance(one.event, happened.ProcessingStarted)
