"""The plan of this hour: why there is none, or what became of it."""

from datetime import timedelta

import pytest

from application.health import State
from domain.paper_commands import Defer
from domain.pipeline import DOWNLOAD
from domain.schedule import ChangeVolume, ChangeWeights
from domain.scraper import Action
from infrastructure.health import plans
from tests.infrastructure.health.ward import HOUR, MINUTE, NAMES, Ward

EVENING = (0.0,) * 18 + (1.0,) + (0.0,) * 5


@pytest.fixture
def started(ward: Ward) -> Ward:
    """The scraper runs for half an hour, and nobody planned."""
    ward.use(Action.START)
    ward.clock.advance(HOUR / 2)
    return ward


@pytest.mark.parametrize(
    ("actions", "status", "remedy"),
    [
        ((), "stopped", "scraper start"),
        ((Action.START, Action.PAUSE), "paused", "scraper resume"),
        ((Action.EMERGENCY_STOP,), "emergency-stopped", "scraper reset"),
    ],
)
def test_the_switch(ward: Ward, actions: tuple[Action, ...], status: str, remedy: str) -> None:
    for action in actions:
        ward.use(action)
    told = plans.plan(ward.place)
    assert told.state is State.WARNING
    assert told.value == f"The scraper is {status}: nothing is planned or downloaded by itself."
    assert remedy in told.remedy


def test_the_stop_file(started: Ward) -> None:
    started.place.data.mkdir()
    (started.place.data / "emergency-stop").touch()
    assert "is emergency-stopped" in plans.plan(started.place).value


def test_the_module(started: Ward) -> None:
    started.toggle(DOWNLOAD.name, enabled=False)
    told = plans.plan(started.place)
    assert told.state is State.WARNING
    assert told.value == "The module “download” is off: nothing is planned or downloaded by itself."
    assert "modules on download" in told.remedy


def test_no_volume(started: Ward) -> None:
    started.paint(ChangeVolume(volume=0))
    told = plans.plan(started.place)
    assert (told.state, told.value) == (State.WARNING, "The volume is 0: no hour takes a paper.")
    assert "schedule set" in told.remedy


def test_no_weight(started: Ward) -> None:
    started.paint(ChangeWeights(weights=(0.0,) * 24))
    assert plans.plan(started.place).value == "The weight of every hour is 0: no hour takes a paper."


def test_an_hour_that_takes_none_and_the_next_one_that_does(started: Ward) -> None:
    started.paint(ChangeWeights(weights=EVENING))
    told = plans.plan(started.place)
    assert told.state is State.OK
    assert told.value == "This hour takes no paper. The next one that does begins at 1 Mar 2026, 18:00 UTC."


def test_the_next_hour_may_be_tomorrow(started: Ward) -> None:
    started.clock.advance(8 * HOUR)
    started.paint(ChangeWeights(weights=EVENING))
    assert plans.plan(started.place).value.endswith("begins at 2 Mar 2026, 18:00 UTC.")


def test_none_although_everything_is_ready(started: Ward) -> None:
    told = plans.plan(started.place)
    assert told.state is State.ERROR
    assert told.value == "This hour takes 8 papers and papers are ready, but it has no plan."
    assert "leader" in told.remedy
    assert "quick-fix" in told.remedy


@pytest.mark.parametrize("late", [timedelta(), timedelta(seconds=119)])
def test_soon_after_the_start_there_may_be_none(ward: Ward, late: timedelta) -> None:
    ward.clock.advance(HOUR / 2)
    ward.use(Action.START)
    ward.clock.advance(late)
    assert plans.plan(ward.place).value == "It is planned within a minute."


def test_soon_after_the_hours_start_too(started: Ward) -> None:
    started.clock.advance(HOUR / 2 + MINUTE)
    assert plans.plan(started.place).value == "It is planned within a minute."


def test_what_became_of_it(started: Ward) -> None:
    due = {name: started.now + number * MINUTE for number, name in enumerate(NAMES)}
    started.yard.plan(started.now - HOUR / 2, due)
    started.yard.begin("p0")
    told = plans.plan(started.place)
    assert told.state is State.OK
    assert told.value == "3 jobs were planned for this hour, which takes 3: 2 planned, 1 running."


def test_a_plan_that_the_tables_do_not_know(started: Ward) -> None:
    started.yard.plan(started.now - HOUR / 2, {"p0": started.now})
    started.alter("DELETE FROM hours")
    assert plans.plan(started.place).value == "It is planned."


class TestNothingToDraw:
    def defer(self, ward: Ward) -> None:
        for name in NAMES:
            ward.yard.begin(name)
            ward.yard.do(name, Defer(until=ward.now + HOUR, cause="rate_limited"))

    def test_papers_wait(self, started: Ward) -> None:
        self.defer(started)
        told = plans.plan(started.place)
        assert told.state is State.OK
        assert told.value == (
            "No paper is ready: 3 papers wait for a moment of their own, the next one until 1 Mar 2026, 13:30 UTC."
        )

    def test_an_empty_plan_says_why_too(self, started: Ward) -> None:
        started.yard.plan(started.now - HOUR / 2, {})
        assert plans.plan(started.place).value == (
            "0 jobs were planned for this hour, which takes 0. Papers are ready, and are planned while there is room."
        )
        self.defer(started)
        assert "wait for a moment of their own" in plans.plan(started.place).value

    def test_no_copy_is_known(self, started: Ward) -> None:
        started.alter("UPDATE papers SET status = 'new'")
        assert plans.plan(started.place).value == "No paper is ready: for 3 papers no copy is known yet."

    def test_nothing_is_left(self, started: Ward) -> None:
        started.alter("UPDATE papers SET status = 'done'")
        assert plans.plan(started.place).value == "No paper is ready: there is nothing left to download."
