"""The event log: the one place where what is true is written."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from attrs import frozen

from domain.errors import SciPaperLoaderError
from domain.events import Event
from domain.identifiers import Identifier


@frozen(kw_only=True)
class Origin:
    """Why an append happens. `correlation` is shared by all that one upload, hour or click causes."""

    command: str
    actor: str
    correlation: str
    causation: str | None = None
    key: str | None = None
    """Idempotency key: what was appended with it is never appended again."""
    digest: str = ""
    """Digest of the command's content; the same key with another digest is refused."""


@frozen(kw_only=True)
class Write:
    """Events for one stream. `expected` is the version that the decision was based on; None for any."""

    stream: str
    expected: int | None
    events: tuple[Event, ...]


@frozen(kw_only=True)
class Appended:
    """Positions of an append, `first` > `last` where it was empty. `repeated`: it was done before, under its key."""

    first: int
    last: int
    repeated: bool = False


@frozen(kw_only=True)
class Recorded:
    """An event in the log. Positions and versions count from 1 without gaps."""

    position: int
    stream: str
    version: int
    event_id: str
    command: str
    key: str | None
    correlation: str
    causation: str | None
    actor: str
    recorded_at: datetime
    event: Event


@frozen(kw_only=True)
class Head:
    """The end of the log. Position 0 and the genesis hash stand for an empty one."""

    position: int
    hash: str


class WrongVersion(SciPaperLoaderError):
    """Somebody else appended to the stream since the decision's state was read."""

    remedy = "Nothing was changed. Load the page again and repeat what you wanted to do."

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__(f"{stream} is at version {actual}, not {expected}: it was changed in the meantime.")
        self.stream, self.expected, self.actual = stream, expected, actual


class IdentifierTaken(SciPaperLoaderError):
    """Another paper has one of the identifiers."""

    def __init__(self, identifiers: tuple[Identifier, ...]) -> None:
        named = ", ".join(f"{identifier.scheme} {identifier.value}" for identifier in identifiers[:3])
        super().__init__(f"Another paper has {named} already.", remedy="Merge the two, or correct the identifier.")
        self.identifiers = identifiers


class KeyReused(SciPaperLoaderError):
    """An idempotency key came again with another content."""

    remedy = "Use a new key for a new command."

    def __init__(self, key: str) -> None:
        super().__init__(f"The key “{key}” was used for another command.")
        self.key = key


class EventLog(Protocol):
    """Append-only, totally ordered. Positions are in commit order: a reader that remembers one misses nothing."""

    def append(self, writes: Sequence[Write], origin: Origin) -> Appended:
        """Append all events or none; durable, and visible in every read model, on return.

        Raises WrongVersion, IdentifierTaken, KeyReused.
        """
        ...

    def done(self, key: str, digest: str) -> Appended | None:
        """What was appended under the key, if anything. Raises KeyReused."""
        ...

    def read(self, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        """Events in the order of their positions, those after a position, at most `limit`."""
        ...

    def stream(self, name: str) -> Sequence[Recorded]:
        """The events of one stream in order; () where there is none."""
        ...

    def newest(
        self, name: str, *, limit: int, until: int | None = None, types: Collection[str] = ()
    ) -> Sequence[Recorded]:
        """The newest events of a stream, newest first: those up to a position, of some types, where that is given."""
        ...

    def streams(self, names: Collection[str]) -> Mapping[str, Sequence[Recorded]]:
        """The events of several streams; streams without events are left out."""
        ...

    def papers_of(self, identifiers: Collection[Identifier]) -> Mapping[Identifier, str]:
        """Which paper has each identifier; unknown ones are left out."""
        ...

    def head(self) -> Head:
        """The end of the log: an anchor for `verify`."""
        ...
