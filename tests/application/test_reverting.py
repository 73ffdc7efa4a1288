"""Taking back many papers at once: each to where its own stream says it was, whatever moves meanwhile."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from application.ports.event_log import Origin, Write, WrongVersion
from application.reverting import BATCH, Reverting
from domain.paper_commands import Exclude, Queue, Revert
from domain.paper_events import Queued, Reverted
from domain.pipeline import Status
from infrastructure.database import Database
from tests.application.schedules import NOON, Yard, yard_on

ORIGIN = Origin(command="take back", actor="the tests", correlation="one")
COMMAND = Revert(why="because")


def revert(yard: Yard, papers: Sequence[str], command: Revert = COMMAND) -> int:
    return Reverting(log=yard.process.log).revert(papers, command, ORIGIN)


def pending(yard: Yard, count: int) -> list[str]:
    """Papers that are planned."""
    names = [f"p{number:06}" for number in range(count)]
    for name in names:
        yard.tell(name, Queue(module="download", due=NOON))
    return names


def test_more_papers_than_one_append_has_are_taken_back(sqlite: Database, tmp_path: Path) -> None:
    yard = yard_on(sqlite, tmp_path, papers=BATCH + 20)
    names = pending(yard, BATCH + 20)
    assert revert(yard, names) == BATCH + 20
    assert {yard.paper(name).status for name in names} == {Status.LOCATED}


def test_what_is_at_rest_is_passed_over(yard: Yard) -> None:
    names = pending(yard, 2)
    assert revert(yard, [*names, "p000009", "unknown"]) == 2
    assert revert(yard, names) == 0
    assert revert(yard, []) == 0


@pytest.mark.parametrize("everybody", [False, True])
def test_what_moves_meanwhile_is_decided_again(yard: Yard, everybody: bool) -> None:
    names, moved = pending(yard, 4), list[str]()

    def fate(moment: str, writes: Sequence[Write]) -> None:
        news = [write.stream.removeprefix("paper-") for write in writes if write.events and moment == "before"]
        if news and writes[0].stream.startswith("paper-") and (everybody or not moved) and len(moved) < len(names):
            yard.process.log.fate = lambda *_: None
            moved.append(next(name for name in news if name not in moved))
            yard.tell(moved[-1], Exclude(reason="not in scope"))
            yard.process.log.fate = fate

    yard.process.log.fate = fate
    reverted = revert(yard, names)
    assert reverted == len(names) - len(moved)
    assert [yard.paper(name).status is Status.EXCLUDED for name in names] == [name in moved for name in names]
    assert len(yard.happened(Reverted)) == len(names), "the exclusion takes back as well"


def test_one_that_never_holds_still_is_given_up(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    names = pending(yard, 2)

    def busy(writes: Sequence[Write], origin: Origin) -> None:
        raise WrongVersion(writes[0].stream, 1, 2)

    monkeypatch.setattr(type(yard.process.log), "append", lambda _, writes, origin: busy(writes, origin))
    with pytest.raises(WrongVersion):
        revert(yard, names)


def test_a_job_that_ran_is_planned_again_and_one_outside_of_the_plan_is_not(yard: Yard) -> None:
    yard.plan()
    job = yard.planned()[0]
    yard.meanwhile(lambda: revert(yard, [job.paper], Revert(why="because", replan=True)))
    yard.run(job)
    assert yard.events(job.paper)[-2:] == [
        Reverted(to=Status.LOCATED, why="because"),
        Queued(module="download", due=job.due or NOON, hour=job.hour),
    ]
    by_hand = "p000012"
    yard.meanwhile(lambda: revert(yard, [by_hand], Revert(why="because", replan=True)))
    yard.process.running_jobs.download(by_hand, by_hand=True)
    assert yard.events(by_hand)[-1] == Reverted(to=Status.LOCATED, why="because")


def test_only_what_has_not_begun_where_that_is_asked(yard: Yard) -> None:
    yard.plan()
    running, waiting = yard.planned()[:2]
    done: list[int] = []
    command = Revert(why="because", pending=True)
    yard.meanwhile(lambda: done.append(revert(yard, [running.paper, waiting.paper], command)))
    assert yard.run(running) is Status.DONE
    assert done == [1]
    assert yard.paper(waiting.paper).status is Status.LOCATED
