"""The hours of a day as its clocks show them: 23 to 25 of them, some of half an hour, in any time zone."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from attrs import frozen

SECOND = timedelta(seconds=1)
"""Every change of a zone's clocks is at a whole one."""
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@frozen(kw_only=True)
class LocalHour:
    """One turn of the minute hand: from `start` to `end`, in UTC, the clocks of the zone show `hour` of `day`.

    Where clocks are put back, one hour of the day is two of these; where they are put forward, one may be short.
    """

    start: datetime
    end: datetime
    day: date
    hour: int

    @property
    def length(self) -> timedelta:
        """How long it lasts: an hour, or half of one."""
        return self.end - self.start

    def rest_after(self, moment: datetime) -> float:
        """The share of it that is left at the moment: 1 before it begins, 0 after its end."""
        left = self.end - max(self.start, moment)
        return max(0.0, left / self.length)


@lru_cache(maxsize=64)
def hours_of(day: date, timezone: str) -> tuple[LocalHour, ...]:
    """Every hour of a local day in order; () for a day that the zone left out (Samoa's 30 December 2011)."""
    zone = ZoneInfo(timezone)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    start, end = midnight - DAY, midnight + 2 * DAY
    found: list[LocalHour] = []
    while start < end:
        local, after = start.astimezone(zone), _end_of_hour(start, zone)
        if local.date() == day:
            found.append(LocalHour(start=start, end=after, day=day, hour=local.hour))
        start = after
    return tuple(found)


def _end_of_hour(moment: datetime, zone: ZoneInfo) -> datetime:
    """When the clocks next show a full hour, or are changed."""
    local = moment.astimezone(zone)
    after = moment + HOUR - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    before, offset = moment, local.utcoffset()
    if (after - SECOND).astimezone(zone).utcoffset() == offset:
        return after
    while after - before > SECOND:  # the change lies between the two
        middle = before + (after - before) // SECOND // 2 * SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def hour_at(moment: datetime, timezone: str) -> LocalHour:
    """The hour that the moment lies in."""
    day = moment.astimezone(ZoneInfo(timezone)).date()
    return next(hour for hour in hours_of(day, timezone) if hour.start <= moment < hour.end)


@lru_cache(maxsize=64)
def shares_of(day: date, timezone: str) -> Mapping[LocalHour, Fraction]:
    """Which share of the weight of its clock hour each hour of the day has.

    An hour that comes twice shares its weight among both; of one that is cut short the share is as short.
    """
    hours = hours_of(day, timezone)
    whole = {clock: sum((one.length for one in hours if one.hour == clock), timedelta()) for clock in range(24)}
    return MappingProxyType(
        {one: Fraction(one.length // SECOND, max(whole[one.hour], HOUR) // SECOND) for one in hours}
    )
