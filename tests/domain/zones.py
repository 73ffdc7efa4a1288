"""Every time zone that there is, and the moments at which its clocks are changed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

BEGIN, END = datetime(1990, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
WEEK, DAY, HOUR, SECOND = timedelta(days=7), timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
NAMES = tuple(sorted(available_timezones()))


@cache
def changes(name: str) -> tuple[datetime, ...]:
    """The moments from 1990 to 2035 at which the clocks of the zone are changed: the first of the new time."""
    zone, moment, found = ZoneInfo(name), BEGIN, []
    while moment < END:
        if _offset(moment, zone) != _offset(moment + WEEK, zone):
            found.append(_change(moment, moment + WEEK, zone))
        moment += WEEK
    return tuple(found)


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    offset = _offset(before, zone)
    while after - before > SECOND:
        middle = before + (after - before) // SECOND // 2 * SECOND
        before, after = (middle, after) if _offset(middle, zone) == offset else (before, middle)
    return after


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()


def days_of_change(name: str) -> list[date]:
    """The local days that have a change of the clocks in them or at their edge."""
    zone = ZoneInfo(name)
    return sorted({(change + by).astimezone(zone).date() for change in changes(name) for by in (-SECOND, timedelta())})


@cache
def kinds_of_change() -> tuple[tuple[str, date], ...]:
    """One zone and local day for each kind of change: from which offset to which, at which time of the day."""
    kinds: dict[object, tuple[str, date]] = {}
    for name in NAMES:
        zone = ZoneInfo(name)
        for change in changes(name):
            before = (change - SECOND).astimezone(zone)
            kind = before.utcoffset(), _offset(change, zone), before.time()
            kinds.setdefault(kind, (name, before.date()))
            kinds.setdefault((kind, "after"), (name, change.astimezone(zone).date()))
    return tuple(dict.fromkeys(kinds.values()))


def shown(day: date, name: str) -> Iterator[tuple[datetime, int]]:
    """Each minute of UTC in which the clocks of the zone show the day, and the hour that they show: slow and plain."""
    zone = ZoneInfo(name)
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) - DAY
    for _ in range(3 * 24 * 60):
        local = moment.astimezone(zone)
        if local.date() == day:
            yield moment, local.hour
        moment += timedelta(minutes=1)
