"""Planning an hour: its quota, the papers that are drawn, and the moments of their jobs."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from random import Random

from attrs import frozen
from uuid_utils import uuid7

from application.handling import PROGRAM, decided, digest, load
from application.ports.event_log import EventLog, KeyReused, Origin, Write, WrongVersion
from application.queries import Jobs, Papers
from application.reverting import Reverting
from domain import hour, paper, schedule
from domain.errors import CommandRefused
from domain.hour import Hour
from domain.local_hours import hour_at
from domain.paper_commands import Queue, Revert
from domain.pipeline import DOWNLOAD
from domain.quotas import Turn, moments, turn_at
from domain.schedule import Order, Schedule

BATCH = 500
"""Papers of one append."""
WHOLE_SEED = 2**53
"""Seeds are smaller, so that every reader of JSON keeps them exactly."""


@frozen(kw_only=True)
class Planning:
    """The handler of the hours. An hour is planned once: its stream is created once."""

    log: EventLog
    papers: Papers
    jobs: Jobs
    reverting: Reverting
    new_seed: Callable[[], int]

    def plan(self, now: datetime) -> int:
        """Plan the hour of this moment unless that was done; returns how many papers were queued just now."""
        painted = current(self.log)
        present = hour_at(now, painted.timezone)
        stream = hour.stream_of(present.start)
        planned, version = load(self.log, hour.DECIDER, stream)
        if planned.planned:
            return self._go_on(stream, planned, Turn(hour=present, begins=now, quota=planned.quota), painted.order)
        turn = turn_at(present, painted, now, self.jobs.planned_until())
        if turn.begins >= turn.hour.end:
            return 0
        seed = self.new_seed() % WHOLE_SEED
        drawn = self._draw(now, turn.quota, painted.order, seed)
        command = hour.Plan(
            start=turn.hour.start,
            timezone=painted.timezone,
            quota=turn.quota,
            seed=seed,
            count=len(drawn),
            minutes=round(turn.hour.length.total_seconds() / 60),
        )
        try:
            first = decided(hour.DECIDER, stream, planned, version, (command,))
            return self._queue(stream, drawn, moments(turn, len(drawn), seed), 0, first)
        except (WrongVersion, KeyReused):  # another process was quicker
            return 0

    def _go_on(self, stream: str, planned: Hour, turn: Turn, order: Order) -> int:
        """Queue what is missing of a plan that was broken off between two of its batches."""
        queued = self.jobs.count_of_hour(stream)
        if queued >= planned.count:
            return 0
        missing = planned.count - queued
        drawn = self._draw(turn.begins, missing, order, planned.seed + queued)
        if not drawn:
            return 0
        try:
            return self._queue(stream, drawn, moments(turn, len(drawn), planned.seed + queued), queued)
        except (WrongVersion, KeyReused):
            return 0

    def _draw(self, now: datetime, quota: int, order: Order, seed: int) -> Sequence[str]:
        if not quota:
            return ()
        found = self.papers.drawable(now, order, quota)
        if order is not Order.RANDOM or len(found) <= quota:
            return found[:quota]
        return Random(seed).sample(found, quota)  # noqa: S311 (no secret)

    def _queue(
        self, stream: str, drawn: Sequence[str], at: Sequence[datetime], queued: int, first: Write | None = None
    ) -> int:
        """Append the plan and its jobs, batch by batch; a paper that was taken up meanwhile is left out."""
        done = 0
        correlation = str(uuid7())
        for start in range(0, max(len(drawn), 1), BATCH):
            names = drawn[start : start + BATCH]
            due = dict(zip(names, at[start : start + BATCH], strict=True))
            while True:
                writes = [*([first] if first else []), *self._writes(stream, due)]
                try:
                    self.log.append(writes, _origin(stream, queued + start, due, correlation))
                    break
                except WrongVersion as error:
                    if error.stream == stream:
                        raise
            done += sum(1 for write in writes if write.stream != stream)
            first = None
        return done

    def _writes(self, stream: str, due: dict[str, datetime]) -> Iterator[Write]:
        streams = self.log.streams([paper.stream_of(name) for name in due])
        for name, moment in due.items():
            records = streams.get(paper.stream_of(name), ())
            state = paper.DECIDER.fold(record.event for record in records)
            queue = Queue(module=DOWNLOAD.name, due=moment, hour=stream)
            try:
                yield decided(paper.DECIDER, paper.stream_of(name), state, len(records), (queue,))
            except CommandRefused:
                continue

    def lapse(self, now: datetime) -> int:
        """Take back the jobs whose hour is over before they began; returns how many."""
        origin = Origin(command="end the hour", actor=PROGRAM.name, correlation=str(uuid7()))
        return self.reverting.revert(self.jobs.over(now), Revert(why="hour over"), origin)


def _origin(stream: str, queued: int, due: dict[str, datetime], correlation: str) -> Origin:
    """One batch of one hour is appended once, whoever plans it."""
    return Origin(
        command="plan the hour",
        actor=PROGRAM.name,
        correlation=correlation,
        key=f"{stream} after {queued}",
        digest=digest(*due, *due.values()),
    )


def current(log: EventLog) -> Schedule:
    """The schedule as it is."""
    painted, _ = load(log, schedule.DECIDER, schedule.STREAM)
    return painted
