"""Disks that fill up, break and vanish: nothing half is ever called stored."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from application.ports.library import LibraryFull, LibraryUnavailable
from domain.metadata import Metadata
from infrastructure.library.store import FolderLibrary
from tests.infrastructure.library.papers import AUTHORS, TITLE, written
from tests.infrastructure.library.test_store import everything_in, stored

PAPER = Metadata(title=TITLE, authors=AUTHORS, year=2021)


def failing(code: int) -> Callable[..., Any]:
    """A call that fails as the system would, with this number."""

    def call(*args: Any, **named: Any) -> Any:
        raise OSError(code, os.strerror(code))

    return call


@pytest.fixture
def library(tmp_path: Path) -> FolderLibrary:
    made = FolderLibrary(tmp_path)
    made.staging("a1")
    return made


@pytest.mark.case("K01")
@pytest.mark.case("K02")
@pytest.mark.case("K06")
@pytest.mark.case("K07")
@pytest.mark.case("K08")
@pytest.mark.case("K10")
@pytest.mark.parametrize(
    ("code", "error"),
    [
        (errno.ENOSPC, LibraryFull),
        (errno.EDQUOT, LibraryFull),
        (errno.EFBIG, LibraryFull),
        (errno.EROFS, LibraryUnavailable),
        (errno.EACCES, LibraryUnavailable),
        (errno.EIO, LibraryUnavailable),
        (errno.ESTALE, LibraryUnavailable),
    ],
)
@pytest.mark.parametrize("call", ["replace", "mkdir", "open"])
def test_a_fault_of_the_disk_leaves_nothing_and_says_what_to_do(
    library: FolderLibrary,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    code: int,
    error: type[Exception],
) -> None:
    library = FolderLibrary(tmp_path, "{year}/{title}")
    staged = written(library.staging("a1"), b"content")
    with monkeypatch.context() as faulty:
        real = getattr(Path, call)
        faulty.setattr(Path, call, lambda self, *a, **k: _fail_inside(tmp_path, code, real, self, *a, **k))
        with pytest.raises(error) as raised:
            library.store(staged, "a1", PAPER)
    assert os.strerror(code) in str(raised.value)
    assert getattr(raised.value, "remedy", "")
    assert everything_in(tmp_path) == {".incoming/a1.note"}
    assert stored(library).path.startswith("2021/")


def _fail_inside(folder: Path, code: int, real: Callable[..., Any], path: Path, *args: Any, **named: Any) -> Any:
    """Fail for the library's files but for the marker, so that the library is there and its disk is bad."""
    if path.is_relative_to(folder) and not path.name.startswith(".scipaperloader"):
        raise OSError(code, os.strerror(code))
    return real(path, *args, **named)


@pytest.mark.case("K09")
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_failed_fsync_means_lost_and_is_not_tried_again(
    library: FolderLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    staged = written(library.staging("a1"), b"content")
    synced: list[int] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        synced.append(handle)
        if len(synced) == nth:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(handle)

    with monkeypatch.context() as faulty:
        faulty.setattr(os, "fsync", fsync)
        with pytest.raises(LibraryUnavailable) as raised:
            library.store(staged, "a1", PAPER)
    assert "fault" in raised.value.remedy
    assert len(synced) == nth
    assert list(library.files()) == []
    assert not staged.exists()


@pytest.mark.case("K13")
def test_a_file_on_another_disk_is_copied(
    library: FolderLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = written(tmp_path.with_name("elsewhere.part"), b"content")
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if self == elsewhere:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    found = library.store(elsewhere, "a1", PAPER)
    assert library.open(found.path).read_bytes() == b"content"
    assert not elsewhere.exists()


@pytest.mark.case("K13")
def test_a_file_elsewhere_on_the_same_disk_is_moved(library: FolderLibrary, tmp_path: Path) -> None:
    elsewhere = written(tmp_path / "upload", b"content")
    found = library.store(elsewhere, "a1", PAPER)
    assert library.open(found.path).read_bytes() == b"content"
    assert not elsewhere.exists()


@pytest.mark.case("K10")
def test_a_folder_that_belongs_to_somebody_else_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_text", failing(errno.EACCES))
    with pytest.raises(LibraryUnavailable, match="Permission denied") as raised:
        FolderLibrary(tmp_path).staging("a1")
    assert "right to write" in raised.value.remedy


@pytest.mark.case("K01")
def test_a_disk_that_is_full_at_first_use_leaves_no_half_marker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as faulty:
        faulty.setattr(os, "fsync", failing(errno.ENOSPC))
        with pytest.raises(LibraryFull):
            FolderLibrary(tmp_path).staging("a1")
    assert list(tmp_path.iterdir()) == []
    stored(FolderLibrary(tmp_path))


@pytest.mark.case("K14")
def test_a_stored_file_that_was_deleted_is_told(library: FolderLibrary, tmp_path: Path) -> None:
    found = stored(library)
    (tmp_path / found.path).unlink()
    with pytest.raises(LibraryUnavailable, match="is missing"):
        library.open(found.path)


_LIMITED = """
import resource, signal, sys
from pathlib import Path
from application.ports.library import LibraryFull
from domain.metadata import Metadata
from infrastructure.library.store import FolderLibrary

library = FolderLibrary(Path(sys.argv[1]))
staged = library.staging("a1")
elsewhere = Path(sys.argv[2])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
import pathlib
real = pathlib.Path.replace
def replace(self, target):
    if self == elsewhere:
        raise OSError(18, "on another disk")
    return real(self, target)
pathlib.Path.replace = replace
try:
    library.store(elsewhere, "a1", Metadata(title="A title"))
except LibraryFull as full:
    print(full)
"""


@pytest.mark.case("K07")
@pytest.mark.skipif(sys.platform == "win32", reason="needs the limits of POSIX")
def test_a_file_that_the_system_does_not_let_grow_leaves_nothing(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "library", written(tmp_path / "file", b"x" * 100_000)
    run = subprocess.run(
        [sys.executable, "-P", "-c", _LIMITED, str(folder), str(elsewhere)], capture_output=True, text=True, check=True
    )
    assert "File too large" in run.stdout
    assert everything_in(folder) == {".incoming/a1.note"}
