"""The library in a folder: names, notes, paths."""

import os
import unicodedata
from pathlib import Path

import pytest

from application.ports.library import LibraryFull, LibraryUnavailable, Stored
from domain.errors import InvalidValue
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from infrastructure.library.naming import InvalidPattern, mark
from infrastructure.library.presence import MARKER
from infrastructure.library.store import GIBIBYTE, FolderLibrary
from tests.infrastructure.library.papers import AUTHORS, TITLE, written

PAPER = Metadata(title=TITLE, authors=AUTHORS, year=2021)


def stored(
    library: FolderLibrary, attempt: str = "a1", content: bytes = b"content", metadata: Metadata = PAPER
) -> Stored:
    return library.store(written(library.staging(attempt), content), attempt, metadata)


def everything_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.name != MARKER}


def test_a_file_has_a_name_that_a_person_can_read(tmp_path: Path) -> None:
    assert stored(FolderLibrary(tmp_path)).path == f"Berg_2021_{TITLE}_{mark('a1')}.pdf"


def test_the_pattern_may_make_folders_and_use_identifiers(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path, "{year}/{doi}")
    staged = written(library.staging("a1"), b"x")
    found = library.store(staged, "a1", PAPER, [Identifier(Scheme.DOI, "10.5555/a/b")])
    assert found.path == f"2021/10.5555-a-b_{mark('a1')}.pdf"
    assert library.open(found.path) == tmp_path / found.path


def test_a_pattern_that_names_nothing_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(InvalidPattern):
        FolderLibrary(tmp_path, "{titel}")


def test_a_name_that_is_taken_is_not_overwritten(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path)
    first, second = stored(library, content=b"1"), stored(library, content=b"2")
    assert library.open(first.path).read_bytes() == b"1"
    assert library.open(second.path).read_bytes() == b"2"


@pytest.mark.parametrize("attempt", ["", "../x", "a/b", "a.b", "a b", "é", "x" * 101])
def test_an_attempt_must_be_a_plain_token(tmp_path: Path, attempt: str) -> None:
    with pytest.raises(InvalidValue):
        FolderLibrary(tmp_path).staging(attempt)


def test_links_that_lead_out_are_refused(tmp_path: Path) -> None:
    library, secret = FolderLibrary(tmp_path / "library"), written(tmp_path / "secret.pdf", b"secret")
    library.staging("a1")
    (tmp_path / "library" / "link.pdf").symlink_to(secret)
    (tmp_path / "library" / "folder").symlink_to(tmp_path)
    for path in ("link.pdf", "folder/secret.pdf"):
        with pytest.raises(LibraryUnavailable):
            library.open(path)
    with pytest.raises(LibraryUnavailable):
        library.remove("folder/secret.pdf")
    assert secret.exists()
    assert list(library.files()) == []


def test_a_library_behind_a_link_works(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "library").symlink_to(tmp_path / "disk")
    library = FolderLibrary(tmp_path / "library")
    assert library.open(stored(library).path).read_bytes() == b"content"


@pytest.mark.parametrize("path", ["a\\..\\b", "a\0b", "./../x", "a/./../../b"])
def test_odd_paths_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(LibraryUnavailable):
        FolderLibrary(tmp_path).open(path)


@pytest.mark.case("K15")
def test_files_of_others_are_no_stored_files_and_stay(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path)
    mine = stored(library)
    written(tmp_path / "notes.pdf", b"mine")
    written(tmp_path / "Thumbs.db", b"mine")
    (tmp_path / ".git").mkdir()
    written(tmp_path / ".git" / Path(mine.path).name, b"mine")
    assert list(library.files()) == [mine.path]
    assert library.discard(["a1", "a2"]) == (mine.path,)
    assert everything_in(tmp_path) >= {"notes.pdf", "Thumbs.db"}


def watched(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that are read from now on."""
    read: list[Path] = []
    scan = os.scandir

    def scandir(folder: str) -> object:
        read.append(Path(folder))
        return scan(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    return read


def test_what_is_left_of_many_attempts_is_found_in_one_walk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = FolderLibrary(tmp_path, "{year}/{author}")
    left = {stored(library, f"a{n}", metadata=Metadata(year=2000 + n)).path for n in range(5)}
    for n in range(5):
        library.settle(f"a{n}")
    read = watched(monkeypatch)
    assert set(library.discard([f"a{n}" for n in range(5)])) == left
    assert len(read) <= 1 + 5 + 2


def test_what_an_attempt_left_is_found_by_its_note_without_a_walk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = FolderLibrary(tmp_path, "{year}/{author}")
    left = stored(library)
    read = watched(monkeypatch)
    assert library.discard(["a1"]) == (left.path,)
    assert tmp_path not in read


def test_a_note_that_was_tampered_with_removes_nothing_else(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path)
    other = stored(library, "b2")
    library.staging("a1")
    for content in (other.path, f"../x_{mark('b2')}.pdf", "\0", "/etc/hostname"):
        (tmp_path / ".incoming" / "a1.note").write_text(content)
        assert library.discard(["a1"]) == ()
    assert list(library.files()) == [other.path]


def test_paths_to_keep_are_known_in_any_form_of_their_letters(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path)
    kept = stored(library, metadata=Metadata(title="Größe"))
    library.settle("a1")
    assert library.discard(["a1"], keep=[unicodedata.normalize("NFD", kept.path)]) == ()


def test_a_staged_file_that_was_set_aside_is_discarded_too(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path)
    aside = library.staging("a1").with_suffix(".doubtful")
    written(aside, b"x")
    assert library.discard(["a1"]) == (".incoming/a1.doubtful",)
    assert not aside.exists()
    assert library.unsettled() == ("a1",)


def test_an_attempt_that_crashed_between_file_and_event_is_known_to_the_next_process(tmp_path: Path) -> None:
    left = stored(FolderLibrary(tmp_path))
    later = FolderLibrary(tmp_path)
    assert later.unsettled() == ("a1",)
    assert later.discard(later.unsettled()) == (left.path,)


def test_nothing_but_the_file_is_left_when_an_attempt_is_settled(tmp_path: Path) -> None:
    library = FolderLibrary(tmp_path)
    found = stored(library)
    library.settle("a1")
    assert everything_in(tmp_path) == {found.path}


@pytest.mark.case("K01")
def test_downloads_stop_before_the_disk_is_full_and_go_on_when_there_is_space(tmp_path: Path) -> None:
    free = [GIBIBYTE]
    library = FolderLibrary(tmp_path, free_bytes=lambda _: free[0])
    library.staging("a1")
    free[0] -= 1
    with pytest.raises(LibraryFull, match="1,073,741,823 bytes are free") as refused:
        library.staging("a2")
    assert "Free some space" in refused.value.remedy
    assert library.unsettled() == ("a1",)
    free[0] += 1
    library.staging("a2")


def test_the_free_space_is_that_of_the_library_s_disk(tmp_path: Path) -> None:
    with pytest.raises(LibraryFull):
        FolderLibrary(tmp_path, reserve_bytes=2**62).staging("a1")
    FolderLibrary(tmp_path, reserve_bytes=0).staging("a1")
