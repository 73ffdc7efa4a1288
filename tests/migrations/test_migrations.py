"""Migrations: they end where the code begins, they keep the log protected, and they happen whole or not at all."""

import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from application.ports.maintenance import InUse
from infrastructure import migrating, schema
from infrastructure.clock import SystemClock
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.log.tables import events
from infrastructure.log.triggers import present, required
from infrastructure.log.verify import verify_chain
from infrastructure.resetting import DatabaseSchema
from infrastructure.schema import READ_MODELS
from infrastructure.workers import SqlWorkers
from tests.contract.making import doi, everything, origin, registration
from tests.crash.launcher import Launcher
from tests.databases import Databases, address

REVISIONS = [
    script.revision
    for script in reversed(list(ScriptDirectory(str(migrating.scripts_folder())).walk_revisions("base", "heads")))
]


def shape(database: Database) -> dict[str, Any]:
    """Everything that a database knows of its tables, in an order of its own."""
    inspector = sa.inspect(database.engine)
    return {
        name: {
            "columns": _plain(inspector.get_columns(name)),
            "key": _plain([inspector.get_pk_constraint(name)]),
            "unique": _plain(inspector.get_unique_constraints(name)),
            "checks": _plain(inspector.get_check_constraints(name)),
            "indexes": _plain(inspector.get_indexes(name)),
        }
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }


def _plain(found: Any) -> Any:
    """Comparable: dictionaries as sorted pairs, lists sorted, everything else as text."""
    if isinstance(found, dict):
        return sorted((key, _plain(value)) for key, value in found.items())
    return sorted(map(_plain, found), key=repr) if isinstance(found, list) else str(found)


def triggers(database: Database) -> frozenset[str]:
    with database.read() as connection:
        return present(connection)


def test_the_migrated_database_is_the_one_that_the_code_describes(empty: Database) -> None:
    migrating.upgrade(empty)
    with empty.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, schema.metadata) == []


def test_the_migrated_database_is_the_created_one(empty: Database, databases: Databases) -> None:
    migrating.upgrade(empty)
    with databases.fresh("sqlite" if empty.is_sqlite else "postgresql") as created:
        assert shape(empty) == shape(created)
        assert triggers(empty) == triggers(created) == required(empty.engine.dialect.name)
        heads = [database.read() for database in (empty, created)]
        with heads[0] as one, heads[1] as other:
            query = sa.text("SELECT * FROM event_head")
            assert one.execute(query).all() == other.execute(query).all()


def test_the_log_is_protected_after_every_revision(empty: Database) -> None:
    for revision in REVISIONS:
        assert migrating.upgrade(empty, revision) == revision
        assert triggers(empty) == required(empty.engine.dialect.name)
    for revision in reversed(REVISIONS[:-1]):
        assert migrating.downgrade(empty, revision) == revision
        assert triggers(empty) == required(empty.engine.dialect.name)


def test_up_down_and_up_again(empty: Database) -> None:
    migrating.upgrade(empty)
    first = shape(empty)
    assert migrating.downgrade(empty, "base") == ""
    assert shape(empty) == {}
    assert migrating.current(empty) == ""
    assert migrating.upgrade(empty) == migrating.newest() == REVISIONS[-1]
    assert shape(empty) == first


def test_a_migrated_database_keeps_its_log(empty: Database) -> None:
    migrating.upgrade(empty)
    log = SqlEventLog(empty, SystemClock(), READ_MODELS)
    log.append((registration("one", doi(1)),), origin(key="a key"))
    before = everything(log)
    assert migrating.upgrade(empty) == migrating.newest()
    assert everything(log) == before
    assert not verify_chain(empty).faults


def test_what_is_up_to_date_waits_for_no_writer(empty: Database) -> None:
    migrating.upgrade(empty)
    with empty.write() as connection:
        connection.execute(sa.select(events.c.position))
        with closing(Database(address(empty), busy_seconds=0.1)) as other:
            assert migrating.upgrade(other) == migrating.newest()


@pytest.mark.case("I09")
def test_three_processes_that_migrate_at_once(empty: Database, tmp_path: Path) -> None:
    with Launcher(tmp_path / "runs", {"DATA_DIR": str(tmp_path), "DATABASE_URL": address(empty)}) as launcher:
        ended = [running.ended() for running in [launcher.start("db", "upgrade") for _ in range(3)]]
    assert [(one.code, one.err) for one in ended] == [(0, "")] * 3
    assert triggers(empty) == required(empty.engine.dialect.name)
    assert migrating.current(empty) == migrating.newest()


class PowerCut(Exception):
    """The migration does not get any further."""


@pytest.mark.case("B07")
@pytest.mark.parametrize("statement", [5, 15, 30])
def test_a_migration_that_breaks_off_leaves_nothing(empty: Database, statement: int) -> None:
    done = 0

    def break_off(*_: object) -> None:
        nonlocal done
        done += 1
        if done == statement:
            raise PowerCut

    sa.event.listen(empty.engine, "before_cursor_execute", break_off)
    with pytest.raises(PowerCut):
        migrating.upgrade(empty)
    sa.event.remove(empty.engine, "before_cursor_execute", break_off)
    assert shape(empty) == {}
    assert migrating.upgrade(empty) == migrating.newest()
    assert triggers(empty) == required(empty.engine.dialect.name)


@pytest.mark.case("I09")
def test_a_database_is_not_brought_up_to_date_under_an_older_program_that_is_at_work(empty: Database) -> None:
    migrating.upgrade(empty, REVISIONS[0])
    with SqlWorkers(empty), pytest.raises(InUse) as refusal:
        migrating.upgrade(empty)
    assert "Stop the server" in refusal.value.remedy
    assert migrating.current(empty) == REVISIONS[0]
    assert migrating.upgrade(empty) == migrating.newest()
    with SqlWorkers(empty):
        assert migrating.upgrade(empty) == migrating.newest(), "what is up to date may be used by many"


@pytest.mark.case("B06")
@pytest.mark.case("I09")
@pytest.mark.parametrize("change", [migrating.upgrade, migrating.downgrade])
def test_a_database_of_a_newer_version_is_left_as_it_is(empty: Database, change: Any) -> None:
    migrating.upgrade(empty)
    with empty.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = shape(empty)
    with pytest.raises(migrating.SchemaNewer, match="9999") as refusal:
        change(empty)
    assert "backup" in refusal.value.remedy
    assert shape(empty) == before


def test_a_database_in_use_is_not_taken_back(empty: Database) -> None:
    migrating.upgrade(empty)
    with SqlWorkers(empty), pytest.raises(InUse):
        DatabaseSchema(empty).downgrade()
    assert migrating.current(empty) == migrating.newest()


def test_the_revisions_are_one_line() -> None:
    scripts = ScriptDirectory(str(migrating.scripts_folder()))
    assert scripts.get_bases() == [REVISIONS[0]]
    assert scripts.get_heads() == [REVISIONS[-1]]


def test_a_revision_is_written_from_what_differs(
    empty: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    copy = tmp_path / "migrations"
    shutil.copytree(migrating.scripts_folder(), copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrating, "scripts_folder", lambda: copy)
    migrating.upgrade(empty)
    written = migrating.new_revision(empty, "nothing new")
    assert written.parent == copy / "versions"
    assert written.name.endswith("_nothing_new.py")
    assert written.read_text().count("pass\n") == 2
