"""The copy that is made of an SQLite database before it is emptied or taken back."""

from contextlib import closing
from pathlib import Path

import pytest

from application.ports.maintenance import BackupNotPossible
from infrastructure.backups.sqlite import backup_sqlite
from infrastructure.database import Database, sqlite_url
from infrastructure.log.verify import verify_chain
from tests.infrastructure.backups.conftest import House


def test_a_copy_is_the_database_with_its_anchor(sqlite_house: House, tmp_path: Path) -> None:
    sqlite_house.done()
    copy = tmp_path / "deep" / "copy.db"
    anchor = backup_sqlite(sqlite_house.database, copy)
    with closing(Database(sqlite_url(copy))) as copied:
        report = verify_chain(copied)
    assert (str(report.anchor), report.faults) == (anchor, ())
    assert anchor == str(verify_chain(sqlite_house.database).anchor)


def test_a_copy_overwrites_nothing(sqlite_house: House, tmp_path: Path) -> None:
    target = tmp_path / "mine"
    target.write_text("precious")
    with pytest.raises(BackupNotPossible, match="exists"):
        backup_sqlite(sqlite_house.database, target)
    assert target.read_text() == "precious"


def test_what_a_killed_copy_left_is_no_obstacle(sqlite_house: House, tmp_path: Path) -> None:
    (tmp_path / "copy.db.partial").write_text("half a copy")
    assert backup_sqlite(sqlite_house.database, tmp_path / "copy.db").startswith("0:")
    assert not (tmp_path / "copy.db.partial").exists()


def test_postgresql_is_not_copied_as_a_file(postgres_house: House, tmp_path: Path) -> None:
    with pytest.raises(BackupNotPossible, match="pg_dump"):
        backup_sqlite(postgres_house.database, tmp_path / "copy.db")
