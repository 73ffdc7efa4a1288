"""The files of papers as one archive, with what proves them, and what is not in it."""

import csv
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import bibtexparser
import pytest
from attrs import define, field

from application.archiving import LISTS, MISSING_FILES, Archiving, name_of
from application.ports.library import LibraryUnavailable
from application.ports.tasks import TaskStatus
from application.queries import PaperFilter, PaperRow, Papers
from domain.errors import InvalidValue
from domain.metadata import Metadata
from domain.pipeline import Status
from infrastructure.library.store import FolderLibrary
from infrastructure.log.memory import MemoryEventLog
from tests.application.papers import paper_row
from tests.fakes.clock import FakeClock
from tests.fakes.tasks import FakeTasks


@define
class Shelf:
    """A library with papers, and the handler of archives."""

    folder: Path
    rows: list[PaperRow] = field(factory=list)
    tasks: FakeTasks = field(factory=FakeTasks)
    library: FolderLibrary = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.library = FolderLibrary(self.folder, "{journal}/{author}_{title}", free_bytes=lambda _: sys.maxsize)

    def stored(self, title: str) -> PaperRow:
        """One more paper with a file."""
        attempt = f"attempt{len(self.rows)}"
        staged = self.library.staging(attempt)
        staged.write_bytes(b"%PDF-1.7 " + title.encode())
        file = self.library.store(staged, attempt, Metadata(title=title, journal="A: journal?"))
        row = paper_row(
            id=f"p{len(self.rows)}",
            title=title,
            status=Status.DONE,
            file_path=file.path,
            file_sha256=file.sha256,
            file_size=file.size,
            licence="cc-by",
        )
        self.rows.append(row)
        return row

    def archiving(self) -> Archiving:
        """The handler."""
        clock = FakeClock()
        return Archiving(
            log=MemoryEventLog(clock),
            papers=cast(Papers, self),
            library=self.library,
            tasks=self.tasks,
            clock=clock,
        )

    def all(self, which: PaperFilter) -> Iterator[PaperRow]:
        """As the port."""
        return iter(self.rows)

    def count(self, which: PaperFilter) -> int:
        """As the port."""
        return len(self.rows)

    def unpacked(self, *lists: str) -> dict[str, bytes]:
        """What a reader finds in an archive."""
        archive = self.archiving().archive(PaperFilter(), lists)
        with zipfile.ZipFile(io.BytesIO(b"".join(archive.pieces))) as found:
            assert found.testzip() is None
            assert len(found.namelist()) == len({name.casefold() for name in found.namelist()})
            return {name: found.read(name) for name in found.namelist()}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "library")


def manifest(found: dict[str, bytes]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(found["manifest.csv"].decode(), newline="")))


@pytest.mark.case("N06")
def test_an_archive_has_every_file_and_a_manifest_of_them(shelf: Shelf) -> None:
    one, two = shelf.stored("One"), shelf.stored("Two: a café?")
    shelf.rows.append(paper_row(id="without a file"))
    found = shelf.unpacked()
    assert found.keys() == {one.file_path, two.file_path, "manifest.csv"}
    assert found[one.file_path or ""] == b"%PDF-1.7 One"
    listed = manifest(found)
    assert [(row["path"], row["archived"], row["missing"]) for row in listed] == [
        (row.file_path, row.file_path, "") for row in (one, two)
    ]
    assert (listed[0]["sha256"], listed[0]["licence"]) == (one.file_sha256, "cc-by")
    assert listed[0]["anchor"].startswith("0:")


def test_lists_in_it_point_to_its_files(shelf: Shelf) -> None:
    shelf.stored("One")
    found = shelf.unpacked(*LISTS)
    (entry,) = bibtexparser.parse_string(found["papers.bib"].decode()).entries
    path = entry.fields_dict["file"].value.removeprefix(":").removesuffix(":PDF")
    assert found[path] == b"%PDF-1.7 One"
    assert json.loads(found["papers.csl.json"])[0]["custom"]["file"] == path
    assert json.loads(found["papers.jsonl"])["file"]["path"] == path
    assert f"L1  - {path}\r\n".encode() in found["papers.ris"]
    assert path.encode() in found["papers.csv"]


def test_a_file_that_is_missing_or_altered_is_named_instead(shelf: Shelf) -> None:
    missing, altered, whole = shelf.stored("Missing"), shelf.stored("Altered"), shelf.stored("Whole")
    (shelf.folder / str(missing.file_path)).unlink()
    (shelf.folder / str(altered.file_path)).write_bytes(b"something else")
    found = shelf.unpacked()
    assert found.keys() == {whole.file_path, "manifest.csv", MISSING_FILES}
    assert found[MISSING_FILES].decode().splitlines() == [
        f"{missing.file_path}: it is missing in the library.",
        f"{altered.file_path}: it is not the file that was stored.",
    ]
    assert [bool(row["missing"]) for row in manifest(found)] == [True, True, False]
    assert [row["archived"] for row in manifest(found)] == ["", "", whole.file_path]


def test_a_file_that_is_changed_while_it_is_sent_breaks_the_archive_off(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shelf.folder / str(shelf.stored("One").file_path)
    pieces = shelf.archiving().archive(PaperFilter()).pieces
    next(pieces)  # its head, with size and checksum
    path.write_bytes(b"%PDF-1.7 Two")
    with pytest.raises(LibraryUnavailable, match="changed while"):
        list(pieces)
    assert [task.status for task in shelf.tasks.recent()] == [TaskStatus.FAILED]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a/b_0a1b2c3d.pdf", "a/b_0a1b2c3d.pdf"),
        ("../b_0a1b2c3d.pdf", "p1.pdf"),
        ("/etc/b.pdf", "p1.pdf"),
        ("a\\b.pdf", "p1.pdf"),
        ("con/b.pdf", "p1.pdf"),
        ("a:b.pdf", "p1.pdf"),
        ("a /b.pdf", "p1.pdf"),
        ("b.exe", "p1.pdf"),
        ("a\n.pdf", "p1.pdf"),
    ],
)
def test_a_name_in_an_archive_is_one_on_every_disk(path: str, name: str) -> None:
    assert name_of(paper_row(file_path=path)) == name


def test_a_reader_who_goes_away_ends_the_work(shelf: Shelf) -> None:
    shelf.stored("One")
    shelf.stored("Two")
    archive = shelf.archiving().archive(PaperFilter())
    next(archive.pieces)
    cast(Any, archive.pieces).close()
    assert [task.status for task in shelf.tasks.recent()] == [TaskStatus.FAILED]
    assert archive.files == 0


def test_nothing_begins_without_a_library_or_with_an_unknown_list(shelf: Shelf, tmp_path: Path) -> None:
    shelf.stored("One")
    with pytest.raises(InvalidValue, match="csv or"):
        shelf.archiving().archive(PaperFilter(), ["xls"])
    shelf.folder.rename(tmp_path / "elsewhere")
    with pytest.raises(LibraryUnavailable):
        shelf.archiving().archive(PaperFilter())
    assert shelf.tasks.recent() == []
