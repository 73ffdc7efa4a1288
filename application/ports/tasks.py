"""Long work beside the jobs, rebuilds and exports for example, and how far it is."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from attrs import frozen


class TaskStatus(StrEnum):
    """Where a task is."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    """Its process ended without a word, or it has told nothing for long."""


@frozen(kw_only=True)
class Task:
    """A task: `done` of `whole` units, 0 of 0 where that cannot be told; `detail` says why it failed."""

    id: str
    kind: str
    title: str
    status: TaskStatus
    done: int
    whole: int
    started_at: datetime
    updated_at: datetime
    detail: str = ""


class Report(Protocol):
    """Takes how far a task is."""

    def __call__(self, done: int, whole: int) -> None:
        """`done` of `whole`; told as often as wanted, written about once a second. Never raises."""
        ...


class Tasks(Protocol):
    """The tasks of every process on the database."""

    def run(self, kind: str, title: str, task: str = "") -> AbstractContextManager[Report]:
        """While entered, the task runs; left by an error, it has failed. `task` is its id, a new one where it is ""."""
        ...

    def recent(self, limit: int = 50) -> Sequence[Task]:
        """Tasks, those that run first, then the newest."""
        ...
