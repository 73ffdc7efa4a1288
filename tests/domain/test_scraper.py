"""The switch."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.errors import NotAllowed
from domain.scraper import _AFTER, ALLOWED, DECIDER, Action, Command, EmergencyStopped, Paused, ScraperStatus, Stopped
from tests.domain.machine import FEW_STEPS, AggregateMachine
from tests.domain.spec import given
from tests.strategies import records

OFF = given(DECIDER)
RUNNING = OFF.after(Command(action=Action.START))
SITUATIONS = {
    ScraperStatus.STOPPED: OFF,
    ScraperStatus.RUNNING: RUNNING,
    ScraperStatus.PAUSED: RUNNING.after(Command(action=Action.PAUSE)),
    ScraperStatus.EMERGENCY_STOPPED: RUNNING.after(Command(action=Action.EMERGENCY_STOP)),
}
# Rows are actions, columns positions, cells the position after it; ".": refused.
OUTCOMES = """
               stopped           running           paused            emergency-stopped
start          running           .                 .                 .
pause          .                 paused            .                 .
resume         .                 .                 running           .
stop           .                 stopped           stopped           .
emergency-stop emergency-stopped emergency-stopped emergency-stopped .
reset          .                 .                 .                 stopped
"""
HEAD, *ROWS = (line.split() for line in OUTCOMES.strip().splitlines())
CELLS = [
    (action, position, outcome) for action, *outcomes in ROWS for position, outcome in zip(HEAD, outcomes, strict=True)
]


def test_the_first_position_is_stopped() -> None:
    assert DECIDER.initial.status is ScraperStatus.STOPPED


def test_the_cells_are_every_action_in_every_position() -> None:
    assert {cell[:2] for cell in CELLS} == {(action, position) for action in Action for position in ScraperStatus}
    assert all(SITUATIONS[position].state.status is position for position in ScraperStatus)


@pytest.mark.parametrize(("action", "position", "outcome"), CELLS)
def test_a_cell(action: str, position: str, outcome: str) -> None:
    met = SITUATIONS[ScraperStatus(position)].when(Command(action=Action(action)))
    assert (outcome != ".") == (ScraperStatus(position) in ALLOWED[Action(action)])
    if outcome == ".":
        assert met.refused(NotAllowed).state == position
    else:
        assert met.state.status == outcome


def test_every_event_of_the_switch_has_its_position() -> None:
    caused = {
        type(event)
        for action, positions in ALLOWED.items()
        for position in positions
        for event in SITUATIONS[position].when(Command(action=action)).events
    }
    assert caused == set(_AFTER)


@pytest.mark.parametrize(
    ("action", "event"),
    [
        (Action.PAUSE, Paused(reason="lunch")),
        (Action.STOP, Stopped(reason="lunch")),
        (Action.EMERGENCY_STOP, EmergencyStopped(reason="lunch")),
    ],
)
def test_a_reason_is_kept(action: Action, event: Paused | Stopped | EmergencyStopped) -> None:
    RUNNING.when(Command(action=action, reason="lunch")).then(event)


class ScraperMachine(AggregateMachine):
    """The switch in many hands."""

    decider = DECIDER

    @rule(command=records(Command), action=st.sampled_from(Action))
    def is_used(self, command: Command, action: Action) -> None:
        before = self.state.status
        outcome = self.send(command)
        assert isinstance(outcome, NotAllowed) == (before not in ALLOWED[command.action])
        assert isinstance(outcome, NotAllowed) or self.state.status is not before

    def teardown(self) -> None:
        """From every position the scraper can be brought to run again."""
        way = {
            ScraperStatus.EMERGENCY_STOPPED: (Action.RESET, Action.START),
            ScraperStatus.STOPPED: (Action.START,),
            ScraperStatus.PAUSED: (Action.RESUME,),
            ScraperStatus.RUNNING: (),
        }
        for action in way[self.state.status]:
            self.send(Command(action=action))
        assert self.state.status is ScraperStatus.RUNNING
        super().teardown()


TestScraperMachine = ScraperMachine.TestCase
TestScraperMachine.settings = FEW_STEPS
