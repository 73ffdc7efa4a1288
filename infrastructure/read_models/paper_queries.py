"""Answers about papers, from the table `papers`."""

import base64
import binascii
import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from attrs import evolve, field, frozen

from application.queries import (
    Facet,
    InTransit,
    Neighbours,
    PaperFilter,
    PaperPage,
    PaperRow,
    PaperSort,
    Share,
    Years,
)
from domain.errors import InvalidValue
from domain.identifiers import identify
from domain.pipeline import IN_TRANSIT, Status
from domain.records import clean
from domain.schedule import Order
from infrastructure.database import Database
from infrastructure.log.codec import moment, stamp
from infrastructure.log.tables import identifiers
from infrastructure.read_models.imports import living, memberships
from infrastructure.read_models.papers import folded, papers, sorted_as, transitions
from infrastructure.read_models.unindexed import Unindexed

MAX_LIMIT = 500
DECADE = 10
FEW = 3_000
"""Papers that are listed by their ids, rather than looked for once more."""
STREAMED = 1_000
"""Rows that a stream fetches at once."""

_FIELDS = [attribute.name for attribute in PaperRow.__attrs_attrs__]
SELECT = sa.select(*(papers.c[name] for name in _FIELDS))
_ID: sa.ColumnElement[Any] = papers.c.id
_SORTS: Mapping[PaperSort, sa.ColumnElement[Any]] = {
    PaperSort.ADDED: papers.c.id,
    PaperSort.TITLE: papers.c.sort_title,
    PaperSort.YEAR: papers.c.sort_year,
    PaperSort.CHANGED: papers.c.position,
    PaperSort.JOURNAL: papers.c.sort_journal,
    PaperSort.SIZE: papers.c.sort_size,
    PaperSort.ATTEMPTS: papers.c.attempts,
}
_DOI_LIKE = re.compile(r"\S*[./]\S*")
_PLAIN_FACETS = {
    Facet.CAUSE: papers.c.cause,
    Facet.HOST: papers.c.host,
    Facet.SOURCE: papers.c.source,
    Facet.VERSION: papers.c.version,
}
"""Facets that are a column of text, under the name that they have in a filter."""
_COLUMNS: Mapping[Facet, sa.ColumnElement[Any]] = {
    **_PLAIN_FACETS,
    Facet.JOURNAL: papers.c.sort_journal,
    Facet.YEAR: papers.c.sort_year,
    Facet.REQUESTED: papers.c.requested,
}
_UNKNOWN: Mapping[Facet, object] = {Facet.JOURNAL: "", Facet.YEAR: 0}
"""What stands in these columns where nothing is known."""
_MEMBERSHIPS = {
    Facet.IMPORT: ("import_id", memberships.c.import_id),
    Facet.COLLECTION: ("collection", memberships.c.collection),
}
_FIELDS_OF = {Facet.YEAR: "years", Facet.IMPORT: "import_id"}
"""Fields of a filter that have another name than the facet."""
_TEXTS = frozenset({PaperSort.ADDED, PaperSort.TITLE, PaperSort.JOURNAL})


