"""The files beside the database, and copies of it: lost, read-only, or on a disk that is full."""

import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from infrastructure.database import Database, DatabaseUnavailable, sqlite_url
from infrastructure.log.sql import SqlEventLog
from infrastructure.log.verify import Anchor, verify_chain
from infrastructure.schema import READ_MODELS
from tests.contract.making import everything, origin, write
from tests.databases import Databases, address
from tests.fakes.clock import FakeClock


def log_of(database: Database) -> SqlEventLog:
    """A log on the database."""
    return SqlEventLog(database, FakeClock(), READ_MODELS)


@pytest.mark.case("B04")
def test_a_copy_without_the_write_ahead_log_is_whole_but_older_and_an_anchor_tells(
    sqlite: Database, tmp_path: Path
) -> None:
    log = log_of(sqlite)
    log.append((write("some", 3),), origin())
    with closing(sqlite.engine.raw_connection()) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    log.append((write("some", 3, first=4),), origin())
    head = log.head()
    copied = tmp_path / "copied.sqlite"
    shutil.copyfile(str(sqlite.url.database), copied)
    with closing(Database(sqlite_url(copied))) as copy:
        assert len(everything(log_of(copy))) == 3
        assert not verify_chain(copy).faults
        told = verify_chain(copy, Anchor(position=head.position, hash=head.hash))
        assert "the log was cut" in told.faults[0].what


@pytest.mark.case("B04")
def test_a_database_that_is_read_only_is_read_and_says_so_when_it_is_written(databases: Databases) -> None:
    with databases.fresh("sqlite") as writable:
        log_of(writable).append((write("some", 1),), origin())
        path = writable.url.database
        with closing(Database(f"sqlite:///file:{path}?mode=ro&uri=true")) as database:
            log = log_of(database)
            with pytest.raises(DatabaseUnavailable, match="readonly") as refused:
                log.append((write("some", 1, first=2),), origin())
            assert "disk" in refused.value.remedy
            assert len(everything(log)) == 1


_BACKUP_ON_A_FULL_DISK = """
import resource, signal, sys
from contextlib import closing
from pathlib import Path
from application.ports.maintenance import BackupNotPossible
from infrastructure.backups.sqlite import backup_sqlite
from infrastructure.database import Database

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with closing(Database(sys.argv[1])) as database:
    with database.read():
        pass
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
    try:
        backup_sqlite(database, Path(sys.argv[2]))
    except BackupNotPossible as error:
        print(error)
"""


@pytest.mark.case("K05")
@pytest.mark.skipif(sys.platform == "win32", reason="needs the limits of POSIX")
def test_a_backup_on_a_full_disk_fails_in_words_and_leaves_no_backup(sqlite: Database, tmp_path: Path) -> None:
    log = log_of(sqlite)
    log.append((write("some", 1_000),), origin())
    target = tmp_path / "backup.db"
    run = subprocess.run(
        [sys.executable, "-P", "-c", _BACKUP_ON_A_FULL_DISK, address(sqlite), str(target)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "The copy failed" in run.stdout
    assert "Look at the disk" in run.stdout
    assert not target.exists()
    log.append((write("some", 1, first=1_001),), origin())
    assert not verify_chain(sqlite).faults
