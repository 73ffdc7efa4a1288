"""Planned against done by the hour, and what came on each day."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from application.queries import HourRow
from application.tallies import DayTally
from application.throughput import (
    AHEAD,
    BEHIND,
    QUARTER,
    bounds_of,
    done_by_day,
    hours_around,
    hours_done,
    last_days,
)
from domain.forecast import Expected
from domain.local_hours import HOUR, LocalHour

NOW = datetime(2026, 3, 10, 12, 20, tzinfo=UTC)
PRESENT = NOW.replace(minute=0)


def tally(start: datetime, ended: Mapping[str, int]) -> DayTally:
    return DayTally(start=start, end=start + HOUR, ended=ended, by_hand=0, size=0)


def ahead(papers: int, quota: int) -> Sequence[Expected]:
    """The present hour and more than are shown of those to come, each with the same."""
    starts = [PRESENT + HOUR * number for number in range(AHEAD + 5)]
    hours = [LocalHour(start=start, end=start + HOUR, day=start.date(), hour=start.hour) for start in starts]
    return [Expected(hour=hour, quota=quota, papers=papers, more=1) for hour in hours]


def planned(start: datetime, quota: int) -> HourRow:
    fields = {"stream": "h", "timezone": "UTC", "seed": 1, "count": quota}
    return HourRow(start=start, begins=start, end=start + HOUR, quota=quota, jobs={}, **fields)  # type: ignore[arg-type]


def test_each_hour_has_what_was_planned_what_came_and_what_is_expected() -> None:
    tallies = [tally(PRESENT - HOUR, {"done": 4, "failed": 2, "located": 9}), tally(PRESENT, {"done": 1})]
    found = hours_done(tallies, [planned(PRESENT - HOUR, 8), planned(PRESENT, 6)], ahead(5, 6), NOW)
    assert len(found) == 1 + AHEAD
    last, present, following = found[:3]
    assert (last.start, last.quota, last.done, last.failed, last.expected) == (PRESENT - HOUR, 8, 4, 2, 0)
    assert (present.start, present.quota, present.done, present.failed, present.expected) == (PRESENT, 6, 1, 0, 6)
    assert (following.quota, following.done, following.expected) == (6, 0, 6)
    assert [one.runs for one in found[:3]] == [False, True, False]
    assert [last.most, present.most] == [8, 7]


@pytest.mark.parametrize(
    ("timezone", "minute"), [("UTC", 0), ("Asia/Kolkata", 30), ("Asia/Kathmandu", 15), ("Europe/Berlin", 0)]
)
def test_hours_begin_as_the_clocks_of_the_zone_show_them(timezone: str, minute: int) -> None:
    hours = hours_around(NOW, timezone)
    bounds = bounds_of(hours)
    assert len(hours) == BEHIND + 1
    assert {one.minute for one in bounds} == {minute}
    assert all(after - before == HOUR for before, after in pairwise(bounds))
    assert bounds[-2] <= NOW < bounds[-1]


def test_days_begin_at_midnight_of_the_zone() -> None:
    days, bounds = last_days(NOW, "Europe/Berlin")
    assert (days[0], days[-1]) == (date(2026, 3, 4), date(2026, 3, 10))
    assert bounds[-2] == datetime(2026, 3, 9, 23, tzinfo=UTC)
    assert bounds[-1] == NOW + QUARTER
    stretches = [
        DayTally(start=start, end=end, ended={"done": number}, by_hand=0, size=0)
        for number, (start, end) in enumerate(pairwise(bounds))
    ]
    assert list(done_by_day(days, stretches).items())[-2:] == [(date(2026, 3, 9), 5), (date(2026, 3, 10), 6)]


def test_a_day_with_other_clocks_is_whole() -> None:
    days, bounds = last_days(datetime(2026, 3, 30, 12, tzinfo=UTC), "Europe/Berlin")
    assert days[-2] == date(2026, 3, 29)
    assert bounds[-2].astimezone(UTC) - bounds[-3].astimezone(UTC) == timedelta(hours=23)