class SqlPapers:
    """Adapter of application.queries.Papers."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
        """See the port."""
        with self._database.read() as connection:
            cut = _Cut(sort=sort, descending=descending, limit=limit, after=after, before=before)
            return _cut_out(connection, cut, _matching(connection, which))

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
        """See the port."""
        cut = _Cut(sort=sort, descending=descending, limit=limit, after=after, before=before)
        with self._database.read() as connection:
            matching = _matching(connection, which)
            return _cut_out(connection, cut, matching), _by_status(connection, matching)

    def count(self, which: PaperFilter) -> int:
        """See the port."""
        query = sa.select(sa.func.count()).select_from(papers).where(*_conditions(which))
        with self._database.read() as connection:
            return connection.execute(query).scalar_one()

    def by_status(self, which: PaperFilter) -> Mapping[Status, int]:
        """See the port."""
        with self._database.read() as connection:
            return _by_status(connection, _matching(connection, which))

    def shares(self, which: PaperFilter, facet: Facet, limit: int = 20) -> Sequence[Share]:
        """See the port."""
        order = sa.text("1 DESC") if facet is Facet.YEAR else sa.text("2 DESC, 1")
        with self._database.read() as connection:
            matching = _matching(connection, which, besides=facet)
            found = _divided(facet, matching).order_by(order).limit(limit).subquery()
            value = _journal(found.c.value) if facet is Facet.JOURNAL else found.c.value
            rows = connection.execute(sa.select(value, found.c.count)).all()
        return [Share(value=_told(value), count=count) for value, count in rows]

    def neighbours(
        self, which: PaperFilter, paper: str, sort: PaperSort = PaperSort.ADDED, *, descending: bool = False
    ) -> Neighbours | None:
        """See the port."""
        place = sa.select(_SORTS[sort].label("sort_key"), papers.c.id).where(papers.c.id == clean(paper))
        with self._database.read() as connection:
            if (row := connection.execute(place).one_or_none()) is None:
                return None
            cursor, matching = _cursor(sort, row.sort_key, row.id), _matching(connection, which)
            cut = _Cut(sort=sort, descending=descending, limit=1, walks=True)
            before = _cut_out(connection, evolve(cut, before=cursor), matching).papers
            after = _cut_out(connection, evolve(cut, after=cursor), matching).papers
        return Neighbours(previous=before[0] if before else None, next=after[0] if after else None, cursor=cursor)

    def by_status_until(self, position: int) -> Mapping[Status, int]:
        """See the port."""
        columns = (transitions.c.from_status, transitions.c.to_status)
        query = sa.select(*columns, sa.func.count().label("moves")).where(transitions.c.position <= position)
        with self._database.read() as connection:
            rows = connection.execute(query.group_by(*columns)).all()
        counts = Counter[Status]()
        for row in rows:
            counts[Status(row.to_status)] += row.moves
            if row.from_status is not None:
                counts[Status(row.from_status)] -= row.moves
        return {status: count for status, count in counts.items() if count}

    def find(self, name: str) -> PaperRow | None:
        """See the port."""
        found = papers.c.id == clean(name.strip())
        for identifier in identify(name):
            same = (identifiers.c.scheme == identifier.scheme.value) & (identifiers.c.value == identifier.value)
            found |= papers.c.id.in_(sa.select(identifiers.c.paper).where(same))
        with self._database.read() as connection:
            row = connection.execute(SELECT.where(found).limit(1)).one_or_none()
        return None if row is None else paper_of_row(row)

    def all(self, which: PaperFilter) -> Iterator[PaperRow]:
        """See the port."""
        last = ""
        while True:
            query = SELECT.where(*_conditions(which), papers.c.id > last).order_by(papers.c.id).limit(STREAMED)
            with self._database.read() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return
            yield from (paper_of_row(row) for row in rows)
            last = rows[-1].id

    def drawable(self, now: datetime, order: Order, limit: int) -> Sequence[str]:
        """See the port."""
        query = sa.select(papers.c.id).where(papers.c.status == Status.LOCATED.value, _ready(now))
        query = query.order_by(papers.c.id.desc() if order is Order.NEWEST else papers.c.id)
        if order is not Order.RANDOM:
            query = query.limit(limit)
        with self._database.read() as connection:
            return list(connection.execute(query).scalars())

    def due(self, status: Status, now: datetime, limit: int, *, besides: Collection[str] = ()) -> Sequence[PaperRow]:
        """See the port."""
        query = SELECT.where(papers.c.status == status.value, _ready(now))
        if besides:
            query = query.where(papers.c.host.is_(None) | papers.c.host.not_in(sorted(besides)))
        with self._database.read() as connection:
            return [paper_of_row(row) for row in connection.execute(query.order_by(papers.c.id).limit(limit))]

    def due_again(self, statuses: Collection[Status], now: datetime, limit: int) -> Sequence[PaperRow]:
        """See the port."""
        query = SELECT.where(_there_among(statuses), papers.c.not_before <= stamp(now))
        with self._database.read() as connection:
            return [paper_of_row(row) for row in connection.execute(query.order_by(papers.c.not_before).limit(limit))]

    def waiting(self, statuses: Collection[Status], now: datetime) -> int:
        """See the port."""
        query = sa.select(sa.func.count()).select_from(papers)
        with self._database.read() as connection:
            return connection.execute(query.where(_among(statuses), papers.c.not_before > stamp(now))).scalar_one()

    def next_due(self, statuses: Collection[Status], now: datetime) -> datetime | None:
        """See the port."""
        query = sa.select(sa.func.min(papers.c.not_before))
        query = query.where(_there_among(statuses), papers.c.not_before > stamp(now))
        with self._database.read() as connection:
            return _moment(connection.execute(query).scalar_one())

    def in_transit(self) -> Sequence[InTransit]:
        """See the port."""
        query = sa.select(papers.c.id, papers.c.status, papers.c.worker)
        query = query.where(_among(IN_TRANSIT)).order_by(papers.c.id)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [InTransit(paper=row.id, status=Status(row.status), worker=row.worker) for row in rows]

    def files(self) -> Iterator[tuple[str, str, str]]:
        """See the port."""
        last = ""
        columns = (papers.c.id, papers.c.file_path, papers.c.file_sha256)
        while True:
            query = sa.select(*columns).where(papers.c.file_path.is_not(None), papers.c.id > last)
            with self._database.read() as connection:
                rows = connection.execute(query.order_by(papers.c.id).limit(STREAMED)).all()
            if not rows:
                return
            yield from ((row[0], row[1], row[2]) for row in rows)
            last = rows[-1].id


def _bounded(limit: int) -> int:
    return min(max(limit, 1), MAX_LIMIT)


@frozen(kw_only=True)
class _Cut:
    """A page to cut out of a list. One that `walks` goes along the order's index, and looks at what matches there."""

    sort: PaperSort
    descending: bool
    limit: int = field(converter=_bounded)
    after: str | None = None
    before: str | None = None
    walks: bool = False

    @property
    def backwards(self) -> bool:
        return self.before is not None and self.after is None

    @property
    def cursor(self) -> str | None:
        return self.before if self.backwards else self.after


