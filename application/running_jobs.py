"""Running planned jobs, now or at their moment, and revoking them."""

from collections.abc import Callable, Sequence
from datetime import datetime

from attrs import frozen
from uuid_utils import uuid7

from application.controlling import Controlling, EmergencyStopped, ModuleOff, modules
from application.handling import Actor, on_record
from application.ports.clock import Clock
from application.ports.event_log import EventLog, Origin
from application.queries import JobFilter, JobRow, Jobs, JobStatus
from application.reverting import Reverting
from domain import paper
from domain.errors import DoesNotExist, NotAllowed
from domain.paper_commands import Revert
from domain.pipeline import Status
from domain.scraper import ScraperStatus

Download = Callable[..., Status | None]
_GONE = "Look at the list of jobs."


@frozen(kw_only=True)
class RunningJobs:
    """The handler of jobs. `download` is the module's handler, and runs in the caller's thread."""

    log: EventLog
    jobs: Jobs
    controlling: Controlling
    reverting: Reverting
    clock: Clock
    download: Download
    rests: Callable[[], datetime | None] = lambda: None
    """Until when jobs wait, because nothing out there answers."""
    stop: Callable[[], bool] = lambda: False
    """Whether what runs is to end: nothing begins then."""

    def run(self, job: int) -> Status | None:
        """Run a job at its moment, if it may run still: what was revoked, paused or is too late does not.

        Returns the status of its paper, or None where nothing was done.
        """
        found = self.jobs.find(job)
        if found is None or found.status is not JobStatus.PLANNED or not self._may_run(found):
            return None
        return self.download(found.paper, due=found.due)

    def _may_run(self, job: JobRow) -> bool:
        if self.stop() or self.rests() or self.controlling.status() is not ScraperStatus.RUNNING:
            return False
        if not modules(self.log).runs(job.module):
            return False
        return job.hour_end is None or self.clock.now() < job.hour_end

    def run_now(self, job: int, actor: Actor) -> Status | None:
        """Run a planned job at once because a person wants it, whatever the switch says but for an emergency.

        Raises DoesNotExist, NotAllowed, EmergencyStopped, ModuleOff.
        """
        found = self.check(job, actor)
        return self.download(found.paper, due=found.due, by_hand=True, actor=actor)

    def check(self, job: int, actor: Actor) -> JobRow:
        """The job, if `run_now` may run it; a person's refusal is recorded. Raises what `run_now` does."""
        origin = Origin(command="run job", actor=actor.name, correlation=str(uuid7()))
        with on_record(self.log, f"job {job}", origin, actor):
            return self._planned(job)

    def _planned(self, job: int) -> JobRow:
        if self.controlling.status() is ScraperStatus.EMERGENCY_STOPPED:
            raise EmergencyStopped
        found = self.find(job)
        if found.status is not JobStatus.PLANNED:
            raise NotAllowed("run job", f"job {job}", found.status.value, remedy=_GONE)
        if not modules(self.log).runs(found.module):
            raise ModuleOff(found.module)
        return found

    def find(self, job: int) -> JobRow:
        """The job. Raises DoesNotExist."""
        found = self.jobs.find(job)
        if found is None:
            raise DoesNotExist(f"The job {job}", remedy=_GONE)
        return found

    def revoke(self, job: int, actor: Actor) -> bool:
        """Revoke a planned or running job; whether it was one still. Raises DoesNotExist, NotAllowed."""
        origin = Origin(command="revoke job", actor=actor.name, correlation=str(uuid7()))
        with on_record(self.log, f"job {job}", origin, actor):
            found = self.find(job)
            if found.ended_at is not None:
                raise NotAllowed("revoke job", f"job {job}", found.status.value, remedy=_GONE)
        return bool(self._revert((found.paper,), origin))

    def revoke_all(self, which: JobFilter, actor: Actor) -> int:
        """Revoke every planned and running job that matches; returns how many."""
        origin = Origin(command="revoke jobs", actor=actor.name, correlation=str(uuid7()))
        return self._revert([job.paper for job in self.jobs.open(which)], origin)

    def revert_paper(self, name: str, actor: Actor) -> bool:
        """Take one paper out of transit; whether it was. The person's refusals are recorded."""
        origin = Origin(command="revert paper", actor=actor.name, correlation=str(uuid7()))
        with on_record(self.log, paper.stream_of(name), origin, actor):
            if not self.jobs.open(JobFilter(paper=name)):
                raise NotAllowed("revert", "the paper", "not in transit")
        return bool(self._revert((name,), origin))

    def _revert(self, papers: Sequence[str], origin: Origin) -> int:
        return self.reverting.revert(papers, Revert(why="revoked"), origin)
