"""Planning an hour: its quota, the papers that are drawn, and the moments of their jobs."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from attrs import evolve, frozen
from uuid_utils import uuid7

from application.handling import PROGRAM, decided, digest, load
from application.ports.event_log import EventLog, KeyReused, Origin, Write, WrongVersion
from application.queries import HourRow, JobFilter, JobRow, Jobs, JobStatus, Papers
from application.reverting import Reverting
from domain import hour, paper, schedule
from domain.errors import AlreadyExists, CommandRefused
from domain.local_hours import LocalHour, hour_at
from domain.paper_commands import Queue, Revert
from domain.pipeline import DOWNLOAD
from domain.quotas import Turn, moments, turn_at
from domain.schedule import Order, Schedule

BATCH = 500
"""Papers of one append."""
PAGE = 1_000
"""Jobs of one look at an hour."""
AHEAD = timedelta(days=1)
"""A planned hour that begins later than so is of a clock that was put back since: its jobs are not waited for."""
WHOLE_SEED = 2**53
"""Seeds are smaller, so that every reader of JSON keeps them exactly."""


@frozen(kw_only=True)
class Planning:
    """The handler of the hours. An hour is planned once: its stream is created once, and its quota stays."""

    log: EventLog
    papers: Papers
    jobs: Jobs
    reverting: Reverting
    new_seed: Callable[[], int]

    def plan(self, now: datetime) -> int:
        """Plan the hour of this moment, or fill up its plan; returns how many papers were queued just now."""
        painted = current(self.log)
        present = hour_at(now, painted.timezone)
        stream = hour.stream_of(present.start)
        try:
            if planned := self.jobs.hour(stream):
                return self._fill_up(planned, present, painted.order, now)
            taken_until = self.jobs.planned_until(before=present.end)
            return self._begin(stream, turn_at(present, painted, now, taken_until), painted, now)
        except (WrongVersion, KeyReused, AlreadyExists):  # another process was quicker
            return 0

    def _begin(self, stream: str, turn: Turn, painted: Schedule, now: datetime) -> int:
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
            begins=turn.begins,
        )
        first = decided(hour.DECIDER, stream, *load(self.log, hour.DECIDER, stream), (command,))
        return self._queue(stream, drawn, moments(turn, len(drawn), seed), 0, first)

    def _fill_up(self, planned: HourRow, present: LocalHour, order: Order, now: datetime) -> int:
        """Queue what there is room for: papers whose copies are known only now, or a plan that was broken off."""
        room = planned.room(now)
        drawn = self._draw(now, room, order, planned.seed + planned.queued, self._revoked(planned) if room else ())
        if not drawn:
            return 0
        whole = evolve(present, end=planned.end)  # in another time zone the hour may have another end by now
        turn = Turn(hour=whole, begins=max(now, planned.begins), quota=planned.quota)
        at = moments(turn, len(drawn), planned.seed + planned.queued)
        return self._queue(planned.stream, drawn, at, planned.queued)

    def _revoked(self, planned: HourRow) -> frozenset[str]:
        """The papers that a person took out of the hour: they may be drawn in a later one."""
        which, found = JobFilter(hour=planned.stream, statuses=(JobStatus.REVOKED,)), list[JobRow]()
        while len(found) < planned.revoked:
            more = self.jobs.page(which, limit=PAGE, after=found[-1].id if found else None)
            if not more:
                break
            found += more
        return frozenset(job.paper for job in found)

    def _draw(self, now: datetime, quota: int, order: Order, seed: int, besides: Collection[str] = ()) -> Sequence[str]:
        if not quota:
            return ()
        found = [name for name in self.papers.drawable(now, order, quota + len(besides)) if name not in besides]
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
                if not writes:  # a key that nothing was done under would stand in the way of the next fill-up
                    break
                try:
                    self.log.append(writes, _origin(_key(stream, queued + done, plan=bool(first)), due, correlation))
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
        over = self.jobs.over(now, beyond=now + AHEAD)
        return self.reverting.revert(over, Revert(why="hour over", pending=True), origin)


def _key(stream: str, queued: int, *, plan: bool) -> str:
    """What a batch is appended under: the plan itself, or what comes after so many jobs, each of them once."""
    return f"{stream} plan" if plan else f"{stream} after {queued}"


def _origin(key: str, due: dict[str, datetime], correlation: str) -> Origin:
    return Origin(
        command="plan the hour",
        actor=PROGRAM.name,
        correlation=correlation,
        key=key,
        digest=digest(*due, *due.values()),
    )


def current(log: EventLog) -> Schedule:
    """The schedule as it is."""
    painted, _ = load(log, schedule.DECIDER, schedule.STREAM)
    return painted
