"""Stored files that a decision takes from their paper: they go with its event, whatever comes between the two."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from attrs import frozen

from application.handling import TRIES, decided
from application.ports.event_log import Appended, EventLog, Origin, Recorded, Write, WrongVersion
from application.ports.library import Library, LibraryFull, LibraryUnavailable
from domain import paper
from domain.errors import SciPaperLoaderError
from domain.paper import Paper
from domain.paper_commands import Command
from domain.paper_events import Doubted, Downloaded, FileAttached, FileRenamed, FileReplaced, ProcessingStarted

Guard = Callable[[Paper], None]
"""Looks at the paper that a decision is about to be made on; raises CommandRefused."""
_STORING = (Downloaded, Doubted, FileAttached, FileReplaced)


@frozen(kw_only=True)
class Held:
    """A stored file and the attempt that it came with."""

    attempt: str
    path: str


def held(records: Sequence[Recorded]) -> Held | None:
    """The file that a paper has at the end of its stream.

    A download is told by the attempt that claimed the paper, a file from a person's hands by the key of its command.
    """
    found: Held | None = None
    attempt = ""
    for record in records:
        event = record.event
        if isinstance(event, ProcessingStarted):
            attempt = event.attempt
        elif isinstance(event, _STORING):
            by_hand = isinstance(event, FileAttached | FileReplaced)
            found = Held(attempt=(record.key or "") if by_hand else attempt, path=event.file.path)
        elif isinstance(event, FileRenamed) and found is not None:
            found = Held(attempt=found.attempt, path=event.path)
    state = paper.DECIDER.fold(record.event for record in records)
    return found if found and state.file is not None else None


def execute_letting_go(
    log: EventLog,
    library: Library,
    stream: str,
    commands: Sequence[Command],
    origin: Origin,
    guard: Guard = lambda _: None,
) -> Appended:
    """As `handling.execute`, on a paper: the file that it loses by that is removed.

    The file is noted before the event, so that recovering removes it where a crash comes after, and leaves it alone
    where the crash came before. Trouble with the disk does not hinder the decision.
    """
    for attempt in range(TRIES):
        records = log.stream(stream)
        state = paper.DECIDER.fold(record.event for record in records)
        guard(state)
        write = decided(paper.DECIDER, stream, state, len(records), commands)
        lost = lost_by(records, write)
        note(library, lost)
        try:
            appended = log.append((write,), origin)
        except WrongVersion:
            if attempt == TRIES - 1:
                raise
        else:
            remove(library, lost)
            return appended
    raise AssertionError


def lost_by(records: Sequence[Recorded], write: Write) -> Held | None:
    """The file that a paper with this stream loses by a write."""
    before = paper.DECIDER.fold(record.event for record in records)
    after = paper.DECIDER.fold(write.events, before)
    if before.file is None or (after.file is not None and after.file.path == before.file.path):
        return None
    return held(records)


def note(library: Library, lost: Held | None) -> None:
    """Note that the file is to go."""
    if lost is not None and lost.attempt:
        with suppress(LibraryFull, LibraryUnavailable):
            library.let_go(lost.attempt, lost.path)


def remove(library: Library, lost: Held | None) -> None:
    """Remove the file; its note stays until that is done."""
    if lost is None:
        return
    with suppress(SciPaperLoaderError):
        library.remove(lost.path)
        if lost.attempt:
            library.settle(lost.attempt)
