"""The database itself refuses to change the log, whoever asks."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from application.ports.event_log import Write
from infrastructure import schema
from infrastructure.database import Database
from infrastructure.log.tables import events
from infrastructure.log.triggers import PROTECTED, present, required
from infrastructure.log.verify import verify_chain
from tests.contract.making import fillers, origin, registration, write
from tests.databases import Databases
from tests.infrastructure.read_models.keeping import log_of

EVENT = "'a', 3, 'scraper.paused', 1, 'id', 'c', NULL, 'c', NULL, 'a', '2026', '{}', 'hash'"
COLUMNS = ", ".join(column.name for column in events.columns)


def insertion(position: object, *, how: str = "INSERT", values: str = EVENT) -> str:
    return f"{how} INTO events ({COLUMNS}) VALUES ({position}, {values})"


EVERYWHERE = (
    "UPDATE events SET data = '{}' WHERE position = 1",
    "UPDATE events SET data = data",
    "UPDATE events SET position = position + 10",
    "DELETE FROM events WHERE position = 3",
    "DELETE FROM events",
    "UPDATE commands SET digest = 'another'",
    "UPDATE commands SET last = 1",
    "DELETE FROM commands",
    insertion(2),
    insertion(2) + " ON CONFLICT (position) DO UPDATE SET data = '{}'",
    insertion(4, values=EVENT.replace("3", "2", 1)),
    "INSERT INTO commands (key, first, last, digest) VALUES ('k', 1, 1, 'd')",
    "INSERT INTO commands (key, first, last, digest) VALUES ('k', 1, 1, 'd') ON CONFLICT (key) DO UPDATE SET last = 9",
)
ON_SQLITE = (
    insertion(2, how="INSERT OR REPLACE"),
    insertion(2, how="REPLACE"),
    insertion(5),
    insertion(9),
    insertion(0),
    insertion(-1),
    insertion("NULL"),
    insertion(4, how="INSERT OR REPLACE", values=EVENT.replace("3", "2", 1)),
    insertion(4, values=EVENT.replace("3", "4", 1)),
    insertion(4, values=EVENT.replace("3", "0", 1)),
    insertion(5, how="INSERT OR IGNORE"),
    "UPDATE OR REPLACE events SET position = 1 WHERE position = 2",
    "REPLACE INTO commands (key, first, last, digest) VALUES ('k', 1, 1, 'd')",
    "INSERT OR REPLACE INTO commands (key, first, last, digest) VALUES ('k', 1, 1, 'd')",
)
ON_POSTGRESQL = (
    "UPDATE events SET data = '{}' WHERE false",
    "TRUNCATE events",
    "TRUNCATE commands",
    "TRUNCATE events, commands CASCADE",
    "MERGE INTO events USING (SELECT 1) AS one ON position = 1 WHEN MATCHED THEN DELETE",
)
CASES = [
    *((kind, statement) for kind in ("sqlite", "postgresql") for statement in EVERYWHERE),
    *(("sqlite", statement) for statement in ON_SQLITE),
    *(("postgresql", statement) for statement in ON_POSTGRESQL),
]


def fill(database: Database) -> None:
    """Two events of one stream and one of another, with a command."""
    log_of(database).append([write("a", 2), registration("1")], origin(key="k", digest="d"))


def dump(database: Database) -> list[object]:
    with database.read() as connection:
        return [connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1").all() for table in PROTECTED]


@pytest.fixture(scope="module")
def filled(databases: Databases) -> Iterator[dict[str, Database]]:
    """A database of each kind with some events; no test changes it."""
    with databases.fresh("sqlite") as sqlite, databases.fresh("postgresql") as postgresql:
        both = {"sqlite": sqlite, "postgresql": postgresql}
        for database in both.values():
            fill(database)
        yield both


@pytest.mark.parametrize(("kind", "statement"), CASES)
def test_the_log_is_not_changed(filled: dict[str, Database], kind: str, statement: str) -> None:
    database = filled[kind]
    before = dump(database)
    with pytest.raises(sa.exc.IntegrityError), database.write() as connection:
        connection.exec_driver_sql(statement)
    assert dump(database) == before


def test_reading_and_appending_are_not_refused(database: Database) -> None:
    fill(database)
    with database.write() as connection:
        connection.exec_driver_sql(insertion(4))
    assert len(log_of(database).read(limit=3)) == 3


def test_the_triggers_are_all_there(database: Database) -> None:
    with database.read() as connection:
        assert present(connection) == required(connection.dialect.name)


def test_the_triggers_can_be_created_again(database: Database) -> None:
    fill(database)
    schema.create(database)
    log_of(database).append([Write(stream="a", expected=2, events=fillers(1))], origin())
    assert verify_chain(database).faults == ()
