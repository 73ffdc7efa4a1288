"""How far long work is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from application.ports.tasks import Task, TaskStatus
from application.progress import Progress, in_order, of_task

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def task(name: str = "a", **fields: Any) -> Task:
    given: dict[str, Any] = {
        "status": TaskStatus.RUNNING,
        "done": 0,
        "whole": 0,
        "started_at": NOON,
        "updated_at": NOON,
    }
    return Task(id=name, kind="rebuild", title="papers", **(given | fields))


def progress(**fields: Any) -> Progress:
    return of_task(task(**fields))


@pytest.mark.parametrize(("done", "whole", "percent"), [(0, 0, None), (0, 7, 0), (999, 1000, 99), (9, 8, 100)])
def test_its_share_is_told_where_the_whole_is_known(done: int, whole: int, percent: int | None) -> None:
    assert progress(done=done, whole=whole).percent == percent


def test_its_end_is_estimated_by_what_was_done() -> None:
    assert progress(done=25, whole=100, updated_at=NOON + MINUTE).ends_at == NOON + 4 * MINUTE


@pytest.mark.parametrize(
    "fields",
    [
        {"done": 0, "whole": 100},
        {"done": 1, "whole": 100},
        {"done": 5, "whole": 0},
        {"done": 50, "whole": 100, "status": TaskStatus.INTERRUPTED},
    ],
)
def test_its_end_is_not_guessed(fields: dict[str, Any]) -> None:
    assert progress(**fields).ends_at is None


def test_what_runs_stays_in_its_place_and_what_ended_last_comes_first() -> None:
    tasks = [
        task("ended", status=TaskStatus.FAILED, updated_at=NOON + MINUTE),
        task("second", started_at=NOON + MINUTE, updated_at=NOON + 9 * MINUTE),
        task("ended last", status=TaskStatus.FINISHED, updated_at=NOON + 2 * MINUTE),
        task("first", updated_at=NOON + 3 * MINUTE),
    ]
    assert [one.id for one in in_order(tasks, [])] == ["first", "second", "ended last", "ended"]
