"""The application: adapters and handlers, put together part by part."""

import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from datetime import datetime, timedelta
from functools import cached_property, partial

import structlog
from attrs import evolve

from application.acting import Acting
from application.archiving import Archiving
from application.attaching import Attaching
from application.bulk import ActingInBulk
from application.checkup import Checkup
from application.choosing_jobs import Choosing
from application.conducting import PASS, Conducting
from application.controlling import Controlling, modules
from application.divisions import KeptDivisions
from application.downloading import Downloading
from application.forecasting import Forecasting
from application.health import Readiness
from application.importing import Importing
from application.judging import Judging
from application.locating import Locating
from application.matching import Matching
from application.notices import Notices
from application.planning import Planning
from application.ports.library import LibraryUnavailable
from application.ports.sources import Source
from application.ports.tasks import TaskStatus
from application.processing import Processing
from application.proving import Proving
from application.publishers import Publishers
from application.reach import Reach
from application.recovering import Recovering
from application.rehearsing import Rehearsing
from application.renaming import Renaming
from application.reopening import Reopening
from application.reverting import Reverting
from application.running_jobs import RunningJobs
from application.scheduling import Scheduling
from application.sourcing import Sourcing
from application.stopping import Stopping
from application.underway import Underway
from application.underway_imports import silent_imports
from application.undoing import Undoing
from application.undoing_imports import UndoingImports
from application.working import Working, keep_working
from domain import schedule, scraper
from domain.errors import InvalidValue, SciPaperLoaderError
from domain.pipeline import Status
from domain.settings import STREAM as CHOICES
from domain.sources import Service
from infrastructure import migrating
from infrastructure.clock import SystemClock
from infrastructure.dropped import FolderDropped
from infrastructure.health import catalogue
from infrastructure.health.folders import backups_made
from infrastructure.health.place import Opening
from infrastructure.http.fetcher import HttpFetcher
from infrastructure.http.host_queries import SqlHosts
from infrastructure.http.hosts import sql_host_gate
from infrastructure.http.settings import FetchSettings
from infrastructure.leases import SqlLeadership
from infrastructure.library.checker import WarmPdfChecker
from infrastructure.library.naming import check_pattern
from infrastructure.library.pictures import KeptPictures
from infrastructure.library.renaming import FolderNames
from infrastructure.library.store import FolderLibrary
from infrastructure.log.memory import MemoryEventLog
from infrastructure.log.sql import SqlEventLog
from infrastructure.maintenance import DatabaseMaintenance
from infrastructure.publishers.pages import PublisherPages
from infrastructure.publishers.rules import PublisherRules, left_alone
from infrastructure.read_models.activity_queries import SqlActivity
from infrastructure.read_models.division_queries import SqlDivisions, SqlPaperNames
from infrastructure.read_models.import_queries import SqlImports
from infrastructure.read_models.job_queries import SqlJobs
from infrastructure.read_models.needs_queries import SqlNeeds
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.read_models.spread_queries import SqlSpread
from infrastructure.read_models.tally_queries import SqlTallies
from infrastructure.saved_views import SqlSavedViews
from infrastructure.scheduling.background import BackgroundImports
from infrastructure.scheduling.by_hand import ByHand
from infrastructure.scheduling.pool import DaemonPool
from infrastructure.scheduling.timetable import SchedulerTimetable
from infrastructure.schema import READ_MODELS
from infrastructure.sources.resolver import check_resolvers
from infrastructure.tabular.reader import TabularReader
from infrastructure.tasks import SqlTasks
from infrastructure.uploads import FolderUploads
from infrastructure.workers import SqlWorkers
from interfaces.bootstrap.installation import check_layers, existing_database, memory_of, network, stop_file_of
from interfaces.bootstrap.sources import credentials_of, services_of, sources_of
from interfaces.bootstrap.tools import backups, look_at_everything, place_of
from interfaces.container import Container
from interfaces.settings import Origins, Settings, SettingsError
from interfaces.settings_book import AT_THE_NEXT_START, KEYS, SettingsBook

LEFTOVER = timedelta(days=1)
"""Age of a half file that no process works on any more, and of a list that was only checked."""
RECOVERY = timedelta(seconds=30)
"""Between two looks for papers that a dead process left in transit."""
END_SECONDS = 10.0
"""How long the end of the application waits for a thread."""
PROOFS = 5
"""Proofs, rebuilds and backups that are looked at for one that has ended."""
BULKS = 2
"""Actions on many papers that run at once."""
GLANCE_SECONDS = 0.4
"""How long the probe of readiness waits for a lock."""

