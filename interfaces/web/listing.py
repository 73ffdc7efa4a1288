"""How a page lists papers: which ones, in which order, with which columns, under which saved view."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

from attrs import evolve, frozen
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from application.queries import PaperSort
from domain.errors import InvalidValue
from interfaces.web.filtering import Query
from interfaces.web.selecting import query_in

LIST = "/papers"
MOST_FIELDS = 100
"""Fields of a query string that is told within an address."""


@frozen(kw_only=True)
class Column:
    """A column that a list may have; `sort` is the order that its head offers, None where there is none."""

    name: str
    label: str
    sort: PaperSort | None = None


COLUMNS: tuple[Column, ...] = (
    Column(name="status", label="Status"),
    Column(name="title", label="Paper", sort=PaperSort.TITLE),
    Column(name="journal", label="Journal", sort=PaperSort.JOURNAL),
    Column(name="year", label="Year", sort=PaperSort.YEAR),
    Column(name="publisher", label="Publisher"),
    Column(name="host", label="Host"),
    Column(name="source", label="Source"),
    Column(name="version", label="Version"),
    Column(name="licence", label="Licence"),
    Column(name="attempts", label="Attempts", sort=PaperSort.ATTEMPTS),
    Column(name="again", label="Next try"),
    Column(name="requested", label="Requested"),
    Column(name="added", label="Added", sort=PaperSort.ADDED),
    Column(name="changed", label="Changed", sort=PaperSort.CHANGED),
    Column(name="file", label="File", sort=PaperSort.SIZE),
)
"""In the order in which they stand. The title is always there: it is what a row is told by."""

ALWAYS = "title"
USUAL = ("status", ALWAYS, "year", "changed", "file")
_NAMES = tuple(column.name for column in COLUMNS)

Columns = Annotated[list[str] | None, QueryParameter(description="The columns of the list.")]


@frozen(kw_only=True)
class Listing:
    """A list of papers as its address tells it. `view` is the id of the saved view that it began as."""

    query: Query
    columns: tuple[str, ...] = USUAL
    view: str = ""

    def shown(self) -> tuple[Column, ...]:
        """The columns of the table."""
        return tuple(column for column in COLUMNS if column.name in self.columns)

    def fields(self) -> list[tuple[str, str]]:
        """What a saved view keeps of it."""
        columns = [("columns", ",".join(self.columns))] if self.columns != USUAL else []
        return [*self.query.fields(), *columns]

    def kept(self) -> list[tuple[str, str]]:
        """The fields of its address."""
        return [*self.fields(), *([("view", self.view)] if self.view else [])]

    def address(self, path: str = LIST, **more: str | int) -> str:
        """The address of this list, with more fields."""
        fields = [*self.kept(), *more.items()]
        return f"{path}?{urlencode(fields)}" if fields else path

    def changed(self, **fields: Any) -> "Listing":
        """The list with other fields of its query."""
        return evolve(self, query=self.query.changed(**fields))


def listing(wanted: NamedDependency[Query], columns: Columns = None, view: FromQuery[str] = "") -> Listing:
    """The list that a request is about. Columns that there are not are left out."""
    return Listing(query=wanted, columns=columns_of(columns or ()), view=view.strip()[:40])


def listing_in(text: str) -> Listing:
    """The list that a query string tells. Raises InvalidValue."""
    try:
        told = dict(parse_qsl(text, max_num_fields=MOST_FIELDS))
    except ValueError as error:
        raise InvalidValue("in", text[:40], "the query of a list of papers") from error
    columns = columns_of([told.get("columns", "")])
    return Listing(query=query_in(text), columns=columns, view=told.get("view", "")[:40])


def columns_of(names: Sequence[str]) -> tuple[str, ...]:
    """The columns that are named, one by one or with commas between them, in their order; the usual ones for none."""
    chosen = {word for name in names for word in name.split(",")} & set(_NAMES)
    return tuple(name for name in _NAMES if name in chosen or name == ALWAYS) if chosen else USUAL
