"""The log and the table of papers."""

import pytest

from application.health import State
from infrastructure.database import Database
from infrastructure.health import log as checks
from infrastructure.health.place import Place
from infrastructure.log.codec import UnknownEvent
from tests.contract.making import doi, origin, registration, write
from tests.infrastructure.read_models.keeping import keep, log_of, story


def alter(database: Database, *statements: str) -> None:
    """Change the database around its own refusal."""
    with database.write() as connection:
        for trigger in ("events_no_update", "events_no_delete"):
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}{'' if database.is_sqlite else ' ON events'}")
        for statement in statements:
            connection.exec_driver_sql(statement)


class TestEnd:
    def test_an_empty_log(self, place: Place) -> None:
        assert (checks.head(place).state, checks.head(place).value) == (State.OK, "It is empty.")

    def test_a_whole_one(self, place: Place, database: Database) -> None:
        log_of(database).append([write("a", 3)], origin())
        assert checks.head(place).state is State.OK
        assert "3 events" in checks.head(place).value

    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM events WHERE position = 3",
            "DELETE FROM events",
            "UPDATE events SET hash = 'x' WHERE position = 3",
            "UPDATE event_head SET position = 2",
        ],
    )
    def test_one_that_was_cut_or_altered(self, place: Place, database: Database, statement: str) -> None:
        log_of(database).append([write("a", 3)], origin())
        alter(database, statement)
        told = checks.head(place)
        assert told.state is State.ERROR
        assert "cut or altered" in told.value
        assert "verify" in told.remedy

    def test_one_whose_head_is_gone(self, place: Place, database: Database) -> None:
        alter(database, "DELETE FROM event_head")
        assert checks.head(place).state is State.ERROR

    def test_one_whose_last_event_is_of_a_newer_version(self, place: Place, database: Database) -> None:
        log_of(database).append([write("a", 3)], origin())
        alter(database, "UPDATE events SET type_version = 9 WHERE position = 3")
        with pytest.raises(UnknownEvent) as raised:
            checks.head(place)
        assert "newer version" in raised.value.remedy


class TestReadModels:
    def test_up_to_the_end(self, place: Place, database: Database) -> None:
        keep(database, story())
        told = checks.read_models(place)
        assert told.state is State.OK
        assert "3 papers" in told.value

    def test_no_papers(self, place: Place) -> None:
        assert checks.read_models(place).state is State.OK

    def test_rows_that_are_missing(self, place: Place, database: Database) -> None:
        log_of(database).append([registration(str(n), doi(n)) for n in range(1_000)], origin())
        with database.write() as connection:
            connection.exec_driver_sql("DELETE FROM papers WHERE id = '1'")
        told = checks.read_models(place)
        assert told.state is State.ERROR
        assert "1\u202f000 papers, the table 999" in told.value
        assert "rebuild" in told.remedy

    def test_rows_that_are_behind(self, place: Place, database: Database) -> None:
        keep(database, story())
        with database.write() as connection:
            connection.exec_driver_sql("UPDATE papers SET position = position - 1 WHERE id = 'p2'")
        told = checks.read_models(place)
        assert told.state is State.ERROR
        assert "1 paper is behind" in told.value


class TestReadable:
    def test_how_many_events(self, place: Place, database: Database) -> None:
        assert checks.readable(place).value == "0 events."
        log_of(database).append([write("a", 3)], origin())
        assert checks.readable(place).value == "3 events."

    def test_a_head_that_is_gone_does_not_matter(self, place: Place, database: Database) -> None:
        log_of(database).append([write("a", 3)], origin())
        alter(database, "DELETE FROM event_head")
        assert checks.readable(place).state is State.OK

    def test_no_tables(self, lite: Place, sqlite: Database) -> None:
        alter(sqlite, "DROP TABLE events")
        assert checks.readable(lite).state is State.SKIPPED
