"""Leases of processes: who lives, who is dead, and how soon that is known."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psutil
import pytest
import sqlalchemy as sa
import time_machine
from structlog.testing import capture_logs

from infrastructure import workers as module
from infrastructure.database import Database, DatabaseBusy
from infrastructure.living import host, machine
from infrastructure.log.codec import stamp
from infrastructure.workers import KEPT, LEASE, SqlWorkers, workers
from tests.databases import address

SECONDS = 10.0


def rows(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(sa.select(workers.c.id)).scalars())


def change(database: Database, worker: str, **values: object) -> None:
    with database.write() as connection:
        connection.execute(workers.update().where(workers.c.id == worker).values(**values))


def from_now(pause: timedelta) -> str:
    return stamp(datetime.now(UTC) + pause)


def until(wanted: Callable[[], bool]) -> None:
    """Wait for something that no event tells."""
    for _ in range(1_000):
        if wanted():
            return
        threading.Event().wait(0.01)
    pytest.fail("it did not come to that")


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leases are renewed all the time."""
    monkeypatch.setattr(module, "RENEWAL", 0.01)


def test_a_process_lives_from_entering_to_leaving(database: Database) -> None:
    worker, other = SqlWorkers(database), SqlWorkers(database)
    assert other.living() == frozenset()
    with worker:
        assert other.living() == {worker.own}
    assert other.living() == frozenset()
    assert rows(database) == []


def test_workers_have_names_of_their_own(sqlite: Database) -> None:
    with SqlWorkers(sqlite) as one, SqlWorkers(sqlite) as other:
        assert one.living() == other.living() == {one.own, other.own}
        assert one.own != other.own


def test_a_lease_ends(database: Database) -> None:
    with SqlWorkers(database) as worker:
        change(database, worker.own, expires_at=from_now(timedelta(seconds=2)))
        assert worker.living() == {worker.own}
        change(database, worker.own, expires_at=from_now(-timedelta(seconds=2)))
        assert worker.living() == frozenset()


def test_a_lease_lasts_for_some_missed_renewals(database: Database) -> None:
    with SqlWorkers(database) as worker:
        with database.read() as connection:
            expires_at = connection.execute(sa.select(workers.c.expires_at)).scalar_one()
        assert from_now(LEASE - timedelta(seconds=5)) < expires_at <= from_now(LEASE)
        assert worker.living() == {worker.own}


@pytest.mark.case("B10")
@pytest.mark.parametrize("away", [timedelta(minutes=10), -timedelta(minutes=10)])
def test_a_machine_whose_clock_is_wrong_takes_nobody_for_dead(database: Database, away: timedelta) -> None:
    """Leases last by the clock of the database's machine."""
    with SqlWorkers(database) as worker, time_machine.travel(datetime.now(UTC) + away), SqlWorkers(database) as other:
        assert worker.living() == other.living() == {worker.own, other.own}


def test_a_lease_is_renewed_and_the_rows_of_the_long_dead_go(sqlite: Database, often: None) -> None:
    dead = SqlWorkers(sqlite)
    with dead, SqlWorkers(sqlite) as worker:
        dead._left.set()
        dead._renewing.join(SECONDS)
        change(sqlite, dead.own, expires_at=from_now(-KEPT - timedelta(seconds=2)))
        change(sqlite, worker.own, expires_at=from_now(-timedelta(seconds=2)))
        until(lambda: rows(sqlite) == [worker.own] and worker.living() == {worker.own})


def test_one_whose_row_was_removed_lives_again(database: Database, often: None) -> None:
    """A machine that slept for days: the others took its process for long dead."""
    with SqlWorkers(database) as worker:
        with database.write() as connection:
            connection.execute(workers.delete())
        until(lambda: worker.living() == {worker.own})
    assert rows(database) == []


