"""Dropped files in a folder: what waits, what is lent, what is swept."""

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import evolve

from application.ports.dropped import Dropped, Proposal, Waiting
from application.ports.uploads import Upload, UploadNotKept, UploadTooLarge
from domain.identifiers import Identifier, Scheme
from infrastructure.dropped import FolderDropped
from infrastructure.uploads import LEFTOVER_SECONDS
from tests.fakes.dropped import FakeDropped

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def waiting(upload: Upload, **fields: object) -> Waiting:
    known = {"sha256": upload.sha256, "size": upload.size, "name": "a.pdf", "actor": "anna", "dropped_at": NOON}
    return Waiting(**(known | fields))  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "dropped"


@pytest.fixture
def dropped(folder: Path) -> FolderDropped:
    return FolderDropped(folder, limit=1_000)


@pytest.fixture(params=[FolderDropped, FakeDropped])
def either(request: pytest.FixtureRequest, folder: Path) -> Dropped:
    made: Dropped = request.param(folder, limit=1_000)
    return made


class TestEither:
    """What the adapter and its stand-in do."""

    def test_files_wait_in_the_order_of_dropping(self, either: Dropped) -> None:
        assert list(either.waiting()) == []
        first, second = either.keep([b"one"]), either.keep([b"two"])
        either.remember(waiting(second, name="2.pdf"))
        either.remember(waiting(first, name="1.pdf"))
        assert [one.name for one in either.waiting()] == ["1.pdf", "2.pdf"]
        assert either.find(first.sha256) == waiting(first, name="1.pdf")

    def test_what_was_known_is_replaced(self, either: Dropped) -> None:
        upload = either.keep([b"one"])
        either.remember(waiting(upload))
        looked = waiting(
            upload,
            looked=True,
            pages=3,
            title="Über “Dinge”",
            identifiers=(Identifier(Scheme.DOI, "10.1234/a"),),
            proposals=(Proposal(paper="p1", sure=True, why=("the DOI is on the first page",)),),
            meant="p2",
        )
        either.remember(looked)
        assert list(either.waiting()) == [looked]

    def test_a_lent_file_may_be_moved_away(self, either: Dropped, tmp_path: Path) -> None:
        upload = either.keep([b"one"])
        with either.lend(upload.sha256) as path:
            path.replace(tmp_path / "elsewhere")
        assert (tmp_path / "elsewhere").read_bytes() == b"one"
        assert either.path(upload.sha256).read_bytes() == b"one"

    def test_what_was_lent_and_not_moved_goes(self, either: Dropped, folder: Path) -> None:
        upload = either.keep([b"one"])
        with either.lend(upload.sha256) as path:
            assert path.read_bytes() == b"one"
        assert [path.name for path in folder.iterdir()] == [upload.sha256]

    def test_what_is_forgotten_is_gone(self, either: Dropped) -> None:
        upload = either.keep([b"one"])
        either.remember(waiting(upload))
        either.release(upload.sha256)
        assert either.find(upload.sha256) is not None
        either.forget(upload.sha256)
        either.forget(upload.sha256)
        assert either.find(upload.sha256) is None
        with pytest.raises(FileNotFoundError):
            either.path(upload.sha256)

    def test_what_does_not_wait_is_released(self, either: Dropped, folder: Path) -> None:
        upload = either.keep([b"one"])
        either.release(upload.sha256)
        assert list(folder.iterdir()) == []

    @pytest.mark.parametrize("name", ["", "..", "../x", "0" * 64, "x" * 64, "a/b", "."])
    def test_a_name_that_is_none_of_ours_leads_nowhere(self, either: Dropped, name: str) -> None:
        assert either.find(name) is None
        with pytest.raises(FileNotFoundError):
            either.path(name)
        either.release(name)

    def test_a_file_over_the_limit_is_refused(self, either: Dropped) -> None:
        with pytest.raises(UploadTooLarge):
            either.keep([b"x" * 1_001])


def test_it_is_there_after_a_restart(dropped: FolderDropped, folder: Path) -> None:
    upload = dropped.keep([b"one"])
    dropped.remember(waiting(upload))
    assert list(FolderDropped(folder, limit=1).waiting()) == [waiting(upload)]


def test_the_remedy_of_a_large_file_speaks_of_files(dropped: FolderDropped) -> None:
    with pytest.raises(UploadTooLarge, match="MAX_FILE_BYTES"):
        dropped.keep([b"x" * 1_001])


@pytest.mark.parametrize("note", [b"", b"{", b"[]", b'{"sha256": 1}', b"\xff"])
def test_a_broken_note_is_no_note(dropped: FolderDropped, folder: Path, note: bytes) -> None:
    upload = dropped.keep([b"one"])
    (folder / f"{upload.sha256}.json").write_bytes(note)
    assert list(dropped.waiting()) == []


def test_a_note_of_another_file_is_no_note(dropped: FolderDropped, folder: Path) -> None:
    one, two = dropped.keep([b"one"]), dropped.keep([b"two"])
    dropped.remember(waiting(two))
    (folder / f"{two.sha256}.json").rename(folder / f"{one.sha256}.json")
    assert list(dropped.waiting()) == []


def test_what_a_killed_process_left_is_swept_and_what_waits_is_not(dropped: FolderDropped, folder: Path) -> None:
    kept = dropped.keep([b"waits"])
    dropped.remember(waiting(kept))
    left = dropped.keep([b"left behind"])
    (folder / ".lent-1").write_bytes(b"")
    (folder / ".note-1").write_bytes(b"")
    for path in folder.iterdir():
        os.utime(path, (0, path.stat().st_mtime - LEFTOVER_SECONDS - 60))
    fresh = dropped.keep([b"new"])
    names = {path.name for path in folder.iterdir()}
    assert names == {kept.sha256, f"{kept.sha256}.json", fresh.sha256}
    assert left.sha256 not in names


def test_a_disk_without_hard_links_lends_a_copy(dropped: FolderDropped, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    upload = dropped.keep([b"one"])
    with dropped.lend(upload.sha256) as path:
        path.write_bytes(b"changed")
    assert upload.path.read_bytes() == b"one"


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_a_disk_that_refuses_a_note_is_told_and_nothing_is_left(
    dropped: FolderDropped, folder: Path, monkeypatch: pytest.MonkeyPatch, reason: int
) -> None:
    upload = dropped.keep([b"one"])

    def refuse(_: int) -> None:
        raise OSError(reason, "the disk refuses")

    monkeypatch.setattr("infrastructure.dropped.os.fsync", refuse)
    with pytest.raises(UploadNotKept, match="the disk refuses"):
        dropped.remember(evolve(waiting(upload)))
    assert [path.name for path in folder.iterdir()] == [upload.sha256]
