"""The form of the schedule: what a person has filled in, and which schedule that is."""

from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from application.scheduling import Painted
from domain.errors import InvalidValue, InvalidValues
from domain.presets import PRESETS
from domain.schedule import HOURS_OF_DAY, HOURS_OF_WEEK, Schedule
from interfaces.web.forms import Fields, one

WEIGHT, DO = "w", "do"
"""The fields of the weights, one for each hour, and of the button that was pressed."""
LOWEST, HIGHEST = 10, 100
"""Weights whose largest one is no more than LOWEST are shown so that it is HIGHEST: they are proportions."""
DAYS = HOURS_OF_WEEK // HOURS_OF_DAY


@frozen(kw_only=True)
class Typed:
    """What the form is filled with, as text. `version` is the one that the person saw."""

    volume: str
    weights: tuple[str, ...]
    timezone: str
    order: str
    version: int

    @property
    def is_weekly(self) -> bool:
        """Whether each day of the week has weights of its own."""
        return len(self.weights) > HOURS_OF_DAY

    def wanted(self, saved: Schedule) -> dict[str, object]:
        """The schedule that it stands for; weights that were not touched are those that are saved."""
        untouched = self.weights == shown(saved.weights)
        return {
            "volume": self.volume,
            "weights": saved.weights if untouched else self.weights,
            "timezone": self.timezone,
            "order": self.order,
        }


def shown(weights: Sequence[float]) -> tuple[str, ...]:
    """Weights as the form has them."""
    most = max(weights, default=0)
    scale = HIGHEST / most if 0 < most <= LOWEST else 1
    return tuple(f"{round(weight * scale, 2):.10g}" for weight in weights)


def filled_from(schedule: Schedule, version: int) -> Typed:
    """The form of a schedule."""
    return Typed(
        volume=str(schedule.volume),
        weights=shown(schedule.weights),
        timezone=schedule.timezone,
        order=schedule.order.value,
        version=version,
    )


def filled_in(fields: Fields, saved: Painted) -> Typed:
    """The form as it was sent, changed by the button that was pressed; what is missing is as it was saved."""
    before = filled_from(saved.schedule, saved.version)
    version = one(fields, "version")
    typed = Typed(
        volume=one(fields, "volume", before.volume),
        weights=tuple(fields.get(WEIGHT, before.weights))[: HOURS_OF_WEEK + 1],
        timezone=one(fields, "timezone", before.timezone),
        order=one(fields, "order", before.order),
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 19 else saved.version,
    )
    return _pressed(typed, one(fields, DO))


def _pressed(typed: Typed, button: str) -> Typed:
    if button == "week" and not typed.is_weekly:
        return evolve(typed, weights=typed.weights * DAYS)
    if button == "day" and typed.is_weekly:
        return evolve(typed, weights=_average(typed.weights))
    preset = next((one for one in PRESETS if button == f"preset-{one.name}"), None)
    return evolve(typed, weights=shown(preset.weights)) if preset else typed


def _average(weights: Sequence[str]) -> tuple[str, ...]:
    """Each hour's average over the week; Monday's weights where one is no number."""
    try:
        numbers = [float(weight) for weight in weights]
    except ValueError:
        return tuple(weights[:HOURS_OF_DAY])
    return tuple(f"{round(sum(numbers[hour::HOURS_OF_DAY]) / DAYS, 2):.10g}" for hour in range(HOURS_OF_DAY))


def faults_by_field(error: InvalidValues | None) -> Mapping[str, str]:
    """What is wrong with each field, in words."""
    if error is None:
        return {}
    return {fault.field: _in_words(fault) for fault in error.faults}


def _in_words(fault: InvalidValue) -> str:
    if fault.field == "timezone":
        return f"There is no time zone “{fault.value}”. Choose one of the list, Europe/Berlin for one."
    return f"“{fault.value}” is not possible. Expected: {fault.expected}."
