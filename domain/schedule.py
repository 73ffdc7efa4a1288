"""The schedule: how many papers a day, over which hours, in which order."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import evolve as changed
from attrs import frozen

from domain.deciding import Decider
from domain.errors import InvalidValue
from domain.events import Event, event

STREAM = "schedule"
MAX_VOLUME = 100_000
MAX_WEIGHT = 1_000_000
HOURS_OF_DAY, HOURS_OF_WEEK = 24, 168


class Order(StrEnum):
    """In which order papers are drawn."""

    RANDOM = "random"
    OLDEST = "oldest"
    NEWEST = "newest"


@event("schedule.volume_changed")
class VolumeChanged(Event):
    """The number of papers a day changed."""

    volume: int


@event("schedule.weights_changed")
class WeightsChanged(Event):
    """The weights of the hours changed: 24 from midnight, or 168 from Monday midnight."""

    weights: tuple[float, ...]


@event("schedule.timezone_changed")
class TimezoneChanged(Event):
    """The hours are those of another time zone (a name of the IANA database)."""

    timezone: str


@event("schedule.order_changed")
class OrderChanged(Event):
    """Papers are drawn in another order."""

    order: Order


@frozen(kw_only=True)
class Schedule:
    """State; the first one is 200 papers a day, spread evenly, in UTC."""

    volume: int = 200
    weights: tuple[float, ...] = (1.0,) * HOURS_OF_DAY
    timezone: str = "UTC"
    order: Order = Order.RANDOM


@frozen(kw_only=True)
class ChangeVolume:
    """Set the papers a day."""

    volume: int


@frozen(kw_only=True)
class ChangeWeights:
    """Set the weights."""

    weights: tuple[float, ...]


@frozen(kw_only=True)
class ChangeTimezone:
    """Set the time zone."""

    timezone: str


@frozen(kw_only=True)
class ChangeOrder:
    """Set the order."""

    order: Order


Command = ChangeVolume | ChangeWeights | ChangeTimezone | ChangeOrder


def decide(command: Command, schedule: Schedule) -> Sequence[Event]:
    """The events that the command causes; none where nothing changes. Raises InvalidValue."""
    field, declare = _CHANGES[type(command)]
    value = getattr(command, field)
    _CHECKS[type(command)](value)
    return () if getattr(schedule, field) == value else (declare(**{field: value}),)


def _check_volume(volume: int) -> None:
    if not 0 <= volume <= MAX_VOLUME:
        raise InvalidValue("volume", volume, f"0 to {MAX_VOLUME} papers a day")


def _check_weights(weights: tuple[float, ...]) -> None:
    if len(weights) not in {HOURS_OF_DAY, HOURS_OF_WEEK}:
        raise InvalidValue("weights", f"{len(weights)} numbers", "24 numbers, or 168 for a week")
    for weight in weights:
        if not 0 <= weight <= MAX_WEIGHT:
            raise InvalidValue("weights", weight, f"numbers from 0 to {MAX_WEIGHT:,}")


def _check_order(order: Order) -> None:
    if order not in tuple(Order):
        raise InvalidValue("order", order, ", ".join(Order))


def _check_timezone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidValue("timezone", name[:100], "a name like Europe/Berlin or UTC") from error


_CHANGES: Mapping[type, tuple[str, Callable[..., Event]]] = {
    ChangeVolume: ("volume", VolumeChanged),
    ChangeWeights: ("weights", WeightsChanged),
    ChangeTimezone: ("timezone", TimezoneChanged),
    ChangeOrder: ("order", OrderChanged),
}
_CHECKS: Mapping[type, Callable[..., None]] = {
    ChangeVolume: _check_volume,
    ChangeWeights: _check_weights,
    ChangeTimezone: _check_timezone,
    ChangeOrder: _check_order,
}


def evolve(schedule: Schedule, event: Event) -> Schedule:
    """The schedule after the event."""
    match event:
        case VolumeChanged():
            return changed(schedule, volume=event.volume)
        case WeightsChanged():
            return changed(schedule, weights=event.weights)
        case TimezoneChanged():
            return changed(schedule, timezone=event.timezone)
        case OrderChanged():
            return changed(schedule, order=event.order)
        case _:
            return schedule


DECIDER: Decider[Command, Schedule] = Decider(initial=Schedule(), decide=decide, evolve=evolve)
