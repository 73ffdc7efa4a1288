"""Planned hours, and every attempt on a paper as a job: planned for a moment of an hour, or taken up outside of it."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from attrs import define, field

from application.ports.event_log import Recorded
from application.queries import JobStatus
from domain import hour
from domain import paper_events as happened
from domain.events import Event
from domain.paper import STREAM
from infrastructure.bulk import insert_rows
from infrastructure.database import metadata as schema
from infrastructure.log.codec import stamp
from infrastructure.log.tables import Position
from infrastructure.read_models.model import STATEMENTS, Tables

MANY = 5_000
"""Papers in one query; SQLite takes at most 32,766 parameters."""

TO_COME = sa.text("status = 'planned'")
"""Condition of a partial index; a query must say the same."""

jobs = sa.Table(
    "jobs",
    schema,
    sa.Column("id", Position, primary_key=True, autoincrement=False),
    sa.Column("paper", sa.Text, nullable=False),
    sa.Column("module", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("hour", sa.Text),
    sa.Column("due", sa.Text),
    sa.Column("planned_at", sa.Text),
    sa.Column("started_at", sa.Text),
    sa.Column("ended_at", sa.Text),
    sa.Column("attempt", sa.Text),
    sa.Column("worker", sa.Text),
    sa.Column("by_hand", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("outcome", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Index(None, "status", "id", "module", "by_hand"),
    sa.Index(None, "hour", "status"),
    sa.Index(None, "paper", "id", "status"),
    sa.Index("ix_jobs_to_come", "due", "id", sqlite_where=TO_COME, postgresql_where=TO_COME),
)
"""The indexes hold what is counted by status, so that the rows themselves are not read for it.

