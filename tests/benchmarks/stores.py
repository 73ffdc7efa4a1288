"""Scratch installations on real disk, and the rows of one to insert into another."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from attrs import frozen

from application.importing import Importing
from infrastructure import migrating
from infrastructure.clock import SystemClock
from infrastructure.database import Database, sqlite_url
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models.import_queries import SqlImports
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from infrastructure.tabular.reader import TabularReader
from infrastructure.uploads import FolderUploads


@frozen(kw_only=True)
class Store:
    """A migrated SQLite database at synchronous=FULL with what works on it."""

    folder: Path
    database: Database
    log: SqlEventLog
    papers: SqlPapers
    imports: SqlImports
    importing: Importing

    @property
    def path(self) -> Path:
        return self.folder / "a.db"


@contextmanager
def store(base: Path) -> Iterator[Store]:
    """A fresh store, removed at the end."""
    folder = Path(mkdtemp(dir=base))
    database = Database(sqlite_url(folder / "a.db"))
    migrating.upgrade(database)
    log, imports = SqlEventLog(database, SystemClock(), READ_MODELS), SqlImports(database)
    importing = Importing(
        log=log, reader=TabularReader(), uploads=FolderUploads(folder / "uploads", 10**10), imports=imports
    )
    try:
        yield Store(
            folder=folder,
            database=database,
            log=log,
            papers=SqlPapers(database),
            imports=imports,
            importing=importing,
        )
    finally:
        database.close()
        shutil.rmtree(folder)


@contextmanager
def bare(path: Path) -> Iterator[sqlite3.Connection]:
    """A bare connection with the same durability."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    try:
        yield connection
    finally:
        connection.close()


def rows_of(path: Path, table: str, order: str) -> tuple[str, list[tuple[object, ...]]]:
    """The statement that inserts a row of the table, and all its rows."""
    with bare(path) as connection:
        cursor = connection.execute(f"SELECT * FROM {table} ORDER BY {order}")
        names, marks = ", ".join(column[0] for column in cursor.description), ", ".join("?" * len(cursor.description))
        return f"INSERT INTO {table} ({names}) VALUES ({marks})", cursor.fetchall()
