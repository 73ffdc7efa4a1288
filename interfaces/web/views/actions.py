"""The buttons for what can be done with one paper in its status."""

from collections.abc import Iterator

from attrs import frozen

from application.act_wording import ACT_WORDS, SUGGESTED
from application.processing import PROCESSES
from domain.acts import ASKS, MAX_WORDS, Action, allowed
from domain.pipeline import Status

PROCESS = "process"
"""What processing a paper at once is called in addresses."""


@frozen(kw_only=True)
class ActionButton:
    """A button: its name in addresses, what it says and does, and what it asks for: reason, note, or "" for nothing."""

    name: str
    label: str
    effect: str
    asks: str = ""
    suggested: tuple[str, ...] = ()
    longest: int = MAX_WORDS


_PROCESS = ActionButton(
    name=PROCESS, label="Process now", effect="Looks for copies if need be, and downloads it at once."
)
_OF_ONE = {
    Action.RETRY: "Sends it through the pipeline again, in its turn. A doubtful file is thrown away.",
    Action.REVERT: "Takes it back to where it was.",
    Action.EXCLUDE: "Sets it aside: the program leaves it alone.",
    Action.REINSTATE: "Wants it again: it goes on where it was.",
    Action.UNAVAILABLE: "Gives it up: it is not looked for any more. A doubtful file is thrown away.",
    Action.REQUESTED: "Notes that it was asked for elsewhere.",
}


def actions_in(status: Status) -> tuple[ActionButton, ...]:
    """What a person can do with a paper in this status, what is quickest first."""
    return tuple(_actions_in(status))


def _actions_in(status: Status) -> Iterator[ActionButton]:
    if status in PROCESSES:
        yield _PROCESS
    yield from (button(action) for action in Action if status in allowed(action))


def button(action: Action) -> ActionButton:
    """The button of an action on one paper."""
    return ActionButton(
        name=action.value,
        label=ACT_WORDS[action].label,
        effect=_OF_ONE[action],
        asks=ASKS.get(action, ""),
        suggested=SUGGESTED.get(action, ()),
    )
