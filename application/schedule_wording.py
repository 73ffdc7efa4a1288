"""A schedule in words, for people. Pure."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from application.formats import listed, plural
from domain.presets import preset_of
from domain.schedule import HOURS_OF_DAY, Order, Schedule

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ORDERS: Mapping[Order, str] = {
    Order.RANDOM: "at random",
    Order.OLDEST: "oldest first",
    Order.NEWEST: "newest first",
}
FIELDS: Mapping[str, str] = {
    "volume": "Papers a day",
    "weights": "Weights of the hours",
    "timezone": "Time zone",
    "order": "Order",
}
"""The parts of a schedule as forms call them."""
_SHORT = 3
"""Letters of a short name of a day."""


def part_in_words(schedule: Schedule, field: str) -> str:
    """One of FIELDS, as it is in a schedule."""
    words = {
        "volume": lambda: plural(schedule.volume, "paper") + " a day",
        "weights": lambda: weights_in_words(schedule.weights),
        "timezone": lambda: schedule.timezone,
        "order": lambda: ORDERS[schedule.order],
    }
    return words[field]()


def weights_in_words(weights: tuple[float, ...]) -> str:
    """The weights: the name of a preset, or which hours have which; days that are alike together."""
    if (preset := preset_of(weights)) is not None:
        return preset.label.lower()
    if len(weights) == HOURS_OF_DAY:
        return _day(weights)
    days = [weights[start : start + HOURS_OF_DAY] for start in range(0, len(weights), HOURS_OF_DAY)]
    return "; ".join(f"{_named(places)}: {_day(day)}" for day, places in _alike(days))


def _alike(days: Sequence[tuple[float, ...]]) -> list[tuple[tuple[float, ...], list[int]]]:
    """The different days, each with the places in the week that it has."""
    found: dict[tuple[float, ...], list[int]] = {}
    for place, day in enumerate(days):
        found.setdefault(day, []).append(place)
    return list(found.items())


def _named(places: Sequence[int]) -> str:
    """Days of the week: Mon to Fri, Sat and Sun."""
    if len(places) > 2 and places[-1] - places[0] == len(places) - 1:
        return f"{DAYS[places[0]][:_SHORT]} to {DAYS[places[-1]][:_SHORT]}"
    return listed([DAYS[place][:_SHORT] for place in places])


def _day(weights: Sequence[float]) -> str:
    """Hours with the same weight together: 0 until 08:00, 100 until 18:00, 0."""
    groups = [(weight, len(list(hours))) for weight, hours in groupby(weights)]
    parts, end = list[str](), 0
    for weight, length in groups:
        end += length
        parts.append(f"{weight:g}" if end == len(weights) else f"{weight:g} until {end:02}:00")
    return ", ".join(parts)
