"""Imports: the list, one import, what undoing it would do, and collections."""

from collections.abc import Mapping
from urllib.parse import urlencode

from attrs import frozen

from application.import_wording import going_words, staying_words
from application.ports.tabular import FIELDS, IGNORE
from application.ports.tasks import Task, TaskStatus
from application.queries import CollectionProgress, ImportRow, PaperFilter, Stakes
from domain import importing
from domain.importing import ALLOWED, Cancel, ImportStatus, OnDuplicate, RejectedRow, Started, Undo
from domain.pipeline import IN_TRANSIT, TAKEN, Status
from interfaces.container import Container

SHOWN_REJECTED = 100
PAGE = 50
WIDTH = 1_000
"""Units of a bar."""
UPDATES = {
    OnDuplicate.FILL: "what is missing of them is filled in",
    OnDuplicate.SKIP: "what is known of them is kept",
    OnDuplicate.UPDATE: "title, authors and so on are taken over",
}


@frozen(kw_only=True)
class ImportLine:
    """An import in the list, and what can be done with it."""

    row: ImportRow

    @property
    def may_cancel(self) -> bool:
        """Whether it can be stopped."""
        return self.row.status in ALLOWED[Cancel]

    @property
    def may_undo(self) -> bool:
        """Whether it can be taken back."""
        return self.row.status in ALLOWED[Undo]


@frozen(kw_only=True)
class ImportsView:
    """A page of imports."""

    imports: tuple[ImportLine, ...]
    here: str
    next: str | None
    position: int


@frozen(kw_only=True)
class ColumnWords:
    """A column and what it was taken for, in words."""

    column: str
    field: str


@frozen(kw_only=True)
class StatusCount:
    """How many papers of an import are in a status, and where they are shown."""

    status: Status
    count: int
    address: str


@frozen(kw_only=True)
class ImportView:
    """One import. `rejected` are some of its rejected rows; `repeated` tells that the file had been imported before."""

    line: ImportLine
    here: str
    started: Started | None
    papers: tuple[StatusCount, ...]
    rejected: tuple[RejectedRow, ...]
    first_rejected: str | None
    more_rejected: str | None
    undo: Task | None
    repeated: bool
    position: int

    @property
    def row(self) -> ImportRow:
        """The import itself."""
        return self.line.row

    @property
    def is_running(self) -> bool:
        """Whether rows are still being worked on."""
        return self.row.status == ImportStatus.RUNNING

    @property
    def is_being_undone(self) -> bool:
        """Whether it is being taken back."""
        return self.row.status == ImportStatus.UNDOING

    @property
    def undo_stands(self) -> bool:
        """Whether nobody seems to go on taking it back."""
        return self.is_being_undone and (self.undo is None or self.undo.status is not TaskStatus.RUNNING)

    @property
    def known_words(self) -> str:
        """What was to be done with papers that are known."""
        return UPDATES[self.started.on_duplicate] if self.started else ""

    @property
    def columns(self) -> tuple[ColumnWords, ...]:
        """The columns that were used."""
        return _in_words(self.started.columns) if self.started else ()

    @property
    def corrected(self) -> tuple[ColumnWords, ...]:
        """What a person corrected of that."""
        return _in_words(self.started.mapping) if self.started else ()


@frozen(kw_only=True)
class UndoView:
    """What undoing an import would do."""

    line: ImportLine
    stakes: Stakes

    @property
    def going(self) -> tuple[str, ...]:
        """Which papers are set aside, in words."""
        return going_words(self.stakes)

    @property
    def staying(self) -> tuple[str, ...]:
        """Which papers stay, in words."""
        return staying_words(self.stakes)


@frozen(kw_only=True)
class CollectionLine:
    """A collection and how far it is: done, waiting for the program, and the rest that needs a person."""

    id: str
    name: str
    papers: int
    done: int
    waiting: int
    open: int
    aside: int

    @property
    def bars(self) -> Mapping[str, int]:
        """Widths of the parts of a bar."""
        whole = (self.papers - self.aside) or 1
        parts = {"done": self.done, "moving": self.waiting, "failed": self.open}
        return {name: round(WIDTH * count / whole) for name, count in parts.items()}


@frozen(kw_only=True)
class CollectionsView:
    """Every collection."""

    collections: tuple[CollectionLine, ...]
    position: int


def imports_view(container: Container, after: str | None) -> ImportsView:
    """The view of a page of imports."""
    position = container.log.head().position
    rows = container.imports.page(limit=PAGE + 1, after=after)
    return ImportsView(
        imports=tuple(ImportLine(row=row) for row in rows[:PAGE]),
        here=f"/imports?after={after}" if after else "/imports",
        next=f"/imports?after={rows[PAGE - 1].id}" if len(rows) > PAGE else None,
        position=position,
    )


def import_view(container: Container, row: ImportRow, *, after: int = 0, repeated: bool = False) -> ImportView:
    """The view of one import, with the rejected rows after a row of the file."""
    position = container.log.head().position
    rejected = container.imports.rejected(row.id, after=after, limit=SHOWN_REJECTED + 1)
    here, query = f"/imports/{row.id}", urlencode({"after": after} if after else {"repeated": 1} if repeated else {})
    newest = container.log.newest(importing.stream_of(row.id), limit=1, types=(Started.TYPE,))
    event = newest[0].event if newest else None
    return ImportView(
        line=ImportLine(row=row),
        here=f"{here}?{query}" if query else here,
        started=event if isinstance(event, Started) else None,
        papers=_counts(container, row),
        rejected=tuple(rejected[:SHOWN_REJECTED]),
        first_rejected=f"{here}#rejected" if after else None,
        more_rejected=f"{here}?after={rejected[SHOWN_REJECTED - 1].row}#rejected"
        if len(rejected) > SHOWN_REJECTED
        else None,
        undo=container.undoing_imports.task(row.id) if row.status == ImportStatus.UNDOING else None,
        repeated=repeated,
        position=position,
    )


def undo_view(container: Container, row: ImportRow) -> UndoView:
    """The view of what undoing would do."""
    return UndoView(line=ImportLine(row=row), stakes=container.undoing_imports.stakes(row.id))


def collections_view(container: Container) -> CollectionsView:
    """The view of the collections."""
    position = container.log.head().position
    found = tuple(_collection(one) for one in container.imports.progress())
    return CollectionsView(collections=found, position=position)


def _collection(one: CollectionProgress) -> CollectionLine:
    def of(*statuses: Status) -> int:
        return sum(one.papers.get(status, 0) for status in statuses)

    return CollectionLine(
        id=one.row.id,
        name=one.row.name,
        papers=sum(one.papers.values()),
        done=of(Status.DONE),
        waiting=of(*TAKEN, *IN_TRANSIT),
        open=of(Status.DOUBTFUL, Status.FAILED, Status.UNAVAILABLE),
        aside=of(Status.EXCLUDED),
    )


def _counts(container: Container, row: ImportRow) -> tuple[StatusCount, ...]:
    counts = container.papers.by_status(PaperFilter(import_id=row.id))
    return tuple(
        StatusCount(status=status, count=counts[status], address=f"/papers?import={row.id}&status={status}")
        for status in Status
        if counts.get(status)
    )


def _in_words(columns: tuple[tuple[str, str], ...]) -> tuple[ColumnWords, ...]:
    words = {**FIELDS, IGNORE: "Not used"}
    return tuple(ColumnWords(column=column, field=words.get(field, field)) for column, field in columns)
