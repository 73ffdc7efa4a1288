"""The composition root: the one place where adapters meet handlers."""

import secrets
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import structlog
from attrs import evolve, frozen
from sqlalchemy.exc import ArgumentError

from application.choosing_jobs import Choosing
from application.conducting import PASS, Conducting
from application.controlling import Controlling, modules
from application.downloading import Downloading
from application.emergency import Emergency
from application.forecasting import Forecasting
from application.health import Check, Readiness
from application.importing import Importing
from application.locating import Locating
from application.planning import Planning
from application.ports.clock import Clock
from application.ports.event_log import EventLog
from application.ports.library import Library, LibraryUnavailable
from application.ports.maintenance import Backups, LogTransfer, Restores, Schema
from application.ports.processes import Processes
from application.ports.sources import Source
from application.ports.stop_file import StopFile
from application.processing import Processing
from application.quick_fixing import QuickFix
from application.reach import Reach
from application.recovering import Recovering
from application.rehearsing import Rehearsing
from application.reopening import Reopening
from application.reverting import Reverting
from application.running_jobs import RunningJobs
from application.scheduling import Scheduling
from application.stopping import Stopping
from application.underway import Underway
from application.working import Working, keep_working
from domain.errors import SciPaperLoaderError
from domain.pipeline import Status
from infrastructure import filesystem, migrating
from infrastructure.backups.making import FolderBackups
from infrastructure.backups.restoring import FolderRestores
from infrastructure.clock import SystemClock
from infrastructure.database import Database
from infrastructure.health import catalogue
from infrastructure.health import diagnosis as stuck
from infrastructure.health.place import HUNG, Opening, Place
from infrastructure.http.fetcher import HttpFetcher
from infrastructure.http.hosts import sql_host_gate
from infrastructure.http.network import NetworkSettings, network_from_environment
from infrastructure.http.settings import FetchSettings
from infrastructure.leases import SqlLeadership
from infrastructure.library.checker import WarmPdfChecker
from infrastructure.library.store import FolderLibrary
from infrastructure.log.memory import MemoryEventLog
from infrastructure.log.sql import SqlEventLog
from infrastructure.log.transfer import SqlLogTransfer
from infrastructure.maintenance import DatabaseMaintenance
from infrastructure.processes import FolderProcesses
from infrastructure.publishers.pages import PublisherPages
from infrastructure.read_models.activity_queries import SqlActivity
from infrastructure.read_models.import_queries import SqlImports
from infrastructure.read_models.job_queries import SqlJobs
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.resetting import DatabaseSchema
from infrastructure.scheduling.background import BackgroundImports
from infrastructure.scheduling.by_hand import ByHand
from infrastructure.scheduling.pool import DaemonPool
from infrastructure.scheduling.timetable import SchedulerTimetable
from infrastructure.schema import READ_MODELS
from infrastructure.sources.arxiv import Arxiv
from infrastructure.sources.crossref import Crossref
from infrastructure.sources.europepmc import EuropePmc
from infrastructure.sources.unpaywall import Unpaywall
from infrastructure.stop_file import NAME as STOP_FILE
from infrastructure.stop_file import FolderStopFile
from infrastructure.tabular.reader import TabularReader
from infrastructure.tasks import SqlTasks
from infrastructure.uploads import FolderUploads
from infrastructure.workers import SqlWorkers
from interfaces import checking
from interfaces.container import Container
from interfaces.settings import TOML, Origins, Settings, SettingsError
from interfaces.settings_copy import settings_copy

DATABASES = "Write sqlite:////path/to/file.db or postgresql://user:password@host/name, or leave it empty."
LEFTOVER = timedelta(days=1)
"""Age of a half file that no process works on any more."""
RECOVERY = timedelta(seconds=30)
"""Between two looks for papers that a dead process left in transit."""
END_SECONDS = 10.0
"""How long the end of the application waits for a thread."""
LOOK_SECONDS = 2.0
"""How long `doctor` waits for a lock."""
GLANCE_SECONDS = 0.4
"""How long the probe of readiness does."""
LAYERS = ("domain", "application", "infrastructure", "interfaces")

logger = structlog.get_logger(__name__)


