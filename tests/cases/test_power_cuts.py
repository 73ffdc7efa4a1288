"""The power is cut: what was answered is on the disk, and what was being written does no harm."""

import hashlib
import shutil
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from infrastructure.clock import SystemClock
from infrastructure.database import Database, sqlite_url
from infrastructure.library.store import FolderLibrary
from infrastructure.log.sql import SqlEventLog
from infrastructure.log.verify import verify_chain
from infrastructure.read_models.rebuild import differences
from infrastructure.schema import READ_MODELS
from infrastructure.uploads import FolderUploads
from tests.contract.making import origin, registration
from tests.crash.town import LARGE
from tests.databases import Databases
from tests.power import Disk, torn

APPENDS, CUTS = (400, 10) if LARGE else (24, 2)


@pytest.mark.case("X22")
def test_a_file_that_was_stored_survives_a_power_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, memory = tmp_path / "library", tmp_path / "memory"
    for folder in (here, memory):
        folder.mkdir()
    disk = Disk(here)
    disk.watch(monkeypatch)
    library = FolderLibrary(here, "{year}/{title}", reserve_bytes=0, memory=memory / "marker")
    staged = library.staging("a1")
    staged.write_bytes(b"%PDF-1.7 content")
    half = library.staging("a2")
    half.write_bytes(b"%PDF-1.7 half a fi")
    stored = library.store(staged, "a1", Metadata(title="A title", year=1999))
    after = FolderLibrary(disk.cut(tmp_path / "after"), reserve_bytes=0, memory=memory / "marker")
    assert list(after.files()) == [stored.path]
    content = after.open(stored.path).read_bytes()
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (stored.sha256, stored.size)


@pytest.mark.case("X22")
def test_a_file_that_was_not_told_yet_is_found_by_its_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "library"
    here.mkdir()
    disk = Disk(here)
    disk.watch(monkeypatch)
    library = FolderLibrary(here, reserve_bytes=0)
    staged = library.staging("a1")
    staged.write_bytes(b"%PDF-1.7 content")
    library.store(staged, "a1", Metadata(title="A title"))
    after = FolderLibrary(disk.cut(tmp_path / "after"), reserve_bytes=0)
    removed = after.discard(["a1"])
    assert any(path.endswith(".pdf") for path in removed)
    assert list(after.files()) == []


@pytest.mark.case("X22")
def test_an_upload_that_was_taken_survives_a_power_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "data"
    here.mkdir()
    disk = Disk(here)
    disk.watch(monkeypatch)
    upload = FolderUploads(here / "uploads", 1_000).keep([b"10.5555/1\n", b"10.5555/2\n"])
    after = FolderUploads(disk.cut(tmp_path / "after") / "uploads", 1_000)
    assert after.path(upload.sha256).read_bytes() == b"10.5555/1\n10.5555/2\n"


def test_what_was_not_synced_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk of these tests forgets: else they would show nothing."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "before").write_bytes(b"old")
    disk = Disk(tmp_path / "a")
    disk.watch(monkeypatch)
    (tmp_path / "a" / "before").write_bytes(b"new")
    (tmp_path / "a" / "after").write_bytes(b"new")
    found = disk.cut(tmp_path / "b")
    assert {path.name: path.read_bytes() for path in found.iterdir()} == {"before": b"old"}


@pytest.mark.case("X22")
def test_what_was_appended_survives_a_power_cut_in_the_next_append(tmp_path: Path, databases: Databases) -> None:
    """Between two acknowledged appends any sector may be written or not; the file before its log, never after it."""
    random, checkpoints = Random(22), 0
    with databases.fresh("sqlite") as database:
        path = Path(str(database.url.database))
        _checkpoint_often(database)
        with database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2, "each commit is synced"
        log = SqlEventLog(database, SystemClock(), READ_MODELS)
        before = _files(path)
        for number in range(1, APPENDS + 1):
            doi = Identifier(Scheme.DOI, f"10.5555/{number}")
            log.append([registration(f"p{number}", doi)], origin(key=str(number)))
            after = _files(path)
            checkpoints += before[0] != after[0]
            for _ in range(CUTS):
                _cut(tmp_path / "cut", before, after, random, at_least=number - 1)
            before = after
    assert checkpoints > 3


def _checkpoint_often(database: Database) -> None:
    @sa.event.listens_for(database.engine, "connect")
    def _prepare(connection, _record) -> None:  # type: ignore[no-untyped-def]
        connection.execute("PRAGMA wal_autocheckpoint=30").close()


def _files(path: Path) -> tuple[bytes, bytes]:
    """The database's file and its log."""
    log = path.with_name(path.name + "-wal")
    return path.read_bytes(), log.read_bytes() if log.exists() else b""


def _cut(
    folder: Path, before: tuple[bytes, bytes], after: tuple[bytes, bytes], random: Random, *, at_least: int
) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    path = folder / "a.db"
    log_is_synced = random.random() < 0.5
    path.write_bytes(torn(before[0], after[0], random) if log_is_synced else before[0])
    path.with_name("a.db-wal").write_bytes(after[1] if log_is_synced else torn(before[1], after[1], random))
    with closing(Database(sqlite_url(path), synchronous="NORMAL")) as database:
        found = verify_chain(database)
        assert found.faults == ()
        assert found.events in ({at_least + 1} if log_is_synced else {at_least, at_least + 1})
        if found.events % 5 == 0:
            assert [differences(database, model) for model in READ_MODELS] == [()] * len(READ_MODELS)
