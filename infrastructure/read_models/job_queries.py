"""Answers about jobs and planned hours, from the tables `jobs` and `hours`."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from application.queries import OPEN_JOBS, HourRow, JobFilter, JobRow, JobStatus
from domain.paper_commands import PAUSE
from domain.records import clean
from infrastructure.database import Database
from infrastructure.log.codec import moment, stamp
from infrastructure.read_models.imports import living, memberships
from infrastructure.read_models.jobs import TO_COME, hours, jobs
from infrastructure.read_models.papers import papers

MAX_LIMIT = 1_000
LARGEST = 2**62
"""Larger numbers are no jobs, and no number of a database."""

_SELECT = (
    sa.select(jobs, hours.c.end.label("hour_end"), papers.c.title, papers.c.doi, papers.c.host)
    .join_from(jobs, papers, papers.c.id == jobs.c.paper, isouter=True)
    .join(hours, hours.c.stream == jobs.c.hour, isouter=True)
)
_MOMENTS = ("hour_end", "due", "planned_at", "started_at", "ended_at")
_OPEN = jobs.c.status.in_([status.value for status in OPEN_JOBS])
_PLANNED = jobs.c.status == JobStatus.PLANNED.value
_PAUSED = (jobs.c.status == JobStatus.STOPPED.value, jobs.c.reason == PAUSE.why)
"""Jobs that a pause ended; of a planned hour each was planned anew."""


class SqlJobs:
    """Adapter of application.queries.Jobs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self, which: JobFilter, *, limit: int = 50, after: int | None = None, ascending: bool = False
    ) -> Sequence[JobRow]:
        """See the port."""
        order = jobs.c.id if ascending else jobs.c.id.desc()
        ids = sa.select(jobs.c.id).where(*_conditions(which)).order_by(order).limit(_bounded(limit))
        if after is not None:
            known = min(max(after, 0), LARGEST)
            ids = ids.where(jobs.c.id > known if ascending else jobs.c.id < known)
        # The rows of the page only are joined: a sort over joined rows is slow where many match.
        return self._rows(_SELECT.where(jobs.c.id.in_(ids.subquery().select())).order_by(order))

    def coming(self, which: JobFilter, *, limit: int = 50, after: int | None = None) -> Sequence[JobRow]:
        """See the port."""
        order = (jobs.c.due, jobs.c.id)
        ids = sa.select(jobs.c.id).where(TO_COME, *_conditions(which, statuses=False)).order_by(*order)
        if after is not None:
            if (last := self.find(after)) is None or last.due is None:
                return []
            ids = ids.where(sa.tuple_(*order) > sa.tuple_(sa.literal(stamp(last.due)), sa.literal(last.id)))
        found = ids.limit(_bounded(limit)).subquery()
        return self._rows(_SELECT.where(jobs.c.id.in_(found.select())).order_by(*order))

    def some(self, ids: Collection[int]) -> Sequence[JobRow]:
        """See the port."""
        wanted = [one for one in list(ids)[:MAX_LIMIT] if 0 < one < LARGEST]
        found = {row.id: row for row in self._rows(_SELECT.where(jobs.c.id.in_(wanted)))} if wanted else {}
        return [found[one] for one in wanted if one in found]

    def find(self, job: int) -> JobRow | None:
        """See the port."""
        found = self._rows(_SELECT.where(jobs.c.id == job)) if 0 < job < LARGEST else []
        return found[0] if found else None

    def by_status(self, which: JobFilter) -> Mapping[JobStatus, int]:
        """See the port."""
        query = sa.select(jobs.c.status, sa.func.count()).where(*_conditions(which, statuses=False))
        query = query.group_by(jobs.c.status)
        with self._database.read() as connection:
            return {JobStatus(status): count for status, count in connection.execute(query)}

    def count(self, which: JobFilter) -> int:
        """See the port."""
        query = sa.select(sa.func.count()).select_from(jobs).where(*_conditions(which))
        with self._database.read() as connection:
            return connection.execute(query).scalar_one()

    def open(self, which: JobFilter) -> Sequence[JobRow]:
        """See the port."""
        last = jobs.c.due.is_(None)
        return self._rows(_SELECT.where(_OPEN, *_conditions(which)).order_by(last, jobs.c.due, jobs.c.id))

    def planned(self) -> Mapping[int, datetime]:
        """See the port."""
        query = sa.select(jobs.c.id, jobs.c.due).where(_PLANNED)
        with self._database.read() as connection:
            return {row.id: moment(row.due) for row in connection.execute(query)}

    def over(self, now: datetime, beyond: datetime) -> Sequence[str]:
        """See the port."""
        over = sa.select(hours.c.stream).where((hours.c.end <= stamp(now)) | (hours.c.start > stamp(beyond)))
        query = sa.select(jobs.c.paper).where(_PLANNED, jobs.c.hour.in_(over)).order_by(jobs.c.id)
        with self._database.read() as connection:
            return list(connection.execute(query).scalars())

    def hour(self, stream: str) -> HourRow | None:
        """See the port."""
        found = self._hours(sa.select(hours).where(hours.c.stream == stream))
        return found[0] if found else None

    def hours(self, since: datetime, limit: int = 200) -> Sequence[HourRow]:
        """See the port."""
        return self._hours(sa.select(hours).where(hours.c.start >= stamp(since)).order_by(hours.c.start).limit(limit))

    def _hours(self, query: sa.Select[Any]) -> list[HourRow]:
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            names = [row.stream for row in rows]
            counted = sa.select(jobs.c.hour, jobs.c.status, sa.func.count()).where(jobs.c.hour.in_(names))
            counts: dict[str, dict[JobStatus, int]] = defaultdict(dict)
            for stream, status, count in connection.execute(counted.group_by(jobs.c.hour, jobs.c.status)):
                counts[stream][JobStatus(status)] = count
            paused = sa.select(jobs.c.hour, sa.func.count().label("anew")).where(jobs.c.hour.in_(names), *_PAUSED)
            anew = {row.hour: row.anew for row in connection.execute(paused.group_by(jobs.c.hour))}
        return [_hour(row, counts[row.stream], anew.get(row.stream, 0)) for row in rows]

    def planned_until(self, before: datetime) -> datetime | None:
        """See the port."""
        query = sa.select(hours.c.end).where(hours.c.start < stamp(before)).order_by(hours.c.start.desc()).limit(1)
        with self._database.read() as connection:
            latest = connection.execute(query).scalar_one_or_none()
        return moment(latest) if latest else None

    def _rows(self, query: sa.Select[Any]) -> list[JobRow]:
        with self._database.read() as connection:
            return [_job(row) for row in connection.execute(query)]


