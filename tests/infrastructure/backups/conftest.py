"""Installations that are backed up and restored: a database, a library and uploads in a folder of their own."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen

from application.downloading import attempt_of
from application.ports.maintenance import Backup, Restored
from domain.metadata import Metadata
from domain.paper_commands import RecordDownload, StartProcessing
from domain.paper_events import File
from infrastructure.backups.making import FolderBackups
from infrastructure.backups.restoring import FolderRestores
from infrastructure.database import Database
from infrastructure.library.store import FolderLibrary
from infrastructure.log.sql import SqlEventLog
from infrastructure.maintenance import DatabaseMaintenance
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from infrastructure.uploads import FolderUploads
from tests.application.desk import Desk, copy
from tests.databases import KINDS, Databases, postgres_programs

COPY = copy("https://a.example/1.pdf")
SETTINGS = b"port = 5001\n"
SECRETS = SETTINGS + b'secret_key = "hush"\n'


@frozen
class House:
    """An installation in a folder."""

    data: Path
    database: Database
    desk: Desk
    library: FolderLibrary
    pg_dump: str = field(factory=lambda: str(postgres_programs() / "pg_dump"))

    @property
    def folder(self) -> Path:
        """The library's folder."""
        return self.data / "library"

    @property
    def log(self) -> SqlEventLog:
        """The log."""
        return SqlEventLog(self.database, self.desk.clock, READ_MODELS)

    @property
    def backups(self) -> FolderBackups:
        """What makes backups."""
        return FolderBackups(
            database=self.database,
            library=self.library,
            uploads=self.data / "uploads",
            folder=self.data / "backups",
            clock=self.desk.clock,
            settings=lambda secrets: SECRETS if secrets else SETTINGS,
            dump_program=self.pg_dump,
        )

    @property
    def restores(self) -> FolderRestores:
        """What puts them in place."""
        return FolderRestores(
            database=self.database,
            library=self.library,
            library_folder=self.folder,
            uploads=self.data / "uploads",
            clock=self.desk.clock,
            dump_program=self.pg_dump,
        )

    def backup(self, **options: Any) -> Backup:
        """A backup, a second after the one before."""
        self.desk.clock.advance(timedelta(seconds=1))
        return self.backups.make(**options)

    def restore(self, folder: Path, **options: Any) -> Restored:
        """A restore, a second after what was before."""
        self.desk.clock.advance(timedelta(seconds=1))
        return self.restores.restore(folder, **options)

    def faults(self, anchor: str | None = None) -> tuple[str, ...]:
        """What a verification finds."""
        papers = SqlPapers(self.database)
        return DatabaseMaintenance(self.database, READ_MODELS, papers, self.library).verify(anchor).faults

    def done(self, content: bytes = b"the content") -> Path:
        """A paper with its file."""
        attempt = attempt_of(self.desk.located(COPY))
        self.library.staging(attempt).write_bytes(content)
        found = self.library.store(self.library.staging(attempt), attempt, Metadata(title="A title"))
        file = File(path=found.path, sha256=found.sha256, size=found.size, pages=1)
        start = StartProcessing(module="download", worker="us", attempt=attempt)
        self.desk.do(attempt.partition("_")[0], start, RecordDownload(file=file, copy=COPY))
        self.library.settle(attempt)
        return self.folder / found.path

    def upload(self, content: bytes) -> Path:
        """An upload."""
        return FolderUploads(self.data / "uploads", 1_000).keep([content]).path

    def files(self) -> dict[str, bytes]:
        """The library's files with their contents."""
        return {path: (self.folder / path).read_bytes() for path in self.library.files()}


def installed(data: Path, database: Database) -> House:
    """An installation on a database."""
    data.mkdir(parents=True, exist_ok=True)
    desk = Desk(data / "fake")
    desk.log = SqlEventLog(database, desk.clock, READ_MODELS)
    return House(data, database, desk, FolderLibrary(data / "library", reserve_bytes=0, memory=data / "library.marker"))


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[House]:
    """An installation on each kind of database."""
    with databases.migrated(request.param) as database:
        yield installed(tmp_path / "house", database)


@pytest.fixture
def empty(house: House, databases: Databases, tmp_path: Path) -> Iterator[House]:
    """A second installation on the same kind of database, in which nothing was set up."""
    kind = "sqlite" if house.database.is_sqlite else "postgresql"
    with databases.empty(kind) as database:
        yield installed(tmp_path / "empty", database)


@pytest.fixture
def sqlite_house(databases: Databases, tmp_path: Path) -> Iterator[House]:
    """An installation on SQLite."""
    with databases.migrated("sqlite") as database:
        yield installed(tmp_path / "house", database)


@pytest.fixture
def postgres_house(databases: Databases, tmp_path: Path) -> Iterator[House]:
    """An installation on PostgreSQL."""
    with databases.migrated("postgresql") as database:
        yield installed(tmp_path / "house", database)
