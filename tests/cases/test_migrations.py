"""Migrations that find a database of the future, or are broken off."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from infrastructure import migrating
from infrastructure.clock import SystemClock
from infrastructure.database import Database, sqlite_url
from infrastructure.log.sql import SqlEventLog
from infrastructure.log.triggers import present, required
from infrastructure.read_models.rebuild import differences
from infrastructure.schema import READ_MODELS
from tests.infrastructure.read_models.keeping import ORIGIN, story


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    """A database without any table."""
    with closing(Database(sqlite_url(tmp_path / "a.db"))) as database:
        yield database


def tables(database: Database) -> set[str]:
    """The names of its tables."""
    return set(sa.inspect(database.engine).get_table_names())


@pytest.mark.case("B06")
def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(empty: Database) -> None:
    migrating.upgrade(empty)
    with empty.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = tables(empty)
    with pytest.raises(migrating.SchemaNewer, match="9999") as refused:
        migrating.upgrade(empty)
    assert "newer version" in refused.value.remedy
    assert tables(empty) == before
    assert migrating.current(empty) == "9999"


_KILLED = """
import os, signal, sys
from infrastructure import migrating
from infrastructure.database import Database
from infrastructure.log import triggers

statements = 0

def count(connection, *_):
    global statements
    statements += 1
    if statements == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

database = Database(sys.argv[1])
import sqlalchemy as sa
sa.event.listen(database.engine, "after_cursor_execute", count)
migrating.upgrade(database)
"""


def killed(database: Database, statement: int) -> bool:
    """Migrate in another process, which is killed at a statement; whether it was, or ended before."""
    command = [sys.executable, "-P", "-c", _KILLED, database.url.render_as_string(), str(statement)]
    return subprocess.run(command, capture_output=True, check=False).returncode < 0


@pytest.mark.case("B07")
@pytest.mark.case("X16")
@pytest.mark.parametrize("statement", [8, 25])
def test_a_migration_that_is_killed_leaves_nothing_and_the_next_start_finishes(empty: Database, statement: int) -> None:
    assert killed(empty, statement), "it ended before that statement"
    assert tables(empty) == set()
    assert migrating.upgrade(empty) == migrating.newest()
    with empty.read() as connection:
        assert present(connection) == required("sqlite")


@pytest.mark.case("X16")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("statements", [(12,), pytest.param(range(1, 200), marks=pytest.mark.slow)])
def test_a_revision_that_is_killed_while_it_fills_its_tables_leaves_the_old_ones(
    empty: Database, statements: Iterable[int]
) -> None:
    migrating.upgrade(empty)
    log = SqlEventLog(empty, SystemClock(), READ_MODELS)
    for writes in story():
        log.append(writes, ORIGIN)
    migrating.downgrade(empty, "0001")
    before = tables(empty)
    for statement in statements:
        if not killed(empty, statement):
            break
        assert (tables(empty), migrating.current(empty)) == (before, "0001")
    assert migrating.upgrade(empty) == migrating.newest()
    assert [differences(empty, model) for model in READ_MODELS] == [()] * len(READ_MODELS)