def _bounded(limit: int) -> int:
    return min(max(limit, 1), MAX_LIMIT)


def _conditions(which: JobFilter, *, statuses: bool = True) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if statuses and which.statuses:
        conditions.append(jobs.c.status.in_([status.value for status in which.statuses]))
    for value, column in (
        (which.paper, jobs.c.paper),
        (which.module, jobs.c.module),
        (which.hour, jobs.c.hour),
    ):
        if value:
            conditions.append(column == clean(value))
    if which.by_hand is not None:
        conditions.append(jobs.c.by_hand == which.by_hand)
    if which.host:
        there = sa.select(papers.c.id).where(papers.c.host == clean(which.host))
        conditions.append(jobs.c.paper.in_(there))
    if which.collection:
        named = sa.select(memberships.c.paper).where(memberships.c.collection == clean(which.collection), living())
        conditions.append(jobs.c.paper.in_(named))
    return conditions


def _job(row: sa.Row[Any]) -> JobRow:
    values = dict(row._mapping)  # noqa: SLF001 (the documented way to a mapping)
    values["status"], values["by_hand"] = JobStatus(values["status"]), bool(values["by_hand"])
    for name in _MOMENTS:
        values[name] = moment(values[name]) if values[name] else None
    return JobRow(**values)


def _hour(row: sa.Row[Any], counts: Mapping[JobStatus, int], anew: int) -> HourRow:
    values = dict(row._mapping)  # noqa: SLF001 (the documented way to a mapping)
    del values["planned_at"], values["position"]
    return HourRow(
        **values | {name: moment(values[name]) for name in ("start", "begins", "end")}, jobs=counts, anew=anew
    )