logger = structlog.get_logger(__name__)


@contextmanager
def container(settings: Settings, origins: Origins, environ: dict[str, str]) -> Iterator[Container]:
    """The application over the settings' database, migrated; everything is closed at the end."""
    check_layers()
    with ExitStack() as stack:
        yield _Parts(settings, origins, environ, stack).container()


class _Parts:
    """Every part of the application, made when it is first asked for; what must be closed goes onto the stack."""

    def __init__(self, settings: Settings, origins: Origins, environ: dict[str, str], stack: ExitStack) -> None:
        self._settings, self._environ, self._stack = settings, environ, stack
        self._book = SettingsBook(settings, origins, check_pattern, check_resolvers)
        _check_selectors(settings)
        self._clock, self._base = SystemClock(), existing_database(settings)
        stack.callback(self._base.close)
        migrating.upgrade(self._base)
        self._underway, self._reach, self._by_hand = Underway(), Reach(self._clock), ByHand()
        self._in_bulk = ByHand(BULKS, "in bulk")
        self._uploads = FolderUploads(settings.data / "uploads", settings.max_upload_bytes)
        self._dropped = FolderDropped(settings.data / "dropped", settings.max_file_bytes)
        self._workers, self._stop_file = SqlWorkers(self._base), stop_file_of(settings)
        self._stopping = Stopping(ended=lambda: self._clock.stopped, emergency=self._stop_file.present)

    def container(self) -> Container:
        """What the interfaces work with."""
        return Container(
            book=self._book,
            clock=self._clock,
            log=self._log,
            papers=self._papers,
            imports=self._imports,
            jobs=self._jobs,
            tallies=self._tallies,
            hosts=SqlHosts(database=self._base, tallies=self._tallies, politeness=self._fetcher, clock=self._clock),
            politeness=self._fetcher,
            publishers=Publishers(rules=PublisherRules(), counts=SqlSpread(self._base), tallies=self._tallies),
            choosing=Choosing(papers=self._papers, imports=self._imports, jobs=self._jobs, clock=self._clock),
            saved_views=SqlSavedViews(self._base, self._clock),
            tasks=self._tasks,
            activity=self._activity,
            divisions=KeptDivisions.of(SqlDivisions(self._base)),
            names=SqlPaperNames(self._base),
            importing=self._importing,
            planning=self._planning,
            scheduling=self._scheduling,
            sourcing=Sourcing(log=self._log, services=self._services),
            forecasting=self._forecasting,
            controlling=self._controlling,
            running_jobs=self._running_jobs,
            processing=self._processing,
            archiving=Archiving(
                log=self._log, papers=self._papers, library=self._library, tasks=self._tasks, clock=self._clock
            ),
            renaming=self._renaming,
            acting=self._acting,
            bulks=self._bulks,
            undoing=self._undoing,
            undoing_imports=self._undoing_imports,
            notices=self._notices,
            needs=self._needs,
            judging=Judging(log=self._log, library=self._library),
            attaching=self._attaching,
            matching=self._matching,
            conducting=self._conducting,
            working=self._working,
            recovering=self._recovering,
            library=self._library,
            pictures=KeptPictures(self._settings.data / "pictures", self._checker.draw),
            uploads=self._uploads,
            dropped=self._dropped,
            background=self._background,
            by_hand=self._by_hand.do,
            maintenance=self._maintenance,
            proving=Proving(
                maintenance=self._maintenance,
                backups=lambda: backups(self._book.settings),
                tasks=self._tasks,
            ),
            in_bulk=self._in_bulk.do,
            readiness=self._readiness,
            checkup=Checkup(
                lambda: look_at_everything(self._book.settings, self._book.origins, self._environ),
                self._clock,
                self._changeable,
            ),
            glance=Checkup(lambda: self._readiness.begin().result(), self._clock),
            rests=self._reach.rests_until,
            rehearsing=lambda: Rehearsing(
                log=self._log,
                memory=MemoryEventLog(self._clock),
                papers=self._papers,
                jobs=self._jobs,
                clock=self._clock,
            ),
            at_work=lambda: _at_work(
                self._workers, self._recovering, self._background, (self._by_hand, self._in_bulk), self._begin
            ),
            in_charge=self._in_charge,
            stop=self._clock.stop,
        )

    @cached_property
    def _log(self) -> SqlEventLog:
        return SqlEventLog(self._base, self._clock, READ_MODELS)

    @cached_property
    def _papers(self) -> SqlPapers:
        return SqlPapers(self._base)

    @cached_property
    def _imports(self) -> SqlImports:
        return SqlImports(self._base)

    @cached_property
    def _jobs(self) -> SqlJobs:
        return SqlJobs(self._base)

    @cached_property
    def _tallies(self) -> SqlTallies:
        return SqlTallies(self._base)

    @cached_property
    def _library(self) -> FolderLibrary:
        library = FolderLibrary(
            self._settings.library,
            self._settings.name_pattern,
            reserve_bytes=self._settings.disk_reserve_bytes,
            memory=memory_of(self._settings),
        )
        self._book.adopted_by(lambda settings: library.adopt(settings.name_pattern))
        return library

    @cached_property
    def _names(self) -> FolderNames:
        return FolderNames(self._library)

    @cached_property
    def _renaming(self) -> Renaming:
        return Renaming(
            log=self._log,
            papers=self._papers,
            names=self._names,
            tasks=self._tasks,
            stop=lambda: self._clock.stopped,
        )

    @cached_property
    def _importing(self) -> Importing:
        reader = TabularReader(max_bytes=self._settings.max_upload_bytes, max_rows=self._settings.max_rows)
        return Importing(log=self._log, reader=reader, uploads=self._uploads, imports=self._imports)

    @cached_property
    def _background(self) -> BackgroundImports:
        return BackgroundImports(
            lambda import_id: self._importing.run(import_id, stop=lambda: self._clock.stopped),
            undo=lambda import_id: self._undoing_imports.run(import_id, stop=lambda: self._clock.stopped),
        )

    @cached_property
    def _fetcher(self) -> HttpFetcher:
        """The way out of the machine."""
        limits, where = _limits(self._settings), network(self._settings, self._environ)
        gate = sql_host_gate(self._base, self._clock)
        fetcher = HttpFetcher(limits, where, gate, self._clock, stopped=self._stopping, shuns=left_alone)
        self._stack.callback(fetcher.close)
        addresses = {name: getattr(self._settings, name) for name in AT_THE_NEXT_START if name.endswith("_url")}
        self._book.adopted_by(lambda settings: fetcher.adopt(_limits(evolve(settings, **addresses))))
        return fetcher

    @cached_property
    def _sources(self) -> list[Source]:
        """The sources; they are others when the contact address or a key is another."""
        sources = list(sources_of(self._settings, self._fetcher, self._clock))

        def adopt(settings: Settings) -> None:
            shown = {name: getattr(settings, name) for name in ("contact_email", "resolvers", *KEYS)}
            sources[:] = sources_of(evolve(self._settings, **shown), self._fetcher, self._clock)

        self._book.adopted_by(adopt)
        return sources

    def _services(self) -> Mapping[str, Service]:
        return services_of(self._book.settings)

    @cached_property
    def _locating(self) -> Locating:
        return Locating(
            log=self._log,
            sources=self._sources,
            asked_today=self._tallies.asked,
            clock=self._clock,
            worker=self._workers.own,
            stop=self._stopping,
            underway=self._underway,
            reach=self._reach,
        )

    @cached_property
    def _checker(self) -> WarmPdfChecker:
        checker = WarmPdfChecker(workers=min(self._settings.hands, 4))
        self._stack.callback(checker.close)
        return checker

    @cached_property
    def _downloading(self) -> Downloading:
        return Downloading(
            log=self._log,
            fetcher=self._fetcher,
            reports=self._fetcher,
            pages=PublisherPages(),
            checker=self._checker,
            library=self._library,
            clock=self._clock,
            worker=self._workers.own,
            stop=self._stopping,
            paused=lambda: self._conducting.paused,
            sites=self._tallies.site,
            underway=self._underway,
            reach=self._reach,
        )

    @cached_property
    def _needs(self) -> SqlNeeds:
        return SqlNeeds(self._base)

    @cached_property
    def _attaching(self) -> Attaching:
        return Attaching(
            log=self._log,
            library=self._library,
            checker=self._checker,
            worker=self._workers.own,
            underway=self._underway,
        )

    @cached_property
    def _matching(self) -> Matching:
        return Matching(
            log=self._log,
            titles=self._needs,
            reader=self._checker,
            dropped=self._dropped,
            attaching=self._attaching,
            clock=self._clock,
        )

    @cached_property
    def _recovering(self) -> Recovering:
        return Recovering(
            log=self._log,
            papers=self._papers,
            workers=self._workers,
            library=self._library,
            underway=self._underway,
        )

    @cached_property
    def _reverting(self) -> Reverting:
        return Reverting(log=self._log)

    @cached_property
    def _reopening(self) -> Reopening:
        return Reopening(log=self._log, papers=self._papers, clock=self._clock)

    @cached_property
    def _controlling(self) -> Controlling:
        return Controlling(
            log=self._log,
            jobs=self._jobs,
            reverting=self._reverting,
            stop_file=self._stop_file,
            clock=self._clock,
        )

    @cached_property
    def _planning(self) -> Planning:
        return Planning(
            log=self._log,
            papers=self._papers,
            jobs=self._jobs,
            reverting=self._reverting,
            new_seed=lambda: secrets.randbits(53),
        )

    @cached_property
    def _forecasting(self) -> Forecasting:
        return Forecasting(
            log=self._log,
            papers=self._papers,
            jobs=self._jobs,
            controlling=self._controlling,
            clock=self._clock,
            rests=self._reach.rests_until,
        )

    @cached_property
    def _running_jobs(self) -> RunningJobs:
        return RunningJobs(
            log=self._log,
            jobs=self._jobs,
            controlling=self._controlling,
            reverting=self._reverting,
            clock=self._clock,
            download=self._downloading.download,
            rests=self._reach.rests_until,
            stop=self._stopping,
        )

    @cached_property
    def _processing(self) -> Processing:
        return Processing(
            log=self._log,
            library=self._library,
            controlling=self._controlling,
            locate=self._locating.locate,
            download=self._downloading.download,
        )

    @cached_property
    def _tasks(self) -> SqlTasks:
        return SqlTasks(self._base, self._clock)

    @cached_property
    def _activity(self) -> SqlActivity:
        return SqlActivity(self._base, self._log)

    @cached_property
    def _scheduling(self) -> Scheduling:
        return Scheduling(log=self._log)

    @cached_property
    def _acting(self) -> Acting:
        return Acting(log=self._log, library=self._library)

    @cached_property
    def _bulks(self) -> ActingInBulk:
        return ActingInBulk(
            log=self._log,
            papers=self._papers,
            library=self._library,
            activity=self._activity,
            tasks=self._tasks,
            clock=self._clock,
            stop=lambda: self._clock.stopped,
        )

    @cached_property
    def _undoing(self) -> Undoing:
        return Undoing(
            log=self._log,
            acting=self._acting,
            bulks=self._bulks,
            scheduling=self._scheduling,
            controlling=self._controlling,
            imports=self._undoing_imports,
            services=self._services,
        )

    @cached_property
    def _undoing_imports(self) -> UndoingImports:
        return UndoingImports(log=self._log, imports=self._imports, tasks=self._tasks)

    @cached_property
    def _notices(self) -> Notices:
        return Notices(
            log=self._log,
            papers=self._papers,
            activity=self._activity,
            bulks=self._bulks,
            undoing=self._undoing,
        )

    @cached_property
    def _timetable(self) -> SchedulerTimetable:
        return SchedulerTimetable(self._stopping.scheduled(self._running_jobs.run), self._settings.hands)

    @cached_property
    def _conducting(self) -> Conducting:
        conducting = Conducting(
            log=self._log,
            jobs=self._jobs,
            planning=self._planning,
            controlling=self._controlling,
            recovering=self._recovering,
            reopening=self._reopening,
            leadership=SqlLeadership(self._base, self._workers.own),
            timetable=self._timetable,
            stop_file=self._stop_file,
            clock=self._clock,
            keep_house=self._keep_house,
            report=_report,
        )
        self._stopping.halted = conducting.halted
        return conducting

    @cached_property
    def _working(self) -> Working:
        """What `work` does: outside of the schedule, so by hand."""
        return Working(
            papers=self._papers,
            clock=self._clock,
            rests=self._reach.rests_until,
            reopening=self._reopening,
            status=self._controlling.status,
            locate=partial(self._locating.locate, by_hand=True),
            download=partial(self._downloading.download, by_hand=True),
            runs=lambda module: modules(self._log).runs(module),
            hands=self._settings.hands,
            pool=lambda hands: DaemonPool(hands, "work"),
            stop=self._stopping,
        )

    @cached_property
    def _locating_ahead(self) -> Working:
        """What a server that leads does ahead of the schedule."""
        conducting, stopping = self._conducting, self._stopping
        return evolve(
            self._working,
            locate=stopping.scheduled(self._locating.locate),
            starts=(Status.NEW,),
            pool=lambda hands: DaemonPool(hands, "locate"),
            stop=lambda: stopping() or conducting.halted() or not conducting.locates,
        )

    @cached_property
    def _maintenance(self) -> DatabaseMaintenance:
        return DatabaseMaintenance(self._base, READ_MODELS, self._papers, self._library, self._names)

    def _changeable(self) -> object:
        """What people change of that which a look at everything tells: settings, switch, schedule, proofs, backups."""
        streams = (CHOICES, scraper.STREAM, schedule.STREAM)
        return (
            self._book.settings,
            self._stop_file.present(),
            *(one.position for stream in streams for one in self._log.newest(stream, limit=1)),
            *(task.id for task in self._tasks.recent(PROOFS) if task.status is not TaskStatus.RUNNING),
            *backups_made(self._settings.data),
        )

    @cached_property
    def _readiness(self) -> Readiness:
        """The probe, over a connection of its own: those of the application may all be in use."""
        opening = Opening(self._settings.database_url, busy_seconds=GLANCE_SECONDS)
        self._stack.enter_context(closing(opening))
        return Readiness(catalogue.readiness(place_of(self._settings, self._environ, opening, self._clock)))

    def _begin(self) -> None:
        """Bring to an end what was broken off, and keep house."""
        self._renaming.settle()
        self._keep_house()

    def _keep_house(self) -> None:
        """Remove half files that nobody has written to for a day, and lists that were checked and never imported."""
        with suppress(LibraryUnavailable):
            self._library.sweep(self._clock.now() - LEFTOVER)
        self._importing.sweep(self._clock.now() - LEFTOVER)

    def _in_charge(self) -> AbstractContextManager[None]:
        self._background.every(RECOVERY, self._take_up)
        return _in_charge(self._conducting, self._locating_ahead, self._timetable, self._reach, self._clock)

    def _take_up(self) -> None:
        """Go on with imports that were broken off, and with taking them back."""
        for import_id in silent_imports(self._imports, self._clock.now()):
            self._background.start_import(import_id)
        for import_id in self._undoing_imports.silent():
            self._background.start_undo(import_id)


