"""Read models that a revision adds are filled from the log that there is, in the same transaction."""

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from domain.paper_commands import Revert
from infrastructure import migrating
from infrastructure.clock import SystemClock
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.log.verify import verify_chain
from infrastructure.read_models.rebuild import differences, rebuild
from infrastructure.schema import READ_MODELS
from tests.contract.making import everything
from tests.infrastructure.read_models.keeping import ORIGIN, contents, story
from tests.plans import Yard

FIRST = "0001"
ADDED = frozenset(
    name
    for script in ScriptDirectory(str(migrating.scripts_folder())).walk_revisions(FIRST, "heads")
    for name in getattr(script.module, "READ_MODELS", ())
)
"""The read models that later revisions add."""


def found(database: Database) -> dict[str, object]:
    """What every read model holds."""
    with database.read() as connection:
        return {model.name: contents(connection, model) for model in READ_MODELS}


@pytest.fixture
def old(empty: Database) -> Database:
    """A database of the first revision, with papers, imports, jobs and hours in its log."""
    migrating.upgrade(empty, FIRST)
    log = SqlEventLog(empty, SystemClock(), [model for model in READ_MODELS if model.name not in ADDED])
    for writes in story():
        log.append(writes, ORIGIN)
    return empty


def test_the_jobs_of_a_log_that_had_no_table_of_jobs_are_in_it(old: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "CHUNK", 4)
    before = everything(SqlEventLog(old, SystemClock(), ()))
    assert migrating.upgrade(old) == migrating.newest()
    assert [differences(old, model) for model in READ_MODELS] == [()] * len(READ_MODELS)
    with old.read() as connection:
        counts = {
            name: connection.execute(sa.text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in ("jobs", "open_jobs", "hours")
        }
    assert counts == {"jobs": 7, "open_jobs": 1, "hours": 1}
    assert everything(SqlEventLog(old, SystemClock(), READ_MODELS)) == before
    assert verify_chain(old).faults == ()


def test_what_is_filled_is_what_a_rebuild_makes(old: Database) -> None:
    migrating.upgrade(old)
    filled = found(old)
    for model in READ_MODELS:
        rebuild(old, model)
    assert found(old) == filled


def test_appends_go_on_where_filling_ended(old: Database) -> None:
    migrating.upgrade(old)
    log = SqlEventLog(old, SystemClock(), READ_MODELS)
    Yard(log).do("p1", Revert(why="revoked"))
    assert [differences(old, model) for model in READ_MODELS] == [()] * len(READ_MODELS)


def test_down_and_up_again_fills_again(old: Database) -> None:
    migrating.upgrade(old)
    filled = found(old)
    assert migrating.downgrade(old, FIRST) == FIRST
    migrating.upgrade(old)
    assert found(old) == filled


class PowerCut(Exception):
    """The filling does not get any further."""


@pytest.mark.case("X16")
def test_filling_that_breaks_off_leaves_the_old_schema_and_the_next_start_finishes(
    old: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(sa.inspect(old.engine).get_table_names())
    read = migrating.read

    def break_off(connection: sa.Connection, after: int, limit: int) -> object:
        if after:
            raise PowerCut
        return read(connection, after, limit)

    with monkeypatch.context() as cut:
        cut.setattr(migrating, "CHUNK", 4)
        cut.setattr(migrating, "read", break_off)
        with pytest.raises(PowerCut):
            migrating.upgrade(old)
    assert migrating.current(old) == FIRST
    assert set(sa.inspect(old.engine).get_table_names()) == before
    assert migrating.upgrade(old) == migrating.newest()
    assert [differences(old, model) for model in READ_MODELS] == [()] * len(READ_MODELS)
