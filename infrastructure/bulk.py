"""Inserting many rows at the speed of the driver."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa


def insert_rows(
    connection: sa.Connection,
    table: sa.Table,
    columns: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
    *,
    unless_there: bool = False,
) -> None:
    """Insert rows of plain values (text, numbers, None) of the columns; `unless_there` leaves out those that exist.

    SQLAlchemy's own executemany looks at every value of every row, which costs as much as the insert itself.
    """
    if rows:
        mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
        statement = _statement(table.name, columns, mark)
        connection.exec_driver_sql(f"{statement} ON CONFLICT DO NOTHING" if unless_there else statement, list(rows))


@cache
def _statement(table: str, columns: tuple[str, ...], mark: str) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({", ".join([mark] * len(columns))})'  # noqa: S608 (our own names)
