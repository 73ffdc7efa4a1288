"""The log as JSON lines: a header, one event a line, one command a line, and a last line with the hash of the others.

Every column is there as it is stored, the text of `data` as a text, so that the hashes hold in whatever database the
lines end up. The same log always gives the same bytes.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, TypeVar

import msgspec
from attrs import asdict, astuple, frozen

from domain.errors import SciPaperLoaderError
from infrastructure.log.chain import GENESIS, link

FORMAT = "SciPaperLoader log"
VERSION = 1

Position = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
Number = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Line = TypeVar("Line")


@frozen
class Header:
    """The first line: what follows, and where the log ends."""

    format: str
    version: int
    anchor: str
    events: int
    commands: int


@frozen
class EventLine:
    """An event: the columns of the table, in its order."""

    position: Position
    stream: str
    version: Number
    type: str
    type_version: Number
    event_id: str
    command: str
    key: str | None
    correlation: str
    causation: str | None
    actor: str
    recorded_at: str
    data: str
    hash: str


@frozen
class CommandLine:
    """An idempotency key, and what was appended under it."""

    key: str
    first: Position
    last: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
    digest: str


@frozen
class Footer:
    """The last line: how many lines there are before it, and the SHA-256 of their bytes."""

    lines: int
    sha256: str


class LogNotReadable(SciPaperLoaderError):
    """The lines are not a whole, unaltered log that this version understands. `line` counts from 1."""

    remedy = "Nothing was taken in. Export the log once more, or use another copy of the file."

    def __init__(self, line: int, reason: str, *, remedy: str | None = None) -> None:
        super().__init__(f"Line {line} cannot be taken in: {reason}.", remedy=remedy)
        self.line, self.reason = line, reason


class ChainBroken(SciPaperLoaderError):
    """The log in the database is not what was appended."""

    remedy = "`scipaperloader verify` tells more. Restore a backup whose anchor you know."

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(f"The log is broken at position {position}: {reason}.")
        self.position = position


class Chain:
    """Follows the log event by event, and tells what does not fit."""

    def __init__(self) -> None:
        self.position, self.hash = 0, GENESIS

    @property
    def anchor(self) -> str:
        """Where it is."""
        return f"{self.position}:{self.hash}"

    def fault(self, values: Sequence[Any]) -> str | None:
        """What is wrong with the next event, given as its columns; None where it fits and was followed."""
        *covered, stored = values
        if covered[0] != self.position + 1:
            return f"event {self.position + 1} should stand here, not event {covered[0]}"
        if link(self.hash, covered) != stored:
            return f"event {covered[0]} was altered, or one before it was removed or inserted"
        self.position, self.hash = covered[0], stored
        return None


def _encoded(record: Any) -> bytes:
    """A record as a line, its fields in their order."""
    return msgspec.json.encode(asdict(record, recurse=False)) + b"\n"


class LineWriter:
    """Makes lines out of records, and the last line out of all of them."""

    def __init__(self) -> None:
        self._digest, self._lines = hashlib.sha256(), 0

    def line(self, record: Any) -> bytes:
        """A record as a line."""
        made = _encoded(record)
        self._digest.update(made)
        self._lines += 1
        return made

    def last(self) -> bytes:
        """The last line."""
        return _encoded(Footer(self._lines, self._digest.hexdigest()))


class LineReader:
    """Takes lines apart, in the order in which they are written. Raises LogNotReadable at the first that is wrong."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines, self._digest = iter(lines), hashlib.sha256()
        self.number, self.chain = 0, Chain()
        self.header = self._header()

    def events(self) -> Iterator[tuple[Any, ...]]:
        """The events as rows of the table, each checked against the chain."""
        for _ in range(self.header.events):
            row = astuple(self._next(EventLine), recurse=False)
            if reason := self.chain.fault(row):
                raise self.refusal(reason)
            yield row
        if self.chain.anchor != self.header.anchor:
            raise self.refusal("the log does not end where its first line says")

    def commands(self) -> Iterator[tuple[Any, ...]]:
        """The commands as rows of the table, and the check of the last line."""
        for _ in range(self.header.commands):
            yield astuple(self._next(CommandLine), recurse=False)
        expected = Footer(self.number, self._digest.hexdigest())
        if self._next(Footer) != expected:
            raise self.refusal("the lines before it were altered")
        if next(self._lines, None) is not None:
            raise self.refusal("there is something after it")

    def refusal(self, reason: str, remedy: str | None = None) -> LogNotReadable:
        """The error for the present line."""
        return LogNotReadable(self.number, reason, remedy=remedy)

    def _header(self) -> Header:
        header = self._next(Header)
        if header.format != FORMAT:
            raise self.refusal("it does not begin a log", "Name a file that `scipaperloader log export` wrote.")
        if header.version != VERSION:
            raise self.refusal(f"the format {header.version} is not known", "Install a newer version of the program.")
        return header

    def _next(self, kind: type[Line]) -> Line:
        line = next(self._lines, b"")
        self.number += 1
        if not line.endswith(b"\n"):
            raise self.refusal("the file ends before its last line" if not line else "the line is not whole")
        try:
            found = msgspec.json.decode(line, type=kind)
        except (msgspec.MsgspecError, UnicodeError) as error:
            raise self.refusal(f"it is not what should stand here ({error})") from error
        self._digest.update(line)
        return found