@frozen(kw_only=True)
class _Matching:
    """The papers that match a filter, besides its condition on a facet.

    Where they are `few` all of them are known by id, those of every status among them. Where they are many, they are
    met in whole tables or along an index that has nothing to do with the filter: to jump to each of them takes longer.
    """

    which: PaperFilter
    besides: Facet | None
    few: Mapping[str, Status] | None

    def conditions(self, *, statuses: bool = True) -> list[sa.ColumnElement[bool]]:
        if self.few is None:
            by_status = _is_by_status(self.which, self.besides)
            return _conditions(self.which, statuses=statuses, besides=self.besides, scattered=not by_status)
        wanted = (statuses and self.which.statuses) or tuple(Status)
        return [papers.c.id.in_([paper for paper, status in self.few.items() if status in wanted])]

    def walks(self, cut: _Cut) -> bool:
        """Whether the way along the order's index is short. Words are in no index, and spread evenly over any other.

        What an index knows may lie together in another order, far from where the page begins: so it is sorted.
        """
        if self.few is not None:
            return False
        nearly_all = self.which in (PaperFilter(), PaperFilter(requested=False))
        return cut.walks or nearly_all or bool(self.which.text)


def _is_by_status(which: PaperFilter, besides: Facet | None = None) -> bool:
    """Whether nothing but statuses is asked for: an index of them has everything else."""
    nothing: dict[str, Any] = {_FIELDS_OF.get(besides, besides.value): None} if besides else {}
    left = evolve(which, **nothing)
    return left == PaperFilter(statuses=which.statuses)


def _matching(connection: sa.Connection, which: PaperFilter, besides: Facet | None = None) -> _Matching:
    """Look whether few papers match: then one pass finds them, which the page and the counts share."""
    if _is_by_status(which, besides):
        return _Matching(which=which, besides=besides, few=None)
    conditions = _conditions(which, statuses=False, besides=besides)
    rows = connection.execute(sa.select(papers.c.id, papers.c.status).where(*conditions).limit(FEW + 1)).all()
    few = {row.id: Status(row.status) for row in rows} if len(rows) <= FEW else None
    return _Matching(which=which, besides=besides, few=few)


