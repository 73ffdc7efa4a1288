"""The list of papers."""

from collections.abc import Mapping

from attrs import frozen

from application.queries import CollectionRow, ImportRow, PaperFilter, PaperRow, PaperSort
from domain.causes import CAUSES, Cause
from domain.pipeline import Status
from interfaces.container import Container
from interfaces.web.filtering import Query, paper_filter

PAGE = 50
MOST_NEWS = 100
"""Changed papers that are counted; more are “more than”."""
ORDERS: Mapping[str, str] = {
    "added": "Added, oldest first",
    "-added": "Added, newest first",
    "-changed": "Changed, newest first",
    "title": "Title, A to Z",
    "-title": "Title, Z to A",
    "-year": "Year, newest first",
    "year": "Year, oldest first",
}


@frozen(kw_only=True)
class Chip:
    """A status to choose, with its number of papers. `status` is None for all."""

    status: Status | None
    count: int
    address: str
    chosen: bool


@frozen(kw_only=True)
class PapersView:
    """One page of the list. `position` is where the log stood before it was read; `everything` counts all papers."""

    query: Query
    papers: tuple[PaperRow, ...]
    chips: tuple[Chip, ...]
    matching: int
    everything: int
    next: str | None
    previous: str | None
    address: str
    position: int
    collections: tuple[CollectionRow, ...]
    source: ImportRow | None
    causes: tuple[Cause, ...]
    orders: Mapping[str, str] = ORDERS

    def sorted_by(self, name: str) -> str | None:
        """The value of aria-sort of a column; None where the list is not sorted by it."""
        if self.query.sort.value != name:
            return None
        return "descending" if self.query.descending else "ascending"

    def sort_address(self, name: str) -> str:
        """The address of the list sorted by a column, the other way round where it is already."""
        other_way = self.query.sort.value == name and not self.query.descending
        return self.query.changed(sort=PaperSort(name), descending=other_way).address()


@frozen(kw_only=True)
class NewsView:
    """What changed since a list was loaded."""

    query: Query
    chips: tuple[Chip, ...]
    changed: int
    more: bool
    since: int
    address: str


def papers_view(
    container: Container, query: Query, *, after: str | None = None, before: str | None = None
) -> PapersView:
    """The view of one page. Raises InvalidValue for a wrong cursor, DoesNotExist for an unknown collection."""
    position = container.log.head().position  # first: what happens from now on counts as news
    which = paper_filter(query, container.imports)
    page = container.papers.page(which, query.sort, descending=query.descending, limit=PAGE, after=after, before=before)
    counts = container.papers.by_status(which)
    return PapersView(
        query=query,
        papers=page.papers,
        chips=_chips(query, counts),
        matching=sum(counts.get(status, 0) for status in query.status or tuple(Status)),
        everything=sum(container.papers.by_status(PaperFilter()).values()) if not page.papers else 0,
        next=query.address(after=page.after) if page.after else None,
        previous=query.address(before=page.before) if page.before else None,
        address=query.address(**_cursor(after, before)),
        position=position,
        collections=tuple(container.imports.collections()),
        source=container.imports.find(query.import_id) if query.import_id else None,
        causes=tuple(sorted(CAUSES.values(), key=lambda cause: cause.sentence)),
    )


def _cursor(after: str | None, before: str | None) -> dict[str, str]:
    return {name: value for name, value in (("after", after), ("before", before)) if value}


def _chips(query: Query, counts: Mapping[Status, int]) -> tuple[Chip, ...]:
    everything = Chip(
        status=None, count=sum(counts.values()), address=query.changed(status=()).address(), chosen=not query.status
    )
    shown = [status for status in Status if counts.get(status) or status in query.status]
    return (
        everything,
        *(
            Chip(
                status=status,
                count=counts.get(status, 0),
                address=query.changed(status=(status,)).address(),
                chosen=status in query.status,
            )
            for status in shown
        ),
    )


def news_view(container: Container, query: Query, since: int) -> NewsView:
    """What changed since a position, among the papers that match whatever their status."""
    which = paper_filter(query.changed(status=()), container.imports)
    latest = container.papers.page(which, PaperSort.CHANGED, descending=True, limit=MOST_NEWS).papers
    changed = sum(paper.position > since for paper in latest)
    return NewsView(
        query=query,
        chips=_chips(query, container.papers.by_status(which)),
        changed=changed,
        more=changed == MOST_NEWS,
        since=since,
        address=query.address(),
    )
