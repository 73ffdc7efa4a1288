"""What looks after an installation: checks, the emergency stop, backups. They work in whatever state it is."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from attrs import evolve, frozen

from application.controlling import Controlling
from application.emergency import Emergency
from application.health import Check, Result, error, examine
from application.ports.clock import Clock
from application.ports.maintenance import Backups, LogTransfer, Restores
from application.quick_fixing import QuickFix
from application.rehearsing import Rehearsing
from application.reverting import Reverting
from infrastructure import migrating
from infrastructure.backups.making import FolderBackups
from infrastructure.backups.restoring import FolderRestores
from infrastructure.clock import SystemClock
from infrastructure.health import catalogue
from infrastructure.health import diagnosis as stuck
from infrastructure.health.place import HUNG, Opening, Place
from infrastructure.log.memory import MemoryEventLog
from infrastructure.log.sql import SqlEventLog
from infrastructure.log.transfer import SqlLogTransfer
from infrastructure.schema import READ_MODELS
from infrastructure.stop_file import NAME as STOP_FILE
from infrastructure.stop_file import FolderStopFile
from interfaces import checking
from interfaces.bootstrap.installation import (
    check_layers,
    database,
    existing_database,
    memory_of,
    network,
    processes_of,
    program_version,
    source_folders,
    stop_file_of,
    stored_files,
)
from interfaces.names import in_use
from interfaces.settings import TOML, Origins, Settings, SettingsError
from interfaces.settings_copy import settings_copy

LOOK_SECONDS = 2.0
"""How long whoever only looks waits for a lock."""


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
def diagnosis(
    settings: Settings, origins: Origins, environ: Mapping[str, str], names: Collection[str], *, online: bool = False
) -> Iterator[tuple[Check, ...]]:
    """The checks of `doctor`. They work on an installation in any state: nothing is migrated, made or kept.

    `names` are those of the settings that somebody gave.
    """
    with closing(Opening(settings.database_url, busy_seconds=LOOK_SECONDS)) as opening:
        place = place_of(settings, environ, opening, SystemClock())
        yield (
            checking.of_program(check_layers),
            *checking.of_names(names, settings),
            *checking.of_settings(settings, origins),
            *catalogue.checks(place, online=online),
        )


def look_at_everything(settings: Settings, origins: Origins, environ: Mapping[str, str]) -> tuple[Result, ...]:
    """What `doctor` and `diagnose` find, for a page of a server that runs."""
    names = in_use(environ, Path.cwd())
    with looks(settings, environ) as found:
        return examine(
            (
                checking.of_program(check_layers),
                *checking.of_names(names, settings),
                *checking.of_settings(settings, origins),
                *found.scraper,
            )
        )


def diagnosis_without_settings(problem: SettingsError, names: Collection[str]) -> tuple[Check, ...]:
    """What can be checked where the settings cannot be read."""
    return (checking.of_program(check_layers), *checking.of_names(names), checking.of_unreadable(problem))


@contextmanager
def looks(settings: Settings, environ: Mapping[str, str], *, hung_after: timedelta = HUNG) -> Iterator[Looks]:
    """What `diagnose` looks at, on an installation in any state: nothing is migrated, made or kept."""
    clock = SystemClock()
    with closing(Opening(settings.database_url, busy_seconds=LOOK_SECONDS)) as opening:
        place = evolve(place_of(settings, environ, opening, clock), hung_after=hung_after)
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
        place, stop_file = place_of(settings, {}, opening, clock), stop_file_of(settings)

        def controlling() -> Controlling:
            log = SqlEventLog(opening.database, clock, READ_MODELS)
            return Controlling(log=log, jobs=place.jobs, reverting=Reverting(log=log), stop_file=stop_file, clock=clock)

        checks = catalogue.of(stuck.FIRST, place)
        path = str(settings.data / STOP_FILE)
        yield Emergency(stop_file=stop_file, path=path, clock=clock, checks=checks, controlling=controlling)


def emergency_without_settings(problem: SettingsError, folder: Path) -> Emergency:
    """The emergency stop by the file alone, where the settings do not tell which database there is."""
    found = error(f"It cannot be asked: {problem.message}", problem.remedy)

    def controlling() -> Controlling:
        raise problem

    return Emergency(
        stop_file=FolderStopFile(folder),
        path=str(folder / STOP_FILE),
        clock=SystemClock(),
        checks=(Check(name="database", tested="The database", examine=lambda: found),),
        controlling=controlling,
    )


@contextmanager
def quick_fix(settings: Settings) -> Iterator[QuickFix]:
    """The emergency stop, and the end of this installation's own servers."""
    with emergency(settings) as stop:
        yield QuickFix(emergency=stop, processes=processes_of(settings))


def place_of(settings: Settings, environ: Mapping[str, str], opening: Opening, clock: Clock) -> Place:
    """The installation, as the checks look at it."""
    return Place(
        data=settings.data,
        library=settings.library,
        memory=memory_of(settings),
        reserve_bytes=settings.disk_reserve_bytes,
        host=settings.host,
        port=settings.port,
        opening=opening,
        clock=clock,
        network=lambda: network(settings, environ),
        services=(settings.unpaywall_url, settings.crossref_url, settings.arxiv_url, settings.europepmc_url),
        version=program_version(),
        sources=source_folders(),
    )


@contextmanager
def backups(settings: Settings) -> Iterator[Backups]:
    """What backs up the installation as it is: nothing is migrated before. Raises DatabaseDamaged, DatabaseMissing."""
    base = existing_database(settings)
    try:
        yield FolderBackups(
            database=base,
            library=stored_files(settings),
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
            library=stored_files(settings),
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
    base = existing_database(settings)
    try:
        migrating.upgrade(base)
        yield SqlLogTransfer(base, READ_MODELS)
    finally:
        base.close()
