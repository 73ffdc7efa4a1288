"""A planned hour: quota and draw of one local hour, decided once because its stream is created once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from attrs import frozen

from domain.deciding import Decider
from domain.errors import AlreadyExists, InvalidValue
from domain.events import Event, event

STREAM = "hour-"
LONGEST = 60
"""Minutes of an hour; where clocks are changed one can be shorter."""


def stream_of(start: datetime) -> str:
    """The stream of the local hour that begins at `start`: named in UTC, so that a repeated hour is another one."""
    return STREAM + start.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


@event("hour.planned", version=2)
class Planned(Event):
    """`count` papers, at most `quota`, were drawn for the hour of `minutes`, for moments from `begins` on."""

    start: datetime
    timezone: str
    quota: int
    seed: int
    """Makes the draw repeatable."""
    count: int
    """Drawn at first: papers that can be downloaded only later are queued while there is room."""
    minutes: int
    begins: datetime

    @property
    def end(self) -> datetime:
        """The end of the hour."""
        return self.start + timedelta(minutes=self.minutes)


@frozen(kw_only=True)
class Hour:
    """State: whether the hour is planned, and how many papers it took at first."""

    planned: bool = False
    count: int = 0


@frozen(kw_only=True)
class Plan:
    """Plan the hour."""

    start: datetime
    timezone: str
    quota: int
    seed: int
    count: int
    minutes: int
    begins: datetime


def decide(command: Plan, hour: Hour) -> Sequence[Event]:
    """The events that the command causes. Raises CommandRefused."""
    if hour.planned:
        raise AlreadyExists("The plan of this hour")
    if not 0 < command.minutes <= LONGEST:
        raise InvalidValue("minutes", command.minutes, f"1 to {LONGEST} minutes")
    if not 0 <= command.count <= command.quota:
        raise InvalidValue("count", command.count, f"0 to {command.quota} papers")
    return (
        Planned(
            start=command.start,
            timezone=command.timezone,
            quota=command.quota,
            seed=command.seed,
            count=command.count,
            minutes=command.minutes,
            begins=command.begins,
        ),
    )


def evolve(hour: Hour, event: Event) -> Hour:
    """The hour after the event."""
    return Hour(planned=True, count=event.count) if isinstance(event, Planned) else hour


DECIDER: Decider[Plan, Hour] = Decider(initial=Hour(), decide=decide, evolve=evolve)