class MixedInstallation(SciPaperLoaderError):
    """The layers come from different places: another package hides one of them."""

    remedy = "Install SciPaperLoader in an environment of its own, with pipx for example."

    def __init__(self, places: Sequence[str]) -> None:
        super().__init__(f"The program is put together from {len(places)} places: {', '.join(places)}.")
        self.places = tuple(places)


@frozen(kw_only=True)
class Looks:
    """The checks of `diagnose`, command by command, and the rehearsal of a stop."""

    state: tuple[Check, ...]
    scraper: tuple[Check, ...]
    tasks: tuple[Check, ...]
    database: tuple[Check, ...]
    shown: frozenset[str]
    """Checks of the scraper that are shown whatever they find."""
    rehearsing: Callable[[], Rehearsing]


@contextmanager
def container(settings: Settings, origins: Origins, environ: dict[str, str]) -> Iterator[Container]:
    """The application over the settings' database, migrated; everything is closed at the end."""
    check_layers()
    with ExitStack() as stack:
        yield _build(settings, origins, environ, stack)


def check_layers() -> None:
    """Raises MixedInstallation unless all layers come from one place."""
    places = sorted({str(folder.parent) for folder in source_folders()})
    if len(places) > 1:
        raise MixedInstallation(places)


def source_folders() -> tuple[Path, ...]:
    """Where the layers' code is."""
    specs = [find_spec(layer) for layer in LAYERS]
    return tuple(Path(spec.origin).parent for spec in specs if spec and spec.origin)


def database(settings: Settings) -> Database:
    """The database of the settings, as it is. Raises SettingsError, NetworkFileSystem."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        base = Database(settings.database_url, synchronous=settings.synchronous)
    except OSError as error:
        raise SettingsError(f"The folder DATA_DIR cannot be used: {error}.") from error
    except (ArgumentError, ModuleNotFoundError) as error:
        raise SettingsError("DATABASE_URL names no database that can be used.", remedy=DATABASES) from error
    if file := _file(base):
        filesystem.check_place(file)
    return base


def _existing_database(settings: Settings) -> Database:
    """The same, unless its file is damaged, or gone. Raises DatabaseDamaged, DatabaseMissing."""
    base = database(settings)
    if file := _file(base):
        filesystem.check_file(file, sign=_memory(settings))
    return base


def _file(base: Database) -> Path | None:
    """The file of an SQLite database."""
    return Path(base.url.database) if base.is_sqlite and base.url.database else None


def stop_file_of(settings: Settings) -> StopFile:
    """The stop file of the settings' data folder: it holds whether the database answers or not."""
    return FolderStopFile(settings.data)


def _memory(settings: Settings) -> Path:
    """What the application remembers of its library outside of it."""
    return settings.data / "library.marker"


@contextmanager
def schema(settings: Settings, *, anew: bool = False) -> Iterator[Schema]:
    """The schema of the settings' database; `anew` also where the file is damaged, or gone.

    Raises DatabaseDamaged, DatabaseMissing: looking at a missing file would make an empty one in its place.
    """
    base = database(settings) if anew else _existing_database(settings)
    try:
        yield DatabaseSchema(base)
    finally:
        base.close()


@contextmanager
def diagnosis(
    settings: Settings, origins: Origins, environ: Mapping[str, str], names: Collection[str], *, online: bool = False
) -> Iterator[tuple[Check, ...]]:
    """The checks of `doctor`. They work on an installation in any state: nothing is migrated, made or kept.

    `names` are those of the settings that somebody gave.
    """
    with closing(Opening(settings.database_url, busy_seconds=LOOK_SECONDS)) as opening:
        place = _place(settings, environ, opening, SystemClock())
        yield (
            checking.of_program(check_layers),
            *checking.of_names(names, settings),
            *checking.of_settings(settings, origins),
            *catalogue.checks(place, online=online),
        )


def diagnosis_without_settings(problem: SettingsError, names: Collection[str]) -> tuple[Check, ...]:
    """What can be checked where the settings cannot be read."""
    return (checking.of_program(check_layers), *checking.of_names(names), checking.of_unreadable(problem))


