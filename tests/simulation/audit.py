"""What must hold of every log, whatever was done to an installation: read event by event, as it was appended."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from attrs import define, field

from application.ports.event_log import EventLog, Recorded
from application.queries import JobFilter, JobStatus, PaperFilter
from domain import hour, paper, scraper
from domain import paper_events as happened
from domain.events import Event
from domain.paper import Paper
from domain.pipeline import IN_TRANSIT, Status
from domain.scraper import ScraperStatus
from infrastructure.database import Database
from infrastructure.log.verify import verify_chain
from infrastructure.read_models.job_queries import SqlJobs
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.read_models.rebuild import differences
from infrastructure.schema import READ_MODELS

OUTCOMES = (
    happened.CopiesLocated,
    happened.NotLocated,
    happened.Downloaded,
    happened.Doubted,
    happened.Failed,
)
"""Events that end an attempt that counts."""


@define
class Job:
    """What became of an attempt, planned or not."""

    paper: str
    module: str
    hour: str | None = None
    due: datetime | None = None
    anew: bool = False
    """Planned again for the same moment, because the scraper was paused while it ran."""
    started_at: datetime | None = None
    by_hand: bool = False
    attempt: str | None = None
    correlation: str | None = None
    end: Event | None = None


@define
class Audit:
    """Reads a log as it grows, and looks at each event with the eyes of somebody who was there."""

    log: EventLog
    appended_at: list[datetime]
    """The clock at each position, the first one at 0."""
    papers: dict[str, Paper] = field(factory=lambda: defaultdict(Paper))
    jobs: list[Job] = field(factory=list)
    hours: dict[str, hour.Planned] = field(factory=dict)
    switch: ScraperStatus = ScraperStatus.STOPPED
    raced: bool = False
    """Whether something happened between a decision and its append: the switch, or the clock, may have been used."""
    planned: "Counter[str]" = field(factory=Counter)
    """How many jobs each hour has had; one that was planned anew counts once."""
    attempts: "Counter[str]" = field(factory=Counter)
    """How many attempts on each paper counted."""
    _ended_attempts: set[str | None] = field(factory=set)
    _open: dict[str, Job] = field(factory=dict)
    _position: int = 0
    _left: dict[str, Status | None] = field(factory=dict)
    _before: Recorded | None = None

    def go_on(self) -> None:
        """Read what is new, and see that it may be."""
        while news := self.log.read(after=self._position):
            for recorded in news:
                self._take(recorded)
                self._before, self._position = recorded, recorded.position

    def _take(self, recorded: Recorded) -> None:
        event = recorded.event
        self.switch = scraper.DECIDER.evolve(scraper.Scraper(status=self.switch), event).status
        if isinstance(event, hour.Planned):
            assert recorded.stream not in self.hours, "an hour was planned twice"
            self.hours[recorded.stream] = event
        if not recorded.stream.startswith(paper.STREAM):
            return
        name = recorded.stream.removeprefix(paper.STREAM)
        before = self.papers[name]
        for kind, look in _LOOKS.items():
            if isinstance(event, kind):
                look(self, name, before, recorded)
        self.papers[name] = after = paper.DECIDER.evolve(before, event)
        if before.status not in IN_TRANSIT and after.status in IN_TRANSIT:
            self._left[name] = before.status
        if after.status not in IN_TRANSIT and name in self._open:
            self._open.pop(name).end = event

    def _queued(self, name: str, before: Paper, recorded: Recorded) -> None:
        event: happened.Queued = recorded.event  # type: ignore[assignment]
        assert before.status is Status.LOCATED
        assert event.hour is not None
        planned, previous = self.hours[event.hour], self._before
        assert planned.begins <= event.due < planned.end
        anew = (
            previous is not None
            and previous.stream == recorded.stream
            and previous.correlation == recorded.correlation
            and isinstance(previous.event, happened.Reverted)
        )
        if not anew and not self.raced:
            assert self.switch is ScraperStatus.RUNNING, "a job was planned while the scraper does not run"
        job = Job(name, event.module, event.hour, event.due, anew=anew)
        self.jobs.append(job)
        self._open[name] = job
        self.planned[event.hour] += not anew
        assert self.planned[event.hour] <= planned.quota, "more than the quota was planned"

    def _started(self, name: str, before: Paper, recorded: Recorded) -> None:
        event: happened.ProcessingStarted = recorded.event  # type: ignore[assignment]
        assert before.status is not Status.PROCESSING, "two attempts at once"
        now = self.appended_at[recorded.position - 1]
        job = self._open.get(name)
        if job is None:
            job = self._open[name] = Job(name, event.module)
            self.jobs.append(job)
            assert event.by_hand or event.module == "locate", "a download that nobody planned"
        job.started_at, job.by_hand, job.attempt, job.correlation = (
            now,
            event.by_hand,
            event.attempt,
            recorded.correlation,
        )
        if not self.raced and event.worker != "another":
            self._may_begin(job, now, by_hand=event.by_hand)

    def _may_begin(self, job: Job, now: datetime, *, by_hand: bool) -> None:
        if by_hand:
            assert self.switch is not ScraperStatus.EMERGENCY_STOPPED
            return
        assert self.switch is ScraperStatus.RUNNING, "something began by itself while the scraper does not run"
        if job.due is not None and job.hour is not None:
            assert job.due <= now < self.hours[job.hour].end, "a job outside of its hour"

    def _ended(self, name: str, before: Paper, recorded: Recorded) -> None:
        job = self._open.get(name)
        assert job is not None
        assert job.correlation == recorded.correlation, "what an ended attempt told was taken"
        assert before.status is Status.PROCESSING
        if not self.raced and not job.by_hand and job.correlation != "fill":
            assert self.switch is ScraperStatus.RUNNING, "what had to end went on"
        if isinstance(recorded.event, OUTCOMES):
            assert job.attempt not in self._ended_attempts, "an attempt was counted twice"
            self._ended_attempts.add(job.attempt)
            self.attempts[name] += 1

    def _reverted(self, name: str, before: Paper, recorded: Recorded) -> None:
        event: happened.Reverted = recorded.event  # type: ignore[assignment]
        assert before.status in IN_TRANSIT
        assert event.to is self._left[name], "a paper went back to where it never was"

    def waiting(self) -> list[Job]:
        """The jobs that are planned and have not begun."""
        return [job for job in self._open.values() if job.hour and job.started_at is None]

    def in_transit(self) -> set[str]:
        """The papers in transit."""
        return {name for name, state in self.papers.items() if state.status in IN_TRANSIT}

    def counts(self) -> "Counter[Status]":
        """How many papers there are in each status."""
        return Counter(state.status for state in self.papers.values() if state.status)

    def compare(self, database: Database) -> None:
        """See that counts and open jobs of the read models are those of the log."""
        self.go_on()
        assert dict(SqlPapers(database).by_status(PaperFilter())) == dict(self.counts())
        jobs = SqlJobs(database)
        assert {job.paper for job in jobs.open(JobFilter())} == self.in_transit() == set(self._open)
        counted = jobs.by_status(JobFilter())
        running = sum(1 for job in self._open.values() if job.started_at)
        assert counted.get(JobStatus.RUNNING, 0) == running
        assert counted.get(JobStatus.PLANNED, 0) == len(self._open) - running
        assert sum(counted.values()) == len(self.jobs)
        assert all(state.attempts == self.attempts[name] for name, state in self.papers.items())


def is_sound(database: Database) -> None:
    """See that the log is whole, and that every read model is what a rebuild would make of it."""
    assert not verify_chain(database).faults
    for model in READ_MODELS:
        assert differences(database, model) == ()


_LOOKS: Mapping[Any, Callable[[Audit, str, Paper, Recorded], None]] = {
    happened.Queued: Audit._queued,
    happened.ProcessingStarted: Audit._started,
    (*OUTCOMES, happened.CandidateTried, happened.Deferred): Audit._ended,
    happened.Reverted: Audit._reverted,
}
