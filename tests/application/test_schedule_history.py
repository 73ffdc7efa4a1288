"""The versions of the schedule."""

import pytest

from application.handling import Actor
from application.schedule_history import schedule_of, versions
from application.scheduling import Scheduling
from domain.errors import DoesNotExist
from domain.schedule import Order, Schedule
from infrastructure.log.memory import MemoryEventLog
from tests.fakes.clock import FakeClock

ANA = Actor(name="ana (browser)", is_person=True)


@pytest.fixture
def log(clock: FakeClock) -> MemoryEventLog:
    """A log with five versions."""
    log = MemoryEventLog(clock)
    scheduling = Scheduling(log=log)
    scheduling.change({"volume": 50, "order": "oldest"}, ANA)
    scheduling.toggle("locate", False, ANA)
    scheduling.change({"volume": 60}, ANA)
    scheduling.change({"weights": [0] * 12 + [1] * 12}, ANA)
    scheduling.change({"timezone": "Europe/Berlin"}, ANA)
    return log


def test_each_tells_what_was_before(log: MemoryEventLog) -> None:
    assert [(one.change.version, one.part, one.former, one.value) for one in versions(log)] == [
        (5, "timezone", "UTC", "Europe/Berlin"),
        (4, "weights", "even", "0 until 12:00, 1"),
        (3, "volume", "50 papers a day", "60 papers a day"),
        (2, "order", "at random", "oldest first"),
        (1, "volume", "200 papers a day", "50 papers a day"),
    ]


def test_those_after_one_are_told(log: MemoryEventLog) -> None:
    assert [one.change.version for one in versions(log, 3)] == [5, 4]
    assert not versions(log, 5)


def test_each_can_be_had_again(log: MemoryEventLog) -> None:
    assert schedule_of(log, 0) == Schedule()
    assert schedule_of(log, 2) == Schedule(volume=50, order=Order.OLDEST)
    assert schedule_of(log, 5) == Scheduling(log=log).painted().schedule
    assert schedule_of(log, 4).timezone == "UTC"


@pytest.mark.parametrize("version", [-1, 6, 10**18])
def test_one_that_never_was_does_not_exist(log: MemoryEventLog, version: int) -> None:
    with pytest.raises(DoesNotExist):
        schedule_of(log, version)
