"""What happened lately: warnings of the log in words, and hosts that want to be left alone."""

from datetime import UTC, datetime

import sqlalchemy as sa

from application.activity import ActivityFilter, told
from application.formats import listed, moment, plural
from application.health import Finding, ok, warning
from application.kinds import Level
from application.wording import sentence
from infrastructure.health.place import Place
from infrastructure.http.hosts import hosts
from infrastructure.read_models.activity_queries import SqlActivity

SHOWN = 10
"""Events that are shown."""
LONG = 60.0
"""Seconds of a pause that are worth a word."""
NAMED = 5
"""Hosts that are named."""
EVERYDAY = ("paper.not_located", "paper.failed", "paper.doubted")
"""Warnings about single papers, of which there are many: they are counted by their causes instead."""


def warnings(place: Place) -> Finding:
    """The last warnings and refusals."""
    which = ActivityFilter(level=Level.WARNING, without=EVERYDAY)
    found = SqlActivity(place.opening.database, place.log).page(which, limit=SHOWN, descending=True).events
    if not found:
        return ok("There are none.", events=[])
    words = f"The last one: {moment(found[0].recorded_at)}, {sentence(found[0])}"
    return ok(words, events=[told(one) for one in found])


def resting(place: Place) -> Finding:
    """Hosts that are not asked for a while, because they refused, or asked for a pause."""
    now = place.clock.now().timestamp()
    until = sa.case((hosts.c.rests_until > hosts.c.next_at, hosts.c.rests_until), else_=hosts.c.next_at)
    query = sa.select(hosts.c.host, until.label("until")).where(until > now + LONG).order_by(until, hosts.c.host)
    with place.opening.database.read() as connection:
        found = [(row.host, datetime.fromtimestamp(row.until, UTC)) for row in connection.execute(query)]
    if not found:
        return ok("None rests.", hosts={})
    words = listed([f"{host} until {moment(at)}" for host, at in found[:NAMED]])
    more = f", and {plural(len(found) - NAMED, 'other')}" if len(found) > NAMED else ""
    facts = {"hosts": {host: at.isoformat() for host, at in found}}
    count = plural(len(found), "host rests", "hosts rest")
    return warning(f"{count}: {words}{more}.", "Nothing is to be done: they are asked again by themselves.", **facts)
