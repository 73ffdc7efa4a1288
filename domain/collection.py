"""A collection: a named list of papers, a review for one. Its members come with its imports."""

import unicodedata
import uuid
from collections.abc import Sequence

from attrs import frozen

from domain.deciding import Decider
from domain.errors import AlreadyExists, DoesNotExist, InvalidValue
from domain.events import Event, event

STREAM = "collection-"
MAX_NAME = 200
_NAMESPACE = uuid.UUID("6f1f5f86-4f0b-4d0e-9d43-5a8f0f4c7b11")


def stream_of(collection: str) -> str:
    """The stream of a collection."""
    return STREAM + collection


def id_of(name: str) -> str:
    """The id of the collection created under this name: one name, whatever its case and blanks, one stream."""
    return str(uuid.uuid5(_NAMESPACE, tidy(name).casefold()))


def tidy(name: str) -> str:
    """The name without surplus blanks, its letters composed (NFC)."""
    return unicodedata.normalize("NFC", " ".join(name.split()))


@event("collection.created")
class Created(Event):
    """The collection was named for the first time."""

    name: str


@event("collection.renamed")
class Renamed(Event):
    """The collection has another name; its id stays."""

    name: str


@frozen(kw_only=True)
class Collection:
    """State; `name` is None before creation."""

    name: str | None = None


@frozen(kw_only=True)
class Create:
    """Create the collection."""

    name: str


@frozen(kw_only=True)
class Rename:
    """Give another name."""

    name: str


Command = Create | Rename


def decide(command: Command, collection: Collection) -> Sequence[Event]:
    """The events that the command causes. Raises CommandRefused."""
    name = _checked(command.name)
    if isinstance(command, Create):
        if collection.name is not None:
            raise AlreadyExists(f"The collection “{collection.name}”")
        return (Created(name=name),)
    if collection.name is None:
        raise DoesNotExist("This collection")
    return () if name == collection.name else (Renamed(name=name),)


def _checked(name: str) -> str:
    tidied = tidy(name)
    if not tidied or len(tidied) > MAX_NAME or not tidied.isprintable():
        raise InvalidValue("name", name[:MAX_NAME], f"1 to {MAX_NAME} printable characters")
    return tidied


def evolve(collection: Collection, event: Event) -> Collection:
    """The collection after the event."""
    match event:
        case Created() | Renamed():
            return Collection(name=event.name)
        case _:
            return collection


DECIDER: Decider[Command, Collection] = Decider(initial=Collection(), decide=decide, evolve=evolve)
