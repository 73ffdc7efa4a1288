"""Changing a log behind the database's back, clumsily and cleverly."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from infrastructure.database import Database
from infrastructure.log.chain import GENESIS, link
from infrastructure.log.numbering import COLUMNS
from infrastructure.log.tables import event_head, events
from infrastructure.log.triggers import protect, required

Row = dict[str, Any]


def tamper(database: Database, *statements: "str | sa.Executable") -> None:
    """Run statements on a database without its triggers, and put these back."""
    with database.write() as connection:
        for name in required(connection.dialect.name):
            table = "" if database.is_sqlite else f" ON {name.partition('_no_')[0]}"
            connection.exec_driver_sql(f"DROP TRIGGER {name}{table}")
        for statement in statements:
            connection.execute(sa.text(statement) if isinstance(statement, str) else statement)
        protect(connection)


def stored(database: Database) -> list[Row]:
    """The rows of the log."""
    with database.read() as connection:
        return [dict(row._mapping) for row in connection.execute(sa.select(events).order_by(events.c.position))]


def rewrite(database: Database, change: Callable[[list[Row]], list[Row]]) -> None:
    """Replace the log by another one with positions, hashes and head that fit: the perfect forgery."""
    rows, previous = change(stored(database)), GENESIS
    for position, row in enumerate(rows, start=1):
        row["position"] = position
        row["hash"] = previous = link(previous, [row[name] for name in COLUMNS[:-1]])
    head = event_head.update().values(position=len(rows), hash=previous)
    tamper(database, events.delete(), *[events.insert().values(row) for row in rows], head)