@contextmanager
def looks(settings: Settings, environ: Mapping[str, str], *, hung_after: timedelta = HUNG) -> Iterator[Looks]:
    """What `diagnose` looks at, on an installation in any state: nothing is migrated, made or kept."""
    clock = SystemClock()
    with closing(Opening(settings.database_url, busy_seconds=LOOK_SECONDS)) as opening:
        place = evolve(_place(settings, environ, opening, clock), hung_after=hung_after)
        yield Looks(
            state=catalogue.of(stuck.STATE, place),
            scraper=catalogue.of(stuck.SCRAPER, place),
            tasks=catalogue.of(stuck.TASKS, place),
            database=catalogue.of(stuck.FIRST, place),
            shown=stuck.SHOWN,
            rehearsing=lambda: Rehearsing(
                log=place.log, memory=MemoryEventLog(clock), papers=place.papers, jobs=place.jobs, clock=clock
            ),
        )


@contextmanager
def emergency(settings: Settings) -> Iterator[Emergency]:
    """The emergency stop, for an installation in any state: no database is migrated or made."""
    clock = SystemClock()
    with closing(Opening(settings.database_url, busy_seconds=LOOK_SECONDS)) as opening:
        place, stop_file = _place(settings, {}, opening, clock), stop_file_of(settings)

        def controlling() -> Controlling:
            log = SqlEventLog(opening.database, clock, READ_MODELS)
            return Controlling(log=log, jobs=place.jobs, reverting=Reverting(log=log), stop_file=stop_file, clock=clock)

        checks = catalogue.of(stuck.FIRST, place)
        path = str(settings.data / STOP_FILE)
        yield Emergency(stop_file=stop_file, path=path, clock=clock, checks=checks, controlling=controlling)


@contextmanager
def quick_fix(settings: Settings) -> Iterator[QuickFix]:
    """The emergency stop, and the end of this installation's own servers."""
    with emergency(settings) as stop:
        yield QuickFix(emergency=stop, processes=processes_of(settings))


def processes_of(settings: Settings) -> Processes:
    """The notes of the servers that use the settings' data folder."""
    return FolderProcesses(settings.data, _version())


def _version() -> str:
    """The version of the program, "" where it was not installed."""
    try:
        return version("scipaperloader")
    except PackageNotFoundError:
        return ""


def _place(settings: Settings, environ: Mapping[str, str], opening: Opening, clock: Clock) -> Place:
    """The installation, as the checks look at it."""
    return Place(
        data=settings.data,
        library=settings.library,
        memory=_memory(settings),
        reserve_bytes=settings.disk_reserve_bytes,
        host=settings.host,
        port=settings.port,
        opening=opening,
        clock=clock,
        network=lambda: _network(settings, environ),
        services=(settings.unpaywall_url, settings.crossref_url, settings.arxiv_url, settings.europepmc_url),
        version=_version(),
        sources=source_folders(),
    )


@contextmanager
def backups(settings: Settings) -> Iterator[Backups]:
    """What backs up the installation as it is: nothing is migrated before. Raises DatabaseDamaged, DatabaseMissing."""
    base = _existing_database(settings)
    try:
        yield FolderBackups(
            database=base,
            library=_stored_files(settings),
            uploads=settings.data / "uploads",
            folder=settings.data / "backups",
            clock=SystemClock(),
            settings=lambda secrets: settings_copy(settings.data / TOML, secrets=secrets),
            dump_program=settings.pg_dump,
        )
    finally:
        base.close()


@contextmanager
def restores(settings: Settings) -> Iterator[Restores]:
    """What puts a backup in place, also where the database is damaged, or gone."""
    base = database(settings)
    try:
        yield FolderRestores(
            database=base,
            library=_stored_files(settings),
            library_folder=settings.library,
            uploads=settings.data / "uploads",
            clock=SystemClock(),
            dump_program=settings.pg_dump,
        )
    finally:
        base.close()


@contextmanager
def log_transfer(settings: Settings) -> Iterator[LogTransfer]:
    """What carries the log over, with the database migrated."""
    base = _existing_database(settings)
    try:
        migrating.upgrade(base)
        yield SqlLogTransfer(base, READ_MODELS)
    finally:
        base.close()


def _stored_files(settings: Settings) -> Library:
    """The library, for those who store nothing in it."""
    return FolderLibrary(settings.library, memory=_memory(settings))


