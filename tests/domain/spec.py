"""Given what happened, when a command comes, then these events follow, or it is refused.

given(DECIDER, *events).when(command).then(*events)
given(DECIDER, *events).when(command).refused(NotAllowed)
"""

from typing import Any, Generic, TypeVar

import pytest
from attrs import frozen

from domain.deciding import Decider
from domain.errors import CommandRefused
from domain.events import Event

Command = TypeVar("Command")
State = TypeVar("State")
Refusal = TypeVar("Refusal", bound=CommandRefused)


@frozen
class Given(Generic[Command, State]):
    """An aggregate with a past."""

    decider: Decider[Command, State]
    events: tuple[Event, ...]

    @property
    def state(self) -> State:
        """The state after the past."""
        return self.decider.fold(self.events)

    def when(self, command: Command) -> "When[Command, State]":
        """Bring a command."""
        return When(self, command)

    def after(self, *commands: Command) -> "Given[Command, State]":
        """The same aggregate after commands that are carried out."""
        now = self
        for command in commands:
            now = Given(self.decider, (*now.events, *now.when(command).events))
        return now


@frozen
class When(Generic[Command, State]):
    """A command that meets an aggregate."""

    given: Given[Command, State]
    command: Command

    @property
    def events(self) -> tuple[Event, ...]:
        """What the command causes."""
        return tuple(self.given.decider.decide(self.command, self.given.state))

    @property
    def state(self) -> State:
        """The state when it is done."""
        return self.given.after(self.command).state

    def then(self, *events: Event) -> None:
        """Exactly these events follow."""
        assert self.events == events

    def refused(self, error: type[Refusal]) -> Refusal:
        """The command is refused with exactly this error."""
        with pytest.raises(CommandRefused) as refusal:
            _ = self.events
        assert type(refusal.value) is error
        return refusal.value


def given(decider: Decider[Command, State], *events: Event) -> Given[Command, State]:
    """Begin a specification; state and command types follow from the decider."""
    return Given(decider, events)


def attempt(decider: Decider[Any, Any], command: Any, state: Any) -> tuple[Event, ...] | CommandRefused:
    """The events, or the refusal as a value."""
    try:
        return tuple(decider.decide(command, state))
    except CommandRefused as refusal:
        return refusal
