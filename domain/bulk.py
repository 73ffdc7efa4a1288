"""A bulk: the same done with many papers because a person wants it.

What became of each paper is told by its own stream.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from attrs import evolve as changed
from attrs import frozen

from domain.acts import Action
from domain.deciding import Decider
from domain.errors import AlreadyExists, DoesNotExist, InvalidValue, NotAllowed
from domain.events import Event, event
from domain.records import storable

STREAM = "bulk-"


def stream_of(bulk: str) -> str:
    """The stream of a bulk."""
    return STREAM + bulk


@frozen(kw_only=True, field_transformer=storable)
class Skipped:
    """How many papers were left alone for one reason: a status in which they do not take the action, or another."""

    why: str
    papers: int


@event("bulk.started")
class Started(Event):
    """The bulk began: `action` (with its reason or note) on `papers` papers, those of `which` or listed ones.

    `which` is the filter as it stands in an address; `undoes` is the bulk that this one takes back.
    """

    action: Action
    words: str
    papers: int
    which: str = ""
    undoes: str | None = None


@event("bulk.ended")
class Ended(Event):
    """The bulk ended. Not `complete`, it was asked to end before it came to every paper; what it did stays done."""

    changed: int
    skipped: tuple[Skipped, ...] = ()
    complete: bool = True


class BulkStatus(StrEnum):
    """Where a bulk is."""

    RUNNING = "running"
    ENDED = "ended"


@frozen(kw_only=True)
class Bulk:
    """State; `status` is None before the start."""

    status: BulkStatus | None = None
    action: Action = Action.RETRY
    words: str = ""
    papers: int = 0
    which: str = ""
    undoes: str | None = None
    changed: int = 0
    skipped: tuple[Skipped, ...] = ()
    complete: bool = False


@frozen(kw_only=True)
class Start:
    """Begin."""

    action: Action
    words: str
    papers: int
    which: str = ""
    undoes: str | None = None


@frozen(kw_only=True)
class End:
    """Tell what was done."""

    changed: int
    skipped: Mapping[str, int]
    complete: bool


Command = Start | End


def decide(command: Command, bulk: Bulk) -> Sequence[Event]:
    """The events that the command causes. Raises CommandRefused."""
    if isinstance(command, Start):
        return _started(command, bulk)
    if bulk.status is None:
        raise DoesNotExist("This bulk")
    if bulk.status is BulkStatus.ENDED:
        raise NotAllowed("end", "the bulk", "at its end")
    if (least := min((command.changed, *command.skipped.values()))) < 0:
        raise InvalidValue("papers", least, "numbers from 0")
    skipped = tuple(Skipped(why=why, papers=count) for why, count in sorted(command.skipped.items()) if count)
    return (Ended(changed=command.changed, skipped=skipped, complete=command.complete),)


def _started(command: Start, bulk: Bulk) -> Sequence[Event]:
    if bulk.status is not None:
        raise AlreadyExists("This bulk")
    if command.papers < 0:
        raise InvalidValue("papers", command.papers, "a number from 0")
    return (
        Started(
            action=command.action,
            words=command.words,
            papers=command.papers,
            which=command.which,
            undoes=command.undoes,
        ),
    )


def evolve(bulk: Bulk, event: Event) -> Bulk:
    """The bulk after the event."""
    match event:
        case Started():
            return Bulk(
                status=BulkStatus.RUNNING,
                action=event.action,
                words=event.words,
                papers=event.papers,
                which=event.which,
                undoes=event.undoes,
            )
        case Ended():
            return changed(
                bulk,
                status=BulkStatus.ENDED,
                changed=event.changed,
                skipped=event.skipped,
                complete=event.complete,
            )
        case _:
            return bulk


DECIDER: Decider[Command, Bulk] = Decider(initial=Bulk(), decide=decide, evolve=evolve)
