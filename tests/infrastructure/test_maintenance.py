"""Verifying, rebuilding and backing up, over database and library together."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from attrs import frozen

from application.downloading import attempt_of
from domain.errors import InvalidValue
from domain.metadata import Metadata
from domain.paper_commands import RecordDownload, StartProcessing
from domain.paper_events import File
from infrastructure.database import Database, sqlite_url
from infrastructure.library.store import FolderLibrary
from infrastructure.log.sql import SqlEventLog
from infrastructure.log.verify import InvalidAnchor
from infrastructure.maintenance import BackupNotPossible, DatabaseMaintenance, backup_sqlite
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from tests.application.desk import Desk, copy
from tests.contract.making import origin, write

COPY = copy("https://a.example/1.pdf")


@frozen
class House:
    """A database and a library, and the tool that looks after both."""

    desk: Desk
    library: FolderLibrary
    folder: Path
    tool: DatabaseMaintenance

    def stored(self) -> str:
        """A file in its place whose attempt has no event yet; returns the attempt."""
        attempt = attempt_of(self.desk.located(COPY))
        self.library.staging(attempt).write_bytes(b"the content")
        return attempt

    def done(self) -> tuple[str, Path]:
        """A paper with its file."""
        attempt = self.stored()
        name = attempt.partition("_")[0]
        found = self.library.store(self.library.staging(attempt), attempt, Metadata(title="A title"))
        file = File(path=found.path, sha256=found.sha256, size=found.size, pages=1)
        start = StartProcessing(module="download", worker="us", attempt=attempt)
        self.desk.do(name, start, RecordDownload(file=file, copy=COPY))
        self.library.settle(attempt)
        return name, self.folder / found.path


@pytest.fixture
def house(tmp_path: Path, sqlite: Database) -> House:
    desk = Desk(tmp_path / "fake")
    desk.log = SqlEventLog(sqlite, desk.clock, READ_MODELS)
    folder = tmp_path / "library"
    library = FolderLibrary(folder, reserve_bytes=0, memory=tmp_path / "memory")
    return House(desk, library, folder, DatabaseMaintenance(sqlite, READ_MODELS, SqlPapers(sqlite), library))


def test_what_is_in_order_has_no_fault(house: House) -> None:
    house.done()
    house.desk.register()
    report = house.tool.verify()
    head = house.desk.log.head()
    assert report.faults == ()
    assert (report.events, report.files) == (head.position, 1)
    assert report.anchor == f"{head.position}:{head.hash}"


def test_an_empty_installation_is_in_order(house: House) -> None:
    assert house.tool.verify().faults == ()


def test_an_anchor_that_was_noted_is_found_again(house: House) -> None:
    house.done()
    anchor = house.tool.verify().anchor
    house.done()
    assert house.tool.verify(expect=anchor).faults == ()
    position, _, hash_ = anchor.partition(":")
    (fault,) = house.tool.verify(expect=f"{position}:{hash_[::-1]}").faults
    assert "rewritten" in fault


def test_what_is_no_anchor_is_refused(house: House) -> None:
    with pytest.raises(InvalidAnchor):
        house.tool.verify(expect="yesterday")


@pytest.mark.case("K14")
@pytest.mark.parametrize("content", [b"", b"another content"])
def test_a_file_that_was_altered_is_found(house: House, content: bytes) -> None:
    name, path = house.done()
    path.write_bytes(content)
    (fault,) = house.tool.verify().faults
    assert "altered" in fault
    assert name in fault


@pytest.mark.case("K14")
def test_a_file_that_is_missing_is_found(house: House) -> None:
    name, path = house.done()
    path.unlink()
    (fault,) = house.tool.verify().faults
    assert "missing" in fault
    assert name in fault


@pytest.mark.case("K15")
def test_a_file_that_belongs_to_nobody_is_reported(house: House) -> None:
    _, path = house.done()
    stray = path.with_name(path.name.replace("title", "stray"))
    stray.write_bytes(b"some content")
    (fault,) = house.tool.verify().faults
    assert "belongs to no paper" in fault
    assert stray.name in fault


def test_a_download_under_way_is_no_fault(house: House) -> None:
    attempt = house.stored()
    assert house.tool.verify().faults == ()
    house.library.store(house.library.staging(attempt), attempt, Metadata(title="A title"))
    assert house.tool.verify().faults == ()
    house.library.settle(attempt)
    assert "belongs to no paper" in house.tool.verify().faults[0]


@pytest.mark.case("K11")
def test_a_library_that_is_gone_is_a_fault_and_the_log_is_proved_all_the_same(house: House) -> None:
    house.done()
    house.folder.rename(house.folder.with_name("elsewhere"))
    house.folder.mkdir()
    report = house.tool.verify()
    (fault,) = report.faults
    assert str(house.folder) in fault
    assert report.events == house.desk.log.head().position


def test_an_altered_read_model_is_found_and_mended(house: House, sqlite: Database) -> None:
    house.done()
    with sqlite.write() as connection:
        connection.exec_driver_sql("UPDATE papers SET title = 'forged'")
    (fault,) = house.tool.verify().faults
    assert "papers" in fault
    assert "rebuild" in fault
    assert house.tool.rebuild("papers") == ("papers",)
    assert house.tool.verify().faults == ()


def test_an_altered_event_is_found_at_its_place(house: House, sqlite: Database) -> None:
    house.done()
    with sqlite.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER events_no_update")
        connection.exec_driver_sql("UPDATE events SET actor = 'nobody' WHERE position = 2")
    faults = house.tool.verify().faults
    assert any(fault.startswith("position 2:") for fault in faults)
    assert any("trigger" in fault for fault in faults)


def test_every_model_is_rebuilt_where_none_is_named(house: House) -> None:
    house.done()
    assert house.tool.rebuild() == tuple(model.name for model in READ_MODELS)
    assert house.tool.verify().faults == ()


def test_a_model_that_does_not_exist_is_refused(house: House) -> None:
    with pytest.raises(InvalidValue, match="papers"):
        house.tool.rebuild("nonsense")


def test_progress_is_told(house: House) -> None:
    house.done()
    told: list[tuple[str, int, int]] = []
    house.tool.verify(progress=lambda *step: told.append(step))
    house.tool.rebuild(progress=lambda *step: told.append(step))
    head = house.desk.log.head().position
    assert {name for name, _, _ in told} == {*(model.name for model in READ_MODELS), "files"}
    assert all(done == whole == head for name, done, whole in told if name != "files")


def test_a_backup_is_the_database_with_its_anchor(house: House, tmp_path: Path) -> None:
    house.done()
    anchor = house.tool.backup(tmp_path / "deep" / "backup.db")
    with closing(Database(sqlite_url(tmp_path / "deep" / "backup.db"))) as restored:
        copied = DatabaseMaintenance(restored, READ_MODELS, SqlPapers(restored), house.library)
        report = copied.verify(expect=anchor)
        assert (report.anchor, report.faults) == (anchor, ())
    assert anchor == house.tool.verify().anchor


def test_a_backup_is_consistent_while_others_write(house: House, sqlite: Database, tmp_path: Path) -> None:
    stop = threading.Event()

    def go_on() -> None:
        while not stop.is_set():
            house.desk.log.append((write("some", 20),), origin())

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        anchors = [backup_sqlite(sqlite, tmp_path / f"{number}.db") for number in range(5)]
    finally:
        stop.set()
        writer.join()
    for number, anchor in enumerate(anchors):
        with closing(Database(sqlite_url(tmp_path / f"{number}.db"))) as copied:
            tool = DatabaseMaintenance(copied, READ_MODELS, SqlPapers(copied), house.library)
            assert tool.verify(expect=anchor).faults == ()


def test_a_backup_overwrites_nothing(house: House, tmp_path: Path) -> None:
    target = tmp_path / "mine"
    target.write_text("precious")
    with pytest.raises(BackupNotPossible, match="exists"):
        house.tool.backup(target)
    assert target.read_text() == "precious"


@pytest.mark.case("K05")
@pytest.mark.parametrize("fault", [sqlite3.OperationalError("database or disk is full"), PermissionError("no")])
def test_a_backup_that_fails_leaves_nothing_and_is_told(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fail(source: Path, target: Path) -> None:
        target.write_bytes(b"half a copy")
        raise fault

    monkeypatch.setattr("infrastructure.maintenance._copy", fail)
    with pytest.raises(BackupNotPossible) as refusal:
        house.tool.backup(tmp_path / "backups" / "backup.db")
    assert str(fault) in refusal.value.message
    assert list((tmp_path / "backups").iterdir()) == []


@pytest.mark.case("K10")
def test_a_backup_into_a_place_that_cannot_be_is_told(house: House, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    with pytest.raises(BackupNotPossible):
        house.tool.backup(tmp_path / "a file" / "backup.db")


def test_postgresql_has_its_own_backups(postgresql: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupNotPossible, match="pg_dump"):
        backup_sqlite(postgresql, tmp_path / "backup.db")
