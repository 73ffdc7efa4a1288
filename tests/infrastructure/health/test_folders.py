"""Folders that cannot be written, are full, or are another one; and backups that are old."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from application.health import Finding, State
from application.ports.library import LibraryUnavailable
from infrastructure.health import folders as checks
from infrastructure.health.place import Place
from infrastructure.library.store import FolderLibrary
from tests.fakes.clock import FakeClock
from tests.infrastructure.health.conftest import MakePlace

DAY = timedelta(days=1)
FOLDERS = {"data": checks.data, "library": checks.library}


@pytest.fixture
def house(make_place: MakePlace) -> Place:
    """An installation whose folders are there."""
    place = make_place()
    place.data.mkdir()
    list(FolderLibrary(place.library, reserve_bytes=0, memory=place.memory).files())
    return place


@pytest.mark.parametrize("name", FOLDERS)
class TestFolder:
    def test_one_that_takes_a_file_and_keeps_nothing(self, house: Place, name: str) -> None:
        folder: Path = getattr(house, name)
        before = sorted(folder.iterdir())
        assert FOLDERS[name](house) == Finding(state=State.OK, value=f"{folder}.")
        assert sorted(folder.iterdir()) == before

    def test_one_that_is_not_there_yet_is_not_made(self, make_place: MakePlace, name: str) -> None:
        place = make_place()
        assert FOLDERS[name](place).state is State.SKIPPED
        assert not getattr(place, name).exists()

    @pytest.mark.case("K10")
    def test_one_that_cannot_be_made(self, make_place: MakePlace, tmp_path: Path, name: str) -> None:
        (tmp_path / "a file").touch()
        told = FOLDERS[name](make_place(**{name: tmp_path / "a file" / "folder"}))
        assert told.state is State.ERROR
        assert "cannot be made" in told.value
        assert "right to write" in told.remedy

    @pytest.mark.case("K08")
    @pytest.mark.parametrize("reason", [OSError(30, "Read-only file system"), PermissionError(13, "Permission denied")])
    def test_one_that_cannot_be_written(
        self, house: Place, monkeypatch: pytest.MonkeyPatch, name: str, reason: OSError
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise reason

        monkeypatch.setattr("tempfile.TemporaryFile", refuse)
        told = FOLDERS[name](house)
        assert told.state is State.ERROR
        assert str(reason.strerror) in told.value
        assert "right to write" in told.remedy

    def test_one_that_is_a_file(self, make_place: MakePlace, tmp_path: Path, name: str) -> None:
        (tmp_path / "a file").touch()
        assert FOLDERS[name](make_place(**{name: tmp_path / "a file"})).state is State.ERROR


@pytest.mark.case("K11")
def test_a_library_whose_disk_is_gone(house: Place) -> None:
    house.library.rename(house.library.with_name("elsewhere"))
    house.library.mkdir()
    with pytest.raises(LibraryUnavailable, match="no marker") as raised:
        checks.library(house)
    assert "Mount" in raised.value.remedy
    assert list(house.library.iterdir()) == []


@pytest.mark.parametrize("space", [checks.data_space, checks.library_space])
class TestSpace:
    @pytest.mark.parametrize(
        ("free", "state"), [(999, State.ERROR), (1_000, State.WARNING), (1_999, State.WARNING), (2_000, State.OK)]
    )
    def test_it_is_compared_with_the_reserve(
        self,
        house: Place,
        monkeypatch: pytest.MonkeyPatch,
        space: Callable[[Place], Finding],
        free: int,
        state: State,
    ) -> None:
        monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))
        told = space(house)
        assert told.state is state
        assert "are to stay free" in told.value
        assert ("DISK_RESERVE_BYTES" in told.remedy) == (state is not State.OK)

    @pytest.mark.case("K01")
    def test_a_disk_with_less_than_the_reserve(self, make_place: MakePlace, space: Callable[[Place], Finding]) -> None:
        assert space(make_place(reserve_bytes=10**18)).state is State.ERROR

    def test_a_folder_that_is_not_there_yet_is_on_the_disk_above_it(
        self, make_place: MakePlace, space: Callable[[Place], Finding]
    ) -> None:
        place = make_place(reserve_bytes=1)
        assert space(place).state is State.OK
        assert not place.data.exists()


class TestBackups:
    def test_nothing_to_back_up(self, make_place: MakePlace) -> None:
        assert checks.backups(make_place()).state is State.SKIPPED

    def test_none(self, house: Place) -> None:
        for _ in range(2):
            told = checks.backups(house)
            assert told.state is State.WARNING
            assert "There is none" in told.value
            assert "scipaperloader backup" in told.remedy
            (house.data / "backups").mkdir(exist_ok=True)

    @pytest.mark.parametrize(
        ("age", "state", "words"),
        [(timedelta(), State.OK, "of today"), (3 * DAY, State.OK, "3 days"), (8 * DAY, State.WARNING, "8 days")],
    )
    def test_the_newest_one_counts(
        self, house: Place, clock: FakeClock, age: timedelta, state: State, words: str
    ) -> None:
        self.made(house, "new.db", clock, age)
        self.made(house, "old.db", clock, 100 * DAY)
        self.made(house, "half.db.partial", clock, timedelta())
        told = checks.backups(house)
        assert told.state is state
        assert "2 backups" in told.value
        assert words in told.value

    @staticmethod
    def made(house: Place, name: str, clock: FakeClock, age: timedelta) -> None:
        """A backup of an age."""
        (house.data / "backups").mkdir(exist_ok=True)
        path = house.data / "backups" / name
        path.touch()
        moment = (clock.now() - age).timestamp()
        os.utime(path, (moment, moment))
