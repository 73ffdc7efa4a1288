"""The list of papers."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from attrs import evolve, frozen

from application.archiving import LISTS
from application.exporting import FORMATS, Format
from application.ports.saved_views import SavedView
from application.queries import PaperFilter, PaperPage, PaperRow, PaperSort
from domain.errors import SciPaperLoaderError
from domain.pipeline import Status
from interfaces.container import Container
from interfaces.web.filtering import Query, paper_filter
from interfaces.web.listing import COLUMNS, LIST, Column, Listing
from interfaces.web.views.facets import MENUS, FacetView, FilterChip, Menu, facet_view, filter_chips
from interfaces.web.views.neighbours import inside
from interfaces.web.views.panel import PanelView, panel_view

PAGE = 50
MOST_NEWS = 100
"""Changed papers that are counted; more are “more than”."""
ORDERS: Mapping[str, str] = {
    "added": "Added, oldest first",
    "-added": "Added, newest first",
    "-changed": "Changed, newest first",
    "changed": "Changed, oldest first",
    "title": "Title, A to Z",
    "-title": "Title, Z to A",
    "-year": "Year, newest first",
    "year": "Year, oldest first",
    "journal": "Journal, A to Z",
    "-journal": "Journal, Z to A",
    "-size": "File, largest first",
    "size": "File, smallest first",
    "-attempts": "Attempts, most first",
    "attempts": "Attempts, fewest first",
}
NOTES: Mapping[str, str] = {
    "saved": "The view was saved.",
    "renamed": "The view has another name.",
    "deleted": "The view was deleted; its papers are all here.",
}
"""What is said of a saved view after something was done with it."""


@frozen(kw_only=True)
class Chip:
    """A status to choose, with its number of papers. `status` is None for all."""

    status: Status | None
    count: int
    address: str
    chosen: bool


@frozen(kw_only=True)
class Place:
    """Where in the list the page is: after or before a cursor, or around a paper; `at` is the number of its first row.

    `panel` is the paper that is looked at beside the list, `facet` the menu that is open.
    """

    after: str | None = None
    before: str | None = None
    around: str = ""
    at: int | None = None
    panel: str = ""
    facet: str = ""

    def address(self, listing: Listing, path: str = LIST, **more: str) -> str:
        """The address of the page, with more fields."""
        known = {"after": self.after, "before": self.before, "at": self.at and str(self.at), **more}
        return listing.address(path, **{name: value for name, value in known.items() if value})


@frozen(kw_only=True)
class Naming:
    """The form that names a view, as it was sent in vain."""

    typed: str
    error: SciPaperLoaderError


@frozen(kw_only=True)
class PapersView:
    """One page of the list. `position` is where the log stood before it was read; `everything` counts all papers.

    `first` is the number of the first row, None where that is not known; `opened` the menu that is open.
    """

    listing: Listing
    place: Place
    papers: tuple[PaperRow, ...]
    chips: tuple[Chip, ...]
    filters: tuple[FilterChip, ...]
    matching: int
    everything: int
    first: int | None
    next: str | None
    previous: str | None
    address: str
    position: int
    inside: str
    opened: FacetView | None
    panel: PanelView | None
    views: tuple[SavedView, ...]
    note: str
    naming: Naming | None
    orders: Mapping[str, str] = ORDERS
    menus: tuple[Menu, ...] = MENUS
    all_columns: tuple[Column, ...] = COLUMNS
    forms: Mapping[str, Format] = FORMATS
    lists: tuple[str, ...] = LISTS

    @property
    def query(self) -> Query:
        """Which papers."""
        return self.listing.query

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the table."""
        return self.listing.shown()

    @property
    def last(self) -> int | None:
        """The number of the last row."""
        return None if self.first is None else self.first + len(self.papers) - 1

    @property
    def saved(self) -> SavedView | None:
        """The saved view that the list began as."""
        return next((view for view in self.views if view.id == self.listing.view), None)

    @property
    def is_changed(self) -> bool:
        """Whether the list is another one by now."""
        return self.saved is not None and self.saved.query != query_string(self.listing)

    def sorted_by(self, column: Column) -> str | None:
        """The value of aria-sort of a column; None where the list is not sorted by it."""
        if self.query.sort is not column.sort:
            return None
        return "descending" if self.query.descending else "ascending"

    def sort_address(self, column: Column) -> str:
        """The address of the list sorted by a column, the other way round where it is already."""
        other_way = self.query.sort is column.sort and not self.query.descending
        return self.listing.changed(sort=column.sort, descending=other_way).address()

    @property
    def kept_query(self) -> str:
        """What a saved view keeps of the list."""
        return query_string(self.listing)

    def panel_address(self, paper: PaperRow, path: str = LIST) -> str:
        """The address of the page, or of its panel only, with a paper beside the list."""
        return self.place.address(self.listing, path, panel=paper.id)