@contextmanager
def _at_work(
    workers: SqlWorkers,
    recovering: Recovering,
    background: BackgroundImports,
    by_hand: Iterable[ByHand],
    keep_house: Callable[[], None],
) -> Iterator[None]:
    """Be a living worker: take back what dead ones left, take imports, and give everything back at the end."""
    with workers:
        recovering.recover()
        keep_house()
        background.every(RECOVERY, recovering.recover)
        background.start()
        try:
            yield
        finally:
            for pool in by_hand:
                pool.stop()
            background.stop()
            recovering.release()


@contextmanager
def _in_charge(
    conducting: Conducting, locating: Working, timetable: SchedulerTimetable, reach: Reach, clock: SystemClock
) -> Iterator[None]:
    """Keep the schedule: conduct, locate what is new, and run the jobs of each hour, until the application stops."""
    ended = lambda: clock.stopped  # noqa: E731 (asked by three)
    threads = (
        threading.Thread(target=conducting.keep_conducting, args=(ended,), name="conductor", daemon=True),
        threading.Thread(target=keep_working, args=(locating, PASS, _report, ended), name="locating", daemon=True),
    )
    reach.say = _say_rest
    timetable.start()
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        clock.stop()
        for thread in threads:
            thread.join(timeout=END_SECONDS)
        timetable.stop()


def _report(error: BaseException) -> None:
    """Tell what broke something off that is tried again."""
    known = isinstance(error, SciPaperLoaderError)
    logger.warning("something was broken off and is tried again", error=str(error), exc_info=None if known else error)


def _say_rest(until: datetime) -> None:
    """Tell that everything that needs the internet waits."""
    logger.warning("nothing answers, neither sources nor sites: they are asked again later", until=until.isoformat())


def _check_selectors(settings: Settings) -> None:
    """Raise SettingsError where a resolver of the user's own cannot be used."""
    try:
        check_resolvers(settings.resolvers)
    except InvalidValue as error:
        raise SettingsError(f"RESOLVERS is not {error.expected}.") from error


def _limits(settings: Settings) -> FetchSettings:
    return FetchSettings(
        contact=settings.contact_email,
        max_file_bytes=settings.max_file_bytes,
        page_seconds=settings.page_seconds,
        file_seconds=settings.file_seconds,
        gap=settings.host_gap,
        local_gap=settings.local_gap if settings.local_gap >= 0 else None,
        credentials=credentials_of(settings),
    )
