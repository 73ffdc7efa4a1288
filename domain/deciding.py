"""The shape of an aggregate: `initial`, `decide`, `evolve`, and the fold that replays a stream."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from attrs import frozen

from domain.events import Event

Command = TypeVar("Command")
State = TypeVar("State")


@frozen(kw_only=True)
class Decider(Generic[Command, State]):
    """An aggregate as two pure functions (Chassaing, “Functional Event Sourcing Decider”, 2021).

    `decide(command, state)` returns the events that the command causes, or raises CommandRefused.
    `evolve(state, event)` returns the next state; it never validates and ignores events that it does not know.
    """

    initial: State
    decide: Callable[[Command, State], Sequence[Event]]
    evolve: Callable[[State, Event], State]

    def fold(self, events: Iterable[Event], state: State | None = None) -> State:
        """The state after the events, from `state` or from the beginning."""
        current = self.initial if state is None else state
        for happened in events:
            current = self.evolve(current, happened)
        return current
