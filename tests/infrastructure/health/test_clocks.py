"""Clocks that disagree, and machines that do not know the time zones."""

import sys
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from application.health import State
from application.ports.event_log import Write
from domain.schedule import TimezoneChanged
from infrastructure.database import Database
from infrastructure.health import clocks as checks
from infrastructure.health.place import Place
from infrastructure.log.sql import SqlEventLog
from infrastructure.schema import READ_MODELS
from tests.contract.making import origin, write
from tests.fakes.clock import FakeClock
from tests.infrastructure.health.conftest import MakePlace


@pytest.fixture
def no_zones(zones_of_ours: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the data of the time zones, and without the package that we bring along."""
    for name in {"tzdata", "tzdata.zoneinfo", *(one for one in sys.modules if one.startswith("tzdata"))}:
        monkeypatch.setitem(sys.modules, name, None)


@pytest.fixture
def zones_of_ours() -> Iterator[None]:
    """A machine without the data of the time zones."""
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=[])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        yield
    finally:
        zoneinfo.reset_tzpath(to=before)
        zoneinfo.ZoneInfo.clear_cache()


class TestDatabase:
    @pytest.mark.case("B10")
    @pytest.mark.parametrize(
        ("away", "state"),
        [(0, State.OK), (10, State.WARNING), (-10, State.WARNING), (600, State.ERROR), (-600, State.ERROR)],
    )
    def test_the_servers_clock_is_compared(
        self, make_place: MakePlace, postgresql: Database, away: int, state: State
    ) -> None:
        clock = FakeClock(datetime.now(UTC) + timedelta(seconds=away))
        told = checks.databases(make_place(postgresql, clock=clock))
        assert told.state is state
        assert "apart" in told.value
        assert (told.remedy == "") == (state is State.OK)

    def test_sqlite_has_none(self, lite: Place) -> None:
        assert checks.databases(lite).state is State.SKIPPED


class TestLastEvent:
    @pytest.mark.case("T07")
    @pytest.mark.parametrize(
        ("back", "state"),
        [
            (timedelta(), State.OK),
            (timedelta(seconds=30), State.OK),
            (timedelta(hours=2), State.ERROR),
            (timedelta(days=3652), State.ERROR),
        ],
    )
    def test_a_clock_that_went_back(
        self, place: Place, database: Database, clock: FakeClock, back: timedelta, state: State
    ) -> None:
        SqlEventLog(database, clock, READ_MODELS).append([write("a")], origin())
        clock.advance(-back)
        told = checks.last_event(place)
        assert told.state is state
        assert ("NTP" in told.remedy) == (state is State.ERROR)

    def test_an_empty_log_is_behind_every_clock(self, place: Place) -> None:
        assert checks.last_event(place).state is State.OK


class TestZones:
    def test_they_are_there(self, lite: Place) -> None:
        assert checks.zones(lite).state is State.OK

    @pytest.mark.case("T05")
    @pytest.mark.usefixtures("zones_of_ours")
    def test_the_ones_that_come_along_are_enough(self, lite: Place) -> None:
        assert checks.zones(lite).state is State.OK

    @pytest.mark.case("T05")
    @pytest.mark.usefixtures("no_zones")
    def test_there_are_none(self, lite: Place) -> None:
        told = checks.zones(lite)
        assert told.state is State.ERROR
        assert "Europe/Berlin" in told.value
        assert "tzdata" in told.remedy

    def test_the_schedules_is_known(self, place: Place) -> None:
        assert (checks.schedules(place).state, checks.schedules(place).value) == (State.OK, "UTC.")

    @pytest.mark.case("T05")
    @pytest.mark.usefixtures("no_zones")
    def test_the_schedules_is_not_known(self, place: Place, database: Database, clock: FakeClock) -> None:
        change = Write(stream="schedule", expected=0, events=(TimezoneChanged(timezone="Australia/Lord_Howe"),))
        SqlEventLog(database, clock, READ_MODELS).append([change], origin())
        told = checks.schedules(place)
        assert told.state is State.ERROR
        assert "Australia/Lord_Howe" in told.value
        assert "tzdata" in told.remedy
