"""Proving that the log is what was appended: chain, order, versions, triggers, head."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from attrs import define, field, frozen

from domain.errors import SciPaperLoaderError
from infrastructure.database import Database
from infrastructure.log.chain import GENESIS, link
from infrastructure.log.codec import UnknownEvent, decode
from infrastructure.log.numbering import COLUMNS
from infrastructure.log.tables import commands, event_head, events
from infrastructure.log.triggers import present, required

CHUNK = 5_000
LOWEST = -(2**63)
MAX_FAULTS = 50


@frozen(kw_only=True)
class Anchor:
    """A position and the hash there, noted outside of the database: what `--expect` takes."""

    position: int
    hash: str

    @classmethod
    def parse(cls, text: str) -> "Anchor":
        """From `POSITION:HASH`. Raises InvalidAnchor."""
        position, _, hash_ = text.strip().partition(":")
        if not position.isdecimal() or not position.isascii() or len(hash_) != len(GENESIS):
            raise InvalidAnchor(text)
        return cls(position=int(position), hash=hash_.lower())

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}"


class InvalidAnchor(SciPaperLoaderError):
    """The text is no anchor."""

    remedy = "An anchor is POSITION:HASH, as `backup`, `export` and `verify` print it."

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text[:100]}” is no anchor.")
        self.text = text


@frozen(kw_only=True)
class Fault:
    """Something in the log that should not be so. `position` is where, None where it concerns the whole."""

    position: int | None
    what: str


@frozen(kw_only=True)
class ChainReport:
    """The outcome: the anchor of the log as it is, how many events were read, and the first faults."""

    anchor: Anchor
    events: int
    faults: tuple[Fault, ...]


@define
class _Walk:
    """The state of one pass over the events."""

    expect: Anchor | None
    position: int = 0
    hash: str = GENESIS
    events: int = 0
    expected_seen: bool = False
    faults: list[Fault] = field(factory=list)

    def fault(self, position: int | None, what: str) -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(position=position, what=what))

    def step(self, row: sa.Row[Any]) -> None:
        values: list[Any]
        *values, stored = row
        position = row.position
        if position < 1:
            self.fault(position, "the event stands before the first one")
            return
        if position != self.position + 1:
            self.fault(position, f"events {self.position + 1} to {position - 1} are missing")
        elif link(self.hash, values) != stored:
            self.fault(position, "the event was altered, or one before it was removed or inserted")
        try:
            decode(row.type, row.type_version, row.data)
        except UnknownEvent as error:
            self.fault(position, error.message)
        if self.expect and position == self.expect.position:
            self.expected_seen = True
            if stored != self.expect.hash:
                self.fault(position, "the log was rewritten: the expected hash is another one")
        self.position, self.hash, self.events = position, stored, self.events + 1


def verify_chain(database: Database, expect: Anchor | None = None) -> ChainReport:
    """Read the whole log once, in one snapshot; memory does not grow with it."""
    with database.read() as connection, _damaged_text_readable(connection):
        return chain_report(connection, expect)


def chain_report(connection: sa.Connection, expect: Anchor | None = None) -> ChainReport:
    """The same within a transaction of the caller's, for text that is whole."""
    walk = _Walk(expect)
    for row in event_rows(connection):
        walk.step(row)
    _check_head(connection, walk)
    _check_versions(connection, walk)
    _check_commands(connection, walk)
    _check_triggers(connection, walk)
    return ChainReport(
        anchor=Anchor(position=walk.position, hash=walk.hash), events=walk.events, faults=tuple(walk.faults)
    )


@contextmanager
def _damaged_text_readable(connection: sa.Connection) -> Iterator[None]:
    """On SQLite, text that is no UTF-8 any more is read as other text, and is found like any altered one."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        driver.text_factory = lambda stored: stored.decode("utf-8", "replace")
    try:
        yield
    finally:
        if connection.dialect.name == "sqlite":
            driver.text_factory = str


def event_rows(connection: sa.Connection) -> Iterator[sa.Row[Any]]:
    """Every event's COLUMNS, in the order of the positions."""
    columns, position = [events.c[name] for name in COLUMNS], LOWEST
    while True:
        query = sa.select(*columns).where(events.c.position > position).order_by(events.c.position).limit(CHUNK)
        rows = connection.execute(query).all()
        if not rows:
            return
        yield from rows
        position = rows[-1].position


def _check_head(connection: sa.Connection, walk: _Walk) -> None:
    head = connection.execute(sa.select(event_head)).one_or_none()
    if head is None:
        walk.fault(None, "the head row is missing")
    elif head.position > walk.position:
        walk.fault(head.position, f"the log was cut: events {walk.position + 1} to {head.position} are missing")
    elif (head.position, head.hash) != (walk.position, walk.hash):
        walk.fault(head.position, "the head does not name the last event")
    if walk.expect and walk.expect.position == 0:
        walk.expected_seen = walk.expect.hash == GENESIS
    if walk.expect and not walk.expected_seen:
        walk.fault(walk.expect.position, "the log was cut: the expected position does not exist")


def _check_versions(connection: sa.Connection, walk: _Walk) -> None:
    numbers = sa.func.count(), sa.func.min(events.c.version), sa.func.max(events.c.version)
    odd = sa.select(events.c.stream).group_by(events.c.stream)
    odd = odd.having((numbers[0] != numbers[2]) | (numbers[1] != 1)).limit(MAX_FAULTS)
    for stream in connection.execute(odd).scalars():
        walk.fault(None, f"the versions of {stream} have a gap")


def _check_commands(connection: sa.Connection, walk: _Walk) -> None:
    told = sa.select(commands.c.key, commands.c.first, commands.c.last).where(commands.c.first <= commands.c.last)
    numbers = sa.func.min(events.c.position), sa.func.max(events.c.position)
    carried = sa.select(events.c.key, *numbers).where(events.c.key.is_not(None)).group_by(events.c.key)
    odd = [sa.except_(one, other).limit(MAX_FAULTS) for one, other in ((told, carried), (carried, told))]
    for key in sorted({row.key for query in odd for row in connection.execute(query)}):
        walk.fault(None, f"the command {key} does not name the events that carry its key")


def _check_triggers(connection: sa.Connection, walk: _Walk) -> None:
    dialect = connection.dialect.name
    for name in sorted(required(dialect) - present(connection)):
        walk.fault(None, f"the protecting trigger {name} is missing")
