"""How far long work is, in percent, and when it will be done if it goes on like this. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import frozen

from application.ports.tasks import Task, TaskStatus
from application.queries import ImportRow

SURE = 0.02
"""The share of the work after which its end is estimated."""


@frozen(kw_only=True)
class Progress:
    """Long work: `done` of `whole` units, 0 of 0 where that cannot be told. `import_id` where it is an import."""

    id: str
    kind: str
    title: str
    status: TaskStatus
    done: int
    whole: int
    started_at: datetime
    updated_at: datetime
    detail: str = ""
    import_id: str | None = None

    @property
    def is_running(self) -> bool:
        """Whether it goes on."""
        return self.status is TaskStatus.RUNNING

    @property
    def percent(self) -> int | None:
        """How far it is; None where that cannot be told."""
        return min(100, 100 * self.done // self.whole) if self.whole else None

    @property
    def ends_at(self) -> datetime | None:
        """When it ends if it goes on as it did so far; None where it has just begun, or where that cannot be told."""
        if not self.is_running or not self.whole or self.done < SURE * self.whole:
            return None
        taken = self.updated_at - self.started_at
        return self.started_at + taken * (self.whole / self.done)


def of_task(task: Task) -> Progress:
    """The progress of a task."""
    return Progress(
        id=task.id,
        kind=task.kind,
        title=task.title,
        status=task.status,
        done=task.done,
        whole=task.whole,
        started_at=task.started_at,
        updated_at=task.updated_at,
        detail=task.detail,
    )


def of_import(row: ImportRow) -> Progress:
    """The progress of an import that runs."""
    return Progress(
        id=row.id,
        kind="import",
        title=row.filename,
        status=TaskStatus.RUNNING,
        done=row.recorded,
        whole=row.rows,
        started_at=row.started_at,
        updated_at=row.updated_at,
        import_id=row.id,
    )


def in_order(tasks: Iterable[Task], imports: Iterable[ImportRow]) -> Sequence[Progress]:
    """What runs first, the oldest at the front, so that nothing moves; then what has ended, the newest at the front."""
    every = [*map(of_import, imports), *map(of_task, tasks)]
    running = sorted((one for one in every if one.is_running), key=lambda one: (one.started_at, one.id))
    ended = sorted((one for one in every if not one.is_running), key=lambda one: one.updated_at, reverse=True)
    return [*running, *ended]
