"""What the interfaces may ask of the read models, and the records that answer."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from attrs import frozen

from domain.collection import tidy
from domain.errors import DoesNotExist
from domain.importing import Counts, RejectedRow
from domain.pipeline import Status
from domain.quotas import room
from domain.schedule import Order


@frozen(kw_only=True)
class PaperRow:
    """A paper as a list shows it. Moments are aware and in UTC, sizes in bytes."""

    id: str
    status: Status
    module: str | None
    cause: str | None
    not_before: datetime | None
    attempts: int
    copies: int
    host: str | None
    requested: bool
    title: str | None
    authors: str | None
    journal: str | None
    issn: str | None
    year: int | None
    publisher: str | None
    type: str | None
    doi: str | None
    pmid: str | None
    pmcid: str | None
    arxiv: str | None
    file_path: str | None
    file_sha256: str | None
    file_size: int | None
    file_pages: int | None
    file_url: str | None
    source: str | None
    version: str | None
    licence: str | None
    registered_at: datetime
    updated_at: datetime
    position: int


class PaperSort(StrEnum):
    """Orders of a list of papers; ties are broken by the id, so that paging is stable."""

    ADDED = "added"
    TITLE = "title"
    YEAR = "year"
    CHANGED = "changed"
    JOURNAL = "journal"
    SIZE = "size"
    ATTEMPTS = "attempts"


@frozen(kw_only=True)
class Years:
    """The years from the first to the last, both included; None is open."""

    first: int | None = None
    last: int | None = None


@frozen(kw_only=True)
class PaperFilter:
    """Which papers: every given condition holds. `text` is looked for in title, authors, journal and identifiers.

    `host` is that of the copy tried first; `source`, `version` are those of the stored file.
    """

    statuses: tuple[Status, ...] = ()
    text: str = ""
    cause: str | None = None
    host: str | None = None
    journal: str | None = None
    years: Years | None = None
    source: str | None = None
    version: str | None = None
    requested: bool | None = None
    import_id: str | None = None
    collection: str | None = None


class Facet(StrEnum):
    """What a list of papers can be divided by: years by decades, but one by one where few of them are chosen."""

    CAUSE = "cause"
    HOST = "host"
    JOURNAL = "journal"
    YEAR = "year"
    SOURCE = "source"
    VERSION = "version"
    REQUESTED = "requested"
    COLLECTION = "collection"
    IMPORT = "import"


@frozen(kw_only=True)
class Share:
    """How many papers have a value."""

    value: str
    count: int


@frozen(kw_only=True)
class PaperPage:
    """A page of papers. `after` and `before` are the cursors of the next and the previous page, None at the ends."""

    papers: tuple[PaperRow, ...]
    after: str | None
    before: str | None


@frozen(kw_only=True)
class Neighbours:
    """The papers beside one in a list. `cursor` is its own place, as a page takes it for `after` and `before`."""

    previous: PaperRow | None
    next: PaperRow | None
    cursor: str


@frozen(kw_only=True)
class InTransit:
    """A paper in transit: who works on it, for which module."""

    paper: str
    status: Status
    worker: str | None


class Papers(Protocol):
    """Questions about papers."""

    def page(
        self,
        which: PaperFilter,
        sort: PaperSort = PaperSort.ADDED,
        *,
        descending: bool = False,
        limit: int = 50,
        after: str | None = None,
        before: str | None = None,
    ) -> PaperPage:
        """One page, 1 to 500 papers. Raises InvalidValue for a cursor that is none of this order."""
        ...

    def overview(
        self,
        which: PaperFilter,
        sort: PaperSort = PaperSort.ADDED,
        *,
        descending: bool = False,
        limit: int = 50,
        after: str | None = None,
        before: str | None = None,
    ) -> tuple[PaperPage, Mapping[Status, int]]:
        """One page and the counts by status, as `page` and `by_status` give them, for less work than both."""
        ...

    def count(self, which: PaperFilter) -> int:
        """How many papers match."""
        ...

    def by_status(self, which: PaperFilter) -> Mapping[Status, int]:
        """How many papers match in each status; the filter's own statuses are ignored."""
        ...

    def shares(self, which: PaperFilter, facet: Facet, limit: int = 20) -> Sequence[Share]:
        """How many papers match for each value of a facet, the most frequent first, years from the latest.

        The filter's own condition on that facet is ignored, so that another value can be chosen; of years within ten
        their decades stay. Papers without a value are left out.
        """
        ...

    def neighbours(
        self, which: PaperFilter, paper: str, sort: PaperSort = PaperSort.ADDED, *, descending: bool = False
    ) -> Neighbours | None:
        """The papers before and after one in the list, whether it matches itself or not; None for an unknown one."""
        ...

    def by_status_until(self, position: int) -> Mapping[Status, int]:
        """How many papers there were in each status when the log had come to a position."""
        ...

    def find(self, name: str) -> PaperRow | None:
        """The paper with this id or identifier, in any spelling of a DOI."""
        ...

    def all(self, which: PaperFilter) -> Iterator[PaperRow]:
        """Every matching paper in the order of adding, streamed."""
        ...

    def drawable(self, now: datetime, order: Order, limit: int) -> Sequence[str]:
        """Ids of located papers that may be downloaded now: the first `limit` in the order, all where it is random."""
        ...

    def due(self, status: Status, now: datetime, limit: int, *, besides: Collection[str] = ()) -> Sequence[PaperRow]:
        """Papers of a status that may be taken up now, oldest first, but those on some hosts."""
        ...

    def due_again(self, statuses: Collection[Status], now: datetime, limit: int) -> Sequence[PaperRow]:
        """Papers of these statuses whose pause is over, longest waiting first."""
        ...

    def waiting(self, statuses: Collection[Status], now: datetime) -> int:
        """How many papers of these statuses wait for a moment of their own."""
        ...

    def next_due(self, statuses: Collection[Status], now: datetime) -> datetime | None:
        """When the next paper of these statuses that waits now may be taken up."""
        ...

    def in_transit(self) -> Sequence[InTransit]:
        """The papers in transit."""
        ...

    def files(self) -> Iterator[tuple[str, str, str]]:
        """(paper, path, sha256) of every stored file, streamed."""
        ...


