"""Reverting: papers in transit go back to the resting status that their own streams show."""

from collections.abc import Iterable, Sequence

from attrs import frozen

from application.handling import TRIES, decided
from application.ports.event_log import EventLog, Origin, Write, WrongVersion
from domain import paper
from domain.errors import CommandRefused
from domain.paper_commands import Revert

BATCH = 500
"""Papers of one append."""


@frozen(kw_only=True)
class Reverting:
    """The handler that takes papers back, many at once. The read model finds them, their streams decide."""

    log: EventLog

    def revert(self, papers: Sequence[str], command: Revert, origin: Origin) -> int:
        """Take back those of the papers that are in transit; returns how many were."""
        return sum(
            self._revert(papers[start : start + BATCH], command, origin) for start in range(0, len(papers), BATCH)
        )

    def _revert(self, papers: Sequence[str], command: Revert, origin: Origin) -> int:
        for attempt in range(TRIES):
            writes = list(self._writes(papers, command))
            try:
                self.log.append(writes, origin)
                return len(writes)
            except WrongVersion:  # one of them moved on meanwhile
                if attempt == TRIES - 1 and len(papers) == 1:
                    raise
        return sum(self._revert((one,), command, origin) for one in papers)

    def _writes(self, papers: Sequence[str], command: Revert) -> Iterable[Write]:
        streams = self.log.streams([paper.stream_of(name) for name in papers])
        for stream, records in streams.items():
            state = paper.DECIDER.fold(record.event for record in records)
            try:
                yield decided(paper.DECIDER, stream, state, len(records), (command,))
            except CommandRefused:  # at rest by now
                continue
