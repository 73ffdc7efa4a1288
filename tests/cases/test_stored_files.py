"""Stored files that somebody removed or changed are found by a verification."""

from collections.abc import Callable
from pathlib import Path

import pytest

from application.ports.event_log import Write
from domain.copies import Copy
from domain.metadata import Metadata
from domain.paper_events import CopiesLocated, Downloaded, File, ProcessingStarted, Registered
from infrastructure.database import Database
from infrastructure.library.store import FolderLibrary
from infrastructure.log.sql import SqlEventLog
from infrastructure.maintenance import DatabaseMaintenance
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from tests.contract.making import doi, origin
from tests.fakes.clock import FakeClock

COPY = Copy(url="https://journal.example/a.pdf", source="unpaywall")


def _replaced_by_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing": (lambda path: None, ""),
    "removed": (Path.unlink, "is missing or cannot be read"),
    "emptied": (lambda path: path.write_bytes(b""), "was altered"),
    "changed in one byte": (lambda path: path.write_bytes(path.read_bytes()[:-1] + b"?"), "was altered"),
    "replaced by a folder": (_replaced_by_a_folder, "is missing or cannot be read"),
}


@pytest.fixture
def library(tmp_path: Path) -> FolderLibrary:
    return FolderLibrary(tmp_path / "library", reserve_bytes=0)


def downloaded(library: FolderLibrary) -> Write:
    """A paper with a file in the library."""
    staged = library.staging("a1")
    staged.write_bytes(b"%PDF-1.7 content")
    stored = library.store(staged, "a1", Metadata(title="On Things"))
    library.settle("a1")
    file = File(path=stored.path, sha256=stored.sha256, size=stored.size, pages=1)
    events = (
        Registered(identifiers=(doi(1),)),
        ProcessingStarted(module="locate", worker="w", attempt="l1"),
        CopiesLocated(copies=(COPY,)),
        ProcessingStarted(module="download", worker="w", attempt="a1"),
        Downloaded(file=file, copy=COPY),
    )
    return Write(stream="paper-a", expected=0, events=events)


@pytest.mark.case("K14")
@pytest.mark.parametrize("damage", DAMAGES)
def test_what_became_of_a_stored_file_is_told(sqlite: Database, library: FolderLibrary, damage: str) -> None:
    log, papers = SqlEventLog(sqlite, FakeClock(), READ_MODELS), SqlPapers(sqlite)
    log.append((downloaded(library),), origin())
    do, told = DAMAGES[damage]
    (path,) = library.files()
    do(library.open(path))
    report = DatabaseMaintenance(sqlite, READ_MODELS, papers, library).verify()
    assert report.files == 1
    assert [fault for fault in report.faults if told in fault and path in fault] == list(report.faults)
    assert bool(report.faults) is bool(told)


@pytest.mark.case("K15")
def test_a_file_that_no_paper_names_is_told(sqlite: Database, library: FolderLibrary) -> None:
    downloaded(library)
    (path,) = library.files()
    report = DatabaseMaintenance(sqlite, READ_MODELS, SqlPapers(sqlite), library).verify()
    assert report.faults == (f"the file {path} belongs to no paper",)
