"""An installation of handlers over a database: papers with copies, a clock, plans, and a switch."""

from datetime import UTC, datetime

from attrs import define, field

from application.choosing_jobs import Choosing
from application.controlling import Controlling
from application.forecasting import Forecasting
from application.handling import Actor
from application.planning import Planning
from application.ports.event_log import Origin, Write
from application.ports.stop_file import StopOrder
from application.queries import JobFilter, JobRow
from application.reverting import Reverting
from application.running_jobs import RunningJobs
from application.scheduling import Scheduling
from domain import paper
from domain.copies import Copy
from domain.events import Event
from domain.identifiers import Identifier, Scheme
from domain.paper_events import CopiesLocated, ProcessingStarted, Registered
from domain.pipeline import Status
from domain.scraper import Action
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models.import_queries import SqlImports
from infrastructure.read_models.job_queries import SqlJobs
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from tests.contract.making import doi, registration
from tests.fakes.clock import FakeClock

ANA = Actor(name="ana (browser)", is_person=True)
HOUR = datetime(2027, 1, 2, 13, 0, tzinfo=UTC)
"""The start of an hour that takes 8 papers of the first schedule."""


@define
class MemoryStopFile:
    """Stand-in for application.ports.stop_file.StopFile."""

    told: StopOrder | None = None

    def present(self) -> bool:
        """Whether there is one."""
        return self.told is not None

    def order(self) -> StopOrder | None:
        """What it says."""
        return self.told

    def write(self, order: StopOrder) -> None:
        """Make it, unless it is there."""
        self.told = self.told or order

    def remove(self) -> None:
        """Take it away."""
        self.told = None


@define(slots=False)
class Plans:
    """Everything that plans, shows and takes back jobs; `downloaded` are the papers that were given to the module."""

    database: Database
    clock: FakeClock = field(factory=lambda: FakeClock(HOUR))
    stop_file: MemoryStopFile = field(factory=MemoryStopFile)
    downloaded: list[str] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.log = SqlEventLog(self.database, self.clock, READ_MODELS)
        self.papers, self.imports = SqlPapers(self.database), SqlImports(self.database)
        self.jobs, self.reverting = SqlJobs(self.database), Reverting(log=self.log)
        self.controlling = Controlling(
            log=self.log, jobs=self.jobs, reverting=self.reverting, stop_file=self.stop_file, clock=self.clock
        )
        self.planning = Planning(
            log=self.log, papers=self.papers, jobs=self.jobs, reverting=self.reverting, new_seed=lambda: 7
        )
        self.scheduling = Scheduling(log=self.log)
        self.forecasting = Forecasting(
            log=self.log, papers=self.papers, jobs=self.jobs, controlling=self.controlling, clock=self.clock
        )
        self.running_jobs = RunningJobs(
            log=self.log,
            jobs=self.jobs,
            controlling=self.controlling,
            reverting=self.reverting,
            clock=self.clock,
            download=self._download,
        )
        self.choosing = Choosing(papers=self.papers, imports=self.imports, jobs=self.jobs, clock=self.clock)

    def _download(self, name: str, **_: object) -> Status:
        self.downloaded.append(name)
        return Status.DONE

    def tell(self, name: str, *events: Event) -> None:
        """Append events to a paper's stream."""
        write = Write(stream=paper.stream_of(name), expected=None, events=events)
        self.log.append((write,), Origin(command="test", actor="the tests", correlation=name))

    def located(self, count: int, host: str = "repository.example") -> list[str]:
        """So many papers with a copy."""
        names = [f"{host}-{number}" for number in range(count)]
        for number, name in enumerate(names):
            registered = registration(name, doi(len(host) * 1_000 + number))
            self.log.append((registered,), Origin(command="test", actor="the tests", correlation=name))
            copy = Copy(url=f"https://{host}/{number}.pdf", source="unpaywall")
            self.tell(name, ProcessingStarted(module="locate", worker="w", attempt="a"), CopiesLocated(copies=(copy,)))
        return names

    def registered(self, count: int) -> list[str]:
        """So many papers that were not looked for yet."""
        names = [f"n{number:04}" for number in range(count)]
        for name in names:
            identified = Identifier(scheme=Scheme.DOI, value=f"10.5555/{name}")
            self.tell(name, Registered(identifiers=(identified,)))
        return names

    def begin(self, job: JobRow, *, by_hand: bool = False) -> None:
        """A worker takes the job up."""
        self.tell(job.paper, ProcessingStarted(module="download", worker="w", attempt="b", by_hand=by_hand))

    def planned(self, count: int) -> list[JobRow]:
        """So many papers, planned in the hour of the clock while the scraper runs."""
        self.located(count)
        self.use(Action.START)
        self.planning.plan(self.clock.now())
        return list(self.jobs.open(JobFilter()))

    def use(self, action: Action, reason: str = "") -> int:
        """Use the switch; returns how many papers went back."""
        return self.controlling.use(action, reason, ANA).reverted
