"""The clock, logs and libraries of the application's tests."""

from pathlib import Path

import pytest

from infrastructure.database import Database
from infrastructure.log.memory import MemoryEventLog
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models.import_queries import SqlImports
from infrastructure.schema import READ_MODELS
from tests.application.desk import Desk
from tests.application.lists import Library
from tests.application.schedules import Yard, yard_on
from tests.fakes.clock import FakeClock
from tests.fakes.uploads import FakeUploads


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def uploads(tmp_path: Path) -> FakeUploads:
    return FakeUploads(tmp_path / "uploads")


@pytest.fixture
def library(clock: FakeClock, uploads: FakeUploads) -> Library:
    """Importing into a log in memory."""
    return Library(MemoryEventLog(clock), uploads)


@pytest.fixture
def sql_library(clock: FakeClock, uploads: FakeUploads, sqlite: Database) -> Library:
    """Importing into an SQLite database."""
    return Library(SqlEventLog(sqlite, clock, READ_MODELS), uploads, imports=SqlImports(sqlite))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk over a log in memory."""
    return Desk(tmp_path / "library")


@pytest.fixture
def yard(sqlite: Database, tmp_path: Path) -> Yard:
    """A running scraper over an SQLite database."""
    return yard_on(sqlite, tmp_path)


@pytest.fixture
def any_yard(database: Database, tmp_path: Path) -> Yard:
    """The same over each kind of database."""
    return yard_on(database, tmp_path)
