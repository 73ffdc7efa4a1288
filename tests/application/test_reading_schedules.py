"""Schedules as people and programs write them."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.reading_schedules import commands_of, listed_weights
from domain.errors import InvalidValues
from domain.schedule import ChangeOrder, ChangeTimezone, ChangeVolume, ChangeWeights, Order

EVEN = (1.0,) * 24


def faults(**wanted: Any) -> dict[str, object]:
    """The value of each field that is wrong."""
    with pytest.raises(InvalidValues) as refusal:
        commands_of(wanted)
    return {fault.field: fault.value for fault in refusal.value.faults}


def weights(*first: object) -> list[object]:
    """A day whose first weights are these."""
    return [*first, *EVEN[len(first) :]]


def test_every_part_is_read_at_once() -> None:
    wanted = {"volume": 7, "weights": [1] * 24, "timezone": " Europe/Berlin ", "order": "oldest"}
    assert commands_of(wanted) == (
        ChangeVolume(volume=7),
        ChangeWeights(weights=EVEN),
        ChangeTimezone(timezone="Europe/Berlin"),
        ChangeOrder(order=Order.OLDEST),
    )


def test_what_is_left_out_or_null_stays() -> None:
    assert commands_of({"volume": None, "weights": None, "order": "newest"}) == (ChangeOrder(order=Order.NEWEST),)
    assert commands_of({}) == ()


@pytest.mark.parametrize("volume", [12, 12.0, "12", " 12 ", "+12"])
def test_a_volume_may_be_text(volume: object) -> None:
    assert commands_of({"volume": volume}) == (ChangeVolume(volume=12),)


@pytest.mark.case("T11")
@pytest.mark.parametrize(
    "volume", ["١٢", "12.5", 12.5, "1e2", "", "many", True, [12], {}, 10**30, "9" * 5000, math.nan]
)
def test_a_volume_that_is_no_whole_number_is_refused(volume: object) -> None:
    assert list(faults(volume=volume)) == ["volume"]
    assert len(str(faults(volume=volume)["volume"])) <= 40


@pytest.mark.case("T11")
@pytest.mark.parametrize(
    "weight",
    [
        -1,
        -0.5,
        math.nan,
        math.inf,
        1e308,
        10**400,
        "١٢",
        "１２",
        "1,5",
        "NaN",
        "inf",
        "",
        None,
        True,
        [1],
        "0x1",
        "1_0",
    ],
)
def test_a_weight_that_is_no_number_from_0_on_is_refused_by_its_hour(weight: object) -> None:
    assert list(faults(weights=weights(1, 1, weight))) == ["weights[2]"]


@pytest.mark.case("T11")
def test_everything_that_is_wrong_is_told_at_once_in_order() -> None:
    found = faults(
        volume="١٢", weights=[*weights(-1, "١٢", 1, math.nan, 1e308, None), 1], timezone="Mars", order="best", speed=3
    )
    assert list(found) == [
        *("volume", "weights", "weights[0]", "weights[1]", "weights[3]", "weights[4]", "weights[5]"),
        *("timezone", "order", "field"),
    ]
    assert found["weights"] == "25 numbers"
    assert found["weights[1]"] == "١٢"
    assert found["field"] == "speed"


@pytest.mark.case("T11")
@pytest.mark.parametrize("count", [0, 1, 23, 25, 169, 5_000])
def test_missing_hours_and_further_ones_are_told(count: int) -> None:
    assert faults(weights=[1] * count) == {"weights": f"{count} numbers"}


def test_weights_that_are_no_list_are_refused() -> None:
    assert list(faults(weights={"0": 1})) == ["weights"]
    assert list(faults(weights=7)) == ["weights"]


@pytest.mark.parametrize("between", [",", ", ", ";", " ", "\n", ",\n", " , ", "\t"])
def test_a_list_is_written_in_any_way(between: str) -> None:
    written = between.join(["0.5", "1e1", "2."] + ["1"] * 21)
    assert commands_of({"weights": f" {written}\n"}) == (ChangeWeights(weights=(0.5, 10.0, 2.0, *EVEN[3:])),)


def test_a_gap_in_a_list_is_a_missing_hour() -> None:
    assert list(faults(weights="1,,1" + ",1" * 21)) == ["weights[1]"]
    assert listed_weights("") == [""]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=30) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=40,
)


@given(st.dictionaries(st.sampled_from(("volume", "weights", "timezone", "order", "x")), JSON))
def test_nothing_that_can_be_sent_is_read_wrongly(wanted: dict[str, Any]) -> None:
    try:
        commands = commands_of(wanted)
    except InvalidValues as refusal:
        told = refusal
    else:
        assert len(commands) == sum(value is not None for value in wanted.values())
        return
    assert told.faults
    assert len(str(told)) < 20_000
