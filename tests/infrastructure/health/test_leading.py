"""Who leads, and whether somebody should."""

import os
import socket

from application.health import State
from domain.scraper import Action
from infrastructure.health import leading, work
from infrastructure.leases import SqlLeadership, leader
from infrastructure.workers import SqlWorkers, workers
from tests.infrastructure.health.ward import Ward


def lead(any_ward: Ward, holder: str, seconds: float = 20.0) -> None:
    assert SqlLeadership(any_ward.database, holder, seconds).lead()


def kill(any_ward: Ward) -> None:
    """From now on every worker's process is another one."""
    with any_ward.database.write() as connection:
        connection.execute(workers.update().values(started=1.0))


class TestLease:
    def test_nobody(self, any_ward: Ward) -> None:
        assert leader(any_ward.database) is None

    def test_somebody_and_for_how_long(self, any_ward: Ward) -> None:
        lead(any_ward, "one", 20.0)
        found = leader(any_ward.database)
        assert found
        assert (found.holder, found.epoch) == ("one", 1)
        assert 0 < found.seconds <= 20

    def test_one_that_has_ended(self, any_ward: Ward) -> None:
        lead(any_ward, "one", -1.0)
        found = leader(any_ward.database)
        assert found
        assert found.seconds < 0


class TestLeads:
    def test_nobody_needs_to(self, any_ward: Ward) -> None:
        told = leading.leads(any_ward.place)
        assert (told.state, told.facts) == (State.OK, {"leader": None})

    def test_nobody_does_while_the_scraper_runs(self, any_ward: Ward) -> None:
        any_ward.use(Action.START)
        told = leading.leads(any_ward.place)
        assert told.state is State.ERROR
        assert told.value == "The scraper is running, but no server is: nothing is planned or downloaded."
        assert "scipaperloader run" in told.remedy

    def test_nobody_needs_to_under_an_emergency_stop(self, any_ward: Ward) -> None:
        any_ward.use(Action.START)
        any_ward.place.data.mkdir()
        (any_ward.place.data / "emergency-stop").touch()
        assert leading.leads(any_ward.place).state is State.OK

    def test_processes_are_at_work_and_none_leads(self, any_ward: Ward) -> None:
        any_ward.use(Action.START)
        with SqlWorkers(any_ward.database):
            told = leading.leads(any_ward.place)
        assert told.state is State.ERROR
        assert "none of them leads" in told.value
        assert "quick-fix" in told.remedy

    def test_a_lease_that_has_ended_is_none(self, any_ward: Ward) -> None:
        lead(any_ward, "one", -1.0)
        any_ward.use(Action.START)
        assert leading.leads(any_ward.place).state is State.ERROR

    def test_a_living_process_does(self, any_ward: Ward) -> None:
        any_ward.use(Action.START)
        with SqlWorkers(any_ward.database) as worker:
            lead(any_ward, worker.own)
            told = leading.leads(any_ward.place)
        assert (told.state, told.value) == (State.OK, f"Process {os.getpid()} on {socket.gethostname()} leads.")

    def test_one_that_has_ended_is_told(self, any_ward: Ward) -> None:
        with SqlWorkers(any_ward.database) as worker:
            lead(any_ward, worker.own)
            kill(any_ward)
            told = leading.leads(any_ward.place)
        assert told.state is State.WARNING
        assert told.value.startswith(f"Process {os.getpid()} on {socket.gethostname()} leads, but has ended;")
        assert "another process takes over" in told.value

    def test_one_of_which_nothing_is_known(self, any_ward: Ward) -> None:
        lead(any_ward, "one")
        assert leading.leads(any_ward.place).value.startswith("A process leads, but has ended;")


class TestLeases:
    def test_none_of_the_dead(self, any_ward: Ward) -> None:
        with SqlWorkers(any_ward.database):
            assert work.leases(any_ward.place).value == "None is of a process that has ended."

    def test_one_of_the_dead(self, any_ward: Ward) -> None:
        with SqlWorkers(any_ward.database):
            kill(any_ward)
            told = work.leases(any_ward.place)
        assert told.state is State.WARNING
        assert told.value.startswith("1 process has ended without giving its lease back: process")
        assert "20 seconds" in told.remedy
