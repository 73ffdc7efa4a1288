"""An import: one upload into a collection, recorded batch by batch."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from attrs import astuple, field, frozen
from attrs import evolve as changed

from domain.deciding import Decider
from domain.errors import AlreadyExists, DoesNotExist, InvalidValue, NotAllowed
from domain.events import Event, event
from domain.records import storable

STREAM = "import-"
MAX_BATCH = 1000
"""Rows that one command may record."""


def stream_of(import_id: str) -> str:
    """The stream of an import."""
    return STREAM + import_id


class OnDuplicate(StrEnum):
    """What to do with the metadata of a known paper: fill in what is missing, leave it, or take over the row's."""

    FILL = "fill"
    SKIP = "skip"
    UPDATE = "update"


class ImportStatus(StrEnum):
    """Where an import is."""

    RUNNING = "running"
    COMPLETED = "completed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    UNDOING = "undoing"
    """A person takes it back, and its papers are being withdrawn."""
    UNDONE = "undone"


@frozen(kw_only=True, field_transformer=storable)
class RejectedRow:
    """A row that was not taken: its number, the line on which it begins, why, and how it stood."""

    row: int
    line: int
    reason: str
    raw: str


@frozen(kw_only=True)
class Counts:
    """What became of rows. `known` papers were in the library before, `duplicates` came earlier in the same file."""

    registered: int = 0
    known: int = 0
    duplicates: int = 0
    updated: int = 0
    rejected: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """The sums."""
        return Counts(
            registered=self.registered + other.registered,
            known=self.known + other.known,
            duplicates=self.duplicates + other.duplicates,
            updated=self.updated + other.updated,
            rejected=self.rejected + other.rejected,
        )

    @property
    def rows(self) -> int:
        """Rows that were looked at; an updated paper is one of the known ones."""
        return self.registered + self.known + self.duplicates + self.rejected

    @property
    def consistent(self) -> bool:
        """Whether there can be such rows."""
        return min(astuple(self)) >= 0 and self.updated <= self.known


@event("import.started", version=2)
class Started(Event):
    """A file was uploaded, and is on disk. `size` is in bytes, `rows` is how many records it holds."""

    collection: str
    collection_name: str
    filename: str
    sha256: str
    size: int
    format: str
    encoding: str
    rows: int
    on_duplicate: OnDuplicate
    vendor: str | None = None
    columns: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    mapping: tuple[tuple[str, str], ...] = ()
    """(column, field) where a person corrected what the columns were taken for."""