@contextmanager
def simulated_web(seed: int, papers: int) -> Iterator[tuple[dict[str, str], bytes]]:
    """A simulated scholarly web on loopback while entered: settings that lead to it, and a list of its papers."""
    from infrastructure.simulation.server import ScholarlyWeb
    from infrastructure.simulation.world import World

    world = World(seed, papers)
    with ScholarlyWeb(world) as web:
        found = web.settings()
        sources = {f"{name}_url": found[name] for name in ("unpaywall", "crossref", "arxiv", "europepmc")}
        files = {"europepmc_files_url": found["europepmc"], "allowed_networks": found["allowed_networks"]}
        yield sources | files, world.csv().encode()


def _build(settings: Settings, origins: Origins, environ: dict[str, str], stack: ExitStack) -> Container:
    clock = SystemClock()
    base = _existing_database(settings)
    stack.callback(base.close)
    migrating.upgrade(base)
    log = SqlEventLog(base, clock, READ_MODELS)
    papers, imports, jobs = SqlPapers(base), SqlImports(base), SqlJobs(base)
    library = FolderLibrary(
        settings.library,
        settings.name_pattern,
        reserve_bytes=settings.disk_reserve_bytes,
        memory=_memory(settings),
    )
    uploads = FolderUploads(settings.data / "uploads", settings.max_upload_bytes)
    reader = TabularReader(max_bytes=settings.max_upload_bytes, max_rows=settings.max_rows)
    importing = Importing(log=log, reader=reader, uploads=uploads, imports=imports)
    workers, stop_file = SqlWorkers(base, clock), stop_file_of(settings)
    stopping = Stopping(ended=lambda: clock.stopped, emergency=stop_file.present)
    underway, reach = Underway(), Reach(clock)
    steps = _steps(settings, environ, base, log, library, workers, clock, stopping, underway, reach, stack)
    background, by_hand = BackgroundImports(lambda import_id: importing.run(import_id, stop=stopping)), ByHand()
    recovering = Recovering(log=log, papers=papers, workers=workers, library=library, underway=underway)
    reverting, reopening = Reverting(log=log), Reopening(log=log, papers=papers, clock=clock)
    controlling = Controlling(log=log, jobs=jobs, reverting=reverting, stop_file=stop_file, clock=clock)
    planning = Planning(log=log, papers=papers, jobs=jobs, reverting=reverting, new_seed=lambda: secrets.randbits(53))
    running_jobs = RunningJobs(
        log=log,
        jobs=jobs,
        controlling=controlling,
        reverting=reverting,
        clock=clock,
        download=steps.download,
        rests=reach.rests_until,
    )
    timetable = SchedulerTimetable(stopping.scheduled(running_jobs.run), settings.hands)
    conducting = Conducting(
        log=log,
        jobs=jobs,
        planning=planning,
        controlling=controlling,
        recovering=recovering,
        reopening=reopening,
        leadership=SqlLeadership(base, workers.own),
        timetable=timetable,
        stop_file=stop_file,
        clock=clock,
        keep_house=lambda: _tidy(library, clock),
        report=_report,
    )
    stopping.halted = conducting.halted
    working = Working(
        papers=papers,
        clock=clock,
        rests=reach.rests_until,
        reopening=reopening,
        status=controlling.status,
        locate=partial(steps.locate, by_hand=True),
        download=partial(steps.download, by_hand=True),
        runs=lambda module: modules(log).runs(module),
        hands=settings.hands,
        pool=lambda hands: DaemonPool(hands, "work"),
        stop=stopping,
    )
    locating = evolve(
        working,
        locate=stopping.scheduled(steps.locate),
        starts=(Status.NEW,),
        pool=lambda hands: DaemonPool(hands, "locate"),
        stop=lambda: stopping() or conducting.halted() or not conducting.locates,
    )
    return Container(
        settings=settings,
        origins=origins,
        clock=clock,
        log=log,
        papers=papers,
        imports=imports,
        jobs=jobs,
        choosing=Choosing(papers=papers, imports=imports, jobs=jobs, clock=clock),
        tasks=SqlTasks(base, clock),
        activity=SqlActivity(base, log),
        importing=importing,
        planning=planning,
        scheduling=Scheduling(log=log),
        forecasting=Forecasting(log=log, papers=papers, jobs=jobs, controlling=controlling, clock=clock),
        controlling=controlling,
        running_jobs=running_jobs,
        processing=Processing(
            log=log, library=library, controlling=controlling, locate=steps.locate, download=steps.download
        ),
        conducting=conducting,
        working=working,
        recovering=recovering,
        library=library,
        uploads=uploads,
        background=background,
        by_hand=by_hand.do,
        maintenance=DatabaseMaintenance(base, READ_MODELS, papers, library),
        readiness=_readiness(settings, environ, clock, stack),
        at_work=lambda: _at_work(workers, recovering, background, by_hand, lambda: _tidy(library, clock)),
        in_charge=lambda: _in_charge(conducting, locating, timetable, reach, clock),
        stop=clock.stop,
    )


