"""Moments as people write them, and where the log was at a moment."""

import re
from bisect import bisect_left, bisect_right
from contextlib import suppress
from datetime import UTC, date, datetime, time
from functools import partial

from application.ports.event_log import EventLog
from domain.errors import InvalidValue

FORMS = "2026-03-01T12:00+01:00, the same without a zone for UTC, or a date alone"
_DAY, _TIME, _ZONE = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?", r"[Zz]|[+ -]\d\d:?\d\d"
_WRITTEN = re.compile(rf"({_DAY})(?:[Tt ]({_TIME})({_ZONE})?)?", re.ASCII)


def moment_named(text: str, field: str, *, ends: bool = False, also: str = "") -> datetime:
    """The moment that the text names, in UTC. A date alone is its first moment, or where `ends` its last one.

    Raises InvalidValue, which names the forms; `also` is a further one.
    """
    if found := _WRITTEN.fullmatch(text.strip()):
        with suppress(ValueError, OverflowError):
            return _read(*found.groups(default=""), ends=ends)
    raise InvalidValue(field, text[:100], FORMS + also)


def _read(day: str, time_of_day: str, zone: str, *, ends: bool) -> datetime:
    if not time_of_day:
        return datetime.combine(date.fromisoformat(day), time.max if ends else time.min, tzinfo=UTC)
    offset = zone.upper().replace(" ", "+") or "Z"  # an address makes a blank of a plus
    return datetime.fromisoformat(f"{day}T{time_of_day}{offset}").astimezone(UTC)


def last_position(log: EventLog, moment: datetime) -> int:
    """The position of the last event recorded at the moment or before; 0 where there is none.

    A later event is never recorded earlier, so a binary search finds it, with one look for each doubling of the log.
    """
    return bisect_right(_positions(log), moment, key=partial(_recorded_at, log))


def last_position_before(log: EventLog, moment: datetime) -> int:
    """The same, without the events recorded at the moment itself."""
    return bisect_left(_positions(log), moment, key=partial(_recorded_at, log))


def _positions(log: EventLog) -> range:
    return range(1, log.head().position + 1)


def _recorded_at(log: EventLog, position: int) -> datetime:
    (found,) = log.read(position - 1, 1)
    return found.recorded_at
