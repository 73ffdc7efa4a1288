"""A library whose disk is not there is not taken for an empty one."""

import json
import os
import shutil
from pathlib import Path

import pytest

from application.ports.library import LibraryUnavailable
from domain.metadata import Metadata
from infrastructure.library.presence import MARKER
from infrastructure.library.store import FolderLibrary
from tests.infrastructure.library.test_store import everything_in, stored

pytestmark = pytest.mark.case("K11")


def unmounted(folder: Path) -> Path:
    """Leave an empty folder in the place of the library, as an unmounted disk does; returns where the library is."""
    elsewhere = folder.with_name("elsewhere")
    folder.rename(elsewhere)
    folder.mkdir()
    return elsewhere


def test_the_folder_is_made_and_marked_at_first_use(tmp_path: Path) -> None:
    stored(FolderLibrary(tmp_path / "data" / "library"))
    marker = tmp_path / "data" / "library" / MARKER
    assert len(marker.read_text()) == 32
    assert [path.name for path in marker.parent.iterdir() if path.name.startswith(MARKER)] == [MARKER]


def test_a_folder_that_has_files_already_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "own.pdf").write_bytes(b"x")
    stored(FolderLibrary(tmp_path))
    assert (tmp_path / "own.pdf").exists()


def test_nothing_is_written_into_an_empty_mount_point(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    library = FolderLibrary(folder)
    found = stored(library)
    staged = library.staging("a2")
    staged.write_bytes(b"x")
    elsewhere = unmounted(folder)
    for attempt in (
        lambda: library.staging("a3"),
        lambda: library.store(staged, "a2", Metadata()),
        lambda: library.open(found.path),
        lambda: library.remove(found.path),
        lambda: list(library.files()),
        lambda: library.discard(["a1"]),
        library.unsettled,
    ):
        with pytest.raises(LibraryUnavailable, match="not the library that it was"):
            attempt()
    library.settle("a2")
    assert list(folder.iterdir()) == []
    folder.rmdir()
    elsewhere.rename(folder)
    assert library.open(found.path).read_bytes() == b"content"
    assert sorted(library.unsettled()) == ["a1", "a2"]


def test_a_missing_folder_is_not_made_again(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path / "library")
    stored(library)
    shutil.rmtree(tmp_path / "library")
    with pytest.raises(LibraryUnavailable, match="has no marker"):
        library.staging("a2")
    assert not (tmp_path / "library").exists()


def test_another_library_in_its_place_is_not_it(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path / "library")
    stored(library)
    unmounted(tmp_path / "library")
    FolderLibrary(tmp_path / "library").staging("b1")
    with pytest.raises(LibraryUnavailable, match="marker of another library"):
        library.staging("a2")


def test_the_library_is_remembered_over_a_restart(tmp_path: Path) -> None:
    folder, memory = tmp_path / "library", tmp_path / "data" / "library.json"
    stored(FolderLibrary(folder, memory=memory))
    elsewhere = unmounted(folder)
    with pytest.raises(LibraryUnavailable) as refused:
        FolderLibrary(folder, memory=memory).staging("a2")
    assert str(memory) in refused.value.remedy
    assert list(folder.iterdir()) == []
    folder.rmdir()
    elsewhere.rename(folder)
    FolderLibrary(folder, memory=memory).staging("a2")


def test_a_library_in_another_folder_is_a_new_one(tmp_path: Path) -> None:
    memory = tmp_path / "library.json"
    for name in ("one", "two", "one"):
        FolderLibrary(tmp_path / name, memory=memory).staging("a1")
    assert set(json.loads(memory.read_text())) == {str(tmp_path / "one"), str(tmp_path / "two")}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"x": 1}'])
def test_a_broken_memory_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    memory = tmp_path / "library.json"
    memory.write_text(content)
    FolderLibrary(tmp_path / "library", memory=memory).staging("a1")
    assert str(tmp_path / "library") in json.loads(memory.read_text())


def test_two_processes_that_begin_at_once_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = FolderLibrary(tmp_path), FolderLibrary(tmp_path)
    link = Path.hardlink_to

    def late(self: Path, target: Path) -> None:
        monkeypatch.setattr(Path, "hardlink_to", link)
        first.staging("a1")
        link(self, target)

    monkeypatch.setattr(Path, "hardlink_to", late)
    second.staging("b1")
    assert sorted(first.unsettled()) == sorted(second.unsettled()) == ["a1", "b1"]


def test_a_disk_without_hard_links_is_marked_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(1, os.strerror(1))

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    found = stored(FolderLibrary(tmp_path))
    assert everything_in(tmp_path) == {found.path, ".incoming/a1.note"}
    assert (tmp_path / MARKER).exists()
