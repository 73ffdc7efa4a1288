"""How things stood at a moment."""

from datetime import datetime, timedelta

import pytest

from application.as_of import at, paper_then, schedule_then, scraper_then
from application.ports.event_log import Write
from domain import schedule, scraper
from domain.errors import DoesNotExist, InvalidValue
from domain.events import Event
from domain.pipeline import Status
from domain.scraper import ScraperStatus
from infrastructure.log.memory import MemoryEventLog
from tests.contract.making import doi, origin, registration
from tests.fakes.clock import START, FakeClock

HOURLY = (
    ("schedule", schedule.VolumeChanged(volume=10)),
    ("scraper", scraper.Started()),
    ("schedule", schedule.VolumeChanged(volume=20)),
    ("scraper", scraper.Paused(reason="night")),
    ("schedule", schedule.OrderChanged(order=schedule.Order.OLDEST)),
)


@pytest.fixture
def log() -> MemoryEventLog:
    """A log with an event an hour, from START on."""
    clock = FakeClock()
    log = MemoryEventLog(clock)
    for stream, event in HOURLY:
        happen(log, stream, event)
        clock.advance(timedelta(hours=1))
    return log


def happen(log: MemoryEventLog, stream: str, event: Event) -> None:
    log.append((Write(stream=stream, expected=None, events=(event,)),), origin())


def test_the_schedule_and_the_switch_are_seen_as_they_were(log: MemoryEventLog) -> None:
    painted = [schedule_then(log, position) for position in range(6)]
    assert [one.schedule.volume for one in painted] == [200, 10, 10, 20, 20, 20]
    assert [one.version for one in painted] == [0, 1, 1, 2, 2, 3]
    assert [one.schedule.order for one in painted[4:]] == [schedule.Order.RANDOM, schedule.Order.OLDEST]
    statuses = [scraper_then(log, position).status for position in range(6)]
    stopped, running, paused = ScraperStatus.STOPPED, ScraperStatus.RUNNING, ScraperStatus.PAUSED
    assert statuses == [stopped, stopped, running, running, paused, paused]


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("2026-03-01T12:00Z", 1),
        ("2026-03-01T11:59:59.999999Z", 0),
        ("2026-03-01T14:30", 3),
        ("2026-03-01T15:00+01:00", 3),
        ("2026-03-01", 5),
        ("2026-02-28", 0),
        ("2099-01-01", 5),
        ("0", 0),
        ("4", 4),
        (" 0004 ", 4),
        ("5", 5),
        ("9" * 5_000, 5),
    ],
)
def test_a_moment_or_a_position_names_a_place(log: MemoryEventLog, text: str, position: int) -> None:
    place = at(text, log)
    assert place.position == position
    expected: datetime | None = START + timedelta(hours=position - 1) if position else None
    assert place.recorded_at == expected


@pytest.mark.parametrize("text", ["", "-5", "4.5", "٤", "last week", "2026-13-01"])
def test_what_cannot_be_read_names_the_forms(log: MemoryEventLog, text: str) -> None:
    with pytest.raises(InvalidValue, match=r"moment is .*2026-03-01T12:00\+01:00.*a date alone.*a position"):
        at(text, log)


def test_an_empty_log_was_always_empty() -> None:
    empty = MemoryEventLog(FakeClock())
    for text in ("2099-01-01", "7"):
        assert at(text, empty).position == 0


def test_a_paper_is_not_there_before_it_was_added() -> None:
    log = MemoryEventLog(FakeClock())
    happen(log, "scraper", scraper.Started())
    log.append((registration("a", doi(1)),), origin())
    assert paper_then(log, "a", 2).status is Status.NEW
    for position in (0, 1):
        with pytest.raises(DoesNotExist) as refusal:
            paper_then(log, "a", position)
        assert "later" in refusal.value.remedy
