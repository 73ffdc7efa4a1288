"""The tables that are made from the log, beside that of the papers: whether they know of the last events."""

from collections.abc import Mapping

import sqlalchemy as sa

from application.formats import listed, plural
from application.health import Finding, error, ok
from domain import importing
from domain.hour import Planned
from domain.paper_events import (
    IdentifierAdded,
    IdentifierCorrected,
    Merged,
    ProcessingStarted,
    Queued,
    Registered,
    identifier_changes,
)
from infrastructure.health.log import REBUILD_HERE
from infrastructure.health.place import Place
from infrastructure.log.codec import decode
from infrastructure.log.tables import events, identifiers
from infrastructure.read_models.imports import imports
from infrastructure.read_models.jobs import hours, jobs
from infrastructure.read_models.papers import transitions

RECENT = 500
"""Events at the end of the log that the tables are compared with."""

_WRITTEN: Mapping[str, tuple[tuple[str, ...], sa.Column[int]]] = {
    "transitions": ((Queued.TYPE, ProcessingStarted.TYPE, Registered.TYPE), transitions.c.position),
    "jobs": ((Queued.TYPE,), jobs.c.id),
    "hours": ((Planned.TYPE,), hours.c.position),
}
"""Tables with a row for each event of some types, at its position."""
_IDENTIFYING = (Registered, IdentifierAdded, IdentifierCorrected, Merged)
"""Events by which papers take and give up identifiers."""


def others(place: Place) -> Finding:
    """Whether the other tables are up to the end of the log."""
    with place.opening.database.read() as connection:
        newest = connection.execute(sa.select(sa.func.max(events.c.position))).scalar_one() or 0
        behind = [name for name in _WRITTEN if _unwritten(connection, name, newest - RECENT)]
        behind += ["imports"] if _imports_behind(connection, newest - RECENT) else []
        behind += ["identifiers"] if _unidentified(connection, newest - RECENT) else []
    if not behind:
        return ok("They are up to the end of the log.")
    told = plural(len(behind), "table is", "tables are")
    found = error(f"{told} behind the log: {listed(behind)}.", "Run `scipaperloader rebuild`.", tables=behind)
    return found.on_page(*REBUILD_HERE)


def _unwritten(connection: sa.Connection, name: str, after: int) -> bool:
    types, column = _WRITTEN[name]
    recent = (events.c.position > after) & events.c.type.in_(types)
    missing = sa.select(events.c.position).outerjoin(column.table, column == events.c.position)
    return connection.execute(missing.where(recent, column.is_(None)).limit(1)).first() is not None


def _imports_behind(connection: sa.Connection, after: int) -> bool:
    """Whether the row of an import does not know of its last event."""
    begins = sa.func.substr(events.c.stream, 1, len(importing.STREAM)) == importing.STREAM
    recent = sa.select(events.c.stream, sa.func.max(events.c.position)).where(events.c.position > after, begins)
    known = {name: position for name, position in connection.execute(sa.select(imports.c.id, imports.c.position))}  # noqa: C416 (rows are no pairs to mypy)
    latest = connection.execute(recent.group_by(events.c.stream)).all()
    return any(known.get(stream.removeprefix(importing.STREAM)) != position for stream, position in latest)


def _unidentified(connection: sa.Connection, after: int) -> bool:
    """Whether a paper that was registered lately, and gave up no identifier since, lacks one."""
    query = sa.select(events.c.stream, events.c.type, events.c.type_version, events.c.data)
    recent = query.where(events.c.position > after, events.c.type.in_([kind.TYPE for kind in _IDENTIFYING]))
    wanted: dict[str, set[tuple[str, str]]] = {}
    for stream, type_, version, data in connection.execute(recent.order_by(events.c.position)):
        changes = identifier_changes(decode(type_, version, data))
        own = wanted.setdefault(stream, set())
        own |= {(identifier.scheme.value, identifier.value) for identifier, takes in changes if takes}
        own -= {(identifier.scheme.value, identifier.value) for identifier, takes in changes if not takes}
    names = sorted(set[tuple[str, str]]().union(*wanted.values()))
    pairs = sa.tuple_(identifiers.c.scheme, identifiers.c.value)
    present = sa.select(sa.func.count()).select_from(identifiers).where(pairs.in_(names))
    return bool(names) and connection.execute(present).scalar_one() < len(names)
