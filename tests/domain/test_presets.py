"""Presets of the schedule."""

import pytest

from domain.presets import PRESETS, Preset, preset_of
from domain.schedule import HOURS_OF_DAY, HOURS_OF_WEEK, ChangeWeights, Schedule, faults


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
class TestEach:
    def test_is_a_schedule(self, preset: Preset) -> None:
        assert len(preset.weights) in {HOURS_OF_DAY, HOURS_OF_WEEK}
        assert not list(faults(ChangeWeights(weights=preset.weights)))
        assert not Schedule(weights=preset.weights).pauses

    def test_is_known_by_its_proportions(self, preset: Preset) -> None:
        assert preset_of(tuple(weight / 50 for weight in preset.weights)) == preset


def test_names_are_told_apart() -> None:
    assert len({preset.name for preset in PRESETS}) == len({preset.label for preset in PRESETS}) == len(PRESETS)


def test_nights_are_dark() -> None:
    nights = next(preset for preset in PRESETS if preset.name == "nights")
    assert [hour for hour, weight in enumerate(nights.weights) if weight] == [0, 1, 2, 3, 4, 5, 6, 22, 23]


def test_office_hours_are_off_from_monday_to_friday() -> None:
    off = next(preset for preset in PRESETS if preset.name == "office-off").weights
    assert [any(off[24 * day + 8 : 24 * day + 18]) for day in range(7)] == [False] * 5 + [True] * 2
    assert all(off[24 * 4 + 18 : 24 * 5])


def test_other_weights_are_no_preset() -> None:
    assert preset_of((0.0,) * 24) is None
    assert preset_of(()) is None
    assert preset_of((1.0, 2.0) * 12) is None
