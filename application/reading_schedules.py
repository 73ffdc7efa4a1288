"""Reading a schedule as people and programs write it: every fault is told at once."""

import re
from collections.abc import Callable, Mapping, Sequence

from domain.errors import InvalidValue, InvalidValues
from domain.schedule import (
    HOURS_OF_WEEK,
    VOLUMES,
    WEIGHTS,
    ChangeOrder,
    ChangeTimezone,
    ChangeVolume,
    ChangeWeights,
    Command,
    Order,
    faults,
    weight_of,
)

Reading = tuple[Command, list[InvalidValue]]
"""A command, and what of it could not be read: that counts as 0."""

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{0,30})?([eE][+-]?[0-9]{1,4})?")
_BETWEEN = re.compile(r"\s*[,;]\s*|\s+")
_SHOWN = 40
"""Characters of a value that are told."""


def commands_of(wanted: Mapping[str, object]) -> tuple[Command, ...]:
    """The commands that make the schedule so; None leaves a field as it is. Raises InvalidValues."""
    commands, wrong = list[Command](), list[InvalidValue]()
    for name, value in wanted.items():
        if value is None:
            continue
        if name not in _READERS:
            wrong.append(InvalidValue("field", _shown(name), "one of " + ", ".join(_READERS)))
            continue
        command, unread = _READERS[name](value)
        commands.append(command)
        wrong += sorted([*unread, *faults(command)], key=lambda fault: (len(fault.field), fault.field))
    if wrong:
        raise InvalidValues(tuple(wrong))
    return tuple(commands)


def _volume(value: object) -> Reading:
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return ChangeVolume(volume=value), []
    return ChangeVolume(volume=0), [InvalidValue("volume", _shown(value), VOLUMES)]


def _weights(value: object) -> Reading:
    values = listed_weights(value) if isinstance(value, str) else value
    if not isinstance(values, Sequence):
        return ChangeWeights(weights=(0.0,) * HOURS_OF_WEEK), [InvalidValue("weights", _shown(value), "a list")]
    numbers, unread = list[float](), list[InvalidValue]()
    for hour, one in enumerate(values[:HOURS_OF_WEEK]):
        if (number := _number(one)) is None:
            unread.append(InvalidValue(weight_of(hour), _shown(one), WEIGHTS))
        numbers.append(number or 0.0)
    beyond = (0.0,) * (len(values) - len(numbers))
    return ChangeWeights(weights=(*numbers, *beyond)), unread


def listed_weights(text: str) -> list[str]:
    """The numbers of a list with commas, semicolons, spaces or line ends between them; a missing one is empty."""
    return _BETWEEN.split(text.strip())


def _number(value: object) -> float | None:
    """The number, if it is written in the digits 0 to 9."""
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def _timezone(value: object) -> Reading:
    return ChangeTimezone(timezone=str(value).strip()), []


def _order(value: object) -> Reading:
    name = str(value).strip()
    return ChangeOrder(order=Order(name) if name in tuple(Order) else _shown(name)), []  # type: ignore[arg-type]


def _shown(value: object) -> object:
    """A value as it may be repeated: short; numbers as numbers."""
    if isinstance(value, float):
        return value
    return "" if value is None else str(value)[:_SHOWN] if isinstance(value, str) else f"{value!r:.{_SHOWN}}"


_READERS: Mapping[str, Callable[[object], Reading]] = {
    "volume": _volume,
    "weights": _weights,
    "timezone": _timezone,
    "order": _order,
}
