"""Answers about what happened, from the table `events`, in bounded time.

A page is searched for in windows of positions that grow while they bring little; when its time is over, it ends with
what was found so far, and the next page goes on from there. The events of few papers come through the index of their
streams instead, at once.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from attrs import define, frozen

from application.activity import ActivityFilter, ActivityPage, lowered, span
from application.handling import PROGRAM
from application.kinds import KINDS, level_of, reasons_for, types_at
from application.ports.event_log import EventLog, Recorded
from domain import collection as collecting
from domain import importing, paper
from infrastructure.database import Database
from infrastructure.log.numbering import recorded
from infrastructure.log.sql import READ
from infrastructure.log.tables import events
from infrastructure.read_models.imports import imports, memberships
from infrastructure.read_models.unindexed import Unindexed

MAX_LIMIT = 1_000
WINDOW, LARGEST, GROWTH = 1_000, 64_000, 4
"""Positions of the first window and of the largest, and how many times larger each is than the one before.

With less than a second of patience the largest is as much smaller.
"""
PATIENCE = 1.0
"""Seconds after which a page ends with what was found."""
FEW = 5000
"""Papers whose streams are looked up by name."""

Condition = sa.ColumnElement[bool]


class SqlActivity:
    """Adapter of application.activity.Activity."""

    def __init__(
        self,
        database: Database,
        log: EventLog,
        *,
        patience: float = PATIENCE,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._log, self._patience, self._stopwatch = database, log, patience, stopwatch

    def page(
        self,
        which: ActivityFilter,
        *,
        limit: int = 100,
        after: int = 0,
        before: int | None = None,
        descending: bool = False,
        patience: float | None = None,
    ) -> ActivityPage:
        """See the port."""
        patience = self._patience if patience is None else min(patience, self._patience)
        wanted = min(max(limit, 1), MAX_LIMIT) + 1  # one more tells whether there is a next page
        low, high = span(which, self._log, after, before)
        deadline, found = self._stopwatch() + patience, list[Recorded]()
        with self._database.read() as connection:
            search = _search(connection, which, is_sqlite=self._database.is_sqlite)
            size, largest = high if search.by_stream else WINDOW, max(WINDOW, round(LARGEST * min(patience, 1.0)))
            walk = _Walk(low=low, high=high, descending=descending, size=size, largest=largest)
            while not walk.is_over and len(found) < wanted:
                rows = connection.execute(search.query(walk, wanted)).all()
                found += [one for one in map(recorded, rows) if level_of(one.event).is_at_least(which.level)]
                walk.leave_behind(rows[-1].position if len(rows) == wanted else None)
                if self._stopwatch() >= deadline:
                    break
        if len(found) >= wanted:
            kept = tuple(found[: wanted - 1])
            return ActivityPage(events=kept, reached=kept[-1].position, more=True)
        return ActivityPage(events=tuple(found), reached=walk.reached, more=not walk.is_over)


@define(kw_only=True)
class _Walk:
    """Where a search is: positions above `low`, up to `high`, are to be looked at, one window after the other."""

    low: int
    high: int
    descending: bool
    size: int
    largest: int

    @property
    def is_over(self) -> bool:
        return self.low >= self.high

    @property
    def reached(self) -> int:
        """The last position that was looked at."""
        return self.high + 1 if self.descending else self.low

    def window(self) -> tuple[int, int]:
        """The positions to look at next: above the first number, up to the second."""
        if self.descending:
            return max(self.low, self.high - self.size), self.high
        return self.low, min(self.high, self.low + self.size)

    def leave_behind(self, position: int | None) -> None:
        """Go on behind a position of the window, or behind all of it and then with a larger one."""
        begin, end = self.window()
        if position is None:
            position = begin + 1 if self.descending else end
            self.size = min(self.size * GROWTH, self.largest)
        if self.descending:
            self.high = position - 1
        else:
            self.low = position


@frozen(kw_only=True)
class _Search:
    """What to look for; `by_stream` where the index of the streams leads to all of it, and no windows are needed."""

    conditions: tuple[Condition, ...]
    by_stream: bool

    def query(self, walk: _Walk, limit: int) -> sa.Select[Any]:
        """The next events of the walk's window."""
        # The index of the positions would lead to every event of the window.
        position = Unindexed(events.c.position) if self.by_stream else events.c.position
        low, high = walk.window()
        order = position.desc() if walk.descending else position.asc()
        return READ.where(position > low, position <= high, *self.conditions).order_by(order).limit(limit)


