"""Moments as people write them, and where the log was then."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.moments import last_position, last_position_before, moment_named
from domain.errors import InvalidValue
from infrastructure.log.memory import MemoryEventLog
from tests.contract.making import origin, write
from tests.fakes.clock import START, FakeClock


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01T12:00:00+01:00", datetime(2026, 3, 1, 11, tzinfo=UTC)),
        ("2026-03-01T12:00 01:00", datetime(2026, 3, 1, 11, tzinfo=UTC)),
        ("2026-03-01T12:00Z", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2026-03-01 12:00", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        (" 2026-03-01T12:00:00.5 ", datetime(2026, 3, 1, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-03-01T12:00-05:00", datetime(2026, 3, 1, 17, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read(text: str, moment: datetime) -> None:
    assert moment_named(text, "since") == moment


def test_a_date_alone_can_be_the_end_of_its_day() -> None:
    assert moment_named("2026-03-01", "until", ends=True) == datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC)
    assert moment_named("9999-12-31", "until", ends=True).year == 9999
    assert moment_named("2026-03-01T00:00", "until", ends=True) == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", " ", "yesterday", "2026-02-30", "2026-03-01T25:00", "0001-01-01T00:00+14:00", "9999-12-31T23:00-05:00",
     "٢٠٢٦-٠٣-٠١", "1" * 5_000, "2026-03-01T12:00+01:00 x", "\0"],
)  # fmt: skip
def test_a_moment_that_cannot_be_read_names_the_forms(text: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        moment_named(text, "since", also=", or a number")
    assert "2026-03-01T12:00+01:00" in refusal.value.remedy
    assert refusal.value.remedy.endswith("or a number.")
    assert len(refusal.value.message) < 500


@given(steps=st.lists(st.integers(0, 3), max_size=20), asked=st.integers(-2, 70))
def test_the_last_event_of_a_moment_is_found(steps: list[int], asked: int) -> None:
    clock, moments = FakeClock(), list[datetime]()
    log = MemoryEventLog(clock)
    for step in steps:
        clock.advance(timedelta(minutes=step))
        log.append((write("scraper"),), origin())
        moments.append(clock.now())
    moment = START + timedelta(minutes=asked)
    assert last_position(log, moment) == sum(one <= moment for one in moments)
    assert last_position_before(log, moment) == sum(one < moment for one in moments)
