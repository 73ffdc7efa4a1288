"""Changing the schedule and the modules."""

from collections.abc import Sequence
from typing import Any

import pytest
from attrs import frozen

from application.handling import Actor
from application.ports.event_log import Appended, EventLog, Origin, Write
from application.scheduling import ChangedMeanwhile, Scheduling
from domain import refusals, schedule
from domain.errors import InvalidValue, InvalidValues
from domain.schedule import Order, Schedule
from infrastructure.log.memory import MemoryEventLog
from tests.fakes.clock import FakeClock

ANA, BEN = Actor(name="ana (browser)", is_person=True), Actor(name="ben (terminal)", is_person=True)


@pytest.fixture
def log(clock: FakeClock) -> MemoryEventLog:
    return MemoryEventLog(clock)


@pytest.fixture
def scheduling(log: MemoryEventLog) -> Scheduling:
    return Scheduling(log=log)


def recorded(log: EventLog) -> list[tuple[str, str]]:
    """Type and actor of every event."""
    return [(one.event.TYPE, one.actor) for one in log.read()]


def test_any_of_its_parts_are_changed_at_once(scheduling: Scheduling, log: MemoryEventLog) -> None:
    assert scheduling.painted().version == 0
    painted = scheduling.change({"volume": 50, "timezone": "Europe/Berlin", "order": "oldest"}, ANA)
    assert painted.schedule == Schedule(volume=50, timezone="Europe/Berlin", order=Order.OLDEST)
    assert painted.version == 3
    assert recorded(log) == [
        ("schedule.volume_changed", ANA.name),
        ("schedule.timezone_changed", ANA.name),
        ("schedule.order_changed", ANA.name),
    ]
    assert len({one.correlation for one in log.read()}) == 1


def test_what_is_so_already_is_no_change(scheduling: Scheduling, log: MemoryEventLog) -> None:
    scheduling.change({"volume": 50}, ANA)
    assert scheduling.change({"volume": 50, "order": "random"}, ANA).version == 1
    assert len(log.read()) == 1


def test_what_is_wrong_changes_nothing_and_is_on_record(scheduling: Scheduling, log: MemoryEventLog) -> None:
    with pytest.raises(InvalidValues) as refusal:
        scheduling.change({"volume": -1, "order": "oldest"}, ANA)
    assert [fault.field for fault in refusal.value.faults] == ["volume"]
    assert scheduling.painted().schedule == Schedule()
    (event,) = log.stream(refusals.STREAM)
    assert event.actor == ANA.name
    assert event.event == refusals.Refused(
        command="set schedule", subject=schedule.STREAM, reason=refusal.value.message
    )


@pytest.mark.case("T17")
def test_a_second_tab_is_told_what_changed_meanwhile(scheduling: Scheduling, log: MemoryEventLog) -> None:
    seen = scheduling.painted().version
    scheduling.change({"volume": 50, "order": "oldest"}, ANA)
    with pytest.raises(ChangedMeanwhile) as refusal:
        scheduling.change({"volume": 70}, BEN, expect=seen)
    told = refusal.value
    assert (told.expected, told.actual) == (0, 2)
    assert [(one.version, one.by, one.text) for one in told.changes] == [
        (1, ANA.name, "The daily volume is now 50 papers."),
        (2, ANA.name, "Papers are now drawn oldest first."),
    ]
    assert "1 Mar 2026, 12:00 UTC, ana (browser): The daily volume is now 50 papers." in told.message
    assert scheduling.painted().schedule.volume == 50
    assert recorded(log)[-1] == ("command.refused", BEN.name)
    assert scheduling.change({"volume": 70}, BEN, expect=2).version == 3


@pytest.mark.parametrize("version", [-1, 5])
def test_a_version_that_never_was_is_refused(scheduling: Scheduling, version: int) -> None:
    with pytest.raises(ChangedMeanwhile) as refusal:
        scheduling.change({"volume": 70}, BEN, expect=version)
    assert refusal.value.changes == ()
    assert f"is at version 0, not {version}" in refusal.value.message


@frozen
class Quicker:
    """A log to which somebody else appends a change just before the first append."""

    log: MemoryEventLog
    rival: list[Any]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.log, name)

    def append(self, writes: Sequence[Write], origin: Origin) -> Appended:
        """Append, after the rival."""
        while self.rival:
            Scheduling(log=self.log).change(self.rival.pop(), ANA)
        return self.log.append(writes, origin)


def test_a_race_is_lost_with_an_expectation_and_decided_again_without(log: MemoryEventLog) -> None:
    quicker: Any = Quicker(log, [{"volume": 50}])
    with pytest.raises(ChangedMeanwhile) as refusal:
        Scheduling(log=quicker).change({"volume": 70}, BEN, expect=0)
    assert [one.by for one in refusal.value.changes] == [ANA.name]
    quicker.rival.append({"order": "newest"})
    painted = Scheduling(log=quicker).change({"volume": 70}, BEN)
    assert painted.schedule == Schedule(volume=70, order=Order.NEWEST)


def test_another_schedule_is_imagined_without_a_change(scheduling: Scheduling, log: MemoryEventLog) -> None:
    scheduling.change({"volume": 50}, ANA)
    assert scheduling.imagined({"weights": [1] * 168}).weights == (1.0,) * 168
    assert scheduling.imagined({}) == Schedule(volume=50)
    with pytest.raises(InvalidValues):
        scheduling.imagined({"timezone": "Mars"})
    assert len(log.read()) == 1


def test_modules_are_switched_with_who_and_when(scheduling: Scheduling, log: MemoryEventLog) -> None:
    assert not scheduling.toggle("download", False, ANA).runs("download")
    assert not scheduling.modules().runs("download")
    assert scheduling.toggle("download", True, BEN).runs("download")
    scheduling.toggle("download", True, BEN)
    assert recorded(log) == [("settings.module_toggled", ANA.name), ("settings.module_toggled", BEN.name)]
    with pytest.raises(InvalidValue):
        scheduling.toggle("fly", False, ANA)
    assert recorded(log)[-1] == ("command.refused", ANA.name)


def test_the_history_tells_both_newest_first(scheduling: Scheduling, clock: FakeClock) -> None:
    scheduling.change({"volume": 50}, ANA)
    clock.sleep(60)
    scheduling.toggle("locate", False, BEN)
    scheduling.change({"volume": 60}, ANA)
    told = scheduling.history()
    assert [(one.version, one.by, one.text) for one in told] == [
        (2, ANA.name, "The daily volume is now 60 papers."),
        (None, BEN.name, "The module “locate” was switched off."),
        (1, ANA.name, "The daily volume is now 50 papers."),
    ]
    assert told[0].at > told[2].at
    assert [one.position for one in scheduling.history(limit=2)] == [3, 2]
