"""What happened lately: warnings of the log in words, and hosts that want to be left alone."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from application.formats import listed, moment, plural
from application.health import Finding, ok, warning
from application.ports.event_log import Recorded
from application.wording import sentence
from domain import importing, refusals, scraper
from domain import paper_events as happened
from domain.events import Event
from infrastructure.health.place import Place
from infrastructure.http.hosts import hosts
from infrastructure.log.numbering import recorded
from infrastructure.log.sql import READ
from infrastructure.log.tables import events

SHOWN = 10
"""Events that are shown."""
LOOKED_AT = 300
"""Events of these types that are looked at."""
LONG = 60.0
"""Seconds of a pause that are worth a word."""
_OWN_FAULTS = frozenset({"crashed", "disk_full", "missing_credential", "source_unreachable"})

_ALWAYS: Callable[[Any], bool] = lambda _: True  # noqa: E731 (an entry of the table below)
_WORTH_A_LOOK: Mapping[type[Event], Callable[[Any], bool]] = {
    refusals.Refused: _ALWAYS,
    importing.Refused: _ALWAYS,
    scraper.EmergencyStopped: _ALWAYS,
    happened.FileLost: _ALWAYS,
    happened.Reverted: lambda event: event.why == "crash",
    happened.Failed: lambda event: event.cause in _OWN_FAULTS,
    happened.Deferred: lambda event: event.cause in _OWN_FAULTS,
}
"""Events that tell of trouble, some of them only where the program or the machine was at fault."""


def warnings(place: Place) -> Finding:
    """The last warnings and refusals."""
    types = [kind.TYPE for kind in _WORTH_A_LOOK]
    query = READ.where(events.c.type.in_(types)).order_by(events.c.position.desc()).limit(LOOKED_AT)
    with place.opening.database.read() as connection:
        found = [one for row in connection.execute(query) if _matters(one := recorded(row))][:SHOWN]
    if not found:
        return ok("There are none.", events=[])
    told = f"The last one: {moment(found[0].recorded_at)}, {sentence(found[0])}"
    return ok(told, events=[_told(one) for one in found])


def _matters(one: Recorded) -> bool:
    return _WORTH_A_LOOK[type(one.event)](one.event)


def _told(one: Recorded) -> dict[str, object]:
    return {
        "position": one.position,
        "at": one.recorded_at.isoformat(),
        "actor": one.actor,
        "type": one.event.TYPE,
        "sentence": sentence(one),
    }


def resting(place: Place) -> Finding:
    """Hosts that are not asked for a while, because they refused, or asked for a pause."""
    now = place.clock.now().timestamp()
    until = sa.case((hosts.c.rests_until > hosts.c.next_at, hosts.c.rests_until), else_=hosts.c.next_at)
    query = sa.select(hosts.c.host, until.label("until")).where(until > now + LONG).order_by(until, hosts.c.host)
    with place.opening.database.read() as connection:
        found = [(row.host, datetime.fromtimestamp(row.until, UTC)) for row in connection.execute(query)]
    if not found:
        return ok("None rests.", hosts={})
    told = listed([f"{host} until {moment(at)}" for host, at in found[:5]])
    more = f", and {plural(len(found) - 5, 'other')}" if len(found) > 5 else ""
    facts = {"hosts": {host: at.isoformat() for host, at in found}}
    count = plural(len(found), "host rests", "hosts rest")
    return warning(f"{count}: {told}{more}.", "Nothing is to be done: they are asked again by themselves.", **facts)
