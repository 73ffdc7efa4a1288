"""Rebuilding read models while the application runs."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa

from application.ports.event_log import Write
from domain.identifiers import Identifier, Scheme
from domain.paper_events import Registered
from infrastructure.database import Database, DatabaseBusy
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models import rebuild as rebuilding
from infrastructure.read_models.model import ReadModel
from infrastructure.read_models.papers import Papers, papers, transitions
from infrastructure.read_models.rebuild import differences, rebuild
from infrastructure.schema import READ_MODELS
from tests.contract.processes import started
from tests.databases import address
from tests.infrastructure.read_models.keeping import ORIGIN, contents, keep, log_of, story
from tests.infrastructure.read_models.rebuilding import rebuild_and_die

every_model = pytest.mark.parametrize("model", READ_MODELS, ids=lambda model: model.name)


def registrations(first: int, papers: int) -> list[Write]:
    """Writes that register papers, numbered from `first`."""
    numbers = range(first, first + papers)
    events = {n: Registered(identifiers=(Identifier(Scheme.DOI, f"10.5555/{n}"),)) for n in numbers}
    return [Write(stream=f"paper-{n:08}", expected=0, events=(event,)) for n, event in events.items()]


def structure(database: Database, model: ReadModel) -> dict[str, Any]:
    """Columns, keys and indexes of the model's tables, and how many other tables there are."""
    inspector = sa.inspect(database.engine)
    return {
        table.name: (
            [
                (column["name"], repr(column["type"]), column["nullable"])
                for column in inspector.get_columns(table.name)
            ],
            inspector.get_pk_constraint(table.name)["name"],
            sorted((index["name"] or "", index["column_names"]) for index in inspector.get_indexes(table.name)),
        )
        for table in model.tables
    } | {"tables": sorted(inspector.get_table_names())}


def damage(database: Database, model: ReadModel) -> None:
    """Lose every row of a model."""
    with database.write() as connection:
        for table in model.tables:
            assert connection.execute(table.delete()).rowcount > 0, table.name


@every_model
def test_a_rebuild_makes_the_tables_as_they_were(database: Database, model: ReadModel) -> None:
    log = keep(database, story())
    with database.read() as connection:
        before = contents(connection, model)
    damage(database, model)
    assert rebuild(database, model) == log.head().position
    with database.read() as connection:
        assert contents(connection, model) == before
    assert differences(database, model) == ()


@every_model
def test_nothing_tells_a_rebuilt_table_from_a_first_one(database: Database, model: ReadModel) -> None:
    keep(database, story())
    before = structure(database, model)
    for _ in range(2):
        rebuild(database, model)
        assert structure(database, model) == before


@every_model
def test_writing_goes_on_after_a_rebuild(database: Database, model: ReadModel) -> None:
    first, *others = story()
    log = keep(database, [first])
    for number, writes in enumerate(others):
        log.append(writes, ORIGIN)
        if number % 5 == 0:
            rebuild(database, model)
    assert [differences(database, each) for each in READ_MODELS] == [()] * len(READ_MODELS)


def test_an_empty_log_can_be_rebuilt(database: Database) -> None:
    assert [rebuild(database, model) for model in READ_MODELS] == [0] * len(READ_MODELS)


def test_events_appended_during_a_rebuild_are_in_it(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "CHUNK", 10)
    log, numbers, reached = keep(database, [registrations(0, 50)]), count(50), []

    def somebody_writes(position: int, head: int) -> None:
        reached.append((position, head))
        log.append(registrations(next(numbers), 1), ORIGIN)

    assert rebuild(database, Papers(), somebody_writes) == log.head().position == 50 + len(reached)
    assert reached == sorted(reached)
    assert differences(database, Papers()) == ()


def test_a_rebuild_ends_though_the_writers_are_as_quick(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "CHUNK", 5)
    log, numbers = keep(database, [registrations(0, 50)]), count(50, 10)

    def somebody_writes(*_: int) -> None:
        log.append(registrations(next(numbers), 10), ORIGIN)

    rebuild(database, Papers(), somebody_writes)
    assert next(numbers) < 500
    assert differences(database, Papers()) == ()


def test_writers_lose_nothing_while_tables_are_rebuilt(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "CHUNK", 25)
    log = keep(database, [registrations(0, 100)])

    def write(writer: int) -> None:
        for number in range(15):
            log.append(registrations(writer * 1_000 + number * 3, 3), ORIGIN)

    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write, number) for number in range(1, 5)]
        while wait(writers, timeout=0).not_done:
            for model in READ_MODELS:
                rebuild(database, model)
        for writer in writers:
            writer.result()
    assert log.head().position == 280
    with database.read() as connection:
        for table in (papers, transitions):
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 280
    assert [differences(database, each) for each in READ_MODELS] == [()] * len(READ_MODELS)


def test_a_rebuild_that_fails_leaves_everything_as_it_was(database: Database) -> None:
    keep(database, story())
    before = structure(database, Papers())

    def full(*_: int) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        rebuild(database, Papers(), full)
    assert structure(database, Papers()) == before
    assert differences(database, Papers()) == ()


@pytest.mark.case("N02")
@pytest.mark.case("X13")
def test_what_a_killed_rebuild_left_is_removed_by_the_next(database: Database) -> None:
    log = keep(database, story())
    before = structure(database, Papers())
    with started(rebuild_and_die, address(database)) as process:
        process.join(timeout=60)
        assert process.exitcode == -9
    assert len(structure(database, Papers())["tables"]) == len(before["tables"]) + 2
    log.append(registrations(7, 1), ORIGIN)
    assert rebuild(database, Papers()) == log.head().position
    assert structure(database, Papers()) == before
    assert differences(database, Papers()) == ()


def test_two_at_once_do_not_take_each_others_tables(database: Database) -> None:
    keep(database, story())
    found: list[object] = []

    def another(_: int, __: int) -> None:
        with closing(Database(address(database))) as other:
            found.append(differences(other, Papers()))

    assert rebuild(database, Papers(), another)
    assert found
    assert not any(found)
    assert differences(database, Papers()) == ()


def test_a_long_reader_does_not_hold_up_the_writers(postgresql: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "PATIENCE", 0.05)
    log = keep(postgresql, story())
    with postgresql.read() as reader:
        reader.execute(sa.select(papers)).all()
        with pytest.raises(DatabaseBusy):
            rebuild(postgresql, Papers())
        log.append(registrations(7, 1), ORIGIN)
    assert rebuild(postgresql, Papers()) == log.head().position


def test_a_reader_on_sqlite_keeps_its_snapshot(sqlite: Database) -> None:
    keep(sqlite, story())
    with sqlite.read() as reader:
        before = contents(reader, Papers())
        rebuild(sqlite, Papers())
        assert contents(reader, Papers()) == before


def test_tables_of_others_are_left_alone(database: Database) -> None:
    names = {"my__papers", "papersx__1234", "transitions_old"}
    with database.write() as connection:
        for name in names:
            connection.exec_driver_sql(f"CREATE TABLE {name} (id int)")
    rebuild(database, Papers())
    assert names <= set(sa.inspect(database.engine).get_table_names())


@pytest.fixture
def second(database: Database) -> Iterator[SqlEventLog]:
    """The log of another process on the same database."""
    with closing(Database(address(database))) as other:
        yield log_of(other)


def test_another_process_writes_and_reads_on_across_the_exchange(database: Database, second: SqlEventLog) -> None:
    keep(database, story())
    for number in range(5):
        second.append(registrations(number, 1), ORIGIN)
        rebuild(database, Papers())
    assert differences(database, Papers()) == ()