@pytest.mark.parametrize(
    "fault",
    [
        DatabaseBusy("The database is busy."),
        sa.exc.InterfaceError("UPDATE", None, Exception("the connection is closed")),
        sa.exc.ProgrammingError("UPDATE", None, Exception("no such table")),
        MemoryError(),
    ],
)
def test_no_fault_ends_the_renewing(
    sqlite: Database, often: None, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    tried, write = threading.Event(), sqlite.write

    def fail():  # type: ignore[no-untyped-def]
        if not tried.is_set():
            tried.set()
            raise fault
        return write()

    with SqlWorkers(sqlite) as worker, capture_logs() as told:
        monkeypatch.setattr(sqlite, "write", fail)
        assert tried.wait(SECONDS)
        monkeypatch.setattr(sqlite, "write", write)
        change(sqlite, worker.own, expires_at=from_now(-timedelta(seconds=2)))
        until(lambda: worker.living() == {worker.own})
    assert ("the lease was not renewed", "warning") in [(one["event"], one["log_level"]) for one in told]


@pytest.mark.case("I02")
def test_another_process_with_the_number_of_a_dead_one_is_not_it(sqlite: Database) -> None:
    with SqlWorkers(sqlite) as worker:
        change(sqlite, worker.own, started=1.0)
        assert worker.living() == frozenset()


@pytest.mark.case("I02")
def test_a_number_that_nobody_has_is_that_of_a_dead_process(sqlite: Database) -> None:
    with SqlWorkers(sqlite) as worker:
        change(sqlite, worker.own, pid=999_999_999)
        assert worker.living() == frozenset()


@pytest.mark.skipif(not psutil.LINUX, reason="elsewhere the system keeps no count that no clock changes")
@pytest.mark.parametrize("step", [3.0, -3.0, 86_400.0])
def test_a_clock_that_is_put_right_kills_nobody(sqlite: Database, monkeypatch: pytest.MonkeyPatch, step: float) -> None:
    with SqlWorkers(sqlite) as worker:
        boot_time = psutil._pslinux.boot_time
        monkeypatch.setattr(psutil._pslinux, "boot_time", lambda: boot_time() + step)
        assert worker.living() == {worker.own}


def test_where_the_system_has_no_count_the_start_by_the_clock_tells(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psutil, "LINUX", False)
    with SqlWorkers(sqlite) as worker:
        assert worker.living() == {worker.own}
        change(sqlite, worker.own, started=psutil.Process().create_time() + 1)
        assert worker.living() == {worker.own}
        change(sqlite, worker.own, started=psutil.Process().create_time() + 100)
        assert worker.living() == frozenset()
        change(sqlite, worker.own, pid=999_999_999)
        assert worker.living() == frozenset()


@pytest.mark.parametrize(
    "elsewhere",
    [
        "another-machine",
        f"{host()} 7c0ffee0-0000-4000-8000-000000000001 pid:[4026531836]",
        f"{machine()}0",
        host(),
    ],
)
def test_of_another_machine_only_the_lease_is_known(sqlite: Database, elsewhere: str) -> None:
    """Names of machines do not tell: two containers may share one, and have other numbers for their processes."""
    with SqlWorkers(sqlite) as worker:
        change(sqlite, worker.own, host=elsewhere, pid=999_999_999, started=1.0)
        (process,) = worker.processes()
        assert (process.lives, process.is_here) == (True, False)
        assert process.host == elsewhere.split(" ", maxsplit=1)[0]
        change(sqlite, worker.own, expires_at=from_now(-timedelta(seconds=2)))
        assert worker.living() == frozenset()


def _live_until_killed(url: str, told: "multiprocessing.connection.Connection") -> None:
    with closing(Database(url)) as database, SqlWorkers(database) as worker:
        told.send(worker.own)
        told.poll(60)


@pytest.mark.case("X21")
def test_a_killed_process_is_known_to_be_dead_at_once(sqlite: Database) -> None:
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("forkserver")
    process = context.Process(target=_live_until_killed, args=(address(sqlite), there), daemon=True)
    process.start()
    try:
        assert here.poll(30)
        name = here.recv()
        mine = SqlWorkers(sqlite)
        assert mine.living() == {name}
        process.kill()
        process.join()
        assert mine.living() == frozenset()
        assert rows(sqlite) == [name]
    finally:
        process.kill()
        process.join()
    assert process.pid != os.getpid()