def _cut_out(connection: sa.Connection, cut: _Cut, matching: _Matching) -> PaperPage:
    """The page: its ids first, so that only its own rows are read in full."""
    column, key, walks = _SORTS[cut.sort], _ID, matching.walks(cut)
    by_status = cut.sort is PaperSort.ADDED and len(matching.which.statuses) == 1
    if not walks and not by_status:  # an index knows the papers of one status in the order of their ids
        column, key = Unindexed(column), Unindexed(key)
    query = sa.select(papers.c.id, column.label("sort_key")).where(*matching.conditions())
    down = cut.descending != cut.backwards
    if cut.cursor is not None:
        edge = sa.tuple_(*(sa.literal(value) for value in _read_cursor(cut.cursor, cut.sort)))
        query = query.where(sa.tuple_(column, key) < edge if down else sa.tuple_(column, key) > edge)
    query = query.order_by(*((column.desc(), key.desc()) if down else (column, key)))
    rows = list(connection.execute(query.limit(cut.limit + 1)))
    more, rows = len(rows) > cut.limit, rows[: cut.limit]
    if cut.backwards:
        rows.reverse()
    found = connection.execute(SELECT.where(papers.c.id.in_([row.id for row in rows]))) if rows else ()
    full = {row.id: paper_of_row(row) for row in found}
    has_after, has_before = cut.backwards or more, more if cut.backwards else cut.cursor is not None
    return PaperPage(
        papers=tuple(full[row.id] for row in rows),
        after=_cursor(cut.sort, rows[-1].sort_key, rows[-1].id) if rows and has_after else None,
        before=_cursor(cut.sort, rows[0].sort_key, rows[0].id) if rows and has_before else None,
    )


