"""Recovering: papers that a dead process left in transit go back to where they were."""

from attrs import frozen
from uuid_utils import uuid7

from application.downloading import paper_of
from application.handling import PROGRAM, decided, load
from application.ports.event_log import EventLog, Origin, WrongVersion
from application.ports.library import Library
from application.ports.workers import Workers
from application.queries import Papers
from domain import paper
from domain.paper_commands import Revert
from domain.pipeline import IN_TRANSIT, Status


@frozen(kw_only=True)
class Recovering:
    """The handler that takes back what nobody works on any more."""

    log: EventLog
    papers: Papers
    workers: Workers
    library: Library

    def recover(self) -> int:
        """Revert the papers of dead workers and settle their attempts' files; returns how many were reverted."""
        living = self.workers.living()
        dead = [
            one.paper
            for one in self.papers.in_transit()
            if one.status is Status.PROCESSING and one.worker not in living
        ]
        reverted = sum(self._revert(name, "crash") for name in dead)
        self._settle(living)
        return reverted

    def release(self) -> int:
        """Revert the papers of this process, at its end; returns how many."""
        own = [one.paper for one in self.papers.in_transit() if one.worker == self.workers.own]
        reverted = sum(self._revert(name, "stop") for name in own)
        self._settle(self.workers.living() - {self.workers.own})
        return reverted

    def _revert(self, name: str, why: str) -> bool:
        stream = paper.stream_of(name)
        origin = Origin(command="recover", actor=PROGRAM.name, correlation=str(uuid7()))
        state, version = load(self.log, paper.DECIDER, stream)
        if state.status not in IN_TRANSIT:
            return False
        try:
            self.log.append((decided(paper.DECIDER, stream, state, version, (Revert(why=why),)),), origin)
        except WrongVersion:  # it ended by itself
            return False
        return True

    def _settle(self, living: frozenset[str]) -> None:
        """Remove the files of attempts that left no event; an attempt that its worker still runs is left alone."""
        ended: list[str] = []
        keep: list[str] = []
        for attempt in self.library.unsettled():
            state, _ = load(self.log, paper.DECIDER, paper.stream_of(paper_of(attempt)))
            if state.attempt == attempt and state.worker in living:
                continue
            ended.append(attempt)
            keep.extend([state.file.path] if state.file else [])
        self.library.discard(ended, keep)
        for attempt in ended:
            self.library.settle(attempt)
