"""What holds for every aggregate, whatever is asked of it."""

from typing import Any, ClassVar

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant

from domain.deciding import Decider
from domain.errors import CommandRefused
from domain.events import Event
from infrastructure.log.codec import decode, encode
from tests.domain.spec import attempt


class Unheard(Event):
    """An event of a later version of the program, with a field that others use too."""

    to = "nowhere"


FEW_STEPS = settings(stateful_step_count=10)
"""For aggregates whose whole life is short."""


class AggregateMachine(RuleBasedStateMachine):
    """Sends commands to one aggregate and keeps what happened."""

    decider: ClassVar[Decider[Any, Any]]

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Event] = []
        self.read: list[Event] = []
        self.state: Any = self.decider.initial
        self.replayed: Any = self.decider.initial

    def send(self, command: Any) -> tuple[Event, ...] | CommandRefused:
        """The outcome; events become part of the past, a refusal changes nothing."""
        before = hash(self.state)
        outcome, again = (attempt(self.decider, command, self.state) for _ in range(2))
        assert repr(outcome) == repr(again), "decide is not pure"
        assert hash(self.state) == before, "decide changed the state"
        if isinstance(outcome, CommandRefused):
            assert outcome.remedy
        else:
            self.happens(outcome)
        return outcome

    def happens(self, events: tuple[Event, ...]) -> None:
        """The events go into the live state, and through the codec into another one."""
        read = [decode(happened.TYPE, happened.VERSION, encode(happened)) for happened in events]
        self.events += events
        self.read += read
        self.state = self.decider.fold(events, self.state)
        self.replayed = self.decider.fold(read, self.replayed)

    @invariant()
    def what_is_stored_gives_the_same_state(self) -> None:
        assert self.read == self.events
        assert self.replayed == self.state

    def teardown(self) -> None:
        assert self.decider.fold(self.read) == self.state

    @invariant()
    def unknown_events_are_ignored(self) -> None:
        assert self.decider.evolve(self.state, Unheard()) is self.state
