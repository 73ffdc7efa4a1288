"""An installation with a schedule of ten papers an hour, in UTC, for tests of its handlers one by one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from attrs import define

from application.handling import order
from application.queries import HourRow, JobFilter, JobRow, JobStatus
from domain import hour, paper
from domain.events import Event
from domain.paper import Paper
from domain.paper_commands import Command
from domain.paper_events import Reverted
from domain.pipeline import Status
from domain.schedule import ChangeOrder, ChangeVolume, Order
from domain.scraper import Action
from infrastructure.database import Database
from tests.fakes.clock import FakeClock
from tests.simulation.installation import PERSON, Installation, Process

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AN_HOUR = 10


@define
class Yard:
    """One installation and its first process."""

    installation: Installation
    process: Process
    clock: FakeClock

    def plan(self) -> int:
        """Plan the hour that the clock shows."""
        return self.process.planning.plan(self.clock.now())

    def hour(self, start: datetime = NOON) -> HourRow | None:
        """The plan of an hour."""
        return self.process.jobs.hour(hour.stream_of(start))

    def jobs(self, *statuses: JobStatus) -> list[JobRow]:
        """The jobs in these statuses, those due first at the front."""
        found = self.process.jobs.page(JobFilter(statuses=statuses), limit=1_000)
        return sorted(found, key=lambda job: (job.due or NOON, job.id))

    def planned(self) -> list[JobRow]:
        """The jobs that are planned."""
        return self.jobs(JobStatus.PLANNED)

    def paper(self, name: str) -> Paper:
        """A paper as it is."""
        return paper.DECIDER.fold(self.events(name))

    def events(self, name: str) -> list[Event]:
        """What happened to a paper."""
        return [record.event for record in self.process.log.stream(paper.stream_of(name))]

    def happened(self, kind: type[Event]) -> list[Event]:
        """Everything of a kind that happened to anything."""
        found: list[Event] = []
        after = 0
        while records := self.process.log.read(after=after):
            found += [record.event for record in records if type(record.event) is kind]
            after = records[-1].position
        return found

    def whys(self) -> list[str]:
        """Why papers went back, in order."""
        return [event.why for event in self.happened(Reverted) if isinstance(event, Reverted)]

    def tell(self, name: str, command: Command, process: Process | None = None) -> None:
        """Somebody's command on a paper."""
        log = (process or self.process).log
        order(log, paper.DECIDER, paper.stream_of(name), (command,), PERSON, command.NAME)

    def meanwhile(self, action: Callable[[], object]) -> None:
        """Do something while the next attempt runs."""

        def once(_: str) -> None:
            self.installation.web.before = lambda _: None
            action()

        self.installation.web.before = once

    def run(self, job: JobRow) -> Status | None:
        """Run a job at its moment."""
        self.clock.advance((job.due or NOON) - self.clock.now())
        return self.process.running_jobs.run(job.id)

    def advance(self, by: timedelta) -> None:
        """Let time pass, and nothing happen."""
        self.clock.advance(by)


def yard_on(database: Database, folder: Path, papers: int = 30) -> Yard:
    """A yard with papers of which a copy is known; the scraper runs, nothing is planned.

    Papers are drawn in the order of their numbers; the first 14 are had without trouble.
    """
    clock = FakeClock(NOON)
    installation = Installation(database, folder, clock)
    installation.add_papers(papers, located=True)
    process = installation.start()
    process.change(ChangeVolume(volume=24 * AN_HOUR))
    process.change(ChangeOrder(order=Order.OLDEST))
    process.use(Action.START)
    return Yard(installation, process, clock)


def papers_of(jobs: list[JobRow]) -> list[str]:
    """The papers of jobs."""
    return [job.paper for job in jobs]
