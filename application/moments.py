"""Moments as people write them, and where the log was at a moment."""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time
from functools import partial

from application.ports.event_log import EventLog
from domain.errors import InvalidValue

FORMS = "2026-03-01T12:00+01:00, the same without a zone for UTC, or a date alone"


def moment_named(text: str, field: str, *, ends: bool = False, also: str = "") -> datetime:
    """The moment that the text names, in UTC. A date alone is its first moment, or where `ends` its last one.

    Raises InvalidValue, which names the forms; `also` is a further one.
    """
    for written in (text.strip(), _with_plus(text.strip())):
        try:
            return _read(written, ends=ends)
        except (ValueError, OverflowError):
            continue
    raise InvalidValue(field, text[:100], FORMS + also)


def _with_plus(text: str) -> str:
    """The text with its last blank as a plus sign: what an address makes of +01:00."""
    return "+".join(text.rsplit(" ", 1))


def _read(text: str, *, ends: bool) -> datetime:
    if not text.isascii():
        raise ValueError(text)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return datetime.combine(day, time.max if ends else time.min, tzinfo=UTC)


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
