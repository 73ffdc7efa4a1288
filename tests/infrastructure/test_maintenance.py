"""Verifying and rebuilding, over database and library together."""

from pathlib import Path

import pytest
from attrs import frozen

from application.downloading import attempt_of
from domain.errors import InvalidValue
from domain.metadata import Metadata
from domain.paper_commands import RecordDownload, StartProcessing
from domain.paper_events import File
from infrastructure.database import Database
from infrastructure.library.store import FolderLibrary
from infrastructure.log.sql import SqlEventLog
from infrastructure.log.verify import InvalidAnchor
from infrastructure.maintenance import DatabaseMaintenance
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from tests.application.desk import Desk, copy

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


@pytest.mark.case("N02")
def test_progress_is_told(house: House) -> None:
    house.done()
    told: list[tuple[str, int, int]] = []
    house.tool.verify(progress=lambda *step: told.append(step))
    house.tool.rebuild(progress=lambda *step: told.append(step))
    head = house.desk.log.head().position
    assert {name for name, _, _ in told} == {*(model.name for model in READ_MODELS), "files"}
    assert all(done == whole == head for name, done, whole in told if name != "files")
