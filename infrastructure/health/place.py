"""What the checks look at."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from attrs import frozen

from application.ports.clock import Clock
from infrastructure.database import Database
from infrastructure.http.network import NetworkSettings


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
