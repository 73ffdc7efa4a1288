"""Load, decide, append: what every handler of a command does."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from attrs import frozen
from uuid_utils import uuid7

from application.ports.event_log import Appended, EventLog, Origin, Write, WrongVersion
from domain import refusals
from domain.deciding import Decider
from domain.errors import CommandRefused
from domain.events import Event

Command = TypeVar("Command")
State = TypeVar("State")

TRIES = 5
"""Decisions of one command before a lost race is given up."""


@frozen(kw_only=True)
class Actor:
    """On whose behalf something happens. A person's refused commands are recorded too."""

    name: str
    is_person: bool = False


PROGRAM = Actor(name="scipaperloader")
"""The program itself."""


def load(log: EventLog, decider: Decider[Command, State], stream: str) -> tuple[State, int]:
    """State and version of a stream; the initial state and 0 where there is none."""
    records = log.stream(stream)
    return decider.fold(record.event for record in records), len(records)


def execute(
    log: EventLog, decider: Decider[Command, State], stream: str, commands: Sequence[Command], origin: Origin
) -> Appended:
    """Decide the commands one after the other and append what they cause at once.

    A lost race is decided again on the new state. Raises CommandRefused, and WrongVersion after TRIES.
    """
    for attempt in range(TRIES):
        if origin.key is not None and (done := log.done(origin.key, origin.digest)):
            return done
        state, version = load(log, decider, stream)
        write = decided(decider, stream, state, version, commands)
        try:
            return log.append((write,), origin)
        except WrongVersion:
            if attempt == TRIES - 1:
                raise
    raise AssertionError


def order(
    log: EventLog,
    decider: Decider[Command, State],
    stream: str,
    commands: Sequence[Command],
    actor: Actor,
    name: str,
) -> Appended:
    """Execute what somebody asked for; a person's refused command is recorded before it is refused."""
    origin = Origin(command=name, actor=actor.name, correlation=str(uuid7()))
    with on_record(log, stream, origin, actor):
        return execute(log, decider, stream, commands, origin)


@contextmanager
def on_record(log: EventLog, subject: str, origin: Origin, actor: Actor) -> Iterator[None]:
    """A person's command in the body that is refused becomes an event before its error goes on."""
    try:
        yield
    except CommandRefused as error:
        if actor.is_person:
            refused(log, error, subject, origin)
        raise


def decided(
    decider: Decider[Command, State], stream: str, state: State, version: int, commands: Sequence[Command]
) -> Write:
    """The write that the commands cause on a state of the given version. Raises CommandRefused."""
    events: list[Event] = []
    for command in commands:
        news = decider.decide(command, state)
        state = decider.fold(news, state)
        events.extend(news)
    return Write(stream=stream, expected=version, events=tuple(events))


def refused(log: EventLog, error: CommandRefused, subject: str, origin: Origin) -> None:
    """Record that a person's command was refused."""
    event = refusals.Refused(command=origin.command, subject=subject, reason=error.message)
    write = Write(stream=refusals.STREAM, expected=None, events=(event,))
    log.append((write,), Origin(command=origin.command, actor=origin.actor, correlation=origin.correlation))


def digest(*parts: object) -> str:
    """A digest of a command's content, for its idempotency key."""
    framed = "".join(f"{len(text := str(part))}:{text}," for part in parts)
    return hashlib.sha256(framed.encode("utf-8", "surrogatepass")).hexdigest()
