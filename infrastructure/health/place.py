"""What the checks look at."""

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from attrs import frozen

from application.ports.clock import Clock
from infrastructure.database import Database
from infrastructure.http.network import NetworkSettings
from infrastructure.log.sql import SqlEventLog
from infrastructure.processes import FolderProcesses
from infrastructure.read_models.job_queries import SqlJobs
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.stop_file import FolderStopFile
from infrastructure.workers import SqlWorkers

HUNG = timedelta(minutes=30)
"""An attempt that runs for longer may hang."""


class Opening:
    """A database that the first check that needs it opens, as it is."""

    def __init__(self, url: str, *, busy_seconds: float) -> None:
        self._url, self._busy_seconds = url, busy_seconds

    @cached_property
    def database(self) -> Database:
        """The database. Raises ArgumentError, ModuleNotFoundError."""
        return Database(self._url, busy_seconds=self._busy_seconds, as_it_is=True)

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database."""
        url = self.database.url
        return Path(url.database) if self.database.is_sqlite and url.database else None

    def close(self) -> None:
        """Close every connection that was opened."""
        if "database" in vars(self):
            self.database.close()


@frozen(kw_only=True)
class Place:
    """An installation."""

    data: Path
    library: Path
    memory: Path
    """What the application remembers of its library outside of it; it also shows that there was a database."""
    reserve_bytes: int
    host: str
    port: int
    opening: Opening
    clock: Clock
    network: Callable[[], NetworkSettings]
    """How this machine reaches the internet. Raises NetworkMisconfigured."""
    services: tuple[str, ...]
    """The addresses of the sources' interfaces."""
    version: str = ""
    """That of the program which looks."""
    sources: tuple[Path, ...] = ()
    """The folders of its code."""
    hung_after: timedelta = HUNG

    @property
    def log(self) -> SqlEventLog:
        """The log, to be read."""
        return SqlEventLog(self.opening.database, self.clock, ())

    @property
    def papers(self) -> SqlPapers:
        """The table of papers."""
        return SqlPapers(self.opening.database)

    @property
    def jobs(self) -> SqlJobs:
        """The table of jobs."""
        return SqlJobs(self.opening.database)

    @property
    def workers(self) -> SqlWorkers:
        """The processes that have a lease."""
        return SqlWorkers(self.opening.database)

    @property
    def stop_file(self) -> FolderStopFile:
        """The stop file of the data folder."""
        return FolderStopFile(self.data)

    @property
    def processes(self) -> FolderProcesses:
        """The notes of the server processes."""
        return FolderProcesses(self.data, self.version)
