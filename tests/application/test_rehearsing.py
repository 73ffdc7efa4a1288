"""A stop that is only tried out: it tells what the stop then does, and writes nothing."""

import pytest
from hypothesis import given

from application.ports.clock import Clock
from application.rehearsing import Rehearsal, Rehearsing
from domain.paper import Paper
from domain.pipeline import IN_TRANSIT, Status
from domain.scraper import Action
from infrastructure.clock import SystemClock
from infrastructure.log.memory import MemoryEventLog
from infrastructure.read_models.job_queries import SqlJobs
from infrastructure.read_models.paper_queries import SqlPapers
from tests.application.schedules import AN_HOUR, Yard
from tests.application.test_controlling import while_three_run
from tests.databases import Databases, fewer
from tests.histories import histories
from tests.infrastructure.read_models.keeping import keep
from tests.simulation.installation import Process

STOPS = (Action.STOP, Action.EMERGENCY_STOP)


def rehearsing(process: Process, clock: Clock) -> Rehearsing:
    """A rehearsal beside a process."""
    memory = MemoryEventLog(clock)
    return Rehearsing(log=process.log, memory=memory, papers=process.papers, jobs=process.jobs, clock=clock)


@pytest.mark.parametrize("action", STOPS)
def test_what_is_tried_out_is_what_then_happens(any_yard: Yard, action: Action) -> None:
    foretold: list[Rehearsal] = []

    def stop() -> None:
        foretold.append(rehearsing(any_yard.process, any_yard.clock).rehearse(action))
        any_yard.process.use(action)
        for one in foretold[0].papers:
            state: Paper = any_yard.paper(one.paper)
            assert state.status is one.after
            assert one.is_right

    began = while_three_run(any_yard, stop)
    (told,) = foretold
    assert len(told.papers) == AN_HOUR + 1
    assert told.wrong == []
    assert {one.before for one in told.papers} == {Status.LOCATED}
    goes_on = {one.paper for one in told.papers if not one.goes_back}
    assert goes_on == (set(began[1:]) if action is Action.STOP else set())


def test_nothing_is_written(any_yard: Yard) -> None:
    any_yard.plan()
    head = any_yard.process.log.head()
    told = rehearsing(any_yard.process, any_yard.clock).rehearse(Action.STOP)
    assert any_yard.process.log.head() == head
    assert (told.position, told.position_after) == (head.position, head.position)
    assert len(any_yard.planned()) == AN_HOUR
    assert not any(any_yard.installation.folder.glob("emergency-stop"))


def test_the_position_of_the_switch_makes_no_difference(yard: Yard) -> None:
    yard.plan()
    running = rehearsing(yard.process, yard.clock).rehearse(Action.STOP).papers
    yard.process.use(Action.PAUSE)
    assert rehearsing(yard.process, yard.clock).rehearse(Action.STOP).papers == running


def test_without_papers_in_transit_there_is_nothing_to_tell(yard: Yard) -> None:
    assert rehearsing(yard.process, yard.clock).rehearse(Action.STOP).papers == []


def test_a_paper_whose_job_is_not_known_is_told_to_stay(yard: Yard) -> None:
    yard.plan()
    lost = yard.planned()[0]
    with yard.installation.database.write() as connection:
        connection.exec_driver_sql(f"UPDATE jobs SET status = 'finished' WHERE id = {lost.id}")
    told = rehearsing(yard.process, yard.clock).rehearse(Action.STOP)
    assert [(one.paper, one.after) for one in told.wrong] == [(lost.paper, Status.PENDING)]


@fewer(3)
@given(history=histories(batches=25))
def test_every_paper_goes_back_to_the_status_that_its_history_shows(databases: Databases, history: list) -> None:
    with databases.fresh("sqlite") as fresh:
        log, clock = keep(fresh, history), SystemClock()
        papers = SqlPapers(fresh)
        told = Rehearsing(
            log=log, memory=MemoryEventLog(clock), papers=papers, jobs=SqlJobs(fresh), clock=clock
        ).rehearse(Action.EMERGENCY_STOP)
        assert {one.paper for one in told.papers} == {one.paper for one in papers.in_transit()}
        assert told.wrong == []
        assert all(one.status in IN_TRANSIT and one.after not in IN_TRANSIT for one in told.papers)