def _itself(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return column


def _by_status(connection: sa.Connection, matching: _Matching) -> Mapping[Status, int]:
    if matching.few is not None:
        return dict(Counter(matching.few.values()))
    conditions = matching.conditions(statuses=False)
    status = Unindexed(papers.c.status) if conditions else papers.c.status
    query = sa.select(status, sa.func.count()).select_from(papers).where(*conditions).group_by(sa.text("1"))
    return {Status(name): count for name, count in connection.execute(query)}


def _journal(sorted_as: sa.ColumnElement[str]) -> sa.ScalarSelect[str | None]:
    """One way to write the journal."""
    return sa.select(papers.c.journal).where(papers.c.sort_journal == sorted_as).limit(1).scalar_subquery()


def _told(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _ready(now: datetime) -> sa.ColumnElement[bool]:
    """Papers that do not wait for a moment of their own."""
    return papers.c.not_before.is_(None) | (papers.c.not_before <= stamp(now))


def _among(statuses: Collection[Status]) -> sa.ColumnElement[bool]:
    return papers.c.status.in_([status.value for status in statuses])


def _there_among(statuses: Collection[Status]) -> sa.ColumnElement[bool]:
    """The same of papers that are found by something else: a status that most of them have leads nowhere."""
    return Unindexed(papers.c.status).in_([status.value for status in statuses])


def _conditions(
    which: PaperFilter, *, statuses: bool = True, besides: Facet | None = None, scattered: bool = False
) -> list[sa.ColumnElement[bool]]:
    """The filter as SQL; `scattered` where its papers are to be met in an order that is not the filter's own.

    Words are looked for in every row, so that no index on something else may lead astray.
    """
    seen = Unindexed if which.text or scattered else _itself
    conditions = list[sa.ColumnElement[bool]]()
    if statuses and which.statuses:
        conditions.append(seen(papers.c.status).in_([status.value for status in which.statuses]))
    for facet, column in _PLAIN_FACETS.items():
        if facet is not besides and (value := getattr(which, facet.value)) is not None:
            conditions.append(seen(column) == clean(value))
    if which.journal is not None and besides is not Facet.JOURNAL:
        conditions.append(seen(papers.c.sort_journal) == sorted_as(clean(which.journal)))
    if which.years and besides is not Facet.YEAR:
        conditions += _within(which.years, seen(papers.c.sort_year))
    if which.requested is not None and besides is not Facet.REQUESTED:
        conditions.append(papers.c.requested.is_(which.requested))
    for facet, (name, column) in _MEMBERSHIPS.items():
        if facet is not besides and (value := getattr(which, name)):
            named = sa.select(memberships.c.paper).where(column == clean(value))
            conditions.append(papers.c.id.in_(named.where(living()) if facet is Facet.COLLECTION else named))
    if text := clean(which.text).strip():
        conditions.append(_matches(text))
    return conditions


def _within(years: Years, column: sa.ColumnElement[int]) -> Iterator[sa.ColumnElement[bool]]:
    """Papers of these years; those whose year is unknown are in none."""
    yield column >= max(years.first or 1, 1)
    if years.last is not None:
        yield column <= years.last


def _matches(text: str) -> sa.ColumnElement[bool]:
    """Every word is in the searched text, or the whole is an identifier."""
    found = sa.and_(*(papers.c.search.contains(folded(word), autoescape=True) for word in text.split()[:10]))
    if _DOI_LIKE.fullmatch(text):
        found |= papers.c.doi.contains(text.lower(), autoescape=True)
    for identifier in identify(text):
        found |= papers.c[identifier.scheme.value] == identifier.value
    return found


def _divided(facet: Facet, matching: _Matching) -> sa.Select[Any]:
    """Each value of a facet with the number of papers."""
    conditions = matching.conditions()
    if facet in _MEMBERSHIPS:
        _, member = _MEMBERSHIPS[facet]
        paper = memberships.c.paper  # is in an import once, in a collection as often as imports brought it
        counted = paper if facet is Facet.IMPORT else paper.distinct()
        query = sa.select(member.label("value"), sa.func.count(counted).label("count"))
        if conditions:
            query = query.join(papers, papers.c.id == memberships.c.paper).where(*conditions)
        if facet is Facet.COLLECTION:
            query = query.where(living())
        return query.group_by(member)
    column = _COLUMNS[facet]
    if conditions and facet is not Facet.REQUESTED:
        column = Unindexed(column)
    known = column != _UNKNOWN[facet] if facet in _UNKNOWN else column.is_not(None)
    if facet is Facet.YEAR and (decades := _decades(matching.which.years)):
        conditions += _within(decades, column)
    elif facet is Facet.YEAR:
        column -= column % DECADE
    query = sa.select(column.label("value"), sa.func.count().label("count")).where(known, *conditions)
    return query.group_by(sa.text("1"))


def _decades(years: Years | None) -> Years | None:
    """The whole decades of years that lie together: of those one wants to see each. None where decades do."""
    if not years or not years.first or not years.last or years.last - years.first >= DECADE:
        return None
    return Years(first=years.first - years.first % DECADE, last=years.last - years.last % DECADE + DECADE - 1)


def _cursor(sort: PaperSort, key: str | int, paper: str) -> str:
    text = json.dumps([sort.value, key, paper], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str, sort: PaperSort) -> tuple[str | int, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        name, key, paper = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (ValueError, TypeError, binascii.Error, UnicodeError, RecursionError) as error:
        raise InvalidValue("after", cursor[:100], "a cursor from a page of this list") from error
    right = _is_text(key) if sort in _TEXTS else _is_number(key)
    if name != sort.value or not _is_text(paper) or not right:
        raise InvalidValue("after", cursor[:100], "a cursor from a page of this list in the same order")
    return key, paper


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= 2**62


def _is_text(value: Any) -> bool:
    """Whether it is text that every database takes."""
    return isinstance(value, str) and clean(value) == value


def _moment(text: str | None) -> datetime | None:
    return moment(text) if text else None


def paper_of_row(row: sa.Row[Any]) -> PaperRow:
    """The paper of a row that SELECT gave."""
    values = dict(zip(_FIELDS, row, strict=False))
    values["status"] = Status(values["status"])
    values["requested"] = bool(values["requested"])
    for name in ("not_before", "registered_at", "updated_at"):
        values[name] = _moment(values[name])
    return PaperRow(**values)
