"""Positions are in commit order and without holes: a reader that remembers one misses nothing."""

import threading
from collections.abc import Sequence
from contextlib import ExitStack, closing

import pytest
import sqlalchemy as sa

from application.ports.event_log import EventLog, Origin, Write
from infrastructure.clock import SystemClock
from infrastructure.database import Database, DatabaseBusy
from infrastructure.log.sql import SqlEventLog, locked_end
from infrastructure.log.verify import verify_chain
from infrastructure.schema import READ_MODELS
from tests.contract.making import origin, write
from tests.contract.processes import append_batches, batches, started
from tests.contract.tailing import Placed, Tail, check, follow
from tests.databases import address

WRITERS = [batches(f"writer {number}", 12) for number in range(8)]


def test_a_reader_misses_nothing_while_eight_threads_write(log: EventLog) -> None:
    tail = Tail(log)
    follow(log, WRITERS, tail)
    check(tail.seen, WRITERS)


def test_a_reader_misses_nothing_while_processes_write(database: Database) -> None:
    url, log = address(database), SqlEventLog(database, SystemClock(), READ_MODELS)
    tail, elsewhere = Tail(log), [f"process {number}" for number in range(2)]
    writers = [*WRITERS[:6], *(batches(name, 12) for name in elsewhere)]
    with ExitStack() as stack:
        processes = [stack.enter_context(started(append_batches, url, name, 12)) for name in elsewhere]
        follow(log, WRITERS[:6], tail, busy=lambda: any(process.is_alive() for process in processes))
        assert [process.exitcode for process in processes] == [0, 0]
    check(tail.seen, writers)
    assert verify_chain(database).faults == ()


class NaiveLog:
    """What not to do: positions from a sequence, drawn at the insert and visible at the commit.

    The first append draws its positions and commits only once the reader has seen later ones.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine, self._first = engine, threading.Lock()
        self._drawn, self.overtaken = threading.Event(), threading.Event()

    def append(self, writes: Sequence[Write], _: Origin) -> None:
        rows = [
            {"stream": w.stream, "version": (w.expected or 0) + n} for w in writes for n in range(1, len(w.events) + 1)
        ]
        is_first = self._first.acquire(blocking=False)
        assert is_first or self._drawn.wait(timeout=20)
        with self._engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO naive (stream, version) VALUES (:stream, :version)"), rows)
            self._drawn.set()
            assert not is_first or self.overtaken.wait(timeout=20)

    def read(self, after: int = 0, limit: int = 1000) -> Sequence[Placed]:
        query = "SELECT position, stream, version FROM naive WHERE position > :after ORDER BY position LIMIT :limit"
        with self._engine.begin() as connection:
            return connection.execute(sa.text(query), {"after": after, "limit": limit}).all()


@pytest.fixture
def naive(postgresql: Database) -> NaiveLog:
    with postgresql.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE naive (position bigserial PRIMARY KEY, stream text, version int)")
    return NaiveLog(postgresql.engine)


def test_this_suite_finds_the_events_that_a_sequence_loses(naive: NaiveLog) -> None:
    tail = Tail(naive)
    naive.overtaken = tail.moved
    follow(naive, WRITERS, tail)
    with pytest.raises(AssertionError, match="lost"):
        check(tail.seen, WRITERS)
    lost = len(naive.read(limit=10_000)) - len(tail.seen)
    assert lost > 0, "they are in the table, and the reader never saw them"


@pytest.mark.case("I10")
def test_nobody_overtakes_an_append_that_is_not_committed(database: Database) -> None:
    log = SqlEventLog(database, SystemClock(), READ_MODELS)
    with closing(Database(address(database), busy_seconds=0.1)) as other, database.write() as connection:
        assert locked_end(connection).position == 0
        with pytest.raises(DatabaseBusy):
            SqlEventLog(other, SystemClock(), READ_MODELS).append([write("a")], origin())
        assert log.head().position == 0, "readers do not wait"
    assert log.append([write("a")], origin()).last == 1