@frozen(kw_only=True)
class _Steps:
    """The modules' handlers."""

    locate: Callable[..., Status | None]
    download: Callable[..., Status | None]


def _steps(
    settings: Settings,
    environ: dict[str, str],
    base: Database,
    log: EventLog,
    library: Library,
    workers: SqlWorkers,
    clock: SystemClock,
    stopping: Stopping,
    underway: Underway,
    reach: Reach,
    stack: ExitStack,
) -> _Steps:
    """Locating and downloading, with their ways out of the machine."""
    fetcher = _fetcher(settings, environ, base, clock, stopping)
    stack.callback(fetcher.close)
    checker = WarmPdfChecker(workers=min(settings.hands, 4))
    stack.callback(checker.close)
    locating = Locating(
        log=log,
        sources=_sources(settings, fetcher, clock),
        clock=clock,
        worker=workers.own,
        stop=stopping,
        underway=underway,
        reach=reach,
    )
    downloading = Downloading(
        log=log,
        fetcher=fetcher,
        reports=fetcher,
        pages=PublisherPages(),
        checker=checker,
        library=library,
        clock=clock,
        worker=workers.own,
        stop=stopping,
        underway=underway,
        reach=reach,
    )
    return _Steps(locate=locating.locate, download=downloading.download)


def _readiness(settings: Settings, environ: Mapping[str, str], clock: Clock, stack: ExitStack) -> Readiness:
    """The probe, over a connection of its own: those of the application may all be in use."""
    opening = stack.enter_context(closing(Opening(settings.database_url, busy_seconds=GLANCE_SECONDS)))
    return Readiness(catalogue.readiness(_place(settings, environ, opening, clock)))


@contextmanager
def _at_work(
    workers: SqlWorkers,
    recovering: Recovering,
    background: BackgroundImports,
    by_hand: ByHand,
    tidy: Callable[[], None],
) -> Iterator[None]:
    """Be a living worker: take back what dead ones left, take imports, and give everything back at the end."""
    with workers:
        recovering.recover()
        tidy()
        background.every(RECOVERY, recovering.recover)
        background.start()
        try:
            yield
        finally:
            by_hand.stop()
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


def _tidy(library: Library, clock: Clock) -> None:
    """Remove half files that nobody has written to for a day."""
    with suppress(LibraryUnavailable):
        library.sweep(clock.now() - LEFTOVER)


def _fetcher(
    settings: Settings, environ: dict[str, str], base: Database, clock: SystemClock, stop: Stopping
) -> HttpFetcher:
    limits = FetchSettings(
        contact=settings.contact_email,
        max_file_bytes=settings.max_file_bytes,
        page_seconds=settings.page_seconds,
        file_seconds=settings.file_seconds,
        gap=settings.host_gap,
        local_gap=settings.local_gap if settings.local_gap >= 0 else None,
    )
    network = _network(settings, environ)
    return HttpFetcher(limits, network, sql_host_gate(base, clock), clock, stopped=stop)


def _network(settings: Settings, environ: Mapping[str, str]) -> NetworkSettings:
    """How this machine reaches the internet. Raises NetworkMisconfigured."""
    bundle = Path(settings.ca_bundle) if settings.ca_bundle else None
    return network_from_environment(environ, ca_bundle=bundle, allowed=settings.networks)


def _sources(settings: Settings, fetcher: HttpFetcher, clock: Clock) -> tuple[Source, ...]:
    email = settings.contact_email
    return (
        Unpaywall(fetcher, clock, email=email, base=settings.unpaywall_url),
        Crossref(fetcher, clock, email=email, base=settings.crossref_url),
        Arxiv(fetcher, base=settings.arxiv_url, pdf_base=settings.arxiv_url),
        EuropePmc(fetcher, base=settings.europepmc_url, pdf_base=settings.europepmc_files_url),
    )
