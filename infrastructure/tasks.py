"""The progress of long work, in a table that every process sees. Nothing of it must be kept: faults are ignored."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from uuid_utils import uuid7

from application.ports.clock import Clock
from application.ports.tasks import Report, Task, TaskStatus
from domain.errors import SciPaperLoaderError
from domain.records import clean
from infrastructure.database import Database, metadata
from infrastructure.log.codec import moment, stamp

PAUSE = 1.0
"""Seconds between two notes of one task."""
SILENCE = timedelta(minutes=5)
"""After so long without a note a task counts as interrupted."""
KEPT = timedelta(days=7)

_FAULTS = (SciPaperLoaderError, sa.exc.SQLAlchemyError)

tasks = sa.Table(
    "tasks",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("done", sa.BigInteger, nullable=False),
    sa.Column("whole", sa.BigInteger, nullable=False),
    sa.Column("started_at", sa.Text, nullable=False),
    sa.Column("updated_at", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
)


class SqlTasks:
    """Adapter of application.ports.tasks.Tasks."""

    def __init__(self, database: Database, clock: Clock, pause: float = PAUSE) -> None:
        self._database, self._clock, self._pause = database, clock, pause

    @contextmanager
    def run(self, kind: str, title: str, task: str = "") -> Iterator[Report]:
        """See the port."""
        task = task or str(uuid7())
        self._begin(task, kind, title)
        last = dict[str, object]()
        try:
            yield self._report(task, last)
        except BaseException as error:
            self._note(task, **last, status=TaskStatus.FAILED.value, detail=clean(str(error))[:500])
            raise
        self._note(task, **last, status=TaskStatus.FINISHED.value)

    def _begin(self, task: str, kind: str, title: str) -> None:
        now = self._clock.now()
        running = TaskStatus.RUNNING.value
        row = {"id": task, "kind": kind, "title": clean(title), "status": running, "done": 0, "whole": 0}
        row |= {"started_at": stamp(now), "updated_at": stamp(now), "detail": ""}
        with suppress(*_FAULTS), self._database.write() as connection:
            connection.execute(tasks.delete().where((tasks.c.updated_at < stamp(now - KEPT)) | (tasks.c.id == task)))
            connection.execute(tasks.insert(), [row])

    def _report(self, task: str, last: dict[str, object]) -> Report:
        """Takes how far the task is; `last` has what was told last, whether it was noted or not."""
        noted = time.monotonic() - self._pause

        def report(done: int, whole: int) -> None:
            nonlocal noted
            last.update(done=done, whole=whole)
            if time.monotonic() - noted >= self._pause:
                self._note(task, done=done, whole=whole)
                noted = time.monotonic()

        return report

    def _note(self, task: str, **news: object) -> None:
        news |= {"updated_at": stamp(self._clock.now())}
        with suppress(*_FAULTS), self._database.write() as connection:
            connection.execute(tasks.update().where(tasks.c.id == task).values(**news))

    def recent(self, limit: int = 50) -> Sequence[Task]:
        """See the port."""
        running = tasks.c.status != TaskStatus.RUNNING.value
        with self._database.read() as connection:
            rows = connection.execute(sa.select(tasks).order_by(running, tasks.c.id.desc()).limit(limit)).all()
        return [self._task(row) for row in rows]

    def _task(self, row: sa.Row[Any]) -> Task:
        values = dict(row._mapping)  # noqa: SLF001 (the documented way to a mapping)
        status = TaskStatus(values["status"])
        values["started_at"], values["updated_at"] = moment(row.started_at), moment(row.updated_at)
        if status is TaskStatus.RUNNING and self._clock.now() - values["updated_at"] > SILENCE:
            status = TaskStatus.INTERRUPTED
        return Task(**{**values, "status": status})
