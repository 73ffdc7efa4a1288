"""Bulks."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain import bulk as ask
from domain.acts import Action
from domain.bulk import DECIDER, Bulk, BulkStatus, Skipped
from domain.errors import AlreadyExists, CommandRefused, DoesNotExist, InvalidValue, NotAllowed
from tests.domain.machine import FEW_STEPS, AggregateMachine
from tests.domain.spec import given
from tests.strategies import HOSTILE_TEXT

START = ask.Start(action=Action.EXCLUDE, words="off topic", papers=3, which="status=failed")
END = ask.End(changed=1, skipped={"done": 1, "busy": 0, "absent": 1}, complete=True)
BULK = given(DECIDER)
RUNNING = BULK.after(START)


def test_begins_once() -> None:
    BULK.when(START).then(ask.Started(action=Action.EXCLUDE, words="off topic", papers=3, which="status=failed"))
    RUNNING.when(START).refused(AlreadyExists)


def test_ends_with_what_was_done() -> None:
    skipped = (Skipped(why="absent", papers=1), Skipped(why="done", papers=1))
    RUNNING.when(END).then(ask.Ended(changed=1, skipped=skipped, complete=True))
    assert RUNNING.after(END).state == Bulk(
        status=BulkStatus.ENDED,
        action=Action.EXCLUDE,
        words="off topic",
        papers=3,
        which="status=failed",
        changed=1,
        skipped=skipped,
        complete=True,
    )


def test_ends_once_and_not_before_it_began() -> None:
    BULK.when(END).refused(DoesNotExist)
    RUNNING.after(END).when(END).refused(NotAllowed)


def test_numbers_count_papers() -> None:
    BULK.when(ask.Start(action=Action.RETRY, words="", papers=-1)).refused(InvalidValue)
    RUNNING.when(ask.End(changed=-1, skipped={}, complete=True)).refused(InvalidValue)
    RUNNING.when(ask.End(changed=1, skipped={"done": -1}, complete=True)).refused(InvalidValue)


_UNDONE = st.none() | st.just("b")


class BulkMachine(AggregateMachine):
    """Whatever is asked of a bulk."""

    decider = DECIDER

    @rule(
        action=st.sampled_from(Action), words=HOSTILE_TEXT, papers=st.integers(-1, 9), undoes=st.none() | st.just("b")
    )
    def start(self, action: Action, words: str, papers: int, undoes: str | None) -> None:
        fresh = self.state.status is None
        outcome = self.send(ask.Start(action=action, words=words, papers=papers, which=words, undoes=undoes))
        assert isinstance(outcome, CommandRefused) == (not fresh or papers < 0)

    @rule(changed=st.integers(-1, 9), skipped=st.dictionaries(HOSTILE_TEXT, st.integers(0, 9)), complete=st.booleans())
    def end(self, changed: int, skipped: dict[str, int], complete: bool) -> None:
        runs = self.state.status is BulkStatus.RUNNING
        outcome = self.send(ask.End(changed=changed, skipped=skipped, complete=complete))
        assert isinstance(outcome, CommandRefused) == (not runs or changed < 0)


TestBulkMachine = BulkMachine.TestCase
TestBulkMachine.settings = FEW_STEPS
