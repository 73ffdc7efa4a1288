"""What takes back what was done with a paper: the command, read from the paper's own stream. Pure."""

from collections.abc import Sequence

from application.ports.event_log import Recorded
from domain.acts import BY_HAND
from domain.errors import CommandRefused
from domain.events import Event
from domain.paper_commands import Command, Exclude, MarkUnavailable, Reinstate, RemoveFile, Reopen
from domain.paper_events import Excluded, FileAttached, MarkedUnavailable, Merged, Reinstated, Withdrawn, status_after

REVERSIBLE: tuple[type[Event], ...] = (Excluded, Reinstated, MarkedUnavailable, FileAttached)
"""What can be taken back. A file that took the place of another one cannot: that one is gone."""


class ChangedSince(CommandRefused):
    """Something else happened in between."""

    remedy = "Nothing was changed. Look at how it stands now."

    def __init__(self, subject: str) -> None:
        super().__init__(f"This cannot be taken back any more: {subject} was changed since.")


class NotReversible(CommandRefused):
    """What was done has no reverse."""

    def __init__(self) -> None:
        super().__init__("This cannot be taken back.")


def reverse_of(records: Sequence[Recorded], correlation: str) -> Command:
    """The command that takes back what happened to a paper under a correlation. `records` is the paper's stream.

    Raises ChangedSince where its status was changed since, NotReversible.
    """
    moved = [record for record in records if status_after(record.event) is not None]
    if not moved or moved[-1].correlation != correlation:
        raise ChangedSince("the paper")
    match moved[-1].event:
        case Excluded():
            return Reinstate()
        case Reinstated():
            return _again(records)
        case MarkedUnavailable():
            return Reopen(why=BY_HAND, back=True)
        case FileAttached():
            return RemoveFile()
        case _:
            raise NotReversible


def _again(records: Sequence[Recorded]) -> Command:
    """The paper set aside again, or given up again, for the reason of the last time."""
    for record in reversed(records):
        match record.event:
            case MarkedUnavailable():
                return MarkUnavailable(reason=record.event.reason)
            case Excluded() | Withdrawn():
                return Exclude(reason=record.event.reason)
            case Merged():
                break
    return Exclude(reason="")
