"""A PostgreSQL that is restarted, full, out of connections or out of patience: nothing is lost, nothing done twice."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from application.queries import JobStatus
from domain.errors import SciPaperLoaderError
from domain.pipeline import Status
from infrastructure.database import Database, DatabaseUnavailable
from infrastructure.log.verify import verify_chain
from tests.application.schedules import AN_HOUR, Yard, yard_on
from tests.contract.making import everything, origin, write
from tests.databases import Postgres, address
from tests.infrastructure.read_models.keeping import log_of

MODES = [
    pytest.param("fast", marks=pytest.mark.case("G01")),
    pytest.param("immediate", marks=pytest.mark.case("G02")),
]
"""How the server ends: it breaks off every transaction, or it drops everything as if it were killed."""


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A server of its own, because it is restarted."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="restarted-"))
        stack.callback(shutil.rmtree, folder)
        made = Postgres(folder)
        stack.callback(made.stop)
        yield made


@pytest.fixture
def restarted(server: Postgres) -> Iterator[Database]:
    """A database on it."""
    server.run("CREATE DATABASE restarted TEMPLATE prepared")
    with closing(Database(server.url("restarted"))) as database:
        yield database
    server.run("DROP DATABASE restarted WITH (FORCE)")


@pytest.mark.parametrize("mode", MODES)
def test_what_was_told_before_a_restart_is_there_and_what_was_repeated_is_there_once(
    server: Postgres, restarted: Database, mode: str
) -> None:
    log, told, ended, errors = log_of(restarted), list[str](), threading.Event(), list[str]()

    def append(thread: int) -> None:
        number = 0
        while not ended.is_set() or number < 20:
            key, number = f"{thread} {number}", number + 1
            while True:
                try:
                    log.append((write(f"stream {thread}"),), origin(key=key, digest="same"))
                    break
                except SciPaperLoaderError as error:
                    errors.append(type(error).__name__)
            told.append(key)

    threads = [threading.Thread(target=append, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    server.restart(mode)
    ended.set()
    for thread in threads:
        thread.join()
    keys = [record.key for record in everything(log)]
    assert sorted(keys) == sorted(told), "each command once, none missing"
    assert not verify_chain(restarted).faults
    assert set(errors) <= {"DatabaseUnavailable", "DatabaseBusy"}


@pytest.mark.parametrize("mode", MODES)
def test_a_job_goes_on_over_a_restart(server: Postgres, restarted: Database, tmp_path: Path, mode: str) -> None:
    yard = yard_on(restarted, tmp_path)
    yard.plan()
    job = yard.planned()[0]
    yard.meanwhile(lambda: server.restart(mode))
    assert yard.run(job) is Status.DONE
    assert len(yard.planned()) == AN_HOUR - 1


@pytest.mark.case("G05")
def test_a_server_without_a_free_connection_is_told_and_used_again_later(
    server: Postgres, restarted: Database, tmp_path: Path
) -> None:
    yard = yard_on(restarted, tmp_path)
    restarted.close()
    with ExitStack() as taken, closing(Database(address(restarted))) as other:
        _take_every_connection(taken, address(restarted).replace("postgresql+psycopg", "postgresql"))
        with pytest.raises(DatabaseUnavailable):
            log_of(other).append((write("some"),), origin())
        yard.process.conduct()
        assert [type(fault) for fault in yard.process.faults] == [DatabaseUnavailable]
    yard.process.conduct()
    assert len(yard.planned()) == AN_HOUR


def _take_every_connection(taken: ExitStack, url: str) -> None:
    with suppress(psycopg.OperationalError):
        for _ in range(1_000):
            taken.enter_context(closing(psycopg.connect(url)))
        pytest.fail("the server has connections without end")


@pytest.fixture
def postgres_yard(postgresql: Database, tmp_path: Path) -> Yard:
    return yard_on(postgresql, tmp_path)


FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
END $$
"""


@pytest.mark.case("G06")
def test_a_full_disk_of_the_server_undoes_a_plan_as_a_whole(postgres_yard: Yard, postgresql: Database) -> None:
    head = postgres_yard.process.log.head()
    with postgresql.engine.begin() as connection:
        connection.exec_driver_sql(FULL)
        connection.exec_driver_sql("CREATE TRIGGER full_disk BEFORE INSERT ON jobs EXECUTE FUNCTION full_disk()")
    with pytest.raises(DatabaseUnavailable, match="No space left on device"):
        postgres_yard.plan()
    assert postgres_yard.process.log.head() == head
    with postgresql.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER full_disk ON jobs")
    assert postgres_yard.plan() == AN_HOUR
    assert len(postgres_yard.jobs(JobStatus.PLANNED)) == AN_HOUR


def _asks_for_too_long(database: Database) -> None:
    with database.read() as connection:
        connection.exec_driver_sql("SET LOCAL statement_timeout = '10ms'")
        connection.exec_driver_sql("SELECT pg_sleep(30)")


@pytest.mark.case("G07")
def test_a_statement_that_takes_longer_than_the_server_allows_is_told(postgresql: Database) -> None:
    with pytest.raises(DatabaseUnavailable, match="statement timeout"):
        _asks_for_too_long(postgresql)
    with postgresql.read() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1


def _writes_and_dreams(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE event_head SET position = 7")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = '10ms'")
        process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with database.read() as other:
            alive = sa.text("SELECT count(*) FROM pg_stat_activity WHERE pid = :process")
            while other.execute(alive, {"process": process}).scalar_one():
                other.exec_driver_sql("SELECT pg_stat_clear_snapshot(), pg_sleep(0.01)")
        connection.exec_driver_sql("SELECT 1")


@pytest.mark.case("G07")
def test_a_transaction_that_the_server_ended_for_its_idleness_is_told_and_leaves_nothing(
    postgresql: Database,
) -> None:
    log = log_of(postgresql)
    log.append((write("some"),), origin())
    with pytest.raises(DatabaseUnavailable):
        _writes_and_dreams(postgresql)
    assert log.head().position == 1
    assert log.append((write("some"),), origin()).last == 2
