"""Which papers a request is about: the fields of its address, read leniently where empty and strictly where wrong."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from attrs import evolve, frozen
from litestar.params import FromQuery, QueryParameter

from application.queries import Imports, PaperFilter, PaperSort, collection_named
from domain.errors import InvalidValue
from domain.pipeline import Status

ImportId = Annotated[str | None, QueryParameter(name="import", description="Id of an import.")]
Sort = Annotated[str, QueryParameter(description=f"{', '.join(PaperSort)}; with a minus in front from the other end.")]
Limit = Annotated[int, QueryParameter(ge=1, le=500)]
AsOf = Annotated[str, QueryParameter(description="A moment (ISO 8601), a date or a position: how things were then.")]
MAX_TEXT = 1_000
"""Characters of a search."""


@frozen(kw_only=True)
class Query:
    """Which papers, in which order. `collection` is a name or an id, as it came."""

    status: tuple[Status, ...] = ()
    q: str = ""
    cause: str = ""
    import_id: str = ""
    collection: str = ""
    sort: PaperSort = PaperSort.ADDED
    descending: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether the query leaves papers out."""
        return bool(self.status or self.q or self.cause or self.import_id or self.collection)

    @property
    def order(self) -> str:
        """The order as it stands in an address."""
        return f"-{self.sort}" if self.descending else self.sort.value

    def fields(self) -> list[tuple[str, str]]:
        """The fields of its address."""
        pairs = [("q", self.q), *(("status", one.value) for one in self.status), ("cause", self.cause)]
        pairs += [("import", self.import_id), ("collection", self.collection)]
        pairs += [("sort", self.order)] if self.order != PaperSort.ADDED.value else []
        return [(name, value) for name, value in pairs if value]

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
    import_id: ImportId = None,
    collection: FromQuery[str] = "",
    sort: Sort = PaperSort.ADDED.value,
) -> Query:
    """The query of a request. Raises InvalidValue."""
    return Query(
        status=_statuses(status or ()),
        q=q.strip()[:MAX_TEXT],
        cause=cause.strip(),
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
        import_id=query.import_id or None,
        collection=collection_named(query.collection, imports).id if query.collection else None,
    )
