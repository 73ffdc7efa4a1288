"""Answers about papers that need a person, and papers by their titles, from the table `papers`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from application.needs import Need, NeedCounts
from application.queries import PaperPage, PaperRow
from domain.errors import InvalidValue
from domain.pipeline import Status
from domain.records import clean
from infrastructure.database import Database
from infrastructure.read_models.imports import living, memberships
from infrastructure.read_models.paper_queries import MAX_LIMIT, SELECT, STREAMED, paper_of_row
from infrastructure.read_models.papers import AGAIN, GIVEN_UP, REQUESTED, SORT_TITLE, folded, papers

_WORD = re.compile(r"[^\W_]+")
_LEAST_LETTERS = 4
"""Letters of a word that tells something."""
_TELLING_WORDS = 4
"""The longest words of a line that are looked for."""
_LEAST_TELLING = 2
_MOST_LINES = 12
_MOST_TITLES = 100

_OVER = (Status.DONE.value, Status.EXCLUDED.value, Status.DOUBTFUL.value)
_FETCHED = (Status.FAILED.value, Status.UNAVAILABLE.value)
_STUCK = (Status.DOUBTFUL.value, *_FETCHED)
_ENDED = papers.c.status.in_(_OVER)
_IS_GIVEN_UP = sa.and_(papers.c.status == Status.UNAVAILABLE.value, papers.c.cause.is_(None))
_NOT_TAKEN_UP = sa.and_(papers.c.requested.is_(sa.false()), sa.not_(_IS_GIVEN_UP))

_IS_UP_TO_A_PERSON = sa.and_(_NOT_TAKEN_UP, papers.c.not_before.is_(None))
_IS_TRIED_AGAIN = (AGAIN, papers.c.requested.is_(sa.false()))

_PARTS: Mapping[Need, tuple[tuple[sa.ColumnElement[bool] | sa.TextClause, ...], ...]] = {
    Need.CHECK: ((papers.c.status == Status.DOUBTFUL.value,),),
    Need.FETCH: (
        (papers.c.status == Status.FAILED.value, _IS_UP_TO_A_PERSON),
        (papers.c.status == Status.UNAVAILABLE.value, _IS_UP_TO_A_PERSON),
    ),
    Need.AGAIN: (
        (papers.c.status == Status.FAILED.value, *_IS_TRIED_AGAIN),
        (papers.c.status == Status.UNAVAILABLE.value, *_IS_TRIED_AGAIN),
    ),
    Need.REQUESTED: ((REQUESTED, sa.not_(_ENDED), sa.not_(_IS_GIVEN_UP)),),
    Need.GIVEN_UP: ((GIVEN_UP,),),
}
"""Each need as parts that share no paper, so that each is read in the order of an index."""


class SqlNeeds:
    """Adapter of application.needs.Needs and application.needs.Titles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counts(self, collection: str | None = None) -> NeedCounts:
        """See the port."""
        member = tuple(_in_collection(collection))
        statuses = sa.select(papers.c.status, sa.func.count()).where(papers.c.status.in_(_STUCK), *member)
        asked = sa.select(papers.c.status, papers.c.cause.is_(None), sa.func.count()).where(REQUESTED, *member)
        later = sa.select(sa.func.count()).select_from(papers).where(papers.c.status.in_(_FETCHED), *_IS_TRIED_AGAIN)
        given_up = sa.select(sa.func.count()).select_from(papers).where(GIVEN_UP, *member)
        with self._database.read() as connection:
            stuck = {row[0]: row[1] for row in connection.execute(statuses.group_by(papers.c.status))}
            lost = connection.execute(given_up).scalar_one()
            again = connection.execute(later.where(*member)).scalar_one()
            requested = [
                tuple(row) for row in connection.execute(asked.group_by(papers.c.status, papers.c.cause.is_(None)))
            ]
        return _counted(stuck, lost, again, requested)

    def page(
        self,
        need: Need,
        *,
        collection: str | None = None,
        limit: int = 50,
        after: str | None = None,
        before: str | None = None,
    ) -> PaperPage:
        """See the port."""
        limit = min(max(limit, 1), MAX_LIMIT)
        backwards = before is not None and after is None
        cursor = _cursor(before if backwards else after)
        query = _ordered(need, collection, cursor, limit + 1, backwards=backwards)
        with self._database.read() as connection:
            rows = [paper_of_row(row) for row in connection.execute(query)]
        more, rows = len(rows) > limit, rows[:limit]
        if backwards:
            rows.reverse()
        has_after, has_before = backwards or more, more if backwards else cursor is not None
        return PaperPage(
            papers=tuple(rows),
            after=rows[-1].id if rows and has_after else None,
            before=rows[0].id if rows and has_before else None,
        )

    def all(self, need: Need, *, collection: str | None = None) -> Iterator[PaperRow]:
        """See the port."""
        last: str | None = None
        while True:
            query = _ordered(need, collection, last, STREAMED, backwards=False)
            with self._database.read() as connection:
                rows = [paper_of_row(row) for row in connection.execute(query)]
            if not rows:
                return
            yield from rows
            last = rows[-1].id

    def titled(self, titles: Sequence[str], limit: int) -> Sequence[PaperRow]:
        """See the port."""
        wanted = {folded(clean(title)[:SORT_TITLE])[:SORT_TITLE] for title in titles[:_MOST_TITLES]} - {""}
        query = SELECT.where(papers.c.sort_title.in_(sorted(wanted))).order_by(papers.c.id).limit(limit)
        with self._database.read() as connection:
            return [paper_of_row(row) for row in connection.execute(query)]

    def worded(self, lines: Sequence[str], limit: int) -> Sequence[PaperRow]:
        """See the port."""
        telling = [words for line in lines if len(words := _telling(line)) >= _LEAST_TELLING][:_MOST_LINES]
        if not telling:
            return []
        found = sa.or_(
            *(sa.and_(*(papers.c.search.contains(word, autoescape=True) for word in words)) for words in telling)
        )
        with self._database.read() as connection:
            return [paper_of_row(row) for row in connection.execute(SELECT.where(found).limit(limit))]


