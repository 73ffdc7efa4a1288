"""Every version that the schedule had: who made it, and what was before."""

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from application.ports.event_log import EventLog, Recorded
from application.schedule_wording import part_in_words
from application.scheduling import Change, change_of
from domain import schedule
from domain.errors import DoesNotExist
from domain.events import Event
from domain.schedule import OrderChanged, Schedule, TimezoneChanged, VolumeChanged, WeightsChanged

PARTS: Mapping[type[Event], str] = {
    VolumeChanged: "volume",
    WeightsChanged: "weights",
    TimezoneChanged: "timezone",
    OrderChanged: "order",
}
"""Which part of the schedule each event changes."""


@frozen(kw_only=True)
class Version:
    """A version of the schedule, the change that made it, and the one before. `part` is what was changed."""

    change: Change
    part: str
    before: Schedule
    schedule: Schedule

    @property
    def former(self) -> str:
        """The former value of what was changed, in words."""
        return part_in_words(self.before, self.part)

    @property
    def value(self) -> str:
        """The value that it got, in words."""
        return part_in_words(self.schedule, self.part)


def versions(log: EventLog, since: int = 0) -> Sequence[Version]:
    """The versions after one, newest first."""
    found = list(_versions(log.stream(schedule.STREAM)))
    return found[since:][::-1]


def _versions(records: Sequence[Recorded]) -> Iterator[Version]:
    state = Schedule()
    for one in records:
        after = schedule.evolve(state, one.event)
        yield Version(change=change_of(one), part=PARTS[type(one.event)], before=state, schedule=after)
        state = after


def schedule_of(log: EventLog, version: int) -> Schedule:
    """The schedule as it was in a version; 0 is the first one. Raises DoesNotExist."""
    found = versions(log)
    if not 0 <= version <= len(found):
        raise DoesNotExist(f"Version {version} of the schedule", remedy="Choose one of its changes.")
    return found[len(found) - version].schedule if version else Schedule()
