"""Reopening: papers whose pause is over are taken up again, by whoever is first."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from application.handling import Actor
from application.ports.event_log import Write
from application.reopening import WINDOW, Reopening
from domain.causes import CAUSES
from domain.paper_commands import Exclude, RecordFailure, StartProcessing
from domain.paper_events import Reopened
from domain.pipeline import Status
from infrastructure.database import Database
from tests.application.schedules import HOUR, NOON, Yard, yard_on
from tests.contract.making import at_once
from tests.simulation.installation import PERSON
from tests.simulation.web import KINDS


def reopening(yard: Yard) -> Reopening:
    return Reopening(log=yard.process.log, papers=yard.process.papers, clock=yard.clock)


def failed(yard: Yard, count: int, after: timedelta = HOUR) -> list[str]:
    """Papers that failed and may be tried again some time from now, the last one first."""
    names = [f"p{number:06}" for number in range(count)]
    for number, name in enumerate(names):
        again = NOON + after - timedelta(seconds=number)
        yard.tell(name, StartProcessing(module="download", worker="another", attempt=name, by_hand=True))
        yard.tell(name, RecordFailure(cause="not_found", not_before=again))
    return names


def test_papers_are_reopened_when_their_pause_is_over_and_not_before(any_yard: Yard) -> None:
    names = failed(any_yard, 3)
    any_yard.advance(HOUR - timedelta(seconds=1))
    assert reopening(any_yard).reopen() == 2
    any_yard.advance(timedelta(seconds=1))
    assert reopening(any_yard).reopen() == 1
    assert reopening(any_yard).reopen() == 0
    assert {any_yard.paper(name).status for name in names} == {Status.LOCATED}
    assert any_yard.happened(Reopened) == [Reopened(to=Status.LOCATED, why="retry")] * 3


def test_a_paper_without_a_copy_is_looked_for_anew(yard: Yard) -> None:
    yard.installation.add_papers(10)
    name = f"p{20 + KINDS.index('none'):06}"
    yard.process.processing.process(name, PERSON)
    yard.advance(CAUSES["no_open_copy"].waits[0])
    assert reopening(yard).reopen() == 1
    assert yard.paper(name).status is Status.NEW


def test_those_that_have_waited_longest_are_first(sqlite: Database, tmp_path: Path) -> None:
    yard = yard_on(sqlite, tmp_path, papers=WINDOW + 5)
    failed(yard, WINDOW + 5)
    yard.advance(HOUR)
    assert reopening(yard).reopen() == WINDOW
    waiting = [name for name in (f"p{number:06}" for number in range(WINDOW + 5)) if yard.paper(name).not_before]
    assert waiting == [f"p{number:06}" for number in range(5)]
    assert reopening(yard).reopen() == 5


def test_it_is_done_in_the_name_of_whoever_asked(yard: Yard) -> None:
    (name,) = failed(yard, 1)
    yard.advance(HOUR)
    reopening(yard).reopen(Actor(name="somebody (terminal)", is_person=True))
    assert yard.process.log.stream(f"paper-{name}")[-1].actor == "somebody (terminal)"


def test_what_moves_meanwhile_does_not_keep_the_others_back(yard: Yard) -> None:
    names = failed(yard, 3)
    yard.advance(HOUR)

    def fate(moment: str, writes: Sequence[Write]) -> None:
        if moment == "before":
            yard.process.log.fate = lambda *_: None
            yard.tell(names[1], Exclude(reason="not in scope"))

    yard.process.log.fate = fate
    assert reopening(yard).reopen() == 3
    assert [yard.paper(name).status for name in names] == [Status.LOCATED, Status.EXCLUDED, Status.LOCATED]


def test_several_who_reopen_at_once_reopen_each_paper_once(any_yard: Yard) -> None:
    failed(any_yard, 8)
    any_yard.advance(HOUR)
    others = [any_yard.process, *(any_yard.installation.start() for _ in range(3))]
    handlers = [Reopening(log=one.log, papers=one.papers, clock=any_yard.clock) for one in others]
    outcomes = at_once(*(one.reopen for one in handlers))
    assert all(isinstance(one, int) for one in outcomes), outcomes
    assert len(any_yard.happened(Reopened)) == 8
