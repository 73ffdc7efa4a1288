"""Renaming: stored files get the names that the pattern gives them now.

One file after the other: a second name, the event, and then the first name goes. So the log is right at any moment,
whatever breaks off, and what is left to do is what does not fit the pattern yet.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress

from attrs import define, field, frozen
from uuid_utils import uuid7

from application.handling import Actor, decided, load
from application.ports.event_log import EventLog, Origin, WrongVersion
from application.ports.library import LibraryFull, LibraryUnavailable
from application.ports.renaming import FileNames, Move, RenamingAlready
from application.ports.tasks import Task, Tasks, TaskStatus
from application.queries import PaperFilter, PaperRow, Papers
from domain import paper
from domain.errors import CommandRefused
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.paper_commands import RenameFile

KIND = "rename"
"""What its task is called."""
EXAMPLES = 3
_AUTHORS = "; "


@frozen(kw_only=True)
class Planned:
    """What renaming would do now: of so many files so many get another name; some of them."""

    files: int
    renaming: int
    examples: tuple[Move, ...] = ()


@define
class Renamed:
    """What renaming did. `left` are files that somebody worked on, or that are missing."""

    done: int = 0
    left: int = 0
    whole: bool = field(default=True)
    """Whether it came to the end."""


@frozen(kw_only=True)
class Renaming:
    """The handler of renaming."""

    log: EventLog
    papers: Papers
    names: FileNames
    tasks: Tasks
    stop: Callable[[], bool] = lambda: False
    """Whether the process is to end."""

    def examples(self, pattern: str | None = None) -> tuple[Move, ...]:
        """How files of a few papers would be called by a pattern; they need not be renamed for it.

        Raises InvalidPattern, LibraryUnavailable.
        """
        found: list[Move] = []
        for row in self._with_files():
            found.append(self._move(row, pattern))
            if len(found) == EXAMPLES:
                break
        return tuple(found)

    def plan(self) -> Planned:
        """What `run` would do; nothing is changed. Raises LibraryUnavailable."""
        files, renaming = 0, 0
        examples: list[Move] = []
        for row in self._with_files():
            move = self._move(row)
            files += 1
            if move.new != move.old:
                renaming += 1
                examples.extend([move] if len(examples) < EXAMPLES else [])
        return Planned(files=files, renaming=renaming, examples=tuple(examples))

    def run(self, actor: Actor) -> Renamed:
        """Give every file the name that fits. Raises RenamingAlready, LibraryUnavailable, LibraryFull."""
        renamed = Renamed()
        origin = Origin(command=RenameFile.NAME, actor=actor.name, correlation=str(uuid7()))
        with self.names.alone(), self.tasks.run(KIND, "names of files") as report:
            self._settle()
            whole = sum(1 for _ in self.papers.files())
            for seen, row in enumerate(self._with_files(), start=1):
                if self.stop():
                    renamed.whole = False
                    break
                move = self._move(row)
                if move.new != move.old:
                    if self._rename(move, origin):
                        renamed.done += 1
                    else:
                        renamed.left += 1
                report(seen, max(seen, whole))
        return renamed

    def settle(self) -> None:
        """Bring to an end what a crash interrupted, unless somebody renames now, or the library is not there."""
        with suppress(RenamingAlready, LibraryUnavailable, LibraryFull):
            if self.names.unfinished():
                with self.names.alone():
                    self._settle()

    def task(self) -> Task | None:
        """The renaming that was begun last, where a process told of it lately."""
        return next((one for one in self.tasks.recent() if one.kind == KIND), None)

    def is_running(self) -> bool:
        """Whether a process renames now."""
        return any(one.kind == KIND and one.status is TaskStatus.RUNNING for one in self.tasks.recent())

    def _with_files(self) -> Iterator[PaperRow]:
        return (row for row in self.papers.all(PaperFilter()) if row.file_path is not None)

    def _move(self, row: PaperRow, pattern: str | None = None) -> Move:
        old = row.file_path or ""
        return Move(paper=row.id, old=old, new=self.names.wanted(old, _metadata(row), _identifiers(row), pattern))

    def _rename(self, move: Move, origin: Origin) -> bool:
        """Rename one file; whether the log says so. One that is missing, or that others work on, is left."""
        try:
            self.names.begin(move)
        except LibraryUnavailable:
            if move in self.names.unfinished():
                self._settle_one(move)
            return False
        stream = paper.stream_of(move.paper)
        try:
            state, version = load(self.log, paper.DECIDER, stream)
            command = RenameFile(path=move.new, was=move.old)
            write = decided(paper.DECIDER, stream, state, version, (command,))
            if write.events:
                self.log.append((write,), origin)
                self.names.end(move, move.new)
                return True
        except (CommandRefused, WrongVersion):
            pass  # others were at the paper meanwhile
        self._settle_one(move)
        return False

    def _settle(self) -> None:
        for move in self.names.unfinished():
            self._settle_one(move)

    def _settle_one(self, move: Move) -> None:
        """Leave the file the name that the log knows; none where the paper has it no more."""
        state, _ = load(self.log, paper.DECIDER, paper.stream_of(move.paper))
        path = state.file.path if state.file else None
        self.names.end(move, path if path in (move.old, move.new) else None)


def _metadata(row: PaperRow) -> Metadata:
    return Metadata(
        title=row.title,
        authors=tuple(filter(None, (row.authors or "").split(_AUTHORS))),
        journal=row.journal,
        year=row.year,
        publisher=row.publisher,
        type=row.type,
    )


def _identifiers(row: PaperRow) -> tuple[Identifier, ...]:
    values = ((scheme, getattr(row, scheme.value)) for scheme in Scheme)
    return tuple(Identifier(scheme=scheme, value=value) for scheme, value in values if value)
