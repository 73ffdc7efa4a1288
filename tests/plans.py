"""Papers that are ready to be downloaded, and planned hours with jobs at the moments that a test wants."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import define, field

from application.handling import decided, load
from application.ports.event_log import EventLog, Origin, Write
from domain import hour, paper
from domain.copies import Copy
from domain.paper import Paper
from domain.paper_commands import Command, Queue, RecordCopies, Register, StartProcessing
from domain.pipeline import DOWNLOAD, LOCATE

ORIGIN = Origin(command="try out", actor="the tests", correlation="one run")
LENGTH = timedelta(hours=1)


@define
class Yard:
    """A log, and what the tests do with its papers; every write is decided."""

    log: EventLog
    worker: str = "a worker"
    _attempts: int = field(default=0, init=False)

    def do(self, name: str, *commands: Command) -> None:
        """Decide commands on a paper."""
        self._all({name: commands})

    def paper(self, name: str) -> Paper:
        """The paper as it is."""
        state, _ = load(self.log, paper.DECIDER, paper.stream_of(name))
        return state

    def registered(self, papers: Mapping[str, Register]) -> None:
        """Make papers known."""
        self._all({name: (register,) for name, register in papers.items()})

    def located(self, copies: Mapping[str, Copy]) -> None:
        """Find a copy of each of some new papers."""
        self._all({name: (self._start(LOCATE.name), RecordCopies(copies=(copy,))) for name, copy in copies.items()})

    def _all(self, wanted: Mapping[str, Sequence[Command]], *more: Write) -> None:
        """Decide commands on many papers, and append them at once."""
        streams = self.log.streams([paper.stream_of(name) for name in wanted])
        writes = list(more)
        for name, commands in wanted.items():
            records = streams.get(paper.stream_of(name), ())
            state = paper.DECIDER.fold(record.event for record in records)
            writes.append(decided(paper.DECIDER, paper.stream_of(name), state, len(records), commands))
        self.log.append(writes, ORIGIN)

    def _start(self, module: str, **fields: Any) -> StartProcessing:
        self._attempts += 1
        return StartProcessing(module=module, worker=self.worker, attempt=f"attempt{self._attempts}", **fields)

    def begin(self, name: str, **fields: Any) -> str:
        """Begin an attempt to download; returns its token."""
        start = self._start(DOWNLOAD.name, **fields)
        self.do(name, start)
        return start.attempt

    def plan(self, start: datetime, due: Mapping[str, datetime], *, minutes: int = 60) -> str:
        """Plan an hour with these jobs, in one append; returns its stream."""
        stream = hour.stream_of(start)
        command = hour.Plan(
            start=start.astimezone(UTC),
            timezone="UTC",
            quota=len(due),
            seed=1,
            count=len(due),
            minutes=minutes,
            begins=start.astimezone(UTC),
        )
        planned = decided(hour.DECIDER, stream, *load(self.log, hour.DECIDER, stream), (command,))
        jobs = {name: (Queue(module=DOWNLOAD.name, due=moment, hour=stream),) for name, moment in due.items()}
        self._all(jobs, planned)
        return stream
