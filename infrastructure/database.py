"""One database, SQLite or PostgreSQL, and the two ways into it: a read and a write transaction."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from domain.errors import SciPaperLoaderError

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = sa.MetaData(naming_convention=NAMING)
"""Every table of the application; Alembic compares it with the database."""

BUSY_SECONDS = 10.0
"""How long a writer waits for another one."""
IDLE_SECONDS = 15.0
"""How long PostgreSQL waits for a process in the middle of a transaction: one that is frozen holds up all writers."""
SOON = 2
"""Seconds after which a server is given up by those who only look; psycopg takes no fewer."""

_ONE_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_LOCK_AT_ONCE = {"sqlite_begin": "IMMEDIATE"}
_EACH_STATEMENT_ANEW = {"isolation_level": "READ COMMITTED"}

_BUSY_SQLITE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_BUSY_POSTGRES = frozenset({"40001", "40P01", "55P03"})
"""SQLSTATEs: serialization failure, deadlock, lock not available."""
_LINE = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
"""How PostgreSQL's client finds out that the line is dead: after half a minute, not after hours. The URL may differ."""
_NO_SERVER = "Look whether the server that DATABASE_URL names runs, and whether it lets this user in and write."
_MISTAKES = (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError)
"""Errors of a statement, not of the database."""


class DatabaseBusy(SciPaperLoaderError):
    """Another process held the write lock for too long."""

    remedy = "Try again in a moment."
    transient = True


class DatabaseUnavailable(SciPaperLoaderError):
    """The database does not answer, is damaged, or refuses to write."""

    remedy = "`scipaperloader doctor` tells whether the disk or the file is at fault; `restore` puts a backup in place."
    transient = True


class Database:
    """Engines over one database, with the discipline that the event log needs.

    Writers take the lock at once (`BEGIN IMMEDIATE`; on PostgreSQL the head row, see infrastructure.log), because
    a transaction that reads first and writes later fails on SQLite without waiting (SQLITE_BUSY_SNAPSHOT).

    `as_it_is` opens it only to be looked at: no file is made or put into another mode, and a server that does not
    answer is given up soon.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 16,
        synchronous: str = "FULL",
        busy_seconds: float = BUSY_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
        as_it_is: bool = False,
    ) -> None:
        self._busy_seconds = busy_seconds
        self.url = sa.make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._turn = threading.Lock()
        if self.is_sqlite:
            self._engine = _sqlite_engine(self.url, pool_size, synchronous, busy_seconds, as_it_is=as_it_is)
        else:
            self._engine = _postgres_engine(self.url, pool_size, busy_seconds, idle_seconds, as_it_is=as_it_is)
        self._reader = self._engine.execution_options(**({} if self.is_sqlite else _ONE_SNAPSHOT))
        self._writer = self._engine.execution_options(**(_LOCK_AT_ONCE if self.is_sqlite else _EACH_STATEMENT_ANEW))

    @property
    def engine(self) -> sa.Engine:
        """The engine of the readers; migrations and tests use it too."""
        return self._engine

    @property
    def now(self) -> sa.ColumnElement[float]:
        """The database's own time in seconds since 1970: processes on several machines need not agree on it."""
        if self.is_sqlite:
            return sa.literal_column("((julianday('now') - 2440587.5) * 86400.0)", sa.Double)
        return sa.literal_column("extract(epoch FROM clock_timestamp())::float8", sa.Double)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A read transaction: one snapshot from its first query to its end."""
        with self._translated(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A write transaction; on SQLite the only one at a time. Threads of this process take turns."""
        turn = self._my_turn() if self.is_sqlite else nullcontext()
        with turn, self._translated(), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=self._busy_seconds):
            raise DatabaseBusy("The database is busy: another thread has been writing for too long.")
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sa.exc.TimeoutError as error:
            raise DatabaseBusy("The database is busy: no connection became free in time.") from error
        except _MISTAKES:
            raise
        except sa.exc.DatabaseError as error:
            if _is_busy(error.orig):
                raise DatabaseBusy("The database is busy: another process has been writing for too long.") from error
            reason, remedy = " ".join(str(error.orig).split()), None if self.is_sqlite else _NO_SERVER
            raise DatabaseUnavailable(f"The database does not work: {reason}.", remedy=remedy) from error


def _is_busy(error: BaseException | None) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest says more precisely what happened
    return code in _BUSY_SQLITE or getattr(error, "sqlstate", None) in _BUSY_POSTGRES


def _sqlite_engine(url: sa.URL, pool_size: int, synchronous: str, busy_seconds: float, *, as_it_is: bool) -> sa.Engine:
    ways: dict[str, Any] = {"isolation_level": None, "timeout": busy_seconds, "check_same_thread": False}
    existing = f"{Path(url.database or '').absolute().as_uri()}?mode=rw"
    opening = {"creator": lambda: sqlite3.connect(existing, uri=True, **ways)} if as_it_is else {"connect_args": ways}
    engine = sa.create_engine(url, pool_size=pool_size, pool_timeout=busy_seconds, **opening)
    pragmas = (f"synchronous={synchronous}", "foreign_keys=ON", "temp_store=MEMORY")

    @event.listens_for(engine, "connect")
    def _prepare(connection, _record) -> None:  # type: ignore[no-untyped-def]
        for pragma in pragmas if as_it_is else ("journal_mode=WAL", *pragmas):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        kind = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {kind}")

    return engine


def _postgres_engine(
    url: sa.URL, pool_size: int, busy_seconds: float, idle_seconds: float, *, as_it_is: bool
) -> sa.Engine:
    limits = {"lock_timeout": busy_seconds, "idle_in_transaction_session_timeout": idle_seconds}
    wanted = {name: f"{round(seconds * 1000)}ms" for name, seconds in limits.items()} | {"timezone": "UTC"}
    theirs = url.query.get("options", "")
    options = " ".join([str(theirs), *(f"-c {name}={value}" for name, value in wanted.items())]).strip()
    ways = {name: value for name, value in _LINE.items() if name not in url.query} | {"options": options}
    ways |= {"connect_timeout": SOON} if as_it_is else {}
    return sa.create_engine(url, pool_size=pool_size, pool_timeout=busy_seconds, pool_pre_ping=True, connect_args=ways)


def let_idle(connection: sa.Connection) -> None:
    """Let the transaction wait, for another program or a slow reader, as long as it takes."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


def sqlite_url(path: Path) -> str:
    """The URL of an SQLite file."""
    return f"sqlite:///{path}"
