"""Recovering: papers that a dead process left in transit go back to where they were."""

from collections.abc import Container
from contextlib import suppress

from attrs import frozen
from uuid_utils import uuid7

from application.attaching import giver_of
from application.downloading import paper_of
from application.handling import PROGRAM, decided, load
from application.ports.event_log import EventLog, Origin, WrongVersion
from application.ports.library import Library, LibraryUnavailable
from application.ports.workers import Workers
from application.queries import InTransit, Papers
from application.underway import Underway
from domain import paper
from domain.paper_commands import Revert
from domain.pipeline import Status


@frozen(kw_only=True)
class Recovering:
    """The handler that takes back what nobody works on any more."""

    log: EventLog
    papers: Papers
    workers: Workers
    library: Library
    underway: Underway | None = None
    """What this process has in hand; None where that is not known."""

    def recover(self) -> int:
        """Revert the papers of dead workers and settle their attempts' files; returns how many were reverted.

        Of this process those are reverted that it has not in hand: a database that was gone broke their attempts off,
        and could not be told.
        """
        claimed = [one for one in self.papers.in_transit() if one.status is Status.PROCESSING]
        living = self._living()  # asked afterwards: who claims a paper was at work before
        reverted = sum(self._revert(one, "crash") for one in claimed if one.worker not in living)
        if self.underway is not None:
            reverted += sum(self._drop(one) for one in claimed if one.worker == self.workers.own)
        with suppress(LibraryUnavailable):  # its files wait until it is there again; the papers do not
            self._settle()
        return reverted

    def release(self) -> int:
        """Revert the papers of this process, at its end; returns how many."""
        own = [one for one in self.papers.in_transit() if one.worker == self.workers.own]
        reverted = sum(self._revert(one, "stop") for one in own)
        with suppress(LibraryUnavailable):
            self._settle(leaving=True)
        return reverted

    def _living(self) -> frozenset[str]:
        """Who is at work; this process is, whatever its lease says: a busy database may have kept it from renewing."""
        return self.workers.living() | {self.workers.own}

    def _drop(self, found: InTransit) -> bool:
        """Take a paper back that this process seems to have, unless it has it in hand."""
        return self._revert(found, "crash", besides=self.underway or ())

    def _revert(self, found: InTransit, why: str, besides: Container[str] = ()) -> bool:
        """Take a paper back from the worker that was found to have it, but for some attempts."""
        stream = paper.stream_of(found.paper)
        origin = Origin(command="recover", actor=PROGRAM.name, correlation=str(uuid7()))
        state, version = load(self.log, paper.DECIDER, stream)
        if state.status is not Status.PROCESSING or state.worker != found.worker or state.attempt in besides:
            return False  # it ended by itself, or somebody has it again
        try:
            self.log.append((decided(paper.DECIDER, stream, state, version, (Revert(why=why),)),), origin)
        except WrongVersion:  # it ended by itself
            return False
        return True

    def _settle(self, *, leaving: bool = False) -> None:
        """Remove the files of attempts that left no event; one that has its paper still is left until it is reverted.

        The order matters: whoever gives one of the files and is not at work afterwards has ended, and what the
        stream then says is its last word. `leaving` tells that this process itself works no more.
        """
        ended: list[str] = []
        keep: list[str] = []
        attempts = self.library.unsettled()
        living = self._living() - ({self.workers.own} if leaving else set())
        for attempt in attempts:
            if self._is_given(attempt, living):
                continue
            state, _ = load(self.log, paper.DECIDER, paper.stream_of(paper_of(attempt)))
            if state.attempt == attempt:
                continue
            ended.append(attempt)
            keep.extend([state.file.path] if state.file else [])
        self.library.discard(ended, keep)
        for attempt in ended:
            self.library.settle(attempt)

    def _is_given(self, attempt: str, living: Container[str]) -> bool:
        """Whether a person is about to give the attempt's file through a process that is at work."""
        giver = giver_of(attempt)
        if giver == self.workers.own and self.underway is not None:
            return attempt in self.underway
        return giver is not None and giver in living
