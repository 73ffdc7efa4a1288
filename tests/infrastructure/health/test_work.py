"""Who works, and what was left by those that do not any more."""

import socket
from datetime import timedelta

import pytest

from application.health import State
from application.ports.event_log import Write
from domain.paper_events import ProcessingStarted
from infrastructure.database import Database
from infrastructure.health import work as checks
from infrastructure.health.place import Place
from infrastructure.log.sql import SqlEventLog
from infrastructure.schema import READ_MODELS
from infrastructure.workers import SqlWorkers, workers
from tests.contract.making import doi, origin, registration
from tests.fakes.clock import FakeClock
from tests.infrastructure.read_models.keeping import story

HOUR = timedelta(hours=1)


def begin(database: Database, clock: FakeClock, worker: str) -> None:
    """Let a worker begin to work on a paper."""
    log = SqlEventLog(database, clock, READ_MODELS)
    log.append([registration("a", doi(1))], origin())
    started = ProcessingStarted(module="locate", worker=worker, attempt="1")
    log.append([Write(stream="paper-a", expected=1, events=(started,))], origin())


def import_half(database: Database, clock: FakeClock) -> None:
    """An import that was begun and not ended: the beginning of the story."""
    log = SqlEventLog(database, clock, READ_MODELS)
    for batch in story()[:4]:
        log.append(batch, origin())


def change(database: Database, **values: object) -> None:
    with database.write() as connection:
        connection.execute(workers.update().values(**values))


class TestInstances:
    def test_none(self, place: Place) -> None:
        assert checks.instances(place).value == "No process is at work."

    def test_two(self, place: Place, database: Database, clock: FakeClock) -> None:
        import os

        with SqlWorkers(database), SqlWorkers(database):
            told = checks.instances(place)
        assert told.state is State.OK
        assert "2 processes are at work" in told.value
        assert f"process {os.getpid()} on {socket.gethostname()}" in told.value

    @pytest.mark.case("I02")
    def test_one_that_has_ended_is_none(self, place: Place, database: Database, clock: FakeClock) -> None:
        with SqlWorkers(database):
            change(database, started=1.0)
            assert checks.instances(place).value == "No process is at work."

    @pytest.mark.case("K12")
    def test_one_on_another_machine(self, place: Place, database: Database, clock: FakeClock) -> None:
        with SqlWorkers(database):
            change(database, host="elsewhere")
            told = checks.instances(place)
        assert "on elsewhere" in told.value
        assert told.state is (State.WARNING if database.is_sqlite else State.OK)


class TestImports:
    def test_none(self, place: Place) -> None:
        assert checks.imports(place).value == "None is unfinished."

    @pytest.mark.case("X02")
    def test_one_that_nobody_works_on(self, place: Place, database: Database, clock: FakeClock) -> None:
        import_half(database, clock)
        clock.advance(HOUR)
        told = checks.imports(place)
        assert told.state is State.WARNING
        assert "1 import is unfinished" in told.value
        assert "list.csv" in told.value
        assert "run" in told.remedy

    def test_one_that_was_heard_of_just_now(self, place: Place, database: Database, clock: FakeClock) -> None:
        import_half(database, clock)
        assert checks.imports(place).state is State.OK

    def test_one_while_a_server_runs(self, place: Place, database: Database, clock: FakeClock) -> None:
        import_half(database, clock)
        clock.advance(HOUR)
        with SqlWorkers(database):
            assert checks.imports(place).state is State.OK


class TestTransit:
    def test_none(self, place: Place) -> None:
        assert checks.transit(place).value == "None is in work."

    def test_one_in_living_hands(self, place: Place, database: Database, clock: FakeClock) -> None:
        with SqlWorkers(database) as worker:
            begin(database, clock, worker.own)
            told = checks.transit(place)
        assert (told.state, told.value) == (State.OK, "1 paper is being worked on.")

    @pytest.mark.case("X04")
    def test_one_in_the_hands_of_the_dead(self, place: Place, database: Database, clock: FakeClock) -> None:
        begin(database, clock, "gone")
        told = checks.transit(place)
        assert told.state is State.WARNING
        assert "1 paper is in the hands of a process that has ended" in told.value
        assert "run" in told.remedy
