"""The hours of a day as its clocks show them: 23 to 25 of them, some of half an hour, in any time zone."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from attrs import frozen

QUARTER = timedelta(minutes=15)
"""Since 1972 every zone's offset from UTC, and every change of it, is a multiple of this (IANA time zone database)."""
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
    moment, end = midnight - DAY, midnight + 2 * DAY
    found: list[LocalHour] = []
    present, start = _face(moment, zone), moment
    while moment < end:
        moment += QUARTER
        face = _face(moment, zone)
        if face != present:
            if present[0] == day:
                found.append(LocalHour(start=start, end=moment, day=day, hour=present[1]))
            present, start = face, moment
    return tuple(found)


def _face(moment: datetime, zone: ZoneInfo) -> tuple[date, int, timedelta | None]:
    """What tells one hour from the next."""
    local = moment.astimezone(zone)
    return local.date(), local.hour, local.utcoffset()


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
        {one: Fraction(one.length // QUARTER, max(whole[one.hour], HOUR) // QUARTER) for one in hours}
    )