class JobStatus(StrEnum):
    """Where a job is. `planned` and `running` ones are open, the others have ended."""

    PLANNED = "planned"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    DEFERRED = "deferred"
    """Put off by a site that asked for patience, or by a fault that is none of the paper's."""
    REVOKED = "revoked"
    LAPSED = "lapsed"
    """Not begun when its hour was over."""
    STOPPED = "stopped"
    """Taken back: by the switch, after a crash, or by what a person did with the paper."""


OPEN_JOBS = (JobStatus.PLANNED, JobStatus.RUNNING)


@frozen(kw_only=True)
class JobRow:
    """A job: an attempt of a module on a paper. `id` is the position of the event that began it.

    `due` and `hour` (a stream) are those of the plan, None for an attempt outside of it; `outcome` is the status that
    it left the paper in, `reason` a cause or why it was taken back; `title` tells the paper.
    """

    id: int
    paper: str
    module: str
    status: JobStatus
    hour: str | None
    hour_end: datetime | None
    due: datetime | None
    planned_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    attempt: str | None
    worker: str | None
    by_hand: bool
    outcome: str | None
    reason: str | None
    title: str | None
    doi: str | None
    host: str | None

    @property
    def seconds(self) -> float | None:
        """How long it ran."""
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at and self.started_at else None


@frozen(kw_only=True)
class JobFilter:
    """Which jobs: every given condition holds."""

    statuses: tuple[JobStatus, ...] = ()
    paper: str | None = None
    module: str | None = None
    hour: str | None = None
    host: str | None = None
    collection: str | None = None
    by_hand: bool | None = None


@frozen(kw_only=True)
class HourRow:
    """A planned hour, and what became of its jobs by their status."""

    stream: str
    start: datetime
    begins: datetime
    end: datetime
    timezone: str
    quota: int
    seed: int
    count: int
    jobs: Mapping[JobStatus, int]
    anew: int = 0
    """Jobs that a pause ended and that were planned anew: the same again, which takes no more of the quota."""

    @property
    def queued(self) -> int:
        """How many jobs were planned for it, whatever became of them."""
        return sum(self.jobs.values())

    @property
    def pending(self) -> int:
        """How many of them are planned still."""
        return self.jobs.get(JobStatus.PLANNED, 0)

    @property
    def revoked(self) -> int:
        """How many of them a person took back: their places stay empty."""
        return self.jobs.get(JobStatus.REVOKED, 0)

    def room(self, now: datetime) -> int:
        """How many more papers it takes now."""
        taken = self.pending + self.revoked
        return room(self.quota, self.begins, self.end, now, queued=self.queued - self.anew, pending=taken)


class Jobs(Protocol):
    """Questions about jobs and planned hours."""

    def page(
        self, which: JobFilter, *, limit: int = 50, after: int | None = None, ascending: bool = False
    ) -> Sequence[JobRow]:
        """Jobs beyond the job `after`, newest first or oldest first; 1 to 1,000 of them."""
        ...

    def coming(self, which: JobFilter, *, limit: int = 50, after: int | None = None) -> Sequence[JobRow]:
        """The planned jobs that match, beyond the job `after`, those due first at the front; 1 to 1,000 of them."""
        ...

    def some(self, ids: Collection[int]) -> Sequence[JobRow]:
        """These jobs as they are now, in this order, without those that there are not; at most 1,000."""
        ...

    def find(self, job: int) -> JobRow | None:
        """One job."""
        ...

    def by_status(self, which: JobFilter) -> Mapping[JobStatus, int]:
        """How many jobs match in each status; the filter's own statuses are ignored."""
        ...

    def count(self, which: JobFilter) -> int:
        """How many jobs match."""
        ...

    def open(self, which: JobFilter) -> Sequence[JobRow]:
        """The planned and running jobs that match, those due first at the front; the others last."""
        ...

    def planned(self) -> Mapping[int, datetime]:
        """When each planned job is due."""
        ...

    def over(self, now: datetime, beyond: datetime) -> Sequence[str]:
        """The papers of planned jobs whose hour is over, or begins only beyond a moment."""
        ...

    def hour(self, stream: str) -> HourRow | None:
        """The plan of one hour."""
        ...

    def hours(self, since: datetime, limit: int = 200) -> Sequence[HourRow]:
        """The planned hours that began at the moment or later, oldest first."""
        ...

    def planned_until(self, before: datetime) -> datetime | None:
        """When the latest of the planned hours ends that began before a moment."""
        ...


