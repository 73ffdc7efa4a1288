"""The composition root: the one place where adapters meet handlers."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from attrs import frozen
from sqlalchemy.exc import ArgumentError

from application.downloading import Downloading
from application.importing import Importing
from application.locating import Locating
from application.ports.clock import Clock
from application.ports.event_log import EventLog
from application.ports.library import Library, LibraryUnavailable
from application.ports.maintenance import Backups, LogTransfer, Restores, Schema
from application.ports.sources import Source
from application.recovering import Recovering
from application.working import Step, Working
from domain.errors import SciPaperLoaderError
from infrastructure import filesystem, migrating
from infrastructure.backups.making import FolderBackups
from infrastructure.backups.restoring import FolderRestores
from infrastructure.clock import SystemClock
from infrastructure.database import Database
from infrastructure.http.fetcher import HttpFetcher
from infrastructure.http.hosts import sql_host_gate
from infrastructure.http.network import network_from_environment
from infrastructure.http.settings import FetchSettings
from infrastructure.library.checker import WarmPdfChecker
from infrastructure.library.store import FolderLibrary
from infrastructure.log.sql import SqlEventLog
from infrastructure.log.transfer import SqlLogTransfer
from infrastructure.maintenance import DatabaseMaintenance
from infrastructure.publishers.pages import PublisherPages
from infrastructure.read_models.import_queries import SqlImports
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.resetting import DatabaseSchema
from infrastructure.scheduling.background import BackgroundImports
from infrastructure.schema import READ_MODELS
from infrastructure.sources.arxiv import Arxiv
from infrastructure.sources.crossref import Crossref
from infrastructure.sources.europepmc import EuropePmc
from infrastructure.sources.unpaywall import Unpaywall
from infrastructure.tabular.reader import TabularReader
from infrastructure.uploads import FolderUploads
from infrastructure.workers import SqlWorkers
from interfaces.container import Container
from interfaces.settings import TOML, Origins, Settings, SettingsError
from interfaces.settings_copy import settings_copy

DATABASES = "Write sqlite:////path/to/file.db or postgresql://user:password@host/name, or leave it empty."
LEFTOVER = timedelta(days=1)
"""Age of a half file that no process works on any more."""
RECOVERY = timedelta(seconds=30)
"""Between two looks for papers that a dead process left in transit."""
LAYERS = ("domain", "application", "infrastructure", "interfaces")


class MixedInstallation(SciPaperLoaderError):
    """The layers come from different places: another package hides one of them."""

    remedy = "Install SciPaperLoader in an environment of its own, with pipx for example."

    def __init__(self, places: Sequence[str]) -> None:
        super().__init__(f"The program is put together from {len(places)} places: {', '.join(places)}.")
        self.places = tuple(places)


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
    papers, imports = SqlPapers(base), SqlImports(base)
    library = FolderLibrary(
        settings.library,
        settings.name_pattern,
        reserve_bytes=settings.disk_reserve_bytes,
        memory=_memory(settings),
    )
    uploads = FolderUploads(settings.data / "uploads", settings.max_upload_bytes)
    reader = TabularReader(max_bytes=settings.max_upload_bytes, max_rows=settings.max_rows)
    importing = Importing(log=log, reader=reader, uploads=uploads, imports=imports)
    workers = SqlWorkers(base, clock)
    stop = _Stop(clock)
    steps = _steps(settings, environ, base, log, library, workers, stop, stack)
    background = BackgroundImports(lambda import_id: importing.run(import_id, stop=stop))
    recovering = Recovering(log=log, papers=papers, workers=workers, library=library)
    return Container(
        settings=settings,
        origins=origins,
        clock=clock,
        log=log,
        papers=papers,
        imports=imports,
        importing=importing,
        working=Working(
            log=log, papers=papers, clock=clock, locate=steps[0], download=steps[1], hands=settings.hands, stop=stop
        ),
        recovering=recovering,
        library=library,
        uploads=uploads,
        background=background,
        maintenance=DatabaseMaintenance(base, READ_MODELS, papers, library),
        at_work=lambda: _at_work(workers, recovering, background, lambda: _tidy(library, clock)),
        stop=stop.set,
    )


def _steps(
    settings: Settings,
    environ: dict[str, str],
    base: Database,
    log: EventLog,
    library: Library,
    workers: SqlWorkers,
    stop: "_Stop",
    stack: ExitStack,
) -> tuple[Step, Step]:
    """Locating and downloading, with their ways out of the machine."""
    clock = stop.clock
    fetcher = _fetcher(settings, environ, base, clock, stop)
    stack.callback(fetcher.close)
    checker = WarmPdfChecker(workers=min(settings.hands, 4))
    stack.callback(checker.close)
    locating = Locating(log=log, sources=_sources(settings, fetcher, clock), clock=clock, worker=workers.own, stop=stop)
    downloading = Downloading(
        log=log,
        fetcher=fetcher,
        reports=fetcher,
        pages=PublisherPages(),
        checker=checker,
        library=library,
        clock=clock,
        worker=workers.own,
        stop=stop,
    )
    return locating.locate, downloading.download


@frozen
class _Stop:
    """Asks everything in this process to end soon, sleepers included."""

    clock: SystemClock

    def __call__(self) -> bool:
        return self.clock.stopped

    def set(self) -> None:
        self.clock.stop()


@contextmanager
def _at_work(
    workers: SqlWorkers, recovering: Recovering, background: BackgroundImports, tidy: Callable[[], None]
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
            background.stop()
            recovering.release()


def _tidy(library: Library, clock: Clock) -> None:
    """Remove half files that nobody has written to for a day."""
    with suppress(LibraryUnavailable):
        library.sweep(clock.now() - LEFTOVER)


def _fetcher(
    settings: Settings, environ: dict[str, str], base: Database, clock: SystemClock, stop: _Stop
) -> HttpFetcher:
    limits = FetchSettings(
        contact=settings.contact_email,
        max_file_bytes=settings.max_file_bytes,
        page_seconds=settings.page_seconds,
        file_seconds=settings.file_seconds,
        gap=settings.host_gap,
        local_gap=settings.local_gap if settings.local_gap >= 0 else None,
    )
    bundle = Path(settings.ca_bundle) if settings.ca_bundle else None
    network = network_from_environment(environ, ca_bundle=bundle, allowed=settings.networks)
    return HttpFetcher(limits, network, sql_host_gate(base, clock), clock, stopped=stop)


def _sources(settings: Settings, fetcher: HttpFetcher, clock: Clock) -> tuple[Source, ...]:
    email = settings.contact_email
    return (
        Unpaywall(fetcher, email=email, base=settings.unpaywall_url),
        Crossref(fetcher, clock, email=email, base=settings.crossref_url),
        Arxiv(fetcher, base=settings.arxiv_url, pdf_base=settings.arxiv_url),
        EuropePmc(fetcher, base=settings.europepmc_url, pdf_base=settings.europepmc_files_url),
    )
