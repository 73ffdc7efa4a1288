"""Doubtful files that a person's command drops: noted before the command, so that they go after a crash too."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from application.ports.event_log import Recorded
from application.ports.library import Library, LibraryFull, LibraryUnavailable
from domain import paper
from domain.paper_commands import Command, MarkUnavailable, Reopen
from domain.paper_events import ProcessingStarted
from domain.pipeline import Status

DROPS = (Reopen, MarkUnavailable)
"""Commands after which a doubtful paper has its file no more."""


def noted(library: Library, command: Command, records: Sequence[Recorded]) -> tuple[str, ...]:
    """The attempt whose doubtful file the command drops, noted; () where it drops none. `records` is the stream."""
    if not isinstance(command, DROPS):
        return ()
    state = paper.DECIDER.fold(record.event for record in records)
    if state.status is not Status.DOUBTFUL or state.file is None:
        return ()
    attempt = [record.event.attempt for record in records if isinstance(record.event, ProcessingStarted)][-1]
    with suppress(LibraryFull, LibraryUnavailable):
        library.let_go(attempt, state.file.path)
    return (attempt,)


def dropped(library: Library, attempts: Iterable[str]) -> None:
    """Remove the files of attempts that were noted; where the library is not there, recovering does it later."""
    wanted = tuple(attempts)
    with suppress(LibraryUnavailable):
        library.discard(wanted)
        for attempt in wanted:
            library.settle(attempt)