@frozen(kw_only=True)
class NewsView:
    """What changed since a list was loaded."""

    listing: Listing
    chips: tuple[Chip, ...]
    changed: int
    more: bool
    since: int
    address: str


def query_string(listing: Listing) -> str:
    """What a saved view keeps of a list."""
    return urlencode(listing.fields())


def papers_view(
    container: Container, listing: Listing, place: Place, *, note: str = "", naming: Naming | None = None
) -> PapersView:
    """The view of one page. Raises InvalidValue for a wrong cursor, DoesNotExist for an unknown collection."""
    position = container.log.head().position  # first: what happens from now on counts as news
    query, which = listing.query, paper_filter(listing.query, container.imports)
    place = _found(container, which, query, place)
    page, counts = container.papers.overview(
        which, query.sort, descending=query.descending, limit=PAGE, after=place.after, before=place.before
    )
    matching = sum(counts.get(status, 0) for status in query.status or tuple(Status))
    first = _first(page, place, matching)
    return PapersView(
        listing=listing,
        place=place,
        papers=page.papers,
        chips=_chips(listing, counts),
        filters=tuple(filter_chips(container, listing)),
        matching=matching,
        everything=container.papers.count(PaperFilter()) if query.is_narrow else matching,
        first=first,
        next=page.after and Place(after=page.after, at=first and first + PAGE).address(listing),
        previous=page.before and Place(before=page.before, at=first and max(first - PAGE, 1)).address(listing),
        address=place.address(listing),
        position=position,
        inside=inside(listing),
        opened=facet_view(container, listing, place.facet) if place.facet else None,
        panel=panel_view(container, listing, place.panel, place.address(listing)) if place.panel else None,
        views=tuple(container.saved_views.all()),
        note=NOTES.get(note, ""),
        naming=naming,
    )


def _found(container: Container, which: PaperFilter, query: Query, place: Place) -> Place:
    """The place, its paper looked for: the page then begins half a page before it."""
    if not place.around:
        return place
    beside = container.papers.neighbours(which, place.around, query.sort, descending=query.descending)
    if beside is None:
        return place
    earlier = container.papers.page(
        which, query.sort, descending=query.descending, limit=PAGE // 2, before=beside.cursor
    )
    return evolve(place, after=earlier.before, before=None, at=None)


def _first(page: PaperPage, place: Place, matching: int) -> int | None:
    """The number of the page's first row: known at both ends, and carried along between them."""
    if page.before is None:
        return 1
    if page.after is None:
        return matching - len(page.papers) + 1
    return place.at if place.at and 0 < place.at <= matching else None


def _chips(listing: Listing, counts: Mapping[Status, int]) -> tuple[Chip, ...]:
    chosen = listing.query.status
    shown: Sequence[Status] = [status for status in Status if counts.get(status) or status in chosen]
    everything = Chip(
        status=None, count=sum(counts.values()), address=listing.changed(status=()).address(), chosen=not chosen
    )
    return (
        everything,
        *(
            Chip(
                status=status,
                count=counts.get(status, 0),
                address=listing.changed(status=(status,)).address(),
                chosen=status in chosen,
            )
            for status in shown
        ),
    )


def news_view(container: Container, listing: Listing, since: int) -> NewsView:
    """What changed since a position, among the papers that match whatever their status."""
    which = paper_filter(listing.query.changed(status=()), container.imports)
    latest = container.papers.page(which, PaperSort.CHANGED, descending=True, limit=MOST_NEWS).papers
    changed = sum(paper.position > since for paper in latest)
    return NewsView(
        listing=listing,
        chips=_chips(listing, container.papers.by_status(which)),
        changed=changed,
        more=changed == MOST_NEWS,
        since=since,
        address=listing.address(),
    )