`id` is the position of the event that began the job, `outcome` the status that it left the paper in."""

open_jobs = sa.Table(
    "open_jobs",
    schema,
    sa.Column("paper", sa.Text, primary_key=True),
    sa.Column("job", Position, nullable=False),
)
"""The job that is planned or running for a paper: one at most."""

hours = sa.Table(
    "hours",
    schema,
    sa.Column("stream", sa.Text, primary_key=True),
    sa.Column("start", sa.Text, nullable=False),
    sa.Column("begins", sa.Text, nullable=False),
    sa.Column("end", sa.Text, nullable=False),
    sa.Column("timezone", sa.Text, nullable=False),
    sa.Column("quota", sa.Integer, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("planned_at", sa.Text, nullable=False),
    sa.Column("position", Position, nullable=False),
    sa.Index(None, "start"),
)
"""Every hour that was planned."""

Row = dict[str, Any]


def _reverted(event: happened.Reverted) -> Row:
    status = {"revoked": JobStatus.REVOKED, "hour over": JobStatus.LAPSED}.get(event.why, JobStatus.STOPPED)
    return {"status": status.value, "outcome": event.to.value, "reason": event.why}


def _ended(status: JobStatus, outcome: str, reason: str | None = None) -> Row:
    return {"status": status.value, "outcome": outcome, "reason": reason}


_ENDS: Mapping[type[Event], Callable[[Any], Row]] = {
    happened.CopiesLocated: lambda _: _ended(JobStatus.FINISHED, "located"),
    happened.NotLocated: lambda e: _ended(JobStatus.FINISHED, "unavailable", e.cause),
    happened.Downloaded: lambda _: _ended(JobStatus.FINISHED, "done"),
    happened.Doubted: lambda _: _ended(JobStatus.FINISHED, "doubtful"),
    happened.Failed: lambda e: _ended(JobStatus.FAILED, "failed", e.cause),
    happened.Deferred: lambda e: _ended(JobStatus.DEFERRED, e.to.value, e.cause),
    happened.Reverted: _reverted,
}
"""How a job ends."""
ENDING = frozenset(event.TYPE for event in _ENDS)
"""The types of the events that end a job."""


def status_after(event: Event) -> JobStatus:
    """The status in which one of them leaves its job."""
    return JobStatus(_ENDS[type(event)](event)["status"])


@define
class _Batch:
    """The open job of each paper as a run of events goes on, and the rows to write."""

    open: dict[str, int]
    inserted: dict[int, Row] = field(factory=dict)
    changed: dict[int, Row] = field(factory=dict)

    def take(self, recorded: Recorded) -> None:
        paper, event = recorded.stream.removeprefix(STREAM), recorded.event
        moment = stamp(recorded.recorded_at)
        if isinstance(event, happened.Queued):
            planned = {"status": JobStatus.PLANNED.value, "hour": event.hour, "due": stamp(event.due)}
            self._begin(recorded.position, paper, event.module, planned | {"planned_at": moment})
        elif isinstance(event, happened.ProcessingStarted):
            if paper not in self.open:
                self._begin(recorded.position, paper, event.module, {})
            running = {"status": JobStatus.RUNNING.value, "started_at": moment, "by_hand": event.by_hand}
            self._change(self.open[paper], running | {"attempt": event.attempt, "worker": event.worker})
        elif type(event) in _ENDS and paper in self.open:
            self._change(self.open.pop(paper), _ENDS[type(event)](event) | {"ended_at": moment})

    def _begin(self, job: int, paper: str, module: str, facts: Row) -> None:
        self.open[paper] = job
        self.inserted[job] = dict.fromkeys(_COLUMNS) | {"id": job, "paper": paper, "module": module} | facts
        self.inserted[job]["by_hand"] = False

    def _change(self, job: int, news: Row) -> None:
        row = self.inserted.get(job)
        (self.changed.setdefault(job, {}) if row is None else row).update(news)


_COLUMNS = tuple(column.name for column in jobs.c)


class Jobs:
    """The model of the tables `jobs`, `open_jobs` and `hours`."""

    name = "jobs"
    tables = (jobs, open_jobs, hours)

    def apply(self, connection: sa.Connection, events: Sequence[Recorded], tables: Tables) -> None:
        """Begin, change and end the jobs that the events concern."""
        for recorded in events:
            if isinstance(recorded.event, hour.Planned):
                connection.execute(tables(hours).insert(), [_hour(recorded, recorded.event)])
        concerned = [recorded for recorded in events if isinstance(recorded.event, _CONCERN)]
        if not concerned:
            return
        before = _load(connection, tables(open_jobs), {one.stream.removeprefix(STREAM) for one in concerned})
        batch = _Batch(open=dict(before))
        for recorded in concerned:
            batch.take(recorded)
        _update(connection, tables(jobs), batch.changed)
        rows = [tuple(row[name] for name in _COLUMNS) for row in batch.inserted.values()]
        insert_rows(connection, tables(jobs), _COLUMNS, rows)
        _exchange(connection, tables(open_jobs), before, batch.open)


_CONCERN = (happened.Queued, happened.ProcessingStarted, *_ENDS)


def _load(connection: sa.Connection, table: sa.Table, papers: set[str]) -> dict[str, int]:
    """The open jobs of the papers."""
    names, found = sorted(papers), dict[str, int]()
    for start in range(0, len(names), MANY):
        rows = connection.execute(_of_papers(table), {"names": names[start : start + MANY]})
        found |= {row.paper: row.job for row in rows}
    return found


@lru_cache(maxsize=STATEMENTS)
def _of_papers(table: sa.Table) -> sa.Select[Any]:
    named = table.c.paper.in_(sa.bindparam("names", expanding=True))
    return sa.select(table.c.paper, table.c.job).where(named)


def _update(connection: sa.Connection, table: sa.Table, changed: Mapping[int, Row]) -> None:
    """One statement for each set of columns that changes."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for job, row in changed.items():
        groups.setdefault(tuple(row), []).append({"b_id": job} | {f"b_{name}": row[name] for name in row})
    for names, rows in groups.items():
        connection.execute(_changing(table, names), rows)


@lru_cache(maxsize=STATEMENTS)
def _changing(table: sa.Table, names: tuple[str, ...]) -> sa.Update:
    values: Row = {name: sa.bindparam(f"b_{name}") for name in names}
    return table.update().where(table.c.id == sa.bindparam("b_id")).values(values)


def _exchange(connection: sa.Connection, table: sa.Table, before: Mapping[str, int], after: Mapping[str, int]) -> None:
    """Make the table name the open jobs of after where it names those of before."""
    gone = [{"b_paper": paper} for paper, job in before.items() if after.get(paper) != job]
    if gone:
        connection.execute(table.delete().where(table.c.paper == sa.bindparam("b_paper")), gone)
    new = [(paper, job) for paper, job in after.items() if before.get(paper) != job]
    insert_rows(connection, table, ("paper", "job"), new)


def _hour(recorded: Recorded, event: hour.Planned) -> Row:
    return {
        "stream": recorded.stream,
        "start": stamp(event.start),
        "begins": stamp(event.begins),
        "end": stamp(event.end),
        "timezone": event.timezone,
        "quota": event.quota,
        "seed": event.seed,
        "count": event.count,
        "planned_at": stamp(recorded.recorded_at),
        "position": recorded.position,
    }
