"""The log and the table of papers: whether its end is whole, and whether the table is up to it."""

import sqlalchemy as sa

from application.formats import moment, number, plural
from application.health import Finding, error, ok, skipped
from domain.paper import STREAM
from infrastructure.health.place import Place
from infrastructure.log.codec import moment as moment_of
from infrastructure.log.sql import read
from infrastructure.log.tables import event_head, events
from infrastructure.read_models.papers import papers

RECENT = 500
"""Events at the end of the log that the table of papers is compared with."""
PROVE = "Run `scipaperloader verify`; if the log was altered, restore a backup whose anchor you know."
REBUILD = "Run `scipaperloader rebuild papers`."
REBUILD_HERE = ("Press “Rebuild the tables”: it is harmless, and everything goes on meanwhile.", "/diagnostics#proofs")
PROVE_HERE = ("Press “Verify”; if the log was altered, restore a backup whose anchor you know.", "/diagnostics#proofs")

_END = sa.select(events.c.position, events.c.hash).order_by(events.c.position.desc()).limit(1)
_OF_PAPERS = sa.func.substr(events.c.stream, 1, len(STREAM)) == STREAM  # a comparison would depend on the collation
_REGISTERED = sa.select(sa.func.count()).select_from(events).where(_OF_PAPERS, events.c.version == 1)


def head(place: Place) -> Finding:
    """Whether the head names the last event, and that one can be read."""
    with place.opening.database.read() as connection:
        noted, last = connection.execute(sa.select(event_head)).one_or_none(), connection.execute(_END).one_or_none()
        if noted is None:
            return error("The row that notes the end of the log is missing.", PROVE).on_page(*PROVE_HERE)
        if last is None and not noted.position:
            return ok("It is empty.")
        if last is None or (last.position, last.hash) != (noted.position, noted.hash):
            told = "The head does not name the last event: the log was cut or altered."
            return error(told, PROVE).on_page(*PROVE_HERE)
        read(connection, last.position - 1, 1)
    return ok(f"{plural(noted.position, 'event')}, the last one of {moment(moment_of(noted.recorded_at))}.")


def readable(place: Place) -> Finding:
    """Whether there is a log that can be read, whatever else there is."""
    with place.opening.database.read() as connection:
        if not sa.inspect(connection).has_table(events.name):
            return skipped("There is none yet.")
        last = connection.execute(sa.select(sa.func.max(events.c.position))).scalar_one() or 0
    return ok(f"{plural(last, 'event')}.", position=last)


def read_models(place: Place) -> Finding:
    """Whether the table of papers is up to the log: in number, and after the last events."""
    with place.opening.database.read() as connection:
        registered = connection.execute(_REGISTERED).scalar_one()
        present = connection.execute(sa.select(sa.func.count()).select_from(papers)).scalar_one()
        behind = _behind(connection)
    if registered != present:
        told = f"The log has {plural(registered, 'paper')}, the table {number(present)}."
        return error(told, REBUILD).on_page(*REBUILD_HERE)
    if behind:
        told = f"{plural(behind, 'paper is', 'papers are')} behind the log."
        return error(told, REBUILD).on_page(*REBUILD_HERE)
    return ok(f"{plural(present, 'paper')}, up to the end of the log.")


def _behind(connection: sa.Connection) -> int:
    """How many papers of the last events have a row that does not know of them."""
    recent = sa.select(events.c.stream, events.c.position).order_by(events.c.position.desc()).limit(RECENT)
    latest: dict[str, int] = {}
    for stream, position in connection.execute(recent):
        if stream.startswith(STREAM):
            latest.setdefault(stream.removeprefix(STREAM), position)
    query = sa.select(papers.c.id, papers.c.position).where(papers.c.id.in_(latest))
    known = {paper: position for paper, position in connection.execute(query)}  # noqa: C416 (rows are no pairs to mypy)
    return sum(known.get(paper) != position for paper, position in latest.items())
