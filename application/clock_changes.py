"""Days that are longer or shorter than others, because clocks are changed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.local_hours import DAY, HOUR, hours_of

AHEAD = 8
"""Days that are looked at."""


def clock_changes(timezone: str, now: datetime) -> tuple[str, ...]:
    """A sentence for each day soon to come that has not 24 hours."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    return tuple(_sentences(today, timezone))


def _sentences(today: date, timezone: str) -> Iterator[str]:
    for day in (today + DAY * number for number in range(AHEAD)):
        length = sum((hour.length for hour in hours_of(day, timezone)), timedelta())
        if length == DAY or not length:
            continue
        way = "forward" if length < DAY else "back"
        yield (
            f"On {day:%A %-d %B} the clocks of {timezone} are put {way}: the day has {length / HOUR:g} hours, "
            "and its volume is divided among those."
        )
