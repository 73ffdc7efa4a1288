"""The schedule: how many papers a day, over which hours, in which order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
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
VOLUMES = f"0 to {MAX_VOLUME} papers a day"
WEIGHTS = f"numbers from 0 to {MAX_WEIGHT:,}"
TIMEZONES = "a name like Europe/Berlin or UTC"


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

    @property
    def pauses(self) -> bool:
        """Whether it takes nothing, ever: its volume, or every weight, is 0."""
        return not self.volume or not any(self.weights)

    @property
    def shares(self) -> tuple[float, ...]:
        """How many percent of a day's volume each hour gets: weights are proportions, whatever their sum is."""
        days = [self.weights[start : start + HOURS_OF_DAY] for start in range(0, len(self.weights), HOURS_OF_DAY)]
        return tuple(100 * weight / (sum(day) or 1) for day in days for weight in day)


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
    """The events that the command causes; none where nothing changes. Raises InvalidValue for its first fault."""
    for fault in faults(command):
        raise fault
    field, declare = _CHANGES[type(command)]
    value = getattr(command, field)
    return () if getattr(schedule, field) == value else (declare(**{field: value}),)


def faults(command: Command) -> Iterator[InvalidValue]:
    """Everything that is wrong with the command, each weight for itself."""
    field, _ = _CHANGES[type(command)]
    return _CHECKS[type(command)](getattr(command, field))


def _check_volume(volume: int) -> Iterator[InvalidValue]:
    if not 0 <= volume <= MAX_VOLUME:
        yield InvalidValue("volume", volume, VOLUMES)


def _check_weights(weights: tuple[float, ...]) -> Iterator[InvalidValue]:
    if len(weights) not in {HOURS_OF_DAY, HOURS_OF_WEEK}:
        yield InvalidValue("weights", f"{len(weights)} numbers", "24 numbers, or 168 for a week")
    for hour, weight in enumerate(weights[:HOURS_OF_WEEK]):
        if not 0 <= weight <= MAX_WEIGHT:
            yield InvalidValue(weight_of(hour), weight, WEIGHTS)


def weight_of(hour: int) -> str:
    """What the weight of an hour is called."""
    return f"weights[{hour}]"


def _check_order(order: Order) -> Iterator[InvalidValue]:
    if order not in tuple(Order):
        yield InvalidValue("order", order, ", ".join(Order))


def _check_timezone(name: str) -> Iterator[InvalidValue]:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield InvalidValue("timezone", name[:100], TIMEZONES)


_CHANGES: Mapping[type, tuple[str, Callable[..., Event]]] = {
    ChangeVolume: ("volume", VolumeChanged),
    ChangeWeights: ("weights", WeightsChanged),
    ChangeTimezone: ("timezone", TimezoneChanged),
    ChangeOrder: ("order", OrderChanged),
}
_CHECKS: Mapping[type, Callable[..., Iterator[InvalidValue]]] = {
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