@event("import.rows_recorded")
class RowsRecorded(Event):
    """The rows `first` to `last` were dealt with. `members` are the papers that they name, new and known."""

    collection: str
    first: int
    last: int
    counts: Counts
    members: tuple[str, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()


@event("import.completed")
class Completed(Event):
    """Every row was dealt with."""

    counts: Counts


@event("import.refused")
class Refused(Event):
    """The file could not be taken after all; what was recorded before stays."""

    reason: str


@event("import.cancelled")
class Cancelled(Event):
    """A person stopped the import; what was recorded before stays."""


@event("import.undo_started")
class UndoStarted(Event):
    """A person takes the import back: the papers that nothing else names are withdrawn, batch by batch."""


@event("import.undone")
class Undone(Event):
    """The import was taken back; `withdrawn` papers that nothing else named went with it."""

    withdrawn: int


@frozen(kw_only=True)
class Import:
    """State; `status` is None before the start, `recorded` the last row dealt with."""

    status: ImportStatus | None = None
    collection: str = ""
    on_duplicate: OnDuplicate = OnDuplicate.FILL
    sha256: str = ""
    mapping: tuple[tuple[str, str], ...] = ()
    rows: int = 0
    recorded: int = 0
    counts: Counts = field(factory=Counts)


@frozen(kw_only=True)
class Start:
    """Take up a file."""

    started: Started


@frozen(kw_only=True)
class RecordRows:
    """Tell what became of the next rows."""

    first: int
    last: int
    counts: Counts
    members: tuple[str, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()


@frozen(kw_only=True)
class Complete:
    """Tell that the file is at its end."""


@frozen(kw_only=True)
class Refuse:
    """Give up a file that cannot be read further."""

    reason: str


@frozen(kw_only=True)
class Cancel:
    """Stop the import."""


@frozen(kw_only=True)
class Undo:
    """Begin to take the import back."""


@frozen(kw_only=True)
class EndUndo:
    """Tell that the import is taken back."""

    withdrawn: int


Command = Start | RecordRows | Complete | Refuse | Cancel | Undo | EndUndo

_RUNNING = frozenset({ImportStatus.RUNNING})
ALLOWED: Mapping[type, frozenset[ImportStatus]] = {
    RecordRows: _RUNNING,
    Complete: _RUNNING,
    Refuse: _RUNNING,
    Cancel: _RUNNING,
    Undo: frozenset({ImportStatus.COMPLETED, ImportStatus.CANCELLED, ImportStatus.REFUSED}),
    EndUndo: frozenset({ImportStatus.UNDOING}),
}
"""In which statuses a command on a started import is allowed."""


def decide(command: Command, state: Import) -> Sequence[Event]:
    """The events that the command causes. Raises CommandRefused."""
    if isinstance(command, Start):
        if state.status is not None:
            raise AlreadyExists("This import")
        return (command.started,)
    if state.status is None:
        raise DoesNotExist("This import")
    if state.status not in ALLOWED[type(command)]:
        raise NotAllowed(type(command).__name__.lower(), "the import", state.status.value)
    return (_DECISIONS[type(command)](command, state),)


def _rows_recorded(command: RecordRows, state: Import) -> RowsRecorded:
    if command.first != state.recorded + 1 or not 0 <= command.last - command.first < MAX_BATCH:
        expected = f"at most {MAX_BATCH} rows that begin with row {state.recorded + 1}"
        raise InvalidValue("rows", (command.first, command.last), expected)
    if command.last > state.rows:
        raise InvalidValue("last", command.last, f"at most {state.rows}, the rows of the file")
    if not command.counts.consistent or command.counts.rows != command.last - command.first + 1:
        raise InvalidValue("counts", command.counts, "numbers from 0 whose sum is the number of the rows")
    if command.counts.rejected != len(command.rejected):
        raise InvalidValue("rejected", len(command.rejected), f"{command.counts.rejected} rows, as counted")
    return RowsRecorded(
        collection=state.collection,
        first=command.first,
        last=command.last,
        counts=command.counts,
        members=command.members,
        rejected=command.rejected,
    )


def _completed(state: Import) -> Completed:
    if state.recorded != state.rows:
        raise InvalidValue("rows", state.recorded, f"all {state.rows} rows of the file, before its end")
    return Completed(counts=state.counts)


_DECISIONS: Mapping[type, Callable[[Any, Import], Event]] = {
    RecordRows: _rows_recorded,
    Complete: lambda _, state: _completed(state),
    Refuse: lambda command, _: Refused(reason=command.reason),
    Cancel: lambda *_: Cancelled(),
    Undo: lambda *_: UndoStarted(),
    EndUndo: lambda command, _: Undone(withdrawn=command.withdrawn),
}

_ENDS: Mapping[type[Event], ImportStatus] = {
    Completed: ImportStatus.COMPLETED,
    Refused: ImportStatus.REFUSED,
    Cancelled: ImportStatus.CANCELLED,
    UndoStarted: ImportStatus.UNDOING,
    Undone: ImportStatus.UNDONE,
}


def evolve(state: Import, event: Event) -> Import:
    """The import after the event."""
    match event:
        case Started():
            return Import(
                status=ImportStatus.RUNNING,
                collection=event.collection,
                on_duplicate=event.on_duplicate,
                sha256=event.sha256,
                mapping=event.mapping,
                rows=event.rows,
            )
        case RowsRecorded():
            return changed(state, recorded=event.last, counts=state.counts.plus(event.counts))
        case _:
            end = _ENDS.get(type(event))
            return changed(state, status=end) if end else state


DECIDER: Decider[Command, Import] = Decider(initial=Import(), decide=decide, evolve=evolve)
