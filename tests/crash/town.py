"""A small simulated world, the settings that lead to it, and a look at the database from outside."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from random import Random
from signal import SIGKILL
from typing import Any

import psycopg
import sqlalchemy as sa
from attrs import frozen

from application.queries import PaperFilter
from domain.pipeline import IN_TRANSIT
from infrastructure import migrating
from infrastructure.clock import SystemClock
from infrastructure.database import Database, sqlite_url
from infrastructure.library.store import FolderLibrary
from infrastructure.log.sql import SqlEventLog
from infrastructure.maintenance import DatabaseMaintenance
from infrastructure.read_models.import_queries import SqlImports
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from infrastructure.simulation.server import ScholarlyWeb
from infrastructure.simulation.world import World
from tests.crash.launcher import Ended, Launcher, Running

LARGE = os.environ.get("SCIPAPERLOADER_TEST_SIZE") == "large"
LOOK = 0.002
"""Seconds between two looks at the database."""
SECONDS = 30.0
"""How long anything may take before the test fails."""


@frozen
class Town:
    """Commands that share a data folder and a database, beside a web."""

    launcher: Launcher
    data: Path
    web: ScholarlyWeb
    url: str
    """Of the database."""

    def position(self) -> int:
        """The position of the log; 0 where there is no database yet."""
        return self.number("SELECT position FROM event_head")

    def number(self, query: str) -> int:
        """The number that a query of the database tells; 0 where there is none."""
        with suppress(sqlite3.Error, psycopg.Error), closing(self._connected()) as connection:
            return int((connection.execute(query).fetchone() or (0,))[0])
        return 0

    def text(self, query: str) -> str:
        """The text that a query of the database tells; "" where there is none."""
        with suppress(sqlite3.Error, psycopg.Error), closing(self._connected()) as connection:
            return str((connection.execute(query).fetchone() or ("",))[0])
        return ""

    def _connected(self) -> Any:
        url = sa.make_url(self.url)
        if url.get_backend_name() == "sqlite":
            return sqlite3.connect(f"file:{url.database}?mode=ro", uri=True)
        return psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))

    @contextmanager
    def log(self) -> Iterator[SqlEventLog]:
        """The log, for tests that look into it or prepare it; the database is brought up to date first."""
        self.data.mkdir(parents=True, exist_ok=True)
        with closing(Database(self.url)) as database:
            migrating.upgrade(database)
            yield SqlEventLog(database, SystemClock(), READ_MODELS)

    def killed(self, running: Running, when: Callable[[], bool], delay: float) -> Ended:
        """The end of a command that is killed some time after a moment, unless it ends before."""
        self.wait(running, when)
        time.sleep(delay)
        running.signal(SIGKILL)
        return running.ended()

    def wait(self, running: Running, when: Callable[[], bool], seconds: float = SECONDS) -> None:
        """Wait for a moment, or for the end of the command."""
        deadline = time.monotonic() + seconds
        while not when() and not running.has_ended():
            assert time.monotonic() < deadline
            time.sleep(LOOK)

    def finds_everything_in_order(self) -> None:
        """See that nothing was lost, nothing is half done, and nothing lies about."""
        library = FolderLibrary(self.data / "library", reserve_bytes=0, memory=self.data / "library.marker")
        with closing(Database(self.url)) as database:
            papers = SqlPapers(database)
            verified = DatabaseMaintenance(database, READ_MODELS, papers, library).verify()
            counts = papers.by_status(PaperFilter())
            assert list(SqlImports(database).unfinished()) == []
        assert verified.faults == ()
        assert not counts.keys() & IN_TRANSIT
        assert not list((self.data / "library" / ".incoming").glob("*"))


def moments(random: Random, after: Callable[[], int], most: int) -> Callable[[], bool]:
    """A moment: when the log has grown by some events."""
    wanted = after() + random.randint(0, most)
    return lambda: after() >= wanted


@contextmanager
def town(
    folder: Path,
    world: World,
    *,
    delay: float = 0.0,
    url: str | None = None,
    more: Mapping[str, str] | None = None,
    loaded: tuple[str, ...] = (),
) -> Iterator[Town]:
    """A town with nothing in its database yet, SQLite unless `url` names another; `more` are further settings.

    `delay` is how long the web takes for every answer, in seconds; `loaded` are further modules of its processes.
    """
    data = folder / "data"
    named = (more or {}) | ({"DATABASE_URL": url} if url else {})
    with (
        ScholarlyWeb(world, delay=delay) as web,
        Launcher(folder / "runs", settings(web, data) | named, loaded=loaded) as launcher,
    ):
        yield Town(launcher, data, web, url or sqlite_url(data / "scipaperloader.db"))


def settings(web: ScholarlyWeb, data: Path) -> dict[str, str]:
    """What leads the application to the web, and lets it work quickly there."""
    return {name.upper(): value for name, value in web.application().items()} | {
        "CONTACT_EMAIL": "reader@university.test",
        "DATA_DIR": str(data),
        "DISK_RESERVE_BYTES": "1000000",
        "FILE_SECONDS": "3",
        "HANDS": "2",
        "LOCAL_GAP": "0",
        "PAGE_SECONDS": "3",
    }
