"""Which papers a request is about: the fields of its address, read leniently where empty and strictly where wrong."""

import re
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from attrs import evolve, frozen
from litestar.params import FromQuery, QueryParameter

from application.queries import Imports, PaperFilter, PaperSort, Years, collection_named
from domain.errors import InvalidValue
from domain.pipeline import Status

ImportId = Annotated[str | None, QueryParameter(name="import", description="Id of an import.")]
Sort = Annotated[str, QueryParameter(description=f"{', '.join(PaperSort)}; with a minus in front from the other end.")]
Limit = Annotated[int, QueryParameter(ge=1, le=500)]
AsOf = Annotated[str, QueryParameter(description="A moment (ISO 8601), a date or a position: how things were then.")]
Year = Annotated[str, QueryParameter(description="A year (2019), or years: 2010-2019, 2010- or -1999.")]
Requested = Annotated[str, QueryParameter(description="yes or no: asked for elsewhere, by interlibrary loan for one.")]
MAX_TEXT = 1_000
"""Characters of a search."""
_YEARS = re.compile(r"(?P<only>[0-9]{1,4})|(?P<first>[0-9]{1,4})?-(?P<last>[0-9]{1,4})?")
_YES_OR_NO = {"": None, "yes": True, "no": False}
_PLAIN = ("cause", "host", "journal", "year", "source", "version", "requested")


@frozen(kw_only=True)
class Query:
    """Which papers, in which order. `collection` is a name or an id, as it came."""

    status: tuple[Status, ...] = ()
    q: str = ""
    cause: str = ""
    host: str = ""
    journal: str = ""
    year: str = ""
    source: str = ""
    version: str = ""
    requested: str = ""
    import_id: str = ""
    collection: str = ""
    sort: PaperSort = PaperSort.ADDED
    descending: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether the query leaves papers out."""
        return bool(self.narrowing())

    @property
    def years(self) -> Years | None:
        """The years that it names."""
        return years_of(self.year)

    @property
    def order(self) -> str:
        """The order as it stands in an address."""
        return f"-{self.sort}" if self.descending else self.sort.value

    def narrowing(self) -> list[tuple[str, str]]:
        """The fields of its address that leave papers out."""
        pairs = [("q", self.q), *(("status", one.value) for one in self.status)]
        pairs += [(name, getattr(self, name)) for name in _PLAIN]
        pairs += [("import", self.import_id), ("collection", self.collection)]
        return [(name, value) for name, value in pairs if value]

    def fields(self) -> list[tuple[str, str]]:
        """The fields of its address."""
        return self.narrowing() + ([("sort", self.order)] if self.order != PaperSort.ADDED.value else [])

    def address(self, path: str = "/papers", **more: str) -> str:
        """The address of this query, with more fields."""
        fields = [*self.fields(), *more.items()]
        return f"{path}?{urlencode(fields)}" if fields else path

    def changed(self, **fields: Any) -> "Query":
        """The query with other fields."""
        return evolve(self, **fields)


def query(
    status: FromQuery[list[str] | None] = None,
    q: FromQuery[str] = "",
    cause: FromQuery[str] = "",
    host: FromQuery[str] = "",
    journal: FromQuery[str] = "",
    year: Year = "",
    source: FromQuery[str] = "",
    version: FromQuery[str] = "",
    requested: Requested = "",
    import_id: ImportId = None,
    collection: FromQuery[str] = "",
    sort: Sort = PaperSort.ADDED.value,
) -> Query:
    """The query of a request. Raises InvalidValue."""
    return Query(
        status=_statuses(status or ()),
        q=q.strip()[:MAX_TEXT],
        cause=cause.strip(),
        host=host.strip().lower(),
        journal=journal.strip(),
        year=_year(year),
        source=source.strip(),
        version=version.strip(),
        requested=_requested(requested),
        import_id=(import_id or "").strip(),
        collection=collection.strip(),
        sort=_sort(sort),
        descending=sort.startswith("-"),
    )


def _statuses(names: Sequence[str]) -> tuple[Status, ...]:
    words = [word for name in names for word in name.split(",") if word]
    try:
        return tuple(dict.fromkeys(Status(word) for word in words))
    except ValueError as error:
        raise InvalidValue("status", ", ".join(words)[:100], ", ".join(Status)) from error


def _year(text: str) -> str:
    years_of(text := "".join(text.split()))
    return text


def years_of(text: str) -> Years | None:
    """The years that a text names, None for "". Raises InvalidValue."""
    if not text:
        return None
    found = _YEARS.fullmatch(text)
    if found is None or text == "-":
        raise InvalidValue("year", text[:40], "a year, or years like 2010-2019, 2010- or -1999")
    years = {name: int(part) for name, part in found.groupdict().items() if part}
    only = years.get("only")
    return Years(first=years.get("first", only), last=years.get("last", only))


def _requested(text: str) -> str:
    if (found := text.strip().lower()) not in _YES_OR_NO:
        raise InvalidValue("requested", text[:40], "yes or no")
    return found


def _sort(name: str) -> PaperSort:
    try:
        return PaperSort(name.removeprefix("-") or PaperSort.ADDED)
    except ValueError as error:
        raise InvalidValue("sort", name[:100], f"{', '.join(PaperSort)}, with or without a minus") from error


def paper_filter(query: Query, imports: Imports) -> PaperFilter:
    """The query for the read models. Raises DoesNotExist for an unknown collection."""
    return PaperFilter(
        statuses=query.status,
        text=query.q,
        cause=query.cause or None,
        host=query.host or None,
        journal=query.journal or None,
        years=query.years,
        source=query.source or None,
        version=query.version or None,
        requested=_YES_OR_NO[query.requested],
        import_id=query.import_id or None,
        collection=collection_named(query.collection, imports).id if query.collection else None,
    )
