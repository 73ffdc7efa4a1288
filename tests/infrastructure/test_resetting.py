"""Starting over: only when nobody is at work, and never without a copy."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from application.ports.maintenance import BackupNotPossible, InUse
from infrastructure import migrating
from infrastructure.clock import SystemClock
from infrastructure.database import Database, sqlite_url
from infrastructure.log.sql import SqlEventLog
from infrastructure.log.triggers import present, required
from infrastructure.log.verify import Anchor, verify_chain
from infrastructure.resetting import DatabaseSchema
from infrastructure.schema import READ_MODELS
from infrastructure.workers import SqlWorkers
from tests.contract.making import origin, write


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An SQLite database that was migrated and has events."""
    with closing(Database(sqlite_url(tmp_path / "data.db"))) as migrated:
        migrating.upgrade(migrated)
        log_of(migrated).append((write("some", 3),), origin())
        yield migrated


def log_of(database: Database) -> SqlEventLog:
    return SqlEventLog(database, SystemClock(), READ_MODELS)


def test_a_reset_database_is_empty_and_protected_and_the_old_one_is_kept(database: Database, tmp_path: Path) -> None:
    schema = DatabaseSchema(database)
    head = log_of(database).head()
    backup = tmp_path / "backups" / "old.db"
    assert schema.reset(backup) == f"{head.position}:{head.hash}"
    assert log_of(database).head().position == 0
    assert schema.current() == (migrating.newest(), migrating.newest())
    with database.read() as connection:
        assert present(connection) == required("sqlite")
    with closing(Database(sqlite_url(backup))) as old:
        assert not verify_chain(old, Anchor(position=head.position, hash=head.hash)).faults
    log_of(database).append((write("some", 1),), origin())


@pytest.mark.parametrize("what", ["reset", "downgrade"])
def test_it_is_refused_while_somebody_is_at_work(database: Database, tmp_path: Path, what: str) -> None:
    schema = DatabaseSchema(database)
    with SqlWorkers(database), pytest.raises(InUse) as refusal:
        schema.reset(tmp_path / "old.db") if what == "reset" else schema.downgrade()
    assert refusal.value.count == 1
    assert "Stop the server" in refusal.value.remedy
    assert log_of(database).head().position == 3
    assert not (tmp_path / "old.db").exists()


def test_a_database_that_is_not_there_yet_is_created(tmp_path: Path) -> None:
    with closing(Database(sqlite_url(tmp_path / "new.db"))) as database:
        schema = DatabaseSchema(database)
        assert schema.current() == ("", migrating.newest())
        assert schema.reset(tmp_path / "old.db") is None
        assert schema.current() == (migrating.newest(), migrating.newest())
        assert not (tmp_path / "old.db").exists()


def test_nothing_is_deleted_where_the_copy_fails(database: Database, tmp_path: Path) -> None:
    (tmp_path / "old.db").touch()
    with pytest.raises(BackupNotPossible):
        DatabaseSchema(database).reset(tmp_path / "old.db")
    assert log_of(database).head().position == 3


def test_down_and_up_again(database: Database) -> None:
    schema = DatabaseSchema(database)
    assert schema.downgrade("base") == ""
    assert schema.current()[0] == ""
    assert schema.upgrade() == migrating.newest()
    assert log_of(database).head().position == 0


def test_a_revision_that_does_not_exist_is_told(database: Database) -> None:
    for change in (DatabaseSchema(database).upgrade, DatabaseSchema(database).downgrade):
        with pytest.raises(migrating.UnknownRevision, match="nonsense") as refusal:
            change("nonsense")
        assert "db current" in refusal.value.remedy
    assert log_of(database).head().position == 3
