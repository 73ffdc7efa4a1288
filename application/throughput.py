"""Planned against done, hour by hour: what came in the hours behind, and what is expected of those ahead. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen

from application.queries import HourRow
from application.tallies import DayTally
from domain.forecast import Expected
from domain.local_hours import DAY, LocalHour, hours_of
from domain.pipeline import Status

BEHIND, AHEAD = 12, 24
"""Hours behind the present one, and hours from it on."""
DAYS = 7
QUARTER = timedelta(minutes=15)
"""What is counted is counted by the quarter of an hour: an end so much later has the present one in it."""


@frozen(kw_only=True)
class HourDone:
    """An hour of the schedule's clocks: at most `quota` were planned, so many were done, failed, or are expected."""

    start: datetime
    end: datetime
    quota: int
    done: int
    failed: int
    expected: int
    runs: bool

    @property
    def most(self) -> int:
        """The largest of its numbers, which a chart must have room for."""
        return max(self.quota, self.done + self.failed + self.expected)


def hours_around(now: datetime, timezone: str) -> Sequence[LocalHour]:
    """The last whole hours and the present one, in order."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    hours = [hour for day in (today - DAY, today) for hour in hours_of(day, timezone) if hour.start <= now]
    return hours[-BEHIND - 1 :]


def bounds_of(hours: Sequence[LocalHour]) -> tuple[datetime, ...]:
    """Where the hours begin, and where the last one ends."""
    return (*(hour.start for hour in hours), *(hour.end for hour in hours[-1:]))


def hours_done(
    tallies: Iterable[DayTally], planned: Iterable[HourRow], ahead: Sequence[Expected], now: datetime
) -> tuple[HourDone, ...]:
    """The hours behind, which are tallied, and those ahead, in order; the present one is the first of those ahead."""
    quotas = {one.start: one.quota for one in planned}
    ended = {one.start: one for one in tallies}
    behind = [_behind(one, quotas) for one in ended.values() if one.end <= now]
    return (*behind, *(_ahead(one, quotas, ended, now) for one in ahead[:AHEAD]))


def _behind(tally: DayTally, quotas: Mapping[datetime, int]) -> HourDone:
    return HourDone(
        start=tally.start,
        end=tally.end,
        quota=quotas.get(tally.start, 0),
        done=_count(tally, Status.DONE),
        failed=_count(tally, Status.FAILED),
        expected=0,
        runs=False,
    )


def _ahead(
    one: Expected, quotas: Mapping[datetime, int], ended: Mapping[datetime, DayTally], now: datetime
) -> HourDone:
    start, tally = one.hour.start, ended.get(one.hour.start)
    return HourDone(
        start=start,
        end=one.hour.end,
        quota=max(quotas.get(start, 0), one.quota),
        done=_count(tally, Status.DONE),
        failed=_count(tally, Status.FAILED),
        expected=one.papers + one.more,
        runs=start <= now,
    )


def _count(tally: DayTally | None, status: Status) -> int:
    return tally.ended.get(status.value, 0) if tally else 0


def last_days(now: datetime, timezone: str) -> tuple[tuple[date, ...], tuple[datetime, ...]]:
    """The last days with today among them, and their bounds, as the clocks of the zone show them."""
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    days = tuple(today - DAY * back for back in range(DAYS - 1, -1, -1))
    midnights = [datetime(day.year, day.month, day.day, tzinfo=zone) for day in days]
    return days, (*midnights, max(now + QUARTER, midnights[-1] + QUARTER))


def done_by_day(days: Sequence[date], tallies: Sequence[DayTally]) -> Mapping[date, int]:
    """How many files came on each of the days."""
    return {day: _count(tally, Status.DONE) for day, tally in zip(days, tallies, strict=True)}
