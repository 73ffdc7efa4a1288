"""What the schedule will do with a queue: papers per hour, and when the queue is empty. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen

from domain.local_hours import DAY, LocalHour, hours_of
from domain.quotas import quotas_of, turn_at, weights_of
from domain.schedule import Schedule

EXACT_DAYS = 14
"""Days that are forecast hour by hour; beyond them whole days are counted."""
WEEK = timedelta(days=8)
"""Within so long every hour of a week comes, whatever the clocks do."""
HORIZON = timedelta(days=365 * 20)
"""A queue that is not empty by then is not forecast to its end."""


@frozen(kw_only=True)
class Expected:
    """An hour to come: `papers` of at most `quota` will be taken.

    Where its plan is made already (`planned`), `papers` are its jobs to come, and `more` those that it has room for.
    """

    hour: LocalHour
    quota: int
    papers: int
    more: int = 0
    planned: bool = False


@frozen(kw_only=True)
class Present:
    """The plan of the hour that runs: its end, how many of its jobs are to come, and how many more it takes."""

    end: datetime
    quota: int
    left: int
    room: int = 0


def expected_hours(schedule: Schedule, now: datetime, queue: int, present: Present | None) -> Iterator[Expected]:
    """The hours from now on, without end, while `queue` papers wait besides those that are planned."""
    taken_until = present.end if present and present.end > now else None
    for hour in _hours_from(now, schedule):
        if present and taken_until and hour.start < taken_until and hour.end <= taken_until:
            runs = hour.end == taken_until
            more = min(present.room, queue) if runs else 0
            queue -= more
            yield Expected(hour=hour, quota=present.quota, papers=present.left if runs else 0, more=more, planned=True)
            continue
        quota = turn_at(hour, schedule, max(now, hour.start), taken_until).quota
        papers = min(quota, queue)
        queue -= papers
        yield Expected(hour=hour, quota=quota, papers=papers)


def next_hour(schedule: Schedule, now: datetime, present: Present | None) -> Expected | None:
    """The first hour to come that the schedule takes papers in; None for never, which a week can tell."""
    for one in expected_hours(schedule, now, 0, present):
        if one.hour.start > now and one.quota and not one.planned:
            return one
        if one.hour.start > now + WEEK:
            break
    return None


def ends_at(schedule: Schedule, now: datetime, queue: int, present: Present | None) -> datetime | None:
    """The end of the hour that takes the last paper; None where that is beyond every horizon, or never."""
    left, last = queue, present.end if present and present.left else None
    if not left:
        return last
    exact = _day_of(now + EXACT_DAYS * DAY, schedule)
    for one in expected_hours(schedule, now, queue, present):
        if one.hour.day >= exact:
            return _by_days(schedule, one.hour.day, left, now + HORIZON)
        left -= one.more if one.planned else one.papers
        if not left:
            return one.hour.end
    raise AssertionError


def _by_days(schedule: Schedule, day: date, left: int, horizon: datetime) -> datetime | None:
    """The same from a day on: whole days first, then the hours of the last one."""
    while day <= horizon.date():
        takes = _of_day(day, schedule)
        if takes < left:
            left -= takes
        elif end := _within(day, schedule, left):
            return end
        day += DAY
    return None


def _of_day(day: date, schedule: Schedule) -> int:
    """What a day takes, without a look at its clocks."""
    return schedule.volume if any(weights_of(day, schedule)) else 0


def _within(day: date, schedule: Schedule, left: int) -> datetime | None:
    """The end of the hour that takes the last of so many papers; None on a day that the zone left out."""
    for hour, quota in quotas_of(day, schedule).items():
        left -= quota
        if left <= 0:
            return hour.end
    return None


def _hours_from(now: datetime, schedule: Schedule) -> Iterator[LocalHour]:
    """The hour of the moment and all that follow."""
    day = _day_of(now, schedule)
    while True:
        yield from (hour for hour in hours_of(day, schedule.timezone) if hour.end > now)
        day += DAY


def _day_of(moment: datetime, schedule: Schedule) -> date:
    return moment.astimezone(ZoneInfo(schedule.timezone)).date()