def _counted(stuck: Mapping[str, int], lost: int, again: int, requested: Sequence[tuple[Any, ...]]) -> NeedCounts:
    """The counts from those that indexes give: by status, given up, tried again, and the few that were asked for."""
    open_ = {(status, bool(no_cause)): count for status, no_cause, count in requested if status not in _OVER}
    open_.pop((Status.UNAVAILABLE.value, True), None)  # given up afterwards
    taken_up = sum(count for (status, _), count in open_.items() if status in _FETCHED)
    fetch = sum(stuck.get(status, 0) for status in _FETCHED) - lost - again - taken_up
    return NeedCounts(
        by_need={
            Need.CHECK: stuck.get(Status.DOUBTFUL.value, 0),
            Need.FETCH: fetch,
            Need.AGAIN: again,
            Need.REQUESTED: sum(open_.values()),
            Need.GIVEN_UP: lost,
        }
    )


def _telling(line: str) -> list[str]:
    words = {word for word in _WORD.findall(folded(clean(line))) if len(word) >= _LEAST_LETTERS}
    return sorted(words, key=lambda word: (-len(word), word))[:_TELLING_WORDS]


def _in_collection(collection: str | None) -> Iterator[sa.ColumnElement[bool]]:
    if collection is not None:
        belongs = memberships.c.collection == clean(collection)
        yield papers.c.id.in_(sa.select(memberships.c.paper).where(belongs, living()))


def _ordered(need: Need, collection: str | None, cursor: str | None, limit: int, *, backwards: bool) -> sa.Select[Any]:
    """Papers of a need by their ids: the first of each part, merged."""
    order = papers.c.id.desc() if backwards else papers.c.id
    firsts = []
    for part in _PARTS[need]:
        ids = sa.select(papers.c.id).where(*part, *_in_collection(collection))
        if cursor is not None:
            ids = ids.where(papers.c.id < cursor if backwards else papers.c.id > cursor)
        firsts.append(ids.order_by(order).limit(limit).subquery())
    merged = sa.union_all(*(sa.select(first.c.id) for first in firsts)).subquery()
    return SELECT.where(papers.c.id.in_(sa.select(merged.c.id))).order_by(order).limit(limit)


def _cursor(text: str | None) -> str | None:
    if text is not None and (clean(text) != text or len(text) > 200):
        raise InvalidValue("after", text[:100], "the id of a paper")
    return text
