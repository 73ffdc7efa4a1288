"""The tables beside that of the papers, against the log."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given

from application.health import State
from application.ports.event_log import Write
from infrastructure.database import Database
from infrastructure.health import tables
from infrastructure.health.place import Opening, Place
from tests.databases import Databases, address, fewer
from tests.fakes.clock import FakeClock
from tests.histories import histories
from tests.infrastructure.health.conftest import place_of
from tests.infrastructure.read_models.keeping import keep, story


def test_up_to_the_end(place: Place, database: Database) -> None:
    keep(database, story())
    told = tables.others(place)
    assert (told.state, told.value) == (State.OK, "They are up to the end of the log.")


def test_an_empty_log(place: Place) -> None:
    assert tables.others(place).state is State.OK


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("DELETE FROM jobs", "jobs"),
        ("DELETE FROM hours", "hours"),
        ("DELETE FROM transitions WHERE position > 20", "transitions"),
        ("UPDATE imports SET position = position - 1", "imports"),
        ("DELETE FROM imports", "imports"),
        ("DELETE FROM identifiers WHERE paper = 'p1'", "identifiers"),
    ],
)
def test_one_that_is_behind(place: Place, database: Database, statement: str, name: str) -> None:
    keep(database, story())
    with database.write() as connection:
        connection.exec_driver_sql(statement)
    told = tables.others(place)
    assert told.state is State.ERROR
    assert told.value == f"1 table is behind the log: {name}."
    assert "rebuild" in told.remedy


def test_several(place: Place, database: Database) -> None:
    keep(database, story())
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM jobs")
        connection.exec_driver_sql("DELETE FROM imports")
    assert tables.others(place).value == "2 tables are behind the log: jobs and imports."


@fewer(2)
@given(history=histories(batches=30))
def test_what_an_append_writes_is_never_behind(databases: Databases, history: Sequence[Sequence[Write]]) -> None:
    with databases.fresh("sqlite") as fresh, closing(Opening(address(fresh), busy_seconds=1.0)) as opening:
        keep(fresh, history)
        folder = Path(str(fresh.url.database)).parent
        assert tables.others(place_of(opening, folder, FakeClock())).state is State.OK
