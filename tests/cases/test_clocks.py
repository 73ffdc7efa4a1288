"""Clocks that disagree: that of the program, that of the database's machine, those of two programs."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from application.locating import Locating
from application.ports.sources import Finding
from application.recovering import Recovering
from domain import paper
from domain.copies import Copy
from domain.identifiers import Identifier
from domain.paper_events import CopiesLocated, Reverted
from domain.pipeline import Status
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.log.verify import verify_chain
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from infrastructure.workers import SqlWorkers, workers
from tests.contract.making import doi, everything, origin, registration, write
from tests.fakes.clock import FakeClock
from tests.fakes.library import FakeLibrary

TEN_MINUTES = timedelta(minutes=10)


@pytest.mark.case("B10")
@pytest.mark.parametrize("away", [TEN_MINUTES, -TEN_MINUTES])
def test_the_times_in_the_log_are_the_programs_own(database: Database, away: timedelta) -> None:
    now = datetime.now(UTC) + away
    log = SqlEventLog(database, FakeClock(now), READ_MODELS)
    log.append((write("some", 1),), origin())
    assert log.read()[0].recorded_at == now


@pytest.mark.case("B10")
def test_two_programs_ten_minutes_apart_write_one_log_whose_time_never_goes_back(database: Database) -> None:
    ahead, behind = FakeClock(), FakeClock()
    ahead.advance(TEN_MINUTES)
    logs = [SqlEventLog(database, clock, READ_MODELS) for clock in (ahead, behind)]
    for number in range(6):
        logs[number % 2].append((write("some", 1),), origin())
        ahead.advance(timedelta(seconds=1))
        behind.advance(timedelta(seconds=1))
    moments = [record.recorded_at for record in everything(logs[0])]
    assert moments == sorted(moments)
    assert not verify_chain(database).faults


class Interrupted:
    """A source that knows a copy; before it answers, something else happens."""

    name = "interrupted"

    def __init__(self, happens: Callable[[], object]) -> None:
        self._happens = happens

    def serves(self, identifiers: Collection[Identifier]) -> bool:
        return True

    def find(self, identifiers: Collection[Identifier]) -> Finding:
        self._happens()
        return Finding(known=True, copies=(Copy(url="https://journal.example/a.pdf", source=self.name),))


@pytest.mark.case("B10")
@pytest.mark.parametrize("away", [TEN_MINUTES, -TEN_MINUTES])
def test_a_program_whose_clock_is_wrong_takes_nothing_from_a_living_worker(
    database: Database, tmp_path: Path, away: timedelta
) -> None:
    clock = FakeClock()
    log, papers = SqlEventLog(database, clock, READ_MODELS), SqlPapers(database)
    log.append((registration("a", doi(1)),), origin())
    with SqlWorkers(database) as own:

        def look() -> None:
            with time_machine.travel(datetime.now(UTC) + away), SqlWorkers(database) as other:
                Recovering(log=log, papers=papers, workers=other, library=FakeLibrary(tmp_path)).recover()

        locating = Locating(log=log, sources=(Interrupted(look),), clock=clock, worker=own.own)
        assert locating.locate("a") is Status.LOCATED
    assert Reverted not in [type(record.event) for record in log.stream(paper.stream_of("a"))]


@pytest.mark.case("B10")
def test_a_worker_that_is_taken_for_dead_does_no_harm(database: Database, tmp_path: Path) -> None:
    clock = FakeClock()
    log, papers = SqlEventLog(database, clock, READ_MODELS), SqlPapers(database)
    log.append((registration("a", doi(1)),), origin())
    with SqlWorkers(database) as own, SqlWorkers(database) as other:
        with database.write() as connection:  # its machine stood still for that long
            connection.execute(workers.update().where(workers.c.id == own.own).values(expires_at="2001"))
        assert own.own not in other.living()
        recovering = Recovering(log=log, papers=papers, workers=other, library=FakeLibrary(tmp_path))
        locating = Locating(log=log, sources=(Interrupted(recovering.recover),), clock=clock, worker=own.own)
        assert locating.locate("a") is None, "the result came too late"
        events = [type(record.event) for record in log.stream(paper.stream_of("a"))]
        assert Reverted in events
        assert CopiesLocated not in events
        again = Locating(log=log, sources=(Interrupted(lambda: None),), clock=clock, worker=other.own)
        assert again.locate("a") is Status.LOCATED
    assert not verify_chain(database).faults
