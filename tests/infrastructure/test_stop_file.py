"""The stop file: whatever is there under its name holds; only what this program wrote tells who and why."""

import errno
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from application.ports.stop_file import StopOrder
from infrastructure.stop_file import NAME, FolderStopFile, StopFileUnavailable

ORDER = StopOrder(
    key="emergency stop 1",
    actor="Ida Überall",
    is_person=True,
    at=datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
    reason="the publisher called",
)


@pytest.fixture
def stop_file(tmp_path: Path) -> FolderStopFile:
    return FolderStopFile(tmp_path)


def failing(code: int) -> Callable[..., Any]:
    """What a call on the stop file does where the system refuses."""

    def call(path: Path, *_: object, **__: object) -> Any:
        raise OSError(code, os.strerror(code), str(path))

    return call


def held(stop_file: FolderStopFile) -> StopOrder:
    """The order of a file that holds."""
    assert stop_file.present()
    order = stop_file.order()
    assert order is not None
    return order


def test_without_a_file_nothing_is_stopped(stop_file: FolderStopFile) -> None:
    assert not stop_file.present()
    assert stop_file.order() is None
    stop_file.remove()


def test_what_was_written_is_read_by_every_process(stop_file: FolderStopFile, tmp_path: Path) -> None:
    stop_file.write(ORDER)
    assert held(FolderStopFile(tmp_path)) == ORDER


def test_removing_ends_it(stop_file: FolderStopFile) -> None:
    stop_file.write(ORDER)
    stop_file.remove()
    assert not stop_file.present()
    assert stop_file.order() is None


def test_an_order_that_is_there_stays(stop_file: FolderStopFile) -> None:
    stop_file.write(ORDER)
    stop_file.write(StopOrder(key="another", actor="b", is_person=False, at=ORDER.at, reason=""))
    assert held(stop_file) == ORDER


def test_the_folder_is_made_if_need_be(tmp_path: Path) -> None:
    stop_file = FolderStopFile(tmp_path / "not there" / "yet")
    assert not stop_file.present()
    stop_file.write(ORDER)
    assert held(stop_file) == ORDER


def test_it_is_on_the_disk_when_writing_returns(
    stop_file: FolderStopFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        synced.append(os.fstat(handle).st_ino)
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    stop_file.write(ORDER)
    assert synced == [path.stat().st_ino for path in (tmp_path / NAME, tmp_path)]


def test_a_file_made_by_hand_holds_and_has_one_name_while_it_lasts(stop_file: FolderStopFile, tmp_path: Path) -> None:
    made = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
    (tmp_path / NAME).touch()
    os.utime(tmp_path / NAME, (made.timestamp(), made.timestamp()))
    order = held(stop_file)
    assert (order.at, order.actor, order.is_person) == (made, "somebody", False)
    assert order == held(stop_file)
    os.utime(tmp_path / NAME, (made.timestamp() + 1, made.timestamp() + 1))
    assert held(stop_file).key != order.key, "made anew, it is another order"
    stop_file.remove()
    assert not stop_file.present()


WHOLE = json.dumps({"key": "k", "actor": "a", "is_person": True, "at": "2026-03-01T12:30:00+00:00", "reason": "r"})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"stop!",
        WHOLE[: len(WHOLE) // 2].encode(),
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b"7",
        b"[" * 100_000,
        b"{}",
        WHOLE.replace("2026-03-01T12:30:00+00:00", "soon").encode(),
        WHOLE.replace("+00:00", "").encode(),
        WHOLE.replace('"a"', "5").encode(),
        WHOLE.replace('"k"', "null").encode(),
        WHOLE.replace('"k"', '""').encode(),
        WHOLE.replace("true", '"yes"').encode(),
    ],
    ids=range(15),
)
def test_whatever_it_says_it_holds(stop_file: FolderStopFile, tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    assert held(stop_file).actor == "somebody"
    stop_file.write(ORDER)
    assert (tmp_path / NAME).read_bytes() == content, "one that is there stays"
    stop_file.remove()
    assert not stop_file.present()


def test_text_that_no_log_can_keep_is_cleaned(stop_file: FolderStopFile, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(WHOLE.replace('"r"', '"\\u0000r"'))
    assert held(stop_file).reason == "r"
    stop_file.remove()
    stop_file.write(StopOrder(key="k", actor="\udcff", is_person=True, at=ORDER.at, reason="\0why"))
    assert (held(stop_file).actor, held(stop_file).reason) == ("?", "why")


def test_what_a_later_version_adds_is_left_aside(stop_file: FolderStopFile, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(WHOLE.replace("}", ', "more": 1}'))
    assert held(stop_file).actor == "a"


def test_the_moment_is_one_of_utc(stop_file: FolderStopFile, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(WHOLE.replace("+00:00", "+02:00"))
    assert held(stop_file).at == datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
    assert held(stop_file).at.utcoffset() == timedelta()


def test_a_link_that_leads_nowhere_holds(stop_file: FolderStopFile, tmp_path: Path) -> None:
    (tmp_path / NAME).symlink_to(tmp_path / "nowhere")
    assert held(stop_file).actor == "somebody"
    stop_file.write(ORDER)
    assert not (tmp_path / "nowhere").exists(), "nothing is written through it"
    stop_file.remove()
    assert not stop_file.present()


def test_a_folder_of_that_name_holds_until_somebody_removes_it(stop_file: FolderStopFile, tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    assert held(stop_file).actor == "somebody"
    with pytest.raises(StopFileUnavailable) as refused:
        stop_file.remove()
    assert str(tmp_path) in refused.value.remedy
    (tmp_path / NAME).rmdir()
    assert not stop_file.present()


def test_a_pipe_of_that_name_holds_and_is_not_waited_for(stop_file: FolderStopFile, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / NAME)
    assert held(stop_file).actor == "somebody"


def test_a_file_that_cannot_be_read_holds(stop_file: FolderStopFile, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_file.write(ORDER)
    monkeypatch.setattr(Path, "open", failing(errno.EACCES))
    assert held(stop_file).actor == "somebody"


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO, errno.ESTALE, errno.ELOOP])
def test_where_it_cannot_be_told_there_is_one(
    stop_file: FolderStopFile, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(Path, "lstat", failing(code))
    assert held(stop_file).at == datetime.fromtimestamp(0, UTC)


def test_a_data_folder_that_is_a_file_has_none(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    stop_file = FolderStopFile(tmp_path / "data")
    assert not stop_file.present()
    with pytest.raises(StopFileUnavailable):
        stop_file.write(ORDER)


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_a_folder_that_cannot_be_written_to_is_told(
    stop_file: FolderStopFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(Path, "open", failing(code))
    with pytest.raises(StopFileUnavailable, match=os.strerror(code)) as refused:
        stop_file.write(ORDER)
    assert "by hand" in refused.value.remedy
    assert str(tmp_path) in refused.value.remedy
    assert not stop_file.present()


def test_a_disk_that_is_full_holds_no_words_but_holds(
    stop_file: FolderStopFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    stop_file.write(ORDER)
    assert stop_file.present()


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.EPERM])
def test_a_file_that_cannot_be_removed_is_told(
    stop_file: FolderStopFile, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    stop_file.write(ORDER)
    monkeypatch.setattr(Path, "unlink", failing(code))
    with pytest.raises(StopFileUnavailable, match=os.strerror(code)) as refused:
        stop_file.remove()
    assert refused.value.path.name == NAME
    assert stop_file.present()
