"""A rehearsal of a stop: where each paper in transit would go, tried out in a log in memory. Nothing is written."""

from collections.abc import Sequence

from attrs import frozen

from application.controlling import Controlling
from application.handling import Actor, load
from application.ports.clock import Clock
from application.ports.event_log import EventLog, Origin, Recorded, Write
from application.ports.stop_file import StopOrder
from application.queries import JobFilter, Jobs, Papers
from application.reverting import Reverting
from domain import paper, scraper
from domain.paper_events import status_after
from domain.pipeline import IN_TRANSIT, Status
from domain.scraper import Action

REHEARSAL = Actor(name="rehearsal")


@frozen(kw_only=True)
class Rehearsed:
    """What the stop would do with a paper: where it is, the resting status that it left, and where it would be.

    `by_hand` tells that a person asked for its attempt, which only an emergency takes back.
    """

    paper: str
    title: str
    status: Status
    before: Status
    after: Status
    by_hand: bool

    @property
    def goes_back(self) -> bool:
        """Whether the stop takes it back."""
        return self.after not in IN_TRANSIT

    @property
    def is_right(self) -> bool:
        """Whether it would be where it was before, or goes on as it may."""
        return self.after is self.before if self.goes_back else self.by_hand


@frozen(kw_only=True)
class Rehearsal:
    """What would happen, and where the real log stood before and after the rehearsal."""

    papers: Sequence[Rehearsed]
    position: int
    position_after: int

    @property
    def wrong(self) -> list[Rehearsed]:
        """Papers that would not go back to where they were."""
        return [one for one in self.papers if not one.is_right]


class _StopFile:
    """A stop file that is on no disk."""

    def __init__(self) -> None:
        self._order: StopOrder | None = None

    def present(self) -> bool:
        return self._order is not None

    def order(self) -> StopOrder | None:
        return self._order

    def write(self, order: StopOrder) -> None:
        self._order = order

    def remove(self) -> None:
        self._order = None


@frozen(kw_only=True)
class Rehearsing:
    """The handler. `log` is only read; `memory` is an empty log that takes what is tried out."""

    log: EventLog
    memory: EventLog
    papers: Papers
    jobs: Jobs
    clock: Clock

    def rehearse(self, action: Action) -> Rehearsal:
        """Play a stop or an emergency stop with the handlers that would do it in earnest."""
        position = self.log.head().position
        before = self._fill_the_memory()
        self._controlling().use(action, "", REHEARSAL)
        after = {stream: load(self.memory, paper.DECIDER, stream)[0] for stream in before}
        papers = [_rehearsed(stream, records, after[stream]) for stream, records in before.items()]
        return Rehearsal(papers=papers, position=position, position_after=self.log.head().position)

    def _fill_the_memory(self) -> dict[str, Sequence[Recorded]]:
        """Copy the streams in transit into the memory, beside a scraper that runs; returns them."""
        names = {one.paper for one in self.papers.in_transit()} | {job.paper for job in self.jobs.open(JobFilter())}
        found = self.log.streams([paper.stream_of(name) for name in sorted(names)])
        in_transit = {stream: records for stream, records in sorted(found.items()) if _status(records) in IN_TRANSIT}
        history = sorted((one for records in in_transit.values() for one in records), key=lambda one: one.position)
        writes = [Write(stream=one.stream, expected=None, events=(one.event,)) for one in history]
        running = Write(stream=scraper.STREAM, expected=0, events=(scraper.Started(),))
        origin = Origin(command="rehearse", actor=REHEARSAL.name, correlation="rehearsal")
        self.memory.append([running, *writes], origin)
        return in_transit

    def _controlling(self) -> Controlling:
        return Controlling(
            log=self.memory,
            jobs=self.jobs,
            reverting=Reverting(log=self.memory),
            stop_file=_StopFile(),
            clock=self.clock,
        )


def _status(records: Sequence[Recorded]) -> Status | None:
    return paper.DECIDER.fold(record.event for record in records).status


def _rehearsed(stream: str, records: Sequence[Recorded], after: paper.Paper) -> Rehearsed:
    state = paper.DECIDER.fold(record.event for record in records)
    return Rehearsed(
        paper=stream.removeprefix(paper.STREAM),
        title=state.metadata.title or "",
        status=state.status or Status.NEW,
        before=_before_transit(records),
        after=after.status or Status.NEW,
        by_hand=state.by_hand,
    )


def _before_transit(records: Sequence[Recorded]) -> Status:
    """The last resting status in the history, found without the rules by which papers are taken back."""
    statuses = [status for record in records if (status := status_after(record.event))]
    return next((status for status in reversed(statuses) if status not in IN_TRANSIT), Status.NEW)
