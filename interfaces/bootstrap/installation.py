"""The installation that the settings name: its layers, its database, its folders."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy.exc import ArgumentError

from application.ports.library import Library
from application.ports.maintenance import Schema
from application.ports.processes import Processes
from application.ports.stop_file import StopFile
from domain.errors import SciPaperLoaderError
from infrastructure import filesystem
from infrastructure.database import Database
from infrastructure.http.network import NetworkSettings, network_from_environment
from infrastructure.library.store import FolderLibrary
from infrastructure.processes import FolderProcesses
from infrastructure.resetting import DatabaseSchema
from infrastructure.stop_file import FolderStopFile
from interfaces.settings import Settings, SettingsError

DATABASES = "Write sqlite:////path/to/file.db or postgresql://user:password@host/name, or leave it empty."
LAYERS = ("domain", "application", "infrastructure", "interfaces")


class MixedInstallation(SciPaperLoaderError):
    """The layers come from different places: another package hides one of them."""

    remedy = "Install SciPaperLoader in an environment of its own, with pipx for example."

    def __init__(self, places: Sequence[str]) -> None:
        super().__init__(f"The program is put together from {len(places)} places: {', '.join(places)}.")
        self.places = tuple(places)


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


def existing_database(settings: Settings) -> Database:
    """The same, unless its file is damaged, or gone. Raises DatabaseDamaged, DatabaseMissing."""
    base = database(settings)
    if file := _file(base):
        filesystem.check_file(file, sign=memory_of(settings))
    return base


def _file(base: Database) -> Path | None:
    """The file of an SQLite database."""
    return Path(base.url.database) if base.is_sqlite and base.url.database else None


@contextmanager
def schema(settings: Settings, *, anew: bool = False) -> Iterator[Schema]:
    """The schema of the settings' database; `anew` also where the file is damaged, or gone.

    Raises DatabaseDamaged, DatabaseMissing: looking at a missing file would make an empty one in its place.
    """
    base = database(settings) if anew else existing_database(settings)
    try:
        yield DatabaseSchema(base)
    finally:
        base.close()


def stop_file_of(settings: Settings) -> StopFile:
    """The stop file of the settings' data folder: it holds whether the database answers or not."""
    return FolderStopFile(settings.data)


def processes_of(settings: Settings) -> Processes:
    """The notes of the servers that use the settings' data folder."""
    return FolderProcesses(settings.data, program_version())


def stored_files(settings: Settings) -> Library:
    """The library, for those who store nothing in it."""
    return FolderLibrary(settings.library, memory=memory_of(settings))


def memory_of(settings: Settings) -> Path:
    """What the application remembers of its library outside of it."""
    return settings.data / "library.marker"


def network(settings: Settings, environ: Mapping[str, str]) -> NetworkSettings:
    """How this machine reaches the internet. Raises NetworkMisconfigured."""
    bundle = Path(settings.ca_bundle) if settings.ca_bundle else None
    return network_from_environment(environ, ca_bundle=bundle, allowed=settings.networks)


def program_version() -> str:
    """The version of the program, "" where it was not installed."""
    try:
        return version("scipaperloader")
    except PackageNotFoundError:
        return ""
