"""Imports in the background: each at most once at a time, and a crash of one is nothing to the others."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from infrastructure.database import DatabaseBusy
from infrastructure.scheduling.background import IMPORTS_AT_ONCE, BackgroundImports

SECONDS = 10.0


class Runs:
    """What the background does: notes each run, and waits until it may go on."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.begun, self.go_on = threading.Semaphore(0), threading.Event()

    def __call__(self, import_id: str) -> None:
        self.names.append(import_id)
        self.begun.release()
        assert self.go_on.wait(SECONDS)
        if import_id == "broken":
            raise ZeroDivisionError


@pytest.fixture
def runs() -> Runs:
    return Runs()


@pytest.fixture
def background(runs: Runs) -> Iterator[BackgroundImports]:
    background = BackgroundImports(runs, undo=runs)
    background.start()
    yield background
    runs.go_on.set()
    background.stop()


def test_an_import_runs_soon_and_once(background: BackgroundImports, runs: Runs) -> None:
    runs.go_on.set()
    background.start_import("one")
    assert runs.begun.acquire(timeout=SECONDS)
    background.stop()
    assert runs.names == ["one"]


def test_a_request_at_the_last_moment_breaks_nothing(runs: Runs) -> None:
    runs.go_on.set()
    for _ in range(20):
        background = BackgroundImports(runs, undo=runs)
        background.start()
        background.start_import("one")
        background.stop()  # a thread that crashed would be a warning, and warnings are errors


def test_a_second_request_does_not_run_beside_the_first(background: BackgroundImports, runs: Runs) -> None:
    background.start_import("one")
    assert runs.begun.acquire(timeout=SECONDS)
    for _ in range(3):
        background.start_import("one")
    background.start_import("other")
    assert runs.begun.acquire(timeout=SECONDS)
    assert sorted(runs.names) == ["one", "other"]


def test_a_request_for_what_waits_or_runs_is_nothing_to_tell(
    background: BackgroundImports, runs: Runs, caplog: pytest.LogCaptureFixture
) -> None:
    names = [str(number) for number in range(IMPORTS_AT_ONCE + 1)]
    for name in names:
        background.start_import(name)
    for _ in range(IMPORTS_AT_ONCE):
        assert runs.begun.acquire(timeout=SECONDS)
    for name in (*names, "the last"):
        background.start_import(name)
    runs.go_on.set()
    for _ in range(2):
        assert runs.begun.acquire(timeout=SECONDS)
    background.stop()
    assert sorted(runs.names) == [*names, "the last"]
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == []


def test_an_import_is_taken_back_beside_a_run_that_has_not_ended(background: BackgroundImports, runs: Runs) -> None:
    background.start_import("one")
    assert runs.begun.acquire(timeout=SECONDS)
    background.start_undo("one")
    assert runs.begun.acquire(timeout=SECONDS)
    assert runs.names == ["one", "one"]


def test_only_so_many_run_at_once(background: BackgroundImports, runs: Runs) -> None:
    for number in range(IMPORTS_AT_ONCE + 2):
        background.start_import(str(number))
    for _ in range(IMPORTS_AT_ONCE):
        assert runs.begun.acquire(timeout=SECONDS)
    assert not runs.begun.acquire(timeout=0.05)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_import_that_crashes_does_not_keep_others_from_running(background: BackgroundImports, runs: Runs) -> None:
    runs.go_on.set()
    background.start_import("broken")
    assert runs.begun.acquire(timeout=SECONDS)
    background.start_import("whole")
    assert runs.begun.acquire(timeout=SECONDS)
    assert runs.names == ["broken", "whole"]


def test_stopping_waits_for_what_runs(background: BackgroundImports, runs: Runs) -> None:
    background.start_import("one")
    assert runs.begun.acquire(timeout=SECONDS)
    stopping = threading.Thread(target=background.stop)
    stopping.start()
    assert stopping.is_alive()
    runs.go_on.set()
    stopping.join(SECONDS)
    assert not stopping.is_alive()


def test_what_never_started_can_be_stopped() -> None:
    BackgroundImports(lambda _: None, undo=lambda _: None).stop()


def test_an_import_that_a_busy_database_broke_off_goes_on_after_a_pause() -> None:
    runs: list[str] = []
    done = threading.Event()

    def run(import_id: str) -> None:
        runs.append(import_id)
        if len(runs) == 1:
            raise DatabaseBusy("busy")
        done.set()

    background = BackgroundImports(run, undo=run, pause=timedelta(seconds=0.2))
    background.start()
    background.start_import("one")
    assert done.wait(SECONDS)
    background.stop()
    assert runs == ["one", "one"]
