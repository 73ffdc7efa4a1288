"""Leases of processes: who lives, who is dead, and how soon that is known."""

import multiprocessing
import os
import threading
from contextlib import closing
from datetime import timedelta

import psutil
import pytest
import sqlalchemy as sa

from infrastructure import workers as module
from infrastructure.database import Database, DatabaseBusy
from infrastructure.workers import KEPT, LEASE, SqlWorkers, workers
from tests.databases import address
from tests.fakes.clock import FakeClock

SECONDS = 10.0


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def rows(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(sa.select(workers.c.id)).scalars())


def change(database: Database, worker: str, **values: object) -> None:
    with database.write() as connection:
        connection.execute(workers.update().where(workers.c.id == worker).values(**values))


def test_a_process_lives_from_entering_to_leaving(database: Database, clock: FakeClock) -> None:
    worker, other = SqlWorkers(database, clock), SqlWorkers(database, clock)
    assert other.living() == frozenset()
    with worker:
        assert other.living() == {worker.own}
    assert other.living() == frozenset()
    assert rows(database) == []


def test_workers_have_names_of_their_own(sqlite: Database, clock: FakeClock) -> None:
    with SqlWorkers(sqlite, clock) as one, SqlWorkers(sqlite, clock) as other:
        assert one.living() == other.living() == {one.own, other.own}
        assert one.own != other.own


def test_a_lease_ends(sqlite: Database, clock: FakeClock) -> None:
    with SqlWorkers(sqlite, clock) as worker:
        clock.advance(LEASE - timedelta(seconds=1))
        assert worker.living() == {worker.own}
        clock.advance(timedelta(seconds=1))
        assert worker.living() == frozenset()


def test_a_lease_is_renewed_and_the_rows_of_the_long_dead_go(
    sqlite: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RENEWAL", 0.01)
    dead = SqlWorkers(sqlite, clock)
    with dead, SqlWorkers(sqlite, clock) as worker:
        dead._left.set()
        dead._renewing.join(SECONDS)
        clock.advance(KEPT + LEASE + timedelta(seconds=1))
        deadline = threading.Event()
        for _ in range(1000):
            if rows(sqlite) == [worker.own] and worker.living():
                break
            deadline.wait(0.01)
        assert rows(sqlite) == [worker.own]
        assert worker.living() == {worker.own}


def test_a_busy_database_does_not_end_the_renewing(
    sqlite: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RENEWAL", 0.01)
    tried, write = threading.Event(), sqlite.write

    def busy():  # type: ignore[no-untyped-def]
        if not tried.is_set():
            tried.set()
            raise DatabaseBusy("The database is busy.")
        return write()

    with SqlWorkers(sqlite, clock) as worker:
        monkeypatch.setattr(sqlite, "write", busy)
        assert tried.wait(SECONDS)
        assert worker._renewing.is_alive()
        clock.advance(LEASE)
        for _ in range(1000):
            if worker.living():
                break
            threading.Event().wait(0.01)
        assert worker.living() == {worker.own}


@pytest.mark.case("I02")
def test_another_process_with_the_number_of_a_dead_one_is_not_it(sqlite: Database, clock: FakeClock) -> None:
    with SqlWorkers(sqlite, clock) as worker:
        change(sqlite, worker.own, started=1.0)
        assert worker.living() == frozenset()


def test_a_clock_that_is_put_right_kills_nobody(sqlite: Database, clock: FakeClock) -> None:
    with SqlWorkers(sqlite, clock) as worker:
        change(sqlite, worker.own, started=psutil.Process().create_time() + 1)
        assert worker.living() == {worker.own}


def test_of_another_machine_only_the_lease_is_known(sqlite: Database, clock: FakeClock) -> None:
    with SqlWorkers(sqlite, clock) as worker:
        change(sqlite, worker.own, host="another machine", pid=1, started=1.0)
        assert worker.living() == {worker.own}
        clock.advance(LEASE)
        assert worker.living() == frozenset()


def _live_until_killed(url: str, told: "multiprocessing.connection.Connection") -> None:
    from infrastructure.clock import SystemClock

    with closing(Database(url)) as database, SqlWorkers(database, SystemClock()) as worker:
        told.send(worker.own)
        told.poll(60)


@pytest.mark.case("X21")
def test_a_killed_process_is_known_to_be_dead_at_once(sqlite: Database) -> None:
    from infrastructure.clock import SystemClock

    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("forkserver")
    process = context.Process(target=_live_until_killed, args=(address(sqlite), there), daemon=True)
    process.start()
    try:
        assert here.poll(30)
        name = here.recv()
        mine = SqlWorkers(sqlite, SystemClock())
        assert mine.living() == {name}
        process.kill()
        process.join()
        assert mine.living() == frozenset()
        assert rows(sqlite) == [name]
    finally:
        process.kill()
        process.join()
    assert process.pid != os.getpid()
