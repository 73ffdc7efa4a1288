"""Answers about papers, from the table `papers`."""

import base64
import binascii
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from application.queries import InTransit, PaperFilter, PaperPage, PaperRow, PaperSort
from domain.errors import InvalidValue
from domain.identifiers import identify
from domain.pipeline import IN_TRANSIT, Status
from domain.records import clean
from domain.schedule import Order
from infrastructure.database import Database
from infrastructure.log.codec import moment, stamp
from infrastructure.log.tables import identifiers
from infrastructure.read_models.imports import memberships
from infrastructure.read_models.papers import folded, papers, transitions

MAX_LIMIT = 500
STREAMED = 1_000
"""Rows that a stream fetches at once."""

_FIELDS = [attribute.name for attribute in PaperRow.__attrs_attrs__]
SELECT = sa.select(*(papers.c[name] for name in _FIELDS))
_SORTS = {
    PaperSort.ADDED: papers.c.id,
    PaperSort.TITLE: papers.c.sort_title,
    PaperSort.YEAR: sa.func.coalesce(papers.c.year, 0),
    PaperSort.CHANGED: papers.c.position,
}


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
        limit = min(max(limit, 1), MAX_LIMIT)
        backwards = before is not None and after is None
        cursor = before if backwards else after
        column = _SORTS[sort]
        query = SELECT.add_columns(column.label("sort_key")).where(*_conditions(which))
        down = descending != backwards
        if cursor is not None:
            key = sa.tuple_(column, papers.c.id)
            edge = sa.tuple_(*(sa.literal(value) for value in _read_cursor(cursor, sort)))
            query = query.where(key < edge if down else key > edge)
        order = (column.desc(), papers.c.id.desc()) if down else (column, papers.c.id)
        with self._database.read() as connection:
            rows = list(connection.execute(query.order_by(*order).limit(limit + 1)))
        more, rows = len(rows) > limit, rows[:limit]
        if backwards:
            rows.reverse()
        return _page(rows, sort, has_after=backwards or more, has_before=more if backwards else cursor is not None)

    def count(self, which: PaperFilter) -> int:
        """See the port."""
        query = sa.select(sa.func.count()).select_from(papers).where(*_conditions(which))
        with self._database.read() as connection:
            return connection.execute(query).scalar_one()

    def by_status(self, which: PaperFilter) -> Mapping[Status, int]:
        """See the port."""
        query = sa.select(papers.c.status, sa.func.count()).where(*_conditions(which, statuses=False))
        with self._database.read() as connection:
            rows = connection.execute(query.group_by(papers.c.status)).all()
        return {Status(status): count for status, count in rows}

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
        query = SELECT.where(_among(statuses), papers.c.not_before <= stamp(now))
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
        query = query.where(_among(statuses), papers.c.not_before > stamp(now))
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


def _ready(now: datetime) -> sa.ColumnElement[bool]:
    """Papers that do not wait for a moment of their own."""
    return papers.c.not_before.is_(None) | (papers.c.not_before <= stamp(now))


def _among(statuses: Collection[Status]) -> sa.ColumnElement[bool]:
    return papers.c.status.in_([status.value for status in statuses])


def _conditions(which: PaperFilter, *, statuses: bool = True) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if statuses and which.statuses:
        conditions.append(_among(which.statuses))
    if which.cause:
        conditions.append(papers.c.cause == clean(which.cause))
    for name, column in (("import_id", memberships.c.import_id), ("collection", memberships.c.collection)):
        if value := getattr(which, name):
            conditions.append(papers.c.id.in_(sa.select(memberships.c.paper).where(column == clean(value))))
    if text := clean(which.text).strip():
        conditions.append(_matches(text))
    return conditions


def _matches(text: str) -> sa.ColumnElement[bool]:
    """Every word is in the searched text, or the whole is an identifier."""
    words = [papers.c.search.contains(folded(word), autoescape=True) for word in text.split()[:10]]
    found = sa.and_(*words) | papers.c.doi.contains(text.lower(), autoescape=True)
    for identifier in identify(text):
        found |= papers.c[identifier.scheme.value] == identifier.value
    return found


def _page(rows: list[sa.Row[Any]], sort: PaperSort, *, has_after: bool, has_before: bool) -> PaperPage:
    return PaperPage(
        papers=tuple(paper_of_row(row) for row in rows),
        after=_cursor(sort, rows[-1]) if rows and has_after else None,
        before=_cursor(sort, rows[0]) if rows and has_before else None,
    )


def _cursor(sort: PaperSort, row: sa.Row[Any]) -> str:
    text = json.dumps([sort.value, row.sort_key, row.id], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str, sort: PaperSort) -> tuple[str | int, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        name, key, paper = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (ValueError, binascii.Error, UnicodeError, RecursionError) as error:
        raise InvalidValue("after", cursor[:100], "a cursor from a page of this list") from error
    numeric = sort in {PaperSort.YEAR, PaperSort.CHANGED}
    right = _is_number(key) if numeric else _is_text(key)
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