@frozen(kw_only=True)
class ImportRow:
    """An import as a list shows it; `recorded` of `rows` are done."""

    id: str
    collection: str
    collection_name: str
    filename: str
    sha256: str
    size: int
    format: str
    encoding: str
    vendor: str | None
    rows: int
    recorded: int
    status: str
    reason: str | None
    counts: Counts
    actor: str
    started_at: datetime
    updated_at: datetime


@frozen(kw_only=True)
class Stakes:
    """What taking an import back would do now. `leaving` are papers by status that no other list names.

    Of them, `with_file` have a file, `by_hand` one that a person gave, `requested` were asked for elsewhere. `shared`
    papers stay because other lists name them; `aside` ones that nothing else names were set aside before.
    """

    leaving: Mapping[Status, int]
    with_file: int
    by_hand: int
    requested: int
    shared: int
    aside: int

    @property
    def papers(self) -> int:
        """How many papers would be set aside."""
        return sum(self.leaving.values())


@frozen(kw_only=True)
class CollectionProgress:
    """A collection, and how far its papers are by their statuses."""

    row: "CollectionRow"
    papers: Mapping[Status, int]


@frozen(kw_only=True)
class CollectionRow:
    """A collection and how many papers it has."""

    id: str
    name: str
    papers: int
    created_at: datetime


class Imports(Protocol):
    """Questions about imports and collections."""

    def page(self, *, limit: int = 50, after: str | None = None) -> Sequence[ImportRow]:
        """Imports, newest first, those before the import `after`."""
        ...

    def find(self, import_id: str) -> ImportRow | None:
        """One import."""
        ...

    def unfinished(self) -> Sequence[str]:
        """Ids of the imports that run, or ran when their process ended."""
        ...

    def being_undone(self) -> Sequence[str]:
        """Ids of the imports that are taken back, or were when their process ended."""
        ...

    def stakes(self, import_id: str) -> Stakes:
        """What taking the import back would do now."""
        ...

    def named(self, import_id: str, *, after: str = "", limit: int = 500) -> Sequence[str]:
        """Papers that the import names, by their ids, those after one."""
        ...

    def named_elsewhere(self, import_id: str, among: Collection[str]) -> frozenset[str]:
        """Which of the papers another import names that is not taken back."""
        ...

    def set_aside(self, import_id: str, among: Collection[str] | None = None) -> Sequence[str]:
        """Which of the papers, by default of all that the import names, are excluded, for whatever reason."""
        ...

    def unknown(self, among: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Which fields of their metadata are unknown of the papers; those of which all are known are left out."""
        ...

    def uploaded(self, sha256: Collection[str]) -> frozenset[str]:
        """Which of the uploads some import was made from."""
        ...

    def rejected(self, import_id: str, *, after: int = 0, limit: int = 1000) -> Sequence[RejectedRow]:
        """Rejected rows in the order of the file, those after a row."""
        ...

    def members(self, import_id: str, papers: Collection[str]) -> frozenset[str]:
        """Which of the papers belong to the import."""
        ...

    def collections(self) -> Sequence[CollectionRow]:
        """Every collection, by name. What only imports named that were taken back is not counted."""
        ...

    def collection_names(self) -> Mapping[str, str]:
        """The name of every collection by its id, in the order of the names."""
        ...

    def progress(self) -> Sequence[CollectionProgress]:
        """Every collection, by name, with its papers by status."""
        ...

    def of_paper(self, paper: str) -> Sequence[ImportRow]:
        """The imports that name the paper, oldest first."""
        ...


@frozen(kw_only=True)
class Named:
    """What has a name beside its id."""

    id: str
    name: str


def collection_named(name: str, imports: Imports) -> Named:
    """The collection with this name or id. Raises DoesNotExist."""
    wanted = tidy(name).casefold()
    for collection, known in imports.collection_names().items():
        if wanted in {known.casefold(), collection}:
            return Named(id=collection, name=known)
    raise DoesNotExist(f"The collection “{name[:100]}”", remedy="Choose one of the collections that there are.")


def paper_named(name: str, papers: Papers) -> PaperRow:
    """The paper with this id or identifier. Raises DoesNotExist."""
    if (row := papers.find(name)) is None:
        raise DoesNotExist(f"The paper “{name[:200]}”", remedy="Check its id or DOI, or look for it in the list.")
    return row
