"""The schedule."""

import math
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from domain import schedule as ask
from domain.errors import CommandRefused, InvalidValue
from domain.schedule import DECIDER, MAX_VOLUME, Order, Schedule
from tests.domain.machine import FEW_STEPS, AggregateMachine
from tests.domain.spec import given
from tests.strategies import HOSTILE_TEXT, ZONES

FIRST = given(DECIDER)
EVEN = (1.0,) * 24


def test_the_first_schedule_is_200_a_day_spread_evenly() -> None:
    assert Schedule() == Schedule(volume=200, weights=EVEN, timezone="UTC", order=Order.RANDOM) == FIRST.state


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (ask.ChangeVolume(volume=0), ask.VolumeChanged(volume=0)),
        (ask.ChangeVolume(volume=MAX_VOLUME), ask.VolumeChanged(volume=MAX_VOLUME)),
        (ask.ChangeWeights(weights=(0.0,) * 24), ask.WeightsChanged(weights=(0.0,) * 24)),
        (ask.ChangeWeights(weights=(1e6, *EVEN[1:])), ask.WeightsChanged(weights=(1e6, *EVEN[1:]))),
        (ask.ChangeWeights(weights=EVEN * 7), ask.WeightsChanged(weights=EVEN * 7)),
        (ask.ChangeTimezone(timezone="Asia/Kathmandu"), ask.TimezoneChanged(timezone="Asia/Kathmandu")),
        (ask.ChangeOrder(order=Order.NEWEST), ask.OrderChanged(order=Order.NEWEST)),
    ],
)
def test_a_change_is_made_once(command: ask.Command, event: Any) -> None:
    FIRST.when(command).then(event)
    FIRST.after(command).when(command).then()


def test_a_change_leaves_the_rest_as_it_is() -> None:
    changed = FIRST.after(
        ask.ChangeVolume(volume=7), ask.ChangeTimezone(timezone="Europe/Berlin"), ask.ChangeOrder(order=Order.OLDEST)
    )
    assert changed.state == Schedule(volume=7, weights=EVEN, timezone="Europe/Berlin", order=Order.OLDEST)


@pytest.mark.parametrize("volume", [-1, MAX_VOLUME + 1, 10**30, -(10**30), math.nan, math.inf])
def test_a_volume_out_of_range_is_refused(volume: int) -> None:
    assert FIRST.when(ask.ChangeVolume(volume=volume)).refused(InvalidValue).field == "volume"


@pytest.mark.parametrize("weight", [math.nan, math.inf, -math.inf, -1.0, -5e-324, 1_000_000.5, 1e308])
@pytest.mark.parametrize("place", [0, 23])
def test_a_weight_out_of_range_is_refused(weight: float, place: int) -> None:
    weights = (*EVEN[:place], weight, *EVEN[place + 1 :])
    assert FIRST.when(ask.ChangeWeights(weights=weights)).refused(InvalidValue).field == f"weights[{place}]"


@pytest.mark.parametrize("count", [0, 1, 23, 25, 167, 169, 100_000])
def test_weights_are_those_of_a_day_or_a_week(count: int) -> None:
    refusal = FIRST.when(ask.ChangeWeights(weights=(1.0,) * count)).refused(InvalidValue)
    assert refusal.value == f"{count} numbers"


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "Europe",
        "Europe/Atlantis",
        "../../etc/passwd",
        "/etc/localtime",
        "UTC\0",
        "\ud800",
        "tzdata.zi",
        "x" * 9999,
    ],
)
def test_a_time_zone_that_is_not_known_is_refused(name: str) -> None:
    refusal = FIRST.when(ask.ChangeTimezone(timezone=name)).refused(InvalidValue)
    assert refusal.field == "timezone"
    assert len(str(refusal.value)) <= 100


def test_an_order_that_is_not_known_is_refused() -> None:
    anything: Any = "alphabetical"
    assert (
        FIRST.when(ask.ChangeOrder(order=anything)).refused(InvalidValue).remedy == "Expected: random, oldest, newest."
    )


def test_every_fault_is_told_each_weight_for_itself() -> None:
    weights = (*EVEN[:3], -1.0, math.nan, *EVEN[5:], 1e308)
    told = list(ask.faults(ask.ChangeWeights(weights=weights)))
    assert [fault.field for fault in told] == ["weights", "weights[3]", "weights[4]", "weights[24]"]
    assert told[0].value == "25 numbers"
    assert list(ask.faults(ask.ChangeWeights(weights=EVEN))) == []


@pytest.mark.case("T12")
def test_weights_are_proportions() -> None:
    uneven = (2.0, 6.0, *(0.0,) * 22)
    assert Schedule(weights=uneven).shares == (25.0, 75.0, *(0.0,) * 22)
    assert Schedule().shares == pytest.approx([100 / 24] * 24)
    week = Schedule(weights=(*uneven, *(0.0,) * 24, *EVEN * 5)).shares
    assert week[:2] == (25.0, 75.0)
    assert [round(sum(week[day : day + 24]), 9) for day in range(0, 168, 24)] == [100, 0, *[100] * 5]


@pytest.mark.case("T09")
def test_a_schedule_without_weights_or_volume_pauses() -> None:
    assert Schedule(weights=(0.0,) * 24).pauses
    assert Schedule(weights=(0.0,) * 24).shares == (0.0,) * 24
    assert Schedule(volume=0).pauses
    assert not Schedule(weights=(1.0, *(0.0,) * 23)).pauses


NUMBERS = st.floats() | st.floats(0, 10)
COMMANDS = st.one_of(
    st.builds(ask.ChangeVolume, volume=st.integers(-10, MAX_VOLUME + 10)),
    st.builds(
        ask.ChangeWeights,
        weights=st.sampled_from((23, 24, 24, 168)).flatmap(lambda count: st.tuples(*[NUMBERS] * count)),
    ),
    st.builds(ask.ChangeWeights, weights=st.tuples(*[st.floats(0, 10)] * 24)),
    st.builds(ask.ChangeTimezone, timezone=st.sampled_from(ZONES) | HOSTILE_TEXT),
    st.builds(ask.ChangeOrder, order=st.sampled_from((*Order, "alphabetical"))),
)


class ScheduleMachine(AggregateMachine):
    """Somebody paints."""

    decider = DECIDER

    @rule(command=COMMANDS)
    def is_changed(self, command: ask.Command) -> None:
        before = self.state
        outcome = self.send(command)
        if isinstance(outcome, CommandRefused):
            assert isinstance(outcome, InvalidValue)
        else:
            assert bool(outcome) == (self.state != before)

    @invariant()
    def can_be_planned_with(self) -> None:
        schedule: Schedule = self.state
        assert 0 <= schedule.volume <= MAX_VOLUME
        assert len(schedule.weights) in {24, 168}
        assert math.isfinite(sum(schedule.weights))
        assert min(schedule.weights) >= 0
        assert ZoneInfo(schedule.timezone).key == schedule.timezone
        assert schedule.order in tuple(Order)


TestScheduleMachine = ScheduleMachine.TestCase
TestScheduleMachine.settings = FEW_STEPS
