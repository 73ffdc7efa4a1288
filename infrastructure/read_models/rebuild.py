"""Rebuilding and checking read models against the log, while the application runs.

Tables are filled aside in short transactions; then, with the head locked, they take over the last events, and are
compared with the live ones or take their place. Writers wait for that last step only.
"""

import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from attrs import frozen

from infrastructure.database import Database
from infrastructure.log.sql import locked_end, read
from infrastructure.log.tables import event_head
from infrastructure.read_models.model import ReadModel
from infrastructure.workers import SqlWorkers

CHUNK = 2_000
"""Events of one transaction: about a tenth of a second on SQLite."""
BREATH = 0.002
"""Seconds between two transactions, so that writers of other processes get their turn."""
PATIENCE = 2.0
"""Seconds that the exchange waits for readers."""
EXAMPLES = 5

Progress = Callable[[int, int], None]
"""Called with the position reached and the position of the head."""
Aside = dict[sa.Table, sa.Table]


@frozen(kw_only=True)
class Difference:
    """A table that is not what the log says: rows too many, rows too few, and some of their keys."""

    table: str
    surplus: int
    missing: int
    examples: tuple[str, ...]


def rebuild(database: Database, model: ReadModel, progress: Progress | None = None) -> int:
    """Replace the model's tables by a replay of the log; returns the position that they show.

    Raises DatabaseBusy where somebody reads the tables on PostgreSQL for longer than PATIENCE.
    """
    with _filled(database, model, progress) as (connection, aside, position):
        if not database.is_sqlite:  # the exchange waits for readers of the tables, and all writers wait for it
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{round(PATIENCE * 1000)}ms'")
        for table, copy in aside.items():
            _exchange(connection, table, copy)
    return position


def differences(database: Database, model: ReadModel, progress: Progress | None = None) -> tuple[Difference, ...]:
    """Where the model's tables differ from a replay of the log."""
    with _filled(database, model, progress) as (connection, aside, _):
        return tuple(found for table, copy in aside.items() if (found := _compare(connection, table, copy)))


@contextmanager
def _filled(
    database: Database, model: ReadModel, progress: Progress | None
) -> Iterator[tuple[sa.Connection, Aside, int]]:
    """The model's tables filled aside up to the head, within a transaction that holds the head's lock."""
    with _tables_aside(database, model) as aside:
        position, behind, chunk = 0, sys.maxsize, CHUNK
        while behind > chunk:
            position, head = _fill(database, model, aside, position, chunk)
            if head - position >= behind:
                chunk *= 2  # the writers are as quick as this: with shorter turns it would never end
            behind = head - position
            if progress:
                progress(position, head)
        with database.write() as connection:
            end = locked_end(connection).position
            model.apply(connection, read(connection, position, end - position), aside.__getitem__)
            yield connection, aside, end


@contextmanager
def _tables_aside(database: Database, model: ReadModel) -> Iterator[Aside]:
    """A second set of the model's tables, empty; those that dead processes left are removed."""
    with SqlWorkers(database) as worker:
        aside = _aside(model, _mark(worker.own), is_sqlite=database.is_sqlite)
        schema = next(iter(aside.values())).metadata
        in_use = {_mark(name) for name in worker.living()}
        with database.write() as connection:
            _drop_leftovers(connection, model, in_use)
            schema.create_all(connection)
        try:
            yield aside
        finally:
            with database.write() as connection:
                schema.drop_all(connection)


def _mark(worker: str) -> str:
    """What tells the tables of one worker from those of another."""
    return worker.replace("-", "")[-12:]


def _fill(database: Database, model: ReadModel, aside: Aside, position: int, chunk: int) -> tuple[int, int]:
    with database.read() as connection:
        events = read(connection, position, chunk)
        head = connection.execute(sa.select(event_head.c.position)).scalar_one()
    if events:
        with database.write() as connection:
            model.apply(connection, events, aside.__getitem__)
        time.sleep(BREATH)
    return (events[-1].position if events else position), head


def _aside(model: ReadModel, mark: str, *, is_sqlite: bool) -> Aside:
    """A second set of the model's tables, without indexes: these are made at the exchange, under their own names."""
    schema, aside = sa.MetaData(), {}
    for table in model.tables:
        copy = table.to_metadata(schema, name=f"{table.name}__{mark}")
        copy.indexes.clear()
        if not is_sqlite:  # PostgreSQL has one name space for all keys
            copy.primary_key.name = f"{table.primary_key.name}__{mark}"
        aside[table] = copy
    return aside


def _exchange(connection: sa.Connection, table: sa.Table, copy: sa.Table) -> None:
    """Put the copy in the place of the table; afterwards nothing tells that it was another one."""
    connection.exec_driver_sql(f"DROP TABLE {table.name}")
    connection.exec_driver_sql(f"ALTER TABLE {copy.name} RENAME TO {table.name}")
    if copy.primary_key.name != table.primary_key.name:
        connection.exec_driver_sql(f"ALTER INDEX {copy.primary_key.name} RENAME TO {table.primary_key.name}")
    for index in table.indexes:
        index.create(connection)


def _drop_leftovers(connection: sa.Connection, model: ReadModel, in_use: Collection[str]) -> None:
    names = {table.name for table in model.tables}
    for name in sa.inspect(connection).get_table_names():
        table, _, mark = name.rpartition("__")
        if table in names and mark not in in_use:
            connection.exec_driver_sql(f"DROP TABLE {name}")


def _compare(connection: sa.Connection, table: sa.Table, copy: sa.Table) -> Difference | None:
    surplus = _only_in(connection, table, copy)
    missing = _only_in(connection, copy, table)
    if not surplus and not missing:
        return None
    keys = [column.name for column in table.primary_key]
    examples = [" ".join(str(row._mapping[key]) for key in keys) for row in (*surplus, *missing)[:EXAMPLES]]  # noqa: SLF001
    return Difference(table=table.name, surplus=len(surplus), missing=len(missing), examples=tuple(examples))


def _only_in(connection: sa.Connection, one: sa.Table, other: sa.Table) -> "list[sa.Row[tuple[object, ...]]]":
    return list(connection.execute(sa.except_(sa.select(one), sa.select(other))).all())
