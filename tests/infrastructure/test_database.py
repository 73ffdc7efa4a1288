"""The database when others write, when it is full, damaged or gone."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.errors import SciPaperLoaderError
from infrastructure import schema
from infrastructure.database import Database, DatabaseBusy, DatabaseUnavailable, sqlite_url
from infrastructure.log.sql import locked_end
from infrastructure.log.tables import commands, event_head
from infrastructure.log.verify import verify_chain
from infrastructure.read_models.papers import Papers
from infrastructure.read_models.rebuild import differences, rebuild
from tests.contract.making import at_once, doi, only, origin, registration, write
from tests.databases import Databases, address
from tests.infrastructure.read_models.keeping import ORIGIN, keep, log_of, story

SHORT = 0.02
"""Seconds that a writer waits in these tests."""


@pytest.fixture
def impatient(database: Database) -> Iterator[Database]:
    """The database as another process has it, which does not wait long."""
    with closing(Database(address(database), busy_seconds=SHORT)) as other:
        yield other


def count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(sa.select(event_head.c.position)).scalar_one())


def test_a_reader_does_not_wait_for_a_writer(database: Database, impatient: Database) -> None:
    with database.write() as connection:
        connection.execute(event_head.update().values(position=7))
        assert count(impatient) == count(database) == 0
    assert count(impatient) == 7


def test_a_writer_does_not_wait_for_a_reader(database: Database, impatient: Database) -> None:
    log_of(database).append([write("a")], origin())
    with database.read() as connection:
        connection.execute(sa.select(event_head)).all()
        assert log_of(impatient).append([write("a")], origin()).last == 2


def test_a_read_is_one_snapshot(database: Database, impatient: Database) -> None:
    with database.read() as connection:
        position = sa.select(event_head.c.position)
        assert connection.execute(position).scalar_one() == 0
        log_of(impatient).append([write("a")], origin())
        assert connection.execute(position).scalar_one() == 0
    assert count(database) == 1


def test_a_writer_gives_up_after_its_limit(database: Database, impatient: Database) -> None:
    with database.write() as connection:
        locked_end(connection)
        for _ in range(30):  # more often than there are connections: none gets lost
            with pytest.raises(DatabaseBusy) as caught:
                log_of(impatient).append([write("a")], origin())
        assert "Try again" in caught.value.remedy
    assert log_of(impatient).append([write("a")], origin()).last == 1


def test_threads_of_one_process_wait_for_their_turn_no_longer(databases: Databases) -> None:
    with databases.fresh("sqlite", busy_seconds=SHORT) as database, database.write() as connection:
        locked_end(connection)
        (refused,) = at_once(lambda: log_of(database).append([write("a")], origin()))
        assert isinstance(refused, DatabaseBusy)


def test_a_writer_that_waits_gets_its_turn(database: Database) -> None:
    with closing(Database(address(database))) as other, ThreadPoolExecutor(1) as pool:
        with database.write() as connection:
            locked_end(connection)
            waiting = pool.submit(lambda: log_of(other).append([write("a")], origin()))
            assert not waiting.done()
        assert waiting.result(timeout=10).last == 1


@pytest.mark.case("B01")
def test_while_another_process_has_the_lock_reads_work_and_writes_are_refused(sqlite: Database) -> None:
    log_of(sqlite).append([write("a")], origin())
    with (
        closing(Database(address(sqlite), busy_seconds=SHORT)) as ours,
        closing(sqlite3.connect(str(sqlite.url.database), isolation_level=None)) as theirs,
    ):
        theirs.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        with pytest.raises(DatabaseBusy):
            log_of(ours).append([write("a")], origin())
        assert time.monotonic() - began >= SHORT, "it waited"
        assert [record.position for record in log_of(ours).read()] == [1]
        theirs.execute("ROLLBACK")
        assert log_of(ours).append([write("a")], origin()).last == 2


@pytest.mark.case("B02")
def test_nothing_is_written_in_a_transaction_that_began_without_the_lock(sqlite: Database) -> None:
    began: dict[int, str] = {}
    deferred: list[str] = []
    immediate: list[str] = []

    @sa.event.listens_for(sqlite.engine, "before_cursor_execute")
    def watch(connection: sa.Connection, _cursor: object, statement: str, *_: object) -> None:
        key, verb = id(connection.connection.dbapi_connection), statement.split(maxsplit=1)[0]
        if verb == "BEGIN":
            began[key] = statement
        elif verb not in {"SELECT", "PRAGMA", "WITH"}:
            (immediate if began[key] == "BEGIN IMMEDIATE" else deferred).append(statement)

    schema.create(sqlite)
    log = keep(sqlite, story())
    log.append([write("a")], origin(key="k", digest="d"))
    rebuild(sqlite, Papers())
    differences(sqlite, Papers())
    verify_chain(sqlite)
    assert deferred == []
    assert len(immediate) > 100


@pytest.mark.case("B02")
def test_what_is_read_before_writing_does_not_make_the_write_fail(database: Database) -> None:
    with closing(Database(address(database))) as other:

        def increase(through: Database) -> None:
            for _ in range(20):
                with through.write() as connection:
                    position = locked_end(connection).position
                    connection.execute(event_head.update().values(position=position + 1))

        assert at_once(*[lambda: increase(database)] * 4, *[lambda: increase(other)] * 4) == [None] * 8
    assert count(database) == 160


def test_the_trap_that_this_avoids_is_still_there(sqlite: Database) -> None:
    with closing(Database(address(sqlite))) as other, sqlite.engine.connect() as deferred:
        deferred.execute(sa.select(event_head)).all()
        log_of(other).append([write("a")], origin())
        began = time.monotonic()
        with pytest.raises(sa.exc.OperationalError) as caught:
            deferred.execute(event_head.update().values(position=9))
        assert isinstance(caught.value.orig, sqlite3.OperationalError)
        assert caught.value.orig.sqlite_errorname == "SQLITE_BUSY_SNAPSHOT"
        assert time.monotonic() - began < 5, "without waiting for the ten seconds"


@pytest.mark.case("B08")
def test_without_a_free_connection_the_answer_is_busy_and_comes_soon(database: Database) -> None:
    with closing(Database(address(database), pool_size=2, busy_seconds=SHORT)) as small:
        with ExitStack() as readers:
            opened = (readers.enter_context(small.read()) for _ in range(50))
            with pytest.raises(DatabaseBusy, match="connection"):
                list(opened)
        assert count(small) == 0, "afterwards there are free ones"


DAMAGES: Mapping[str, Callable[[bytes], bytes]] = {
    "another file": lambda content: b"Title,DOI\n" * 4096,
    "no header": lambda content: b"\0" * 100 + content[100:],
    "half of it": lambda content: content[: len(content) // 2 // 4096 * 4096],
    "scrambled pages": lambda content: content[:100] + bytes(byte ^ 0x5A for byte in content[100:]),
}


@pytest.mark.case("B05")
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_refused_and_left_as_it_is(databases: Databases, tmp_path: Path, damage: str) -> None:
    with databases.fresh("sqlite") as whole:
        log_of(whole).append([write("a", 3)], origin())
        whole.close()
        content = DAMAGES[damage](Path(str(whole.url.database)).read_bytes())
    path = tmp_path / "damaged.sqlite"
    path.write_bytes(content)
    with closing(Database(sqlite_url(path))) as database:
        for use in (count, verify_chain, lambda database: log_of(database).append([write("a")], origin())):
            with pytest.raises(DatabaseUnavailable) as caught:
                use(database)
            assert "backup" in caught.value.remedy
    assert path.read_bytes() == content


def test_a_path_that_cannot_be_a_database_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing" / "file.sqlite"):
        with closing(Database(sqlite_url(path))) as database, pytest.raises(DatabaseUnavailable):
            count(database)


def full_after(database: Database, pages: int) -> None:
    """Let the database have some pages more than it has now."""

    @sa.event.listens_for(database.engine, "connect")
    def limit(connection: sqlite3.Connection, _: object) -> None:
        (present,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {present + pages}")


@pytest.mark.case("K03")
def test_an_append_to_a_full_disk_is_refused_as_a_whole(sqlite: Database) -> None:
    log_of(sqlite).append([registration("0", doi(0))], origin())
    before = log_of(sqlite).head()
    with closing(Database(address(sqlite))) as small:
        full_after(small, pages=4)
        with pytest.raises(DatabaseUnavailable, match="disk is full") as caught:
            log_of(small).append([registration(str(n), doi(n)) for n in range(1, 500)], origin(key="k", digest="d"))
        assert "disk" in caught.value.remedy
        assert log_of(small).head() == before
        assert log_of(small).append([write("a")], origin()).last == 2, "what fits is taken"
    assert verify_chain(sqlite).faults == ()
    assert differences(sqlite, Papers()) == ()
    assert log_of(sqlite).done("k", "d") is None


@pytest.mark.case("K04")
def test_a_rebuild_on_a_full_disk_leaves_the_tables_as_they_were(sqlite: Database) -> None:
    keep(sqlite, story())
    log_of(sqlite).append([registration(str(n), doi(n)) for n in range(1, 300)], ORIGIN)
    tables = sa.inspect(sqlite.engine).get_table_names()
    with closing(Database(address(sqlite))) as small:
        full_after(small, pages=6)
        with pytest.raises(DatabaseUnavailable, match="disk is full"):
            rebuild(small, Papers())
    assert sa.inspect(sqlite.engine).get_table_names() == tables
    assert differences(sqlite, Papers()) == ()


@pytest.mark.case("B09")
def test_a_deadlock_is_an_answer_to_try_again(postgresql: Database) -> None:
    with postgresql.write() as connection:
        connection.execute(commands.insert(), [{"key": k, "first": 1, "last": 1, "digest": ""} for k in "ab"])
    both = threading.Barrier(2)

    def lock(first: str, second: str) -> str:
        query = sa.select(commands.c.key)
        with postgresql.write() as connection:
            connection.exec_driver_sql("SET LOCAL deadlock_timeout = '20ms'")
            connection.execute(query.where(commands.c.key == first).with_for_update()).all()
            both.wait(timeout=10)
            connection.execute(query.where(commands.c.key == second).with_for_update()).all()
        return "done"

    outcomes = at_once(lambda: lock("a", "b"), lambda: lock("b", "a"))
    assert only(outcomes, str) == "done"
    assert "Try again" in only(outcomes, DatabaseBusy).remedy


@pytest.mark.case("B09")
def test_a_serialization_failure_is_an_answer_to_try_again(postgresql: Database) -> None:
    log = log_of(postgresql)

    def overtaken() -> None:
        with postgresql.write() as connection:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            connection.execute(sa.select(event_head)).all()
            log.append([write("a")], origin())
            locked_end(connection)

    with pytest.raises(DatabaseBusy):
        overtaken()
    assert log.head().position == 1


def test_an_append_is_not_touched_by_the_isolation_that_the_server_prefers(postgresql: Database) -> None:
    with postgresql.engine.begin() as connection:
        name = postgresql.url.database
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'")
    with closing(Database(address(postgresql))) as database:
        log = log_of(database)
        outcomes = at_once(*[lambda: [log.append([write("a")], origin()) for _ in range(10)]] * 4)
        assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert log.head().position == 40


ENDING = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.mark.case("G03")
def test_after_the_server_closed_all_connections_the_next_use_works(postgresql: Database) -> None:
    log = log_of(postgresql)
    log.append([write("a")], origin())

    def cut_off() -> None:
        with postgresql.write() as connection, closing(Database(address(postgresql))) as administrator:
            locked_end(connection)
            with administrator.engine.connect() as other:
                other.exec_driver_sql(ENDING).all()
            connection.execute(event_head.update().values(position=9))

    with pytest.raises(DatabaseUnavailable):
        cut_off()
    assert log.append([write("a")], origin()).last == 2
    assert verify_chain(postgresql).faults == ()


def test_a_server_that_only_reads_is_named(postgresql: Database) -> None:
    with postgresql.engine.begin() as connection:
        name = postgresql.url.database
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with closing(Database(address(postgresql))) as database:
        with pytest.raises(DatabaseUnavailable, match="read-only"):
            log_of(database).append([write("a")], origin())
        assert count(database) == 0


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with closing(Database(f"postgresql+psycopg://nobody@/none?host={tmp_path}")) as database:
        for use in (count, lambda database: log_of(database).append([write("a")], origin())):
            with pytest.raises(DatabaseUnavailable):
                use(database)


def test_mistakes_in_statements_are_not_taken_for_a_broken_database(database: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError), database.write() as connection:
        connection.execute(event_head.insert(), [schema.FIRST_HEAD])
    assert issubclass(DatabaseBusy, SciPaperLoaderError)
