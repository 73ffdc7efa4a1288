"""Imports with their counts, their rejected rows, collections, and which papers belong to which."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from application.ports.event_log import Recorded
from domain import collection as collecting
from domain import importing, paper
from domain.events import Event
from domain.paper_events import Merged
from infrastructure.bulk import insert_rows
from infrastructure.database import metadata as schema
from infrastructure.log.codec import stamp
from infrastructure.log.tables import Position
from infrastructure.read_models.model import STATEMENTS, Tables

COUNTS = ("registered", "known", "duplicates", "updated", "rejected")

imports = sa.Table(
    "imports",
    schema,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("collection", sa.Text, nullable=False),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("format", sa.Text, nullable=False),
    sa.Column("encoding", sa.Text, nullable=False),
    sa.Column("vendor", sa.Text),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("recorded", sa.Integer, nullable=False, server_default="0"),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    *(sa.Column(name, sa.Integer, nullable=False, server_default="0") for name in COUNTS),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("started_at", sa.Text, nullable=False),
    sa.Column("updated_at", sa.Text, nullable=False),
    sa.Column("position", Position, nullable=False),
)
collections = sa.Table(
    "collections",
    schema,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("created_at", sa.Text, nullable=False),
)
memberships = sa.Table(
    "memberships",
    schema,
    sa.Column("import_id", sa.Text, primary_key=True),
    sa.Column("paper", sa.Text, primary_key=True),
    sa.Column("collection", sa.Text, nullable=False),
    sa.Index(None, "collection", "paper", "import_id"),
    sa.Index(None, "paper"),
)
rejected_rows = sa.Table(
    "rejected_rows",
    schema,
    sa.Column("import_id", sa.Text, primary_key=True),
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("raw", sa.Text, nullable=False),
)

TAKEN_BACK = ("undoing", "undone")
"""Statuses of imports that count no more: who reads memberships for a collection leaves theirs out."""

_ENDED: Mapping[type[Event], Callable[[Any], dict[str, Any]]] = {
    importing.Completed: lambda _: {"status": "completed"},
    importing.Refused: lambda e: {"status": "refused", "reason": e.reason},
    importing.Cancelled: lambda _: {"status": "cancelled"},
    importing.UndoStarted: lambda _: {"status": "undoing"},
    importing.Undone: lambda _: {"status": "undone"},
}


class Imports:
    """The model of the tables `imports`, `collections`, `memberships` and `rejected_rows`."""

    name = "imports"
    tables = (imports, collections, memberships, rejected_rows)

    def apply(self, connection: sa.Connection, events: Sequence[Recorded], tables: Tables) -> None:
        """Write the rows that each event adds or changes; there are few such events, so one by one."""
        for recorded in events:
            if recorded.stream.startswith(importing.STREAM):
                self._import(connection, recorded, tables)
            elif recorded.stream.startswith(collecting.STREAM):
                self._collection(connection, recorded, tables(collections))
            elif isinstance(recorded.event, Merged):
                gone = recorded.stream.removeprefix(paper.STREAM)
                connection.execute(_taking_over(tables(memberships)), {"gone": gone, "stays": recorded.event.into})

    def _import(self, connection: sa.Connection, recorded: Recorded, tables: Tables) -> None:
        table, event = tables(imports), recorded.event
        import_id = recorded.stream.removeprefix(importing.STREAM)
        latest = {"updated_at": stamp(recorded.recorded_at), "position": recorded.position}
        if isinstance(event, importing.Started):
            connection.execute(table.insert(), [_started(import_id, event, recorded) | latest])
            return
        changes: dict[str, Any] = {}
        if isinstance(event, importing.RowsRecorded):
            changes = {name: table.c[name] + getattr(event.counts, name) for name in COUNTS} | {"recorded": event.last}
            _add_rows(connection, import_id, event, tables)
        elif type(event) in _ENDED:
            changes = _ENDED[type(event)](event)
        connection.execute(table.update().where(table.c.id == import_id).values(changes | latest))

    def _collection(self, connection: sa.Connection, recorded: Recorded, table: sa.Table) -> None:
        collection, event = recorded.stream.removeprefix(collecting.STREAM), recorded.event
        if isinstance(event, collecting.Created):
            row = {"id": collection, "name": event.name, "created_at": stamp(recorded.recorded_at)}
            connection.execute(table.insert(), [row])
        elif isinstance(event, collecting.Renamed):
            connection.execute(table.update().where(table.c.id == collection).values(name=event.name))


@lru_cache(maxsize=STATEMENTS)
def _taking_over(table: sa.Table) -> sa.Insert:
    """The paper that stays is in every import and collection in which the merged one is."""
    other = table.alias()
    there = sa.exists().where(other.c.import_id == table.c.import_id, other.c.paper == sa.bindparam("stays"))
    columns = (table.c.import_id, sa.bindparam("stays", type_=sa.Text).label("paper"), table.c.collection)
    members = sa.select(*columns).where(table.c.paper == sa.bindparam("gone"), ~there)
    return table.insert().from_select(["import_id", "paper", "collection"], members)


def living(table: sa.FromClause = memberships) -> sa.ColumnElement[bool]:
    """Whether a membership comes from an import that was not taken back."""
    return table.c.import_id.not_in(sa.select(imports.c.id).where(imports.c.status.in_(TAKEN_BACK)))


def _started(import_id: str, event: importing.Started, recorded: Recorded) -> dict[str, Any]:
    names = ("collection", "filename", "sha256", "size", "format", "encoding", "vendor", "rows")
    row = {name: getattr(event, name) for name in names}
    return row | {
        "id": import_id,
        "status": "running",
        "actor": recorded.actor,
        "started_at": stamp(recorded.recorded_at),
    }


def _add_rows(connection: sa.Connection, import_id: str, event: importing.RowsRecorded, tables: Tables) -> None:
    members = [(import_id, paper, event.collection) for paper in event.members]
    insert_rows(connection, tables(memberships), ("import_id", "paper", "collection"), members, unless_there=True)
    rejected = [(import_id, one.row, one.line, one.reason, one.raw) for one in event.rejected]
    insert_rows(connection, tables(rejected_rows), ("import_id", "row", "line", "reason", "raw"), rejected)
