"""Uploads on disk: complete or not at all, and named by what is in them."""

import errno
import hashlib
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from application.ports.uploads import UploadNotKept, UploadTooLarge
from infrastructure.uploads import LEFTOVER_SECONDS, FolderUploads


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "uploads"


@pytest.fixture
def uploads(folder: Path) -> FolderUploads:
    return FolderUploads(folder, limit=1_000)


def test_a_file_is_kept_under_its_hash(uploads: FolderUploads, folder: Path) -> None:
    upload = uploads.keep([b"one ", b"", b"two"])
    assert upload.sha256 == hashlib.sha256(b"one two").hexdigest()
    assert upload.size == 7
    assert upload.path == uploads.path(upload.sha256)
    assert upload.path.read_bytes() == b"one two"
    assert [path.name for path in folder.iterdir()] == [upload.sha256]


def test_the_same_file_again_is_the_same_file(uploads: FolderUploads, folder: Path) -> None:
    assert uploads.keep([b"text"]) == uploads.keep([b"te", b"xt"])
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("size", [0, 1_000])
def test_the_limit_itself_is_allowed(uploads: FolderUploads, size: int) -> None:
    assert uploads.keep([bytes(size)]).size == size


@pytest.mark.case("C20")
def test_what_is_too_large_is_not_read_to_its_end(uploads: FolderUploads, folder: Path) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 400
            yield bytes(400)

    with pytest.raises(UploadTooLarge) as refusal:
        uploads.keep(endless())
    assert refusal.value.limit == 1_000
    assert read == 1_200
    assert list(folder.iterdir()) == []


@pytest.mark.case("C24")
def test_an_upload_that_breaks_off_leaves_nothing(uploads: FolderUploads, folder: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        uploads.keep(broken())
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("call", ["write", "fsync"])
@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
@pytest.mark.case("K07")
@pytest.mark.case("K08")
@pytest.mark.case("K09")
def test_a_disk_that_refuses_is_told_and_nothing_is_left(
    uploads: FolderUploads, folder: Path, monkeypatch: pytest.MonkeyPatch, call: str, reason: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(reason, os.strerror(reason))

    kept = uploads.keep([b"kept before"]).path
    with monkeypatch.context() as patch:
        patch.setattr(os, call, refuse)
        with pytest.raises(UploadNotKept) as refusal:
            uploads.keep([b"text"])
    assert os.strerror(reason) in refusal.value.message
    assert "space" in refusal.value.remedy
    assert list(folder.iterdir()) == [kept]


@pytest.mark.case("K10")
def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "uploads").write_text("in the way")
    with pytest.raises(UploadNotKept):
        FolderUploads(tmp_path / "uploads" / "deeper", limit=10).keep([b"text"])


def test_a_file_that_is_gone_is_not_found(uploads: FolderUploads) -> None:
    with pytest.raises(FileNotFoundError):
        uploads.path("0" * 64)


@pytest.mark.case("K15")
def test_what_killed_processes_left_is_swept_after_a_day(uploads: FolderUploads, folder: Path) -> None:
    folder.mkdir(parents=True)
    old, fresh = folder / ".upload-old", folder / ".upload-fresh"
    for path in (old, fresh):
        path.write_bytes(b"half")
    before = fresh.stat().st_mtime - LEFTOVER_SECONDS - 60
    os.utime(old, (before, before))
    uploads.keep([b"text"])
    assert not old.exists()
    assert fresh.exists()


def age(path: Path, seconds: float) -> None:
    """Let a file have been used last so long ago."""
    moment = time.time() - seconds
    os.utime(path, (moment, moment))


def test_what_was_not_used_for_long_is_found_and_discarded(uploads: FolderUploads, folder: Path) -> None:
    old, new = uploads.keep([b"old"]), uploads.keep([b"new"])
    age(old.path, 7_200)
    (folder / "something else").write_text("left alone")
    age(folder / "something else", 7_200)
    before = datetime.now(UTC) - timedelta(hours=1)
    assert list(uploads.unused_since(before)) == [old.sha256]
    assert uploads.discard(old.sha256, before)
    assert not uploads.discard(old.sha256, before)
    assert not uploads.discard(new.sha256, before)
    assert sorted(path.name for path in folder.iterdir()) == sorted([new.sha256, "something else"])


def test_what_is_used_again_counts_as_new(uploads: FolderUploads) -> None:
    upload = uploads.keep([b"text"])
    age(upload.path, 7_200)
    assert uploads.use(upload.sha256) == upload
    assert not uploads.discard(upload.sha256, datetime.now(UTC) - timedelta(hours=1))
    with pytest.raises(FileNotFoundError):
        uploads.use("0" * 64)


def test_where_nothing_was_uploaded_nothing_is_found(uploads: FolderUploads) -> None:
    assert list(uploads.unused_since(datetime.now(UTC))) == []
