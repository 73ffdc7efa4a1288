"""What needs a person: the tabs, and what is under each."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from attrs import evolve, frozen

from application.needs import Deed, Need, NeedCounts, deeds, doubts
from application.queries import CollectionRow, PaperFilter, PaperRow, collection_named
from application.standing import standing
from domain import paper
from domain.identifiers import doi_url
from domain.paper_events import MarkedUnavailable, Requested
from domain.pipeline import Status
from interfaces.container import Container
from interfaces.web.open_url import resolver_address

PAGE = 50
PATH = "/needs"
LABELS: Mapping[Need, str] = {
    Need.CHECK: "To check",
    Need.FETCH: "To fetch by hand",
    Need.AGAIN: "Tried again by itself",
    Need.REQUESTED: "Requested",
    Need.GIVEN_UP: "Marked unavailable",
}
_PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"
_ARXIV = "https://arxiv.org/abs/"


@frozen(kw_only=True)
class Asked:
    """What of the page is asked for. `collection` is a name or an id, as it came."""

    need: Need = Need.CHECK
    collection: str = ""
    after: str = ""
    before: str = ""
    paper: str = ""

    def fields(self) -> list[tuple[str, str]]:
        """The fields of its address, and of forms that lead back to it."""
        pairs = (("tab", self.need.value), ("collection", self.collection), ("after", self.after))
        return [(name, value) for name, value in (*pairs, ("before", self.before), ("paper", self.paper)) if value]

    def address(self, path: str = PATH) -> str:
        """The address."""
        return f"{path}?{urlencode(self.fields())}"

    def at(self, *, after: str = "", before: str = "") -> "Asked":
        """The same at another place."""
        return evolve(self, after=after, before=before, paper="")

    def under(self, need: Need) -> "Asked":
        """Another tab of the same collection."""
        return Asked(need=need, collection=self.collection)


@frozen(kw_only=True)
class Tab:
    """A tab and how many papers are under it."""

    need: Need
    label: str
    count: int
    address: str
    chosen: bool


@frozen(kw_only=True)
class TabsView:
    """The tabs. `left` is how many papers wait for a person, `waiting` how many dropped files."""

    asked: Asked
    tabs: tuple[Tab, ...]
    left: int
    waiting: int


@frozen(kw_only=True)
class Judged:
    """A doubtful file to be judged: what the check saw, and what follows. `others` are further copies to try."""

    paper: PaperRow
    checks: tuple[str, ...]
    others: int
    next: str | None
    """The address of the one after it."""


@frozen(kw_only=True)
class Wanted:
    """A row of a list: why it is there, and the ways to get it."""

    paper: PaperRow
    why: str
    action: str
    page: str | None
    resolver: str | None
    deed: Deed | None

    @property
    def name(self) -> str:
        """What the paper is called."""
        return name_of(self.paper)

    @property
    def may_be_requested(self) -> bool:
        """Whether it can be noted that it was asked for elsewhere."""
        return not self.paper.requested


@frozen(kw_only=True)
class Problem:
    """What was wrong with a file that was given, and to which paper."""

    paper: str
    message: str


@frozen(kw_only=True)
class NeedsView:
    """The page. `everywhere` is how many there are under the tab in all collections."""

    asked: Asked
    tabs: TabsView
    collections: tuple[CollectionRow, ...]
    judged: Judged | None
    rows: tuple[Wanted, ...]
    next: str | None
    previous: str | None
    everywhere: int
    papers: int
    has_resolver: bool
    position: int
    problem: Problem | None = None

    @property
    def stray(self) -> Problem | None:
        """The problem, where the paper that it is about is not on the page."""
        here = {row.paper.id for row in self.rows} | ({self.judged.paper.id} if self.judged else set())
        return self.problem if self.problem and self.problem.paper and self.problem.paper not in here else None

    @property
    def count(self) -> int:
        """How many papers are under the tab."""
        return next(tab.count for tab in self.tabs.tabs if tab.chosen)


def name_of(row: PaperRow) -> str:
    """What a paper is called."""
    return row.title or row.doi or row.pmid or row.arxiv or "Untitled paper"


def opened(container: Container, asked: Asked) -> Asked:
    """The first tab that has something, where none was asked for. Raises DoesNotExist for an unknown collection."""
    counts = container.needs.counts(_collection(container, asked))
    return evolve(asked, need=next((need for need in Need if counts[need]), asked.need))


def tabs_view(container: Container, asked: Asked) -> TabsView:
    """The tabs with their numbers. Raises DoesNotExist for an unknown collection."""
    return _tabs(container, asked, container.needs.counts(_collection(container, asked)))


def needs_view(container: Container, asked: Asked, problem: Problem | None = None) -> NeedsView:
    """The page. Raises DoesNotExist for an unknown collection, InvalidValue for a wrong cursor."""
    position = container.log.head().position
    collection = _collection(container, asked)
    counts = container.needs.counts(collection)
    judged = _judged(container, asked, collection) if asked.need is Need.CHECK else None
    rows, following, before = ((), None, None) if asked.need is Need.CHECK else _rows(container, asked, collection)
    empty = judged is None and not rows
    return NeedsView(
        asked=asked,
        tabs=_tabs(container, asked, counts),
        collections=tuple(container.imports.collections()),
        judged=judged,
        rows=rows,
        next=following,
        previous=before,
        everywhere=container.needs.counts()[asked.need] if empty and collection else 0,
        papers=sum(container.papers.by_status(PaperFilter()).values()) if empty else 0,
        has_resolver=bool(container.settings.link_resolver),
        position=position,
        problem=problem,
    )


def _collection(container: Container, asked: Asked) -> str | None:
    return collection_named(asked.collection, container.imports).id if asked.collection else None


def _tabs(container: Container, asked: Asked, counts: NeedCounts) -> TabsView:
    tabs = tuple(
        Tab(
            need=need,
            label=LABELS[need],
            count=counts[need],
            address=asked.under(need).address(),
            chosen=need is asked.need,
        )
        for need in Need
    )
    return TabsView(asked=asked, tabs=tabs, left=counts.left, waiting=len(container.dropped.waiting()))


def _judged(container: Container, asked: Asked, collection: str | None) -> Judged | None:
    """The file that is asked for, or the next one; after the last one comes the first."""
    row = _chosen(container, asked.paper) or _after(container, collection, asked.after or None)
    if row is None:
        return None
    records = container.log.stream(paper.stream_of(row.id))
    state = paper.DECIDER.fold(record.event for record in records)
    following = _after(container, collection, row.id)
    return Judged(
        paper=row,
        checks=doubts(records),
        others=sum(copy.url != state.file_url for copy in state.open_copies),
        next=asked.at(after=row.id).address() if following and following.id != row.id else None,
    )


def _chosen(container: Container, name: str) -> PaperRow | None:
    row = container.papers.find(name) if name else None
    return row if row is not None and row.status is Status.DOUBTFUL else None


def _after(container: Container, collection: str | None, paper_id: str | None) -> PaperRow | None:
    found = container.needs.page(Need.CHECK, collection=collection, limit=1, after=paper_id).papers
    if not found and paper_id is not None:
        found = container.needs.page(Need.CHECK, collection=collection, limit=1).papers
    return found[0] if found else None


def _rows(
    container: Container, asked: Asked, collection: str | None
) -> tuple[tuple[Wanted, ...], str | None, str | None]:
    page = container.needs.page(
        asked.need, collection=collection, limit=PAGE, after=asked.after or None, before=asked.before or None
    )
    done = _deeds(container, asked.need, [row.id for row in page.papers])
    prefix = container.settings.link_resolver
    return (
        tuple(_wanted(row, prefix, done.get(row.id)) for row in page.papers),
        asked.at(after=page.after).address() if page.after else None,
        asked.at(before=page.before).address() if page.before else None,
    )


def _deeds(container: Container, need: Need, papers: Sequence[str]) -> dict[str, Deed]:
    if need in {Need.FETCH, Need.AGAIN}:
        return {}
    return deeds(container.log, papers, Requested if need is Need.REQUESTED else MarkedUnavailable)


def _wanted(row: PaperRow, prefix: str, deed: Deed | None) -> Wanted:
    stands = standing(row)
    return Wanted(
        paper=row,
        why=stands.sentence,
        action=stands.action,
        page=_publisher(row),
        resolver=resolver_address(prefix, row),
        deed=deed,
    )


def _publisher(row: PaperRow) -> str | None:
    """Where the paper is at home, as far as its identifiers tell."""
    if row.doi:
        return doi_url(row.doi)
    if row.pmid:
        return f"{_PUBMED}{row.pmid}/"
    return f"{_ARXIV}{row.arxiv}" if row.arxiv else None
