"""Taking imports back: the papers that nothing else names are set aside, batch by batch, and may come back.

The log tells how far it is: whoever goes on after a crash looks at every paper again, and finds what is done.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from attrs import define, frozen

from application.handling import TRIES, Actor, decided, execute, load, order
from application.ports.event_log import Appended, EventLog, Origin, Recorded, Write, WrongVersion
from application.ports.tasks import Report, Task, Tasks, TaskStatus
from application.queries import Imports, Stakes
from domain import importing, paper
from domain.errors import NotAllowed
from domain.importing import UndoStarted
from domain.paper import Paper
from domain.paper_commands import Command, Reinstate, Withdraw
from domain.paper_events import Withdrawn
from domain.pipeline import ALLOWED

BATCH = 500
"""Papers of one append."""
FEW = 1_000
"""Rows of an import that is taken back by one click on a notice."""
KIND = "undo"
"""What such work is called among the tasks."""


@frozen(kw_only=True)
class UndoingImports:
    """The handlers that cancel imports and take them back."""

    log: EventLog
    imports: Imports
    tasks: Tasks

    def cancel(self, import_id: str, actor: Actor) -> Appended:
        """Stop a running import; what was recorded before stays. Raises CommandRefused."""
        return self._order(import_id, importing.Cancel(), actor, "cancel")

    def stakes(self, import_id: str) -> Stakes:
        """What taking the import back would do now; nothing is changed."""
        return self.imports.stakes(import_id)

    def begin(self, import_id: str, actor: Actor) -> int:
        """Note that the import is taken back, for `run` to do it; returns the position. Raises CommandRefused.

        One that is being taken back already is not refused: it may have been broken off.
        """
        if (begun := self._begun(import_id)) is not None:
            return begun.position
        return self._order(import_id, importing.Undo(), actor, "undo").last

    def undo(self, import_id: str, actor: Actor) -> importing.Import:
        """Take the import back at once; returns its state then. Raises CommandRefused."""
        self.begin(import_id, actor)
        return self.run(import_id)

    def run(self, import_id: str, stop: Callable[[], bool] = lambda: False) -> importing.Import:
        """Withdraw what nothing else names, from where it stands, until the end or until `stop` says so."""
        begun = self._begun(import_id)
        if begun is not None:
            work = _Work(self.log, self.imports, import_id, begun)
            with self.tasks.run(KIND, work.title, begun.correlation) as report:
                if work.withdraw(report, stop):
                    work.end()
        return self._state(import_id)

    def task(self, import_id: str) -> Task | None:
        """How far the taking back is, where a process told that lately."""
        newest = self.log.newest(importing.stream_of(import_id), limit=1, types=(UndoStarted.TYPE,))
        return next((one for one in self.tasks.recent() if newest and one.id == newest[0].correlation), None)

    def silent(self) -> list[str]:
        """The imports that are being taken back, though no process tells that it is at it."""
        being = self.imports.being_undone()
        return [one for one in being if (task := self.task(one)) is None or task.status is not TaskStatus.RUNNING]

    def is_harmless(self, import_id: str) -> bool:
        """Whether taking the import back now is a small thing: few papers, and none with a file or asked for."""
        row = self.imports.find(import_id)
        if row is None or row.rows > FEW or row.status not in importing.ALLOWED[importing.Undo]:
            return False
        found = self.stakes(import_id)
        return not found.with_file and not found.requested

    def _order(self, import_id: str, command: importing.Command, actor: Actor, name: str) -> Appended:
        return order(self.log, importing.DECIDER, importing.stream_of(import_id), (command,), actor, f"{name} import")

    def _state(self, import_id: str) -> importing.Import:
        return load(self.log, importing.DECIDER, importing.stream_of(import_id))[0]

    def _begun(self, import_id: str) -> Recorded | None:
        """The event with which the taking back began, while it goes on."""
        newest = self.log.newest(importing.stream_of(import_id), limit=1)
        return newest[0] if newest and isinstance(newest[0].event, UndoStarted) else None


What = Callable[[Paper, bool], Command | None]
"""What is to be done with a paper, if anything; told whether this work has withdrawn it already."""


@define
class _Work:
    """One import that is being taken back. All that it appends has the correlation and the actor of its beginning."""

    log: EventLog
    imports: Imports
    import_id: str
    begun: Recorded
    withdrawn: int = 0

    @property
    def title(self) -> str:
        row = self.imports.find(self.import_id)
        return row.filename if row else self.import_id

    @property
    def _origin(self) -> Origin:
        return Origin(
            command="undo import",
            actor=self.begun.actor,
            correlation=self.begun.correlation,
            causation=self.begun.event_id,
        )

    def withdraw(self, report: Report, stop: Callable[[], bool]) -> bool:
        """Withdraw batch after batch; whether it came to the end."""
        whole, seen = self._whole(), 0
        for names in self._batches():
            if stop():
                return False
            staying = self.imports.named_elsewhere(self.import_id, names)
            self.withdrawn += self._each([name for name in names if name not in staying], self._withdrawal)
            seen += len(names)
            report(min(seen, whole), whole)
        return True

    def end(self) -> None:
        """Bring back what other lists have come to name meanwhile, and note the end; somebody else may have."""
        aside = self.imports.set_aside(self.import_id)
        for start in range(0, len(aside), BATCH):
            named = self.imports.named_elsewhere(self.import_id, aside[start : start + BATCH])
            self.withdrawn -= self._each(sorted(named), self._return)
        command = importing.EndUndo(withdrawn=self.withdrawn)
        with suppress(NotAllowed):
            execute(self.log, importing.DECIDER, importing.stream_of(self.import_id), (command,), self._origin)

    def _whole(self) -> int:
        found = self.imports.stakes(self.import_id)
        return found.papers + found.shared + found.aside

    def _batches(self) -> Iterator[Sequence[str]]:
        last = ""
        while names := self.imports.named(self.import_id, after=last, limit=BATCH):
            yield names
            last = names[-1]

    def _each(self, names: Sequence[str], what: What) -> int:
        """Do what is to be done with papers, at once or one after the other where others are at them too.

        Returns of how many of them that is true now.
        """
        for attempt in range(TRIES):
            writes, before = self._writes(names, what)
            try:
                if writes:
                    self.log.append(writes, self._origin)
                return len(writes) + before
            except WrongVersion:  # one of them moved on meanwhile
                if attempt == TRIES - 1 and len(names) == 1:
                    raise
        return sum(self._each((name,), what) for name in names)

    def _writes(self, names: Sequence[str], what: What) -> tuple[list[Write], int]:
        streams = self.log.streams([paper.stream_of(name) for name in names])
        writes, before = [], 0
        for stream, records in streams.items():
            state, done = paper.DECIDER.fold(record.event for record in records), self._is_done(records)
            if (command := what(state, done)) is not None:
                writes.append(decided(paper.DECIDER, stream, state, len(records), (command,)))
            else:
                before += done and state.withdrawn
        return writes, before

    def _is_done(self, records: Sequence[Recorded]) -> bool:
        """Whether this work has withdrawn the paper, whatever happened to it since."""
        mine = (record.event for record in records if record.correlation == self.begun.correlation)
        return any(isinstance(event, Withdrawn) for event in mine)

    def _withdrawal(self, state: Paper, done: bool) -> Command | None:
        if done or state.status not in ALLOWED[Withdraw.NAME]:
            return None
        return Withdraw(reason=f"the import {self.import_id} was undone")

    def _return(self, state: Paper, done: bool) -> Command | None:
        return Reinstate() if done and state.withdrawn else None
