"""The progress of long work, as every process sees it; nothing of it may stand in the way of the work itself."""

from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from application.ports.tasks import Task, TaskStatus
from infrastructure.database import Database
from infrastructure.tasks import KEPT, SILENCE, SqlTasks, tasks
from tests.databases import address
from tests.fakes.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def work(database: Database, clock: FakeClock) -> SqlTasks:
    return SqlTasks(database, clock, pause=0.0)


def only(work: SqlTasks) -> Task:
    (task,) = work.recent()
    return task


def test_a_task_runs_and_finishes(work: SqlTasks, clock: FakeClock) -> None:
    began = clock.now()
    with work.run("rebuild", "the table papers") as report:
        assert (only(work).status, only(work).done, only(work).whole) == (TaskStatus.RUNNING, 0, 0)
        clock.advance(timedelta(seconds=5))
        report(2**40, 2**41)
        task = only(work)
        assert (task.done, task.whole, task.status) == (2**40, 2**41, TaskStatus.RUNNING)
        assert (task.started_at, task.updated_at) == (began, clock.now())
    task = only(work)
    assert (task.kind, task.title) == ("rebuild", "the table papers")
    assert (task.status, task.done, task.whole, task.detail) == (TaskStatus.FINISHED, 2**40, 2**41, "")


def test_a_task_that_is_broken_off_has_failed_and_says_why(work: SqlTasks) -> None:
    with pytest.raises(ZeroDivisionError), work.run("export", "everything"):
        raise ZeroDivisionError("a mistake " + "x" * 10_000)
    assert only(work).status is TaskStatus.FAILED
    assert only(work).detail.startswith("a mistake")
    assert len(only(work).detail) == 500


def test_a_task_that_is_interrupted_has_failed(work: SqlTasks) -> None:
    with pytest.raises(KeyboardInterrupt), work.run("export", "everything"):
        raise KeyboardInterrupt
    assert only(work).status is TaskStatus.FAILED


def test_text_that_no_database_can_keep_is_cleaned(work: SqlTasks) -> None:
    with pytest.raises(ZeroDivisionError), work.run("import", "a\0\udcff.csv"):
        raise ZeroDivisionError("b\0\udcff")
    assert (only(work).status, only(work).title, only(work).detail) == (TaskStatus.FAILED, "a?.csv", "b?")


def test_a_task_that_says_nothing_for_long_was_interrupted(work: SqlTasks, clock: FakeClock) -> None:
    with work.run("export", "everything") as report:
        clock.advance(SILENCE)
        assert only(work).status is TaskStatus.RUNNING
        clock.advance(timedelta(seconds=1))
        assert only(work).status is TaskStatus.INTERRUPTED
        report(1, 2)
        assert only(work).status is TaskStatus.RUNNING, "it was only slow"


def test_tasks_that_run_come_first_then_the_newest(work: SqlTasks) -> None:
    with work.run("a", "runs long"):
        for title in ("one", "two", "three"):
            with work.run("b", title):
                pass
        with work.run("c", "runs too"):
            assert [task.title for task in work.recent()] == ["runs too", "runs long", "three", "two", "one"]
            assert [task.title for task in work.recent(limit=3)] == ["runs too", "runs long", "three"]


def test_another_process_sees_them(work: SqlTasks, database: Database, clock: FakeClock) -> None:
    with closing(Database(address(database))) as other, work.run("export", "everything") as report:
        report(1, 2)
        assert only(SqlTasks(other, clock)).done == 1


def test_old_tasks_go(work: SqlTasks, clock: FakeClock) -> None:
    with work.run("a", "old"):
        pass
    clock.advance(KEPT + timedelta(seconds=1))
    with work.run("a", "new"):
        assert [task.title for task in work.recent()] == ["new"]


def test_it_is_told_often_and_written_seldom(database: Database, clock: FakeClock) -> None:
    work, written = SqlTasks(database, clock, pause=3600.0), list[Any]()
    with work.run("export", "everything") as report:

        @sa.event.listens_for(database.engine, "before_cursor_execute")
        def watch(_: object, __: object, statement: str, *___: object) -> None:
            written.extend([statement] if statement.startswith("UPDATE") else [])

        for number in range(1_000):
            report(number, 1_000)
    assert len(written) == 2, "the first report, and the end"
    assert only(work).status is TaskStatus.FINISHED


def test_a_database_that_is_busy_does_not_disturb_the_work(database: Database, clock: FakeClock) -> None:
    done: list[int] = []
    with closing(Database(address(database), busy_seconds=0.02)) as impatient:
        work = SqlTasks(impatient, clock, pause=0.0)
        with database.write() as connection:
            connection.execute(tasks.insert(), [_row("held")])
            if not database.is_sqlite:  # there rows are locked, not the database
                connection.exec_driver_sql("LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE")
            with work.run("export", "everything") as report:
                for number in range(3):
                    report(number, 3)
                    done.append(number)
    assert done == [0, 1, 2]
    assert [task.title for task in SqlTasks(database, clock).recent()] == ["held"]


def _row(title: str) -> dict[str, Any]:
    moment = "2026-01-05T12:00:00.000000+00:00"
    row = {"id": title, "kind": "a", "title": title, "status": "finished", "done": 0, "whole": 0, "detail": ""}
    return row | {"started_at": moment, "updated_at": moment}


def test_a_table_that_is_gone_does_not_disturb_the_work(work: SqlTasks, database: Database) -> None:
    with database.write() as connection:
        tasks.drop(connection)
    with work.run("export", "everything") as report:
        report(1, 2)
