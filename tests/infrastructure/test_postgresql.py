"""PostgreSQL that is restarted, full, cut off or misconfigured: nothing is lost, nothing is done twice, all is told."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from itertools import count
from random import Random

import psycopg
import pytest
import sqlalchemy as sa

from application.ports.event_log import Write
from domain.errors import SciPaperLoaderError
from domain.paper_events import ProcessingStarted
from infrastructure import migrating
from infrastructure.clock import SystemClock
from infrastructure.database import Database, DatabaseBusy, DatabaseUnavailable
from infrastructure.leases import SqlLeadership, leases
from infrastructure.log.sql import SqlEventLog, locked_end
from infrastructure.log.tables import event_head
from infrastructure.log.verify import verify_chain
from infrastructure.read_models.rebuild import differences
from infrastructure.schema import READ_MODELS
from tests.contract.making import doi, everything, origin, registration, write
from tests.lines import Line, Way, line
from tests.servers import CONNECTIONS, Server, replica

SECONDS = 30.0
WRITERS = 4


@pytest.fixture
def cable(server: Server) -> Iterator[Line]:
    """A line to the server."""
    with line(server.port) as made:
        yield made


@pytest.fixture
def distant(server: Server, scratch: str, cable: Line) -> Iterator[Database]:
    """A migrated database behind the line."""
    with closing(Database(server.url(scratch, port=cable.port))) as database:
        migrating.upgrade(database)
        yield database


def log_of(database: Database) -> SqlEventLog:
    return SqlEventLog(database, SystemClock(), READ_MODELS)


def in_order(database: Database) -> None:
    assert verify_chain(database).faults == ()
    assert [differences(database, model) for model in READ_MODELS] == [()] * len(READ_MODELS)


class Load:
    """Writers that append papers, one after the other, and each again until it is done."""

    def __init__(self, database: Database) -> None:
        self._log, self._ended = log_of(database), threading.Event()
        self.done: list[int] = [0] * WRITERS
        self.faults: list[SciPaperLoaderError] = []
        self._numbers = count(1)

    def until(self, disturb: Callable[[], object]) -> int:
        """Write while the disturbance lasts; returns how many papers were appended."""
        with ThreadPoolExecutor(WRITERS) as pool:
            writers = [pool.submit(self._write, number) for number in range(WRITERS)]
            try:
                disturb()
            finally:
                self._ended.set()
            for writer in writers:
                writer.result(timeout=SECONDS)
        assert all(fault.transient for fault in self.faults)
        return sum(self.done)

    def progress(self, by: int = 3) -> None:
        """Wait until every writer has got on."""
        before = list(self.done)
        for _ in range(3_000):
            if all(now >= then + by for now, then in zip(self.done, before, strict=True)):
                return
            self._ended.wait(0.01)
        pytest.fail("the writers do not get on")

    def _write(self, writer: int) -> None:
        while not self._ended.is_set():
            number = next(self._numbers)
            while not self._appended(writer, number):
                pass

    def _appended(self, writer: int, number: int) -> bool:
        try:
            self._log.append([registration(f"p{number}", doi(number))], origin(key=f"paper {number}"))
        except SciPaperLoaderError as error:
            self.faults.append(error)
            self._ended.wait(0.01)
            return False
        self.done[writer] += 1
        return True


def all_there_once(database: Database, papers: int) -> None:
    found = sorted(int(record.stream.removeprefix("paper-p")) for record in everything(log_of(database)))
    assert found == list(range(1, papers + 1)), "each once, and none lost"
    in_order(database)


@pytest.mark.case("G01")
@pytest.mark.case("G02")
@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_appends_go_on_after_the_server_was_restarted(server: Server, distant: Database, mode: str) -> None:
    load = Load(distant)

    def restart() -> None:
        for _ in range(2):
            load.progress()
            server.control("restart", "-m", mode)
        load.progress()

    all_there_once(distant, load.until(restart))
    assert load.faults


@pytest.mark.case("G03")
def test_appends_go_on_after_every_connection_was_closed(server: Server, scratch: str, distant: Database) -> None:
    load = Load(distant)
    ending = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{scratch}'"

    def close() -> None:
        for _ in range(8):
            load.progress(1)
            server.run(ending)
        load.progress()

    all_there_once(distant, load.until(close))


@pytest.mark.case("G09")
def test_appends_go_on_after_the_line_was_cut(distant: Database, cable: Line) -> None:
    load, random = Load(distant), Random(9)

    def cut() -> None:
        for _ in range(20):
            load.progress(random.randint(0, 2))
            cable.cut()
        load.progress()

    all_there_once(distant, load.until(cut))


@pytest.mark.case("G09")
@pytest.mark.parametrize("lost", ["the commit", "its answer"])
def test_a_commit_whose_outcome_is_unknown_is_done_once_when_it_is_repeated(
    distant: Database, cable: Line, lost: str
) -> None:
    log, wanted = log_of(distant), [registration("p1", doi(1)), write("a", 2)]
    lose = {"to_server": Way.LOST} if lost == "the commit" else {"to_program": Way.LOST}

    @sa.event.listens_for(distant.engine, "commit")
    def partition(_: sa.Connection) -> None:
        cable.set(**lose)

    with pytest.raises(DatabaseUnavailable) as unknown:
        log.append(wanted, origin(key="once"))
    assert unknown.value.transient
    sa.event.remove(distant.engine, "commit", partition)
    cable.set()
    assert log.append(wanted, origin(key="once")).repeated is (lost == "its answer")
    assert [record.stream for record in everything(log)] == ["paper-p1", "a", "a"]
    in_order(distant)


@pytest.mark.case("G09")
def test_a_line_that_is_dead_for_a_while_delays_and_no_more(distant: Database, cable: Line) -> None:
    log = log_of(distant)
    cable.set(to_program=Way.HELD)
    with ThreadPoolExecutor(1) as pool:
        appending = pool.submit(log.append, [write("a")], origin(key="once"))
        assert cable.waiting.wait(SECONDS)
        assert not appending.done()
        cable.set()
        assert appending.result(timeout=SECONDS).last == 1


@pytest.mark.case("G09")
def test_whoever_is_cut_off_in_the_middle_of_an_append_holds_up_the_others_for_seconds_only(
    server: Server, scratch: str, distant: Database, cable: Line
) -> None:
    with (
        closing(Database(server.url(scratch, port=cable.port), idle_seconds=0.3)) as silent,
        closing(Database(server.url(scratch))) as other,
    ):

        def cut_off() -> None:
            with silent.write() as connection:
                locked_end(connection)
                cable.set(to_server=Way.HELD)
                assert log_of(other).append([write("a")], origin()).last == 1, "its transaction was ended for it"
                cable.set()
                connection.execute(event_head.update().values(position=9))

        with pytest.raises(DatabaseUnavailable):
            cut_off()
        assert log_of(silent).append([write("a")], origin()).last == 2


@pytest.mark.case("G09")
def test_a_dead_line_is_found_out_within_half_a_minute(server: Server, scratch: str) -> None:
    """No packet can be dropped on loopback without rights, so it is the system that is asked what it will do."""
    with closing(Database(server.url(scratch))) as database, database.read() as connection:
        handle = connection.connection.dbapi_connection.pgconn.socket  # type: ignore[union-attr]
        with socket.socket(fileno=socket.dup(handle)) as sock:
            assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            options = ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT")
            asked = [sock.getsockopt(socket.IPPROTO_TCP, getattr(socket, option)) for option in options]
    idle, interval, times, unanswered = asked
    assert idle + interval * times <= 30
    assert 0 < unanswered <= 30_000


def test_what_the_url_says_of_the_connection_wins(server: Server, scratch: str) -> None:
    query = {"keepalives_idle": "77", "options": "-c search_path=elsewhere"}
    with closing(Database(server.url(scratch, **query))) as database, database.read() as connection:
        assert connection.exec_driver_sql("SHOW search_path").scalar_one() == "elsewhere"
        assert connection.exec_driver_sql("SHOW lock_timeout").scalar_one() == "10s"
        handle = connection.connection.dbapi_connection.pgconn.socket  # type: ignore[union-attr]
        with socket.socket(fileno=socket.dup(handle)) as sock:
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 77


@pytest.mark.case("G04")
def test_a_replica_is_read_and_not_led_until_it_is_promoted(server: Server, distant: Database, cable: Line) -> None:
    log, leadership = log_of(distant), SqlLeadership(distant, "a process")
    log.append([write("a")], origin())
    assert leadership.lead()
    with distant.write() as connection:
        connection.execute(leases.update().values(expires_at=0.0))
    with replica(server) as other:
        cable.target = other.port
        cable.cut()
        for _ in range(20):  # whichever connection it is: those that have read before too
            with pytest.raises(DatabaseUnavailable, match=r"read-only|read-write|recovery|closed the connection") as no:
                log.append([write("a")], origin())
            assert not leadership.lead()
            assert [record.position for record in log.read()] == [1]
        assert no.value.transient
        assert "DATABASE_URL" in no.value.remedy
        other.control("promote")
        assert log.append([write("a")], origin()).last == 2
        assert leadership.lead()
        in_order(distant)
        distant.close()


@pytest.mark.case("G05")
def test_a_server_with_too_many_clients_is_named_and_used_again(
    server: Server, scratch: str, distant: Database
) -> None:
    log = log_of(distant)
    log.append([write("a")], origin())
    with ExitStack() as others, closing(Database(server.url(scratch))) as late:
        with suppress(psycopg.OperationalError):
            for _ in range(CONNECTIONS + 5):
                address = f"host=127.0.0.1 port={server.port} user=postgres dbname={scratch}"
                others.enter_context(closing(psycopg.connect(address)))
        with pytest.raises(DatabaseUnavailable, match="too many clients") as refused:
            log_of(late).append([write("a")], origin())
        assert refused.value.transient
        assert "\n" not in str(refused.value)
        assert log.append([write("a")], origin()).last == 2, "who is connected works on"
    with closing(Database(server.url(scratch))) as late:
        assert log_of(late).append([write("a")], origin()).last == 3


FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk AFTER INSERT ON {} EXECUTE FUNCTION full_disk();
"""


