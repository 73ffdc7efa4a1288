"""A whole installation: processes that share a database, a library and a data folder, at a clock of its own.

Everything inside is real: log, read models, handlers. Outside of it stand fakes: clock, timetable, lease, web.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from attrs import define, field

from application.conducting import Conducting
from application.controlling import Controlling, Effect
from application.downloading import Downloading
from application.forecasting import Forecasting
from application.handling import Actor, order
from application.locating import Locating
from application.planning import Planning
from application.ports.event_log import Appended, EventLog, Head, Origin, Recorded, Write
from application.processing import Processing
from application.recovering import Recovering
from application.reopening import Reopening
from application.reverting import Reverting
from application.running_jobs import RunningJobs
from application.stopping import Stopping
from domain import schedule, settings
from domain.identifiers import Identifier
from domain.paper_events import CopiesLocated, ProcessingStarted, Registered
from domain.pipeline import Status
from domain.scraper import Action
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models.job_queries import SqlJobs
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from infrastructure.stop_file import FolderStopFile
from tests.contract.making import doi
from tests.fakes.clock import FakeClock
from tests.fakes.leadership import FakeLeadership, FakeLease
from tests.fakes.library import FakeLibrary
from tests.fakes.pages import FakePages
from tests.fakes.timetable import FakeTimetable
from tests.fakes.workers import FakeWorkers
from tests.simulation.web import SimulatedSource, SimulatedWeb, checker, copy_of

PERSON = Actor(name="somebody", is_person=True)
_ORIGIN = Origin(command="fill", actor="the tests", correlation="fill")


class Killed(BaseException):
    """The process ends at this very place, without a last word."""


@define
class WatchedLog:
    """A log that notes the clock at every append, and at which a process can be killed.

    `fate` is asked before and after each append, with the writes; it may raise Killed.
    """

    log: EventLog
    clock: FakeClock
    appended_at: list[datetime]
    """The clock at each position, the first one at 0; shared by the processes."""
    fate: Callable[[str, Sequence[Write]], object] = lambda *_: None

    def append(self, writes: Sequence[Write], origin: Origin) -> Appended:
        """See the port."""
        self.fate("before", writes)
        appended = self.log.append(writes, origin)
        if not appended.repeated:
            self.appended_at.extend([self.clock.now()] * (appended.last - appended.first + 1))
        self.fate("after", writes)
        return appended

    def done(self, key: str, digest: str) -> Appended | None:
        """See the port."""
        return self.log.done(key, digest)

    def read(self, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        """See the port."""
        return self.log.read(after, limit)

    def stream(self, name: str) -> Sequence[Recorded]:
        """See the port."""
        return self.log.stream(name)

    def newest(
        self, name: str, *, limit: int, until: int | None = None, types: Collection[str] = ()
    ) -> Sequence[Recorded]:
        """See the port."""
        return self.log.newest(name, limit=limit, until=until, types=types)

    def streams(self, names: Collection[str]) -> Mapping[str, Sequence[Recorded]]:
        """See the port."""
        return self.log.streams(names)

    def papers_of(self, identifiers: Collection[Identifier]) -> Mapping[Identifier, str]:
        """See the port."""
        return self.log.papers_of(identifiers)

    def head(self) -> Head:
        """See the port."""
        return self.log.head()


@define
class Process:
    """One process: everything that is gone when it ends."""

    name: str
    log: WatchedLog
    papers: SqlPapers
    jobs: SqlJobs
    stop_file: FolderStopFile
    timetable: FakeTimetable = field(init=False)
    planning: Planning = field(init=False)
    controlling: Controlling = field(init=False)
    running_jobs: RunningJobs = field(init=False)
    processing: Processing = field(init=False)
    forecasting: Forecasting = field(init=False)
    recovering: Recovering = field(init=False)
    conducting: Conducting = field(init=False)
    locate: Callable[[str], Status | None] = field(init=False)
    faults: list[BaseException] = field(factory=list)

    def change(self, command: schedule.Command) -> None:
        """Paint the schedule anew."""
        order(self.log, schedule.DECIDER, schedule.STREAM, (command,), PERSON, "change the schedule")

    def toggle(self, module: str, *, enabled: bool) -> None:
        """Switch a module on or off."""
        command = settings.ToggleModule(module=module, enabled=enabled)
        order(self.log, settings.DECIDER, settings.STREAM, (command,), PERSON, "switch a module")

    def use(self, action: Action) -> Effect:
        """Use the switch."""
        return self.controlling.use(action, "a reason", PERSON)

    def conduct(self) -> None:
        """One pass of the conductor, and of the thread that locates."""
        self.conducting.conduct()
        while self.conducting.locates and not self.conducting.halted():
            found = self.papers.due(Status.NEW, self.log.clock.now(), 50)
            if not [row for row in found if self.locate(row.id)]:
                return


@define
class Installation:
    """The processes, and what they share."""

    database: Database
    folder: Path
    clock: FakeClock
    seed: int = 1
    processes: list[Process] = field(factory=list)
    appended_at: list[datetime] = field(factory=list)
    library: FakeLibrary = field(init=False)
    web: SimulatedWeb = field(init=False)
    lease: FakeLease = field(factory=FakeLease)
    _alive: set[str] = field(factory=set)
    _started: int = 0
    _papers: int = 0

    def __attrs_post_init__(self) -> None:
        self.library, self.web = FakeLibrary(self.folder / "library"), SimulatedWeb(clock=self.clock)
        self.appended_at.extend([self.clock.now()] * self._log().head().position)

    def start(self) -> Process:
        """A new process, which takes back what dead ones left."""
        self._started += 1
        process = self._built(f"process {self._started}")
        self._alive.add(process.name)
        self.processes.append(process)
        process.recovering.recover()
        return process

    def end(self, process: Process) -> None:
        """A process is asked to end: it gives back what it has."""
        process.timetable.clear()
        process.conducting.leadership.resign()
        process.recovering.release()
        self.kill(process)

    def kill(self, process: Process) -> None:
        """A process is gone."""
        self._alive.discard(process.name)
        if process in self.processes:
            self.processes.remove(process)

    def freeze(self, process: Process) -> None:
        """A process stands still: to the others it is dead."""
        self._alive.discard(process.name)

    def thaw(self, process: Process) -> None:
        """It goes on."""
        self._alive.add(process.name)

    def restart(self, process: Process) -> Process:
        """Kill a process and start another one in its place; the lease of the dead one is over by then."""
        self.kill(process)
        self.lease.expires_at = None
        return self.start()

    def add_papers(self, count: int, *, located: bool = False) -> None:
        """Papers that somebody imported; where they are located, a copy of each is known."""
        numbers = range(self._papers, self._papers + count)
        self._papers += count
        log = self._log()
        for start in range(0, count, 300):
            writes = [_registration(number, located=located) for number in numbers[start : start + 300]]
            log.append(writes, _ORIGIN)

    def pass_time(self, until: datetime, every: timedelta) -> None:
        """Let time pass: each job is called at its moment, and the processes conduct in turn so often."""
        while (now := self.clock.now()) < until:
            self.run_jobs(min(until, now + every))
            self.conduct()

    def conduct(self) -> None:
        """One pass of each process."""
        for process in tuple(self.processes):
            self.mortal(process, process.conduct)

    def run_jobs(self, until: datetime) -> None:
        """Call the jobs in the order of their moments, until a moment that then is now."""
        while waiting := [one for one in self.processes if (due := one.timetable.next_due) and due <= until]:
            process = min(waiting, key=lambda one: one.timetable.next_due or until)
            self._go_to(process.timetable.next_due or until)
            self.mortal(process, process.timetable.run_due)
        self._go_to(until)

    def mortal(self, process: Process, action: Callable[[], object]) -> None:
        """Something that a process does, and may be killed at."""
        with suppress(Killed):
            action()
            return
        self.kill(process)

    def _go_to(self, moment: datetime) -> None:
        self.clock.advance(max(timedelta(), moment - self.clock.now()))

    def _log(self) -> WatchedLog:
        return WatchedLog(SqlEventLog(self.database, self.clock, READ_MODELS), self.clock, self.appended_at)

    def _built(self, name: str) -> Process:
        """What bootstrap does, with fakes outside."""
        process = Process(
            name, self._log(), SqlPapers(self.database), SqlJobs(self.database), FolderStopFile(self.folder)
        )
        workers = FakeWorkers(name, self._alive)
        log, papers, jobs, clock = process.log, process.papers, process.jobs, self.clock
        reverting = Reverting(log=log)
        process.controlling = Controlling(
            log=log, jobs=jobs, reverting=reverting, stop_file=process.stop_file, clock=clock
        )
        process.recovering = Recovering(log=log, papers=papers, workers=workers, library=self.library)
        process.planning = Planning(
            log=log,
            papers=papers,
            jobs=jobs,
            reverting=reverting,
            new_seed=partial(Random(f"{self.seed} {name}").getrandbits, 60),
        )
        stopping = Stopping(ended=lambda: False, emergency=process.stop_file.present)
        locating = Locating(log=log, sources=(SimulatedSource("a source"),), clock=clock, worker=name, stop=stopping)
        downloading = Downloading(
            log=log,
            fetcher=self.web,
            reports=self.web,
            pages=FakePages(),
            checker=checker(),
            library=self.library,
            clock=clock,
            worker=name,
            stop=stopping,
            paused=lambda: process.conducting.paused,
        )
        process.locate = stopping.scheduled(locating.locate)
        process.processing = Processing(
            log=log,
            library=self.library,
            controlling=process.controlling,
            locate=locating.locate,
            download=downloading.download,
        )
        process.running_jobs = RunningJobs(
            log=log,
            jobs=jobs,
            controlling=process.controlling,
            reverting=reverting,
            clock=clock,
            download=downloading.download,
            stop=stopping,
        )
        process.forecasting = Forecasting(
            log=log, papers=papers, jobs=jobs, controlling=process.controlling, clock=clock
        )
        process.timetable = FakeTimetable(clock, stopping.scheduled(process.running_jobs.run))
        process.conducting = Conducting(
            log=log,
            jobs=jobs,
            planning=process.planning,
            controlling=process.controlling,
            recovering=process.recovering,
            reopening=Reopening(log=log, papers=papers, clock=clock),
            leadership=FakeLeadership(self.lease, name, clock),
            timetable=process.timetable,
            stop_file=process.stop_file,
            clock=clock,
            keep_house=lambda: None,
            report=process.faults.append,
        )
        stopping.halted = process.conducting.halted
        return process


def _registration(number: int, *, located: bool) -> Write:
    registered = Registered(identifiers=(doi(number),))
    claimed = ProcessingStarted(module="locate", worker="another", attempt=f"first of {number}")
    found = (claimed, CopiesLocated(copies=(copy_of(number),))) if located else ()
    return Write(stream=f"paper-p{number:06}", expected=0, events=(registered, *found))
