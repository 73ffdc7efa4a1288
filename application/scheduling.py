"""Changing the schedule and the modules, and who changed what when."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from attrs import frozen
from uuid_utils import uuid7

from application.formats import moment
from application.handling import Actor, decided, execute, load, on_record, order
from application.ports.event_log import EventLog, Origin, Recorded, WrongVersion
from application.reading_schedules import commands_of
from application.wording import sentence
from domain import schedule, settings
from domain.errors import CommandRefused
from domain.schedule import Command, Schedule
from domain.settings import Settings, ToggleModule

MEANWHILE = 5
"""Changes that are told in one message."""


@frozen(kw_only=True)
class Change:
    """A change that was made: who made it, when, and what it was. `version` is the schedule's, None for a module's."""

    position: int
    version: int | None
    at: datetime
    by: str
    text: str


class ChangedMeanwhile(CommandRefused):
    """The schedule is not the one that the person saw."""

    remedy = "Nothing was changed. Load it again, and repeat what you wanted to do."

    def __init__(self, expected: int, actual: int, changes: Sequence[Change]) -> None:
        told = " ".join(f"{moment(one.at)}, {one.by}: {one.text}" for one in changes[-MEANWHILE:])
        what = f"was changed meanwhile: {told}" if told else f"is at version {actual}, not {expected}."
        super().__init__(f"The schedule {what}")
        self.expected, self.actual, self.changes = expected, actual, tuple(changes)


@frozen(kw_only=True)
class Painted:
    """The schedule, and its version: how many changes it saw."""

    schedule: Schedule
    version: int


@frozen(kw_only=True)
class Scheduling:
    """The handler of the schedule and the modules."""

    log: EventLog

    def painted(self) -> Painted:
        """The schedule as it is."""
        state, version = load(self.log, schedule.DECIDER, schedule.STREAM)
        return Painted(schedule=state, version=version)

    def imagined(self, wanted: Mapping[str, object]) -> Schedule:
        """The schedule as it would be. Raises InvalidValues."""
        state = self.painted().schedule
        for command in commands_of(wanted):
            state = schedule.DECIDER.fold(schedule.decide(command, state), state)
        return state

    def change(self, wanted: Mapping[str, object], actor: Actor, expect: int | None = None) -> Painted:
        """Change any of volume, weights, timezone and order at once, if the schedule has the expected version still.

        Raises InvalidValues, ChangedMeanwhile.
        """
        origin = Origin(command="set schedule", actor=actor.name, correlation=str(uuid7()))
        with on_record(self.log, schedule.STREAM, origin, actor):
            commands = commands_of(wanted)
            if expect is None:
                execute(self.log, schedule.DECIDER, schedule.STREAM, commands, origin)
            else:
                self._change_from(expect, commands, origin)
        return self.painted()

    def _change_from(self, expect: int, commands: Sequence[Command], origin: Origin) -> None:
        painted = self.painted()
        if painted.version != expect:
            raise self._changed_since(expect)
        write = decided(schedule.DECIDER, schedule.STREAM, painted.schedule, painted.version, commands)
        try:
            self.log.append((write,), origin)
        except WrongVersion as error:
            raise self._changed_since(expect) from error

    def _changed_since(self, version: int) -> ChangedMeanwhile:
        records = self.log.stream(schedule.STREAM)
        since = records[version:] if version >= 0 else ()
        return ChangedMeanwhile(version, len(records), [change_of(one) for one in since])

    def modules(self) -> Settings:
        """Which modules are on."""
        state, _ = load(self.log, settings.DECIDER, settings.STREAM)
        return state

    def toggle(self, module: str, enabled: bool, actor: Actor) -> Settings:
        """Switch a module on or off. Raises InvalidValue."""
        command = ToggleModule(module=module, enabled=enabled)
        order(self.log, settings.DECIDER, settings.STREAM, (command,), actor, "switch module")
        return self.modules()

    def history(self, limit: int = 100) -> Sequence[Change]:
        """The latest changes of schedule and modules, newest first."""
        records = [*self.log.stream(schedule.STREAM), *self.log.stream(settings.STREAM)]
        newest = sorted(records, key=lambda one: one.position, reverse=True)[:limit]
        return [change_of(one) for one in newest]


def change_of(recorded: Recorded) -> Change:
    """The change that an event of schedule or modules tells of."""
    return Change(
        position=recorded.position,
        version=recorded.version if recorded.stream == schedule.STREAM else None,
        at=recorded.recorded_at,
        by=recorded.actor,
        text=sentence(recorded),
    )
