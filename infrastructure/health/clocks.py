"""Time: the clocks that must agree, and the data of the time zones."""

from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from application.formats import moment, seconds
from application.handling import load
from application.health import Finding, error, ok, skipped, warning
from domain import schedule
from infrastructure.health.place import Place
from infrastructure.log.codec import moment as moment_of
from infrastructure.log.sql import SqlEventLog
from infrastructure.log.tables import event_head

AGREE = timedelta(seconds=5)
"""Clocks that differ by less agree."""
APART = timedelta(seconds=20)
"""Clocks that differ by more take each other's leases for ended."""
AHEAD = timedelta(minutes=1)
"""By so much the last event may lie after now: another machine may have written it."""
SAMPLE = "Europe/Berlin"
"""A zone that every set of time zone data has."""

_SET_IT = "Set the clocks by the network (NTP) on both machines."
_INSTALL = "Install the system's package of time zones (tzdata), or the Python package tzdata beside the program."


def databases(place: Place) -> Finding:
    """Whether the clock of the database's server is ours."""
    database = place.opening.database
    if database.is_sqlite:
        return skipped("SQLite has no clock of its own.")
    with database.read() as connection:
        theirs = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    apart = abs(theirs - place.clock.now())
    if apart <= AGREE:
        return ok(f"{seconds(apart.total_seconds())} apart.")
    told = f"{seconds(apart.total_seconds())} apart: it shows {moment(theirs)}."
    return warning(told, _SET_IT) if apart <= APART else error(told, _SET_IT)


def last_event(place: Place) -> Finding:
    """Whether our clock is not behind the last event."""
    with place.opening.database.read() as connection:
        last = moment_of(connection.execute(sa.select(event_head.c.recorded_at)).scalar_one())
    now = place.clock.now()
    if last - now <= AHEAD:
        return ok(f"It shows {moment(now)}.")
    return error(
        f"It shows {moment(now)}, but the last event is of {moment(last)}.",
        "Set the clock by the network (NTP). If it was wrong when the event was written, wait until that moment: "
        "hours that were planned already are not planned again.",
    )


def zones(_: Place) -> Finding:
    """Whether this machine knows the time zones at all."""
    missing = [name for name in (SAMPLE, "UTC") if not _is_known(name)]
    return error(f"There are none: {missing[0]} is not found.", _INSTALL) if missing else ok("They are there.")


def schedules(place: Place) -> Finding:
    """Whether this machine knows the time zone of the schedule."""
    log = SqlEventLog(place.opening.database, place.clock, ())
    state, _ = load(log, schedule.DECIDER, schedule.STREAM)
    if _is_known(state.timezone):
        return ok(f"{state.timezone}.")
    return error(f"{state.timezone} is not known to this machine.", f"{_INSTALL} Or set another time zone.")


def _is_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