@pytest.mark.case("G06")
@pytest.mark.parametrize("table", ["events", "jobs", "papers"])
def test_a_server_whose_disk_is_full_refuses_the_append_as_a_whole(distant: Database, table: str) -> None:
    """A trigger says what the server says then."""
    log = log_of(distant)
    log.append([write("a")], origin())
    with distant.write() as connection:
        connection.exec_driver_sql(FULL.format(table))
    writes = [registration("p1", doi(1)), *_job("p1")]
    with pytest.raises(DatabaseUnavailable, match="No space left") as refused:
        log.append(writes, origin(key="once"))
    assert refused.value.transient
    assert log.head().position == 1
    with distant.write() as connection:
        connection.exec_driver_sql(f"DROP TRIGGER full_disk ON {table}")
    assert not log.append(writes, origin(key="once")).repeated
    in_order(distant)


def _job(paper: str) -> list[Write]:
    started = ProcessingStarted(module="locate", worker="w", attempt="1")
    return [Write(stream=f"paper-{paper}", expected=1, events=(started,))]


@pytest.mark.case("G07")
@pytest.mark.parametrize(
    ("setting", "statement", "error"),
    [
        ("statement_timeout", "SELECT pg_sleep(20)", DatabaseUnavailable),
        ("lock_timeout", "LOCK TABLE events", DatabaseBusy),
        ("idle_in_transaction_session_timeout", "SELECT 1", DatabaseUnavailable),
        ("transaction_timeout", "SELECT pg_sleep(20)", DatabaseUnavailable),
    ],
)
def test_a_limit_of_the_server_ends_a_transaction_and_not_the_program(
    server: Server, distant: Database, setting: str, statement: str, error: type[SciPaperLoaderError]
) -> None:
    log = log_of(distant)

    def limited() -> None:
        with distant.read() as reader, distant.write() as connection:
            reader.exec_driver_sql("LOCK TABLE events IN ACCESS SHARE MODE")
            connection.exec_driver_sql(f"SET LOCAL {setting} = '50ms'")
            connection.exec_driver_sql(statement)
            (process,) = connection.exec_driver_sql("SELECT pg_backend_pid()").one()
            while server.run(f"SELECT 1 FROM pg_stat_activity WHERE pid = {process}"):
                assert time.monotonic() < began + SECONDS
            connection.exec_driver_sql(statement)

    began = time.monotonic()
    with pytest.raises(error) as ended:
        limited()
    assert ended.value.transient
    assert log.append([write("a")], origin()).last == 1
