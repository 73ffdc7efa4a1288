"""Reopening: papers whose pause is over go through the pipeline again."""

from attrs import frozen
from uuid_utils import uuid7

from application.handling import PROGRAM, Actor, decided
from application.ports.clock import Clock
from application.ports.event_log import EventLog, Origin, Write, WrongVersion
from application.queries import Papers
from domain import paper
from domain.paper_commands import Reopen
from domain.pipeline import Status

ENDS = (Status.FAILED, Status.UNAVAILABLE)
"""What is reopened when its cause's pause is over."""
WINDOW = 200
"""Papers that are reopened at once."""


@frozen(kw_only=True)
class Reopening:
    """The handler that keeps the promise of `not before`."""

    log: EventLog
    papers: Papers
    clock: Clock

    def reopen(self, actor: Actor = PROGRAM) -> int:
        """Reopen up to WINDOW papers, those that have waited longest first; returns how many there were."""
        ready = [row.id for row in self.papers.due_again(ENDS, self.clock.now(), WINDOW)]
        if ready and not self._append(ready, actor):
            for name in ready:
                self._append([name], actor)
        return len(ready)

    def _append(self, names: list[str], actor: Actor) -> bool:
        """Reopen the papers in one append; whether nobody was quicker with one of them."""
        streams = self.log.streams([paper.stream_of(name) for name in names])
        writes = list[Write]()
        for stream, records in streams.items():
            state = paper.DECIDER.fold(record.event for record in records)
            if state.status in ENDS:  # else somebody was quicker
                writes.append(decided(paper.DECIDER, stream, state, len(records), (Reopen(why="retry"),)))
        try:
            self.log.append(writes, Origin(command="reopen", actor=actor.name, correlation=str(uuid7())))
        except WrongVersion:
            return False
        return True
