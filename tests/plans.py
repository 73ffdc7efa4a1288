"""Papers that are ready to be downloaded, and planned hours with jobs at the moments that a test wants."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import define, field

from application.handling import decided, load
from application.ports.event_log import EventLog, Origin, Write
from domain import hour, paper
from domain.copies import Copy
from domain.identifiers import Identifier
from domain.metadata import Metadata
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
        self.log.append([self._write(name, commands)], ORIGIN)

    def _write(self, name: str, commands: Sequence[Any]) -> Write:
        stream = paper.stream_of(name)
        return decided(paper.DECIDER, stream, *load(self.log, paper.DECIDER, stream), commands)

    def paper(self, name: str) -> Paper:
        """The paper as it is."""
        state, _ = load(self.log, paper.DECIDER, paper.stream_of(name))
        return state

    def registered(self, papers: Mapping[str, Identifier], title: str = "Title of {}") -> None:
        """Make papers known."""
        writes = [
            self._write(name, (Register(identifiers=(doi,), metadata=Metadata(title=title.format(name))),))
            for name, doi in papers.items()
        ]
        self.log.append(writes, ORIGIN)

    def located(self, copies: Mapping[str, Copy]) -> None:
        """Find a copy of each of some new papers."""
        writes = [
            self._write(name, (self._start(LOCATE.name), RecordCopies(copies=(copy,)))) for name, copy in copies.items()
        ]
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
            start=start.astimezone(UTC), timezone="UTC", quota=len(due), seed=1, count=len(due), minutes=minutes
        )
        planned = decided(hour.DECIDER, stream, *load(self.log, hour.DECIDER, stream), (command,))
        jobs = [
            self._write(name, (Queue(module=DOWNLOAD.name, due=moment, hour=stream),)) for name, moment in due.items()
        ]
        self.log.append([planned, *jobs], ORIGIN)
        return stream