def _search(connection: sa.Connection, which: ActivityFilter, *, is_sqlite: bool) -> _Search:
    conditions = _conditions(which, is_sqlite=is_sqlite)
    by_stream = which.paper is not None
    if which.paper is not None:
        conditions.append(events.c.stream == paper.stream_of(which.paper))
    for own, members in _belonging(connection, which):
        few = _few(connection, members)
        by_stream = by_stream or few is not None
        conditions.append(events.c.stream.in_([*own, *few]) if few is not None else _among(own, members))
    return _Search(conditions=tuple(conditions), by_stream=by_stream)


def _belonging(connection: sa.Connection, which: ActivityFilter) -> Iterator[tuple[list[str], Condition]]:
    """For an import and a collection: its own streams, and the condition on its memberships."""
    if which.import_id is not None:
        yield [importing.stream_of(which.import_id)], memberships.c.import_id == which.import_id
    if which.collection is not None:
        its_imports = sa.select(imports.c.id).where(imports.c.collection == which.collection)
        streams = [importing.stream_of(import_id) for import_id in connection.execute(its_imports).scalars()]
        yield [collecting.stream_of(which.collection), *streams], memberships.c.collection == which.collection


def _few(connection: sa.Connection, members: Condition) -> list[str] | None:
    """The streams of the member papers; None where there are too many to be looked up by name."""
    query = sa.select(memberships.c.paper).where(members).distinct().limit(FEW + 1)
    papers = connection.execute(query).scalars().all()
    return [paper.stream_of(one) for one in papers] if len(papers) <= FEW else None


def _among(own: list[str], members: Condition) -> Condition:
    """Whether the event is of one of the streams, or of a member paper, looked up event by event."""
    is_its_paper = memberships.c.paper == sa.func.substr(events.c.stream, len(paper.STREAM) + 1)
    member = sa.exists().where(members, is_its_paper).correlate(events)
    return events.c.stream.in_(own) | (events.c.stream.startswith(paper.STREAM) & member)


def _conditions(which: ActivityFilter, *, is_sqlite: bool) -> list[Condition]:
    conditions: list[Condition] = []
    types = which.types
    if types != frozenset(KINDS):
        conditions.append(events.c.type.in_(sorted(types)))
    if not types <= types_at(which.level):
        # Their level is looked at once more when they are read; here it spares reading nearly all of them.
        raised = [events.c.data.contains(f'"{reason}"', autoescape=True) for reason in reasons_for(which.level)]
        conditions.append(sa.or_(events.c.type.in_(sorted(types & types_at(which.level))), *raised))
    if which.correlation is not None:
        conditions.append(events.c.correlation == which.correlation)
    if which.besides:
        conditions.append(events.c.correlation.not_in(which.besides))
    if which.by_people:
        conditions.append(events.c.actor != PROGRAM.name)
    if which.actor is not None:
        actor, name = _lower(events.c.actor, is_sqlite=is_sqlite), lowered(which.actor)
        conditions.append((actor == name) | actor.startswith(f"{name} (", autoescape=True))
    data = events.c.data if is_sqlite else _lower(events.c.data, is_sqlite=False)  # SQLite's LIKE knows no case
    return [*conditions, *(data.contains(word, autoescape=True) for word in which.stored_words)]


def _lower(column: sa.Column[str], *, is_sqlite: bool) -> sa.ColumnElement[str]:
    """The text with the letters of ASCII in lower case, the others as they are, on both databases."""
    return sa.func.lower(column if is_sqlite else sa.collate(column, "C"))
