"""What a person can do with papers, with one or with many: the acts, and the command that each of them is."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from attrs import frozen

from domain.errors import InvalidValue
from domain.paper_commands import Command, Exclude, MarkUnavailable, Reinstate, Reopen, Request, Revert
from domain.pipeline import ALLOWED, Status

MAX_WORDS = 500
"""Characters of a reason or a note."""
BY_HAND = "by hand"
"""Why a paper is reopened that a person wants tried again."""


class Action(StrEnum):
    """What to do with a paper."""

    RETRY = "retry"
    REVERT = "revert"
    EXCLUDE = "exclude"
    REINSTATE = "reinstate"
    UNAVAILABLE = "unavailable"
    REQUESTED = "requested"


_COMMANDS: Mapping[Action, tuple[type[Command], Callable[[str], Command]]] = {
    Action.RETRY: (Reopen, lambda _: Reopen(why=BY_HAND)),
    Action.REVERT: (Revert, lambda _: Revert(why="revoked")),
    Action.EXCLUDE: (Exclude, lambda words: Exclude(reason=words)),
    Action.REINSTATE: (Reinstate, lambda _: Reinstate()),
    Action.UNAVAILABLE: (MarkUnavailable, lambda words: MarkUnavailable(reason=words)),
    Action.REQUESTED: (Request, lambda words: Request(note=words)),
}
ASKS: Mapping[Action, str] = {Action.EXCLUDE: "reason", Action.UNAVAILABLE: "reason", Action.REQUESTED: "note"}
"""What an action takes beside the paper; the others take nothing."""
REVERSE: Mapping[Action, Action] = {
    Action.EXCLUDE: Action.REINSTATE,
    Action.REINSTATE: Action.EXCLUDE,
    Action.UNAVAILABLE: Action.RETRY,
}
"""The action that takes another one back; what is not here cannot be taken back."""


@frozen(kw_only=True)
class Act:
    """An action with its reason or note."""

    action: Action
    words: str = ""

    @property
    def command(self) -> Command:
        """The act as a command on a paper."""
        return _COMMANDS[self.action][1](self.words)


def act(action: Action, words: str = "") -> Act:
    """The act. Raises InvalidValue where its words are too long, or where it takes none."""
    told, field = words.strip(), ASKS.get(action)
    if told and field is None:
        raise InvalidValue("reason", told[:40], f"nothing: “{action}” takes no reason and no note")
    if len(told) > MAX_WORDS:
        raise InvalidValue(field or "reason", f"{told[:40]}…", f"at most {MAX_WORDS} characters")
    return Act(action=action, words=told)


def action_named(name: str) -> Action:
    """The action with this name. Raises InvalidValue."""
    try:
        return Action(name)
    except ValueError as error:
        raise InvalidValue("action", name[:40], ", ".join(Action)) from error


def allowed(action: Action) -> frozenset[Status]:
    """In which statuses a paper takes the action."""
    return ALLOWED[_COMMANDS[action][0].NAME]
