"""The planned jobs on their clock: each called at its moment and once, whatever hangs, fails or dies."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from attrs import define, field
from structlog.testing import capture_logs

from infrastructure.database import DatabaseBusy
from infrastructure.scheduling.timetable import SchedulerTimetable

SECONDS = 10.0
PAST = datetime(2026, 1, 1, tzinfo=UTC)
FAR = datetime(2126, 1, 1, tzinfo=UTC)


@define
class Runs:
    """What the timetable calls: notes each run, lets some hang until `go_on`, and others fail."""

    began: list[int] = field(factory=list)
    moments: dict[int, datetime] = field(factory=dict)
    hanging: set[int] = field(factory=set)
    failing: dict[int, Exception] = field(factory=dict)
    go_on: threading.Event = field(factory=threading.Event)
    _news: threading.Condition = field(factory=threading.Condition)

    def __call__(self, job: int) -> None:
        with self._news:
            self.began.append(job)
            self.moments[job] = datetime.now(UTC)
            self._news.notify_all()
        if job in self.hanging:
            assert self.go_on.wait(SECONDS)
        if job in self.failing:
            raise self.failing[job]

    def wait(self, *jobs: int) -> None:
        """Wait until each of the jobs has begun as often as it is named."""
        with self._news:
            assert self._news.wait_for(lambda: not Counter(jobs) - Counter(self.began), SECONDS)


@pytest.fixture
def runs() -> Iterator[Runs]:
    runs = Runs()
    yield runs
    runs.go_on.set()


@pytest.fixture
def timetable(runs: Runs) -> Iterator[SchedulerTimetable]:
    timetable = SchedulerTimetable(runs, 2)
    timetable.start()
    yield timetable
    runs.go_on.set()
    timetable.stop()


def set_to_come(timetable: SchedulerTimetable) -> set[str]:
    """The jobs that its scheduler has still to call."""
    return {job.id for job in timetable._scheduler.get_jobs()} - {"beat"}


def until(wanted: Callable[[], bool]) -> None:
    """Wait for something that no event tells."""
    for _ in range(1_000):
        if wanted():
            return
        threading.Event().wait(0.01)
    pytest.fail("it did not come to that")


def test_what_is_past_is_run_at_once(timetable: SchedulerTimetable, runs: Runs) -> None:
    timetable.set({1: PAST, 2: PAST, 3: FAR})
    runs.wait(1, 2)
    assert sorted(runs.began) == [1, 2]
    assert set_to_come(timetable) == {"job 3"}


def test_a_job_is_not_run_before_its_moment(timetable: SchedulerTimetable, runs: Runs) -> None:
    moment = datetime.now(UTC) + timedelta(seconds=0.1)
    timetable.set({1: moment})
    runs.wait(1)
    assert runs.moments[1] >= moment


def test_what_is_going_to_run_becomes_equal_to_what_is_set(timetable: SchedulerTimetable) -> None:
    for wanted in ({1, 2, 3}, {2, 4}, set[int](), {1}):
        timetable.set(dict.fromkeys(wanted, FAR))
        assert set_to_come(timetable) == {f"job {job}" for job in wanted}


def test_a_job_whose_moment_changes_is_run_at_the_new_one(timetable: SchedulerTimetable, runs: Runs) -> None:
    timetable.set({1: FAR})
    timetable.set({1: PAST})
    runs.wait(1)
    assert runs.began == [1]


def test_a_job_that_runs_is_not_run_beside_itself(timetable: SchedulerTimetable, runs: Runs) -> None:
    runs.hanging = {1}
    timetable.set({1: PAST})
    runs.wait(1)
    for due in ({1: PAST}, {}, {1: PAST}, {1: FAR}, {1: PAST}):
        timetable.set(due)
    timetable.set({1: PAST, 2: PAST})
    runs.wait(2)
    assert sorted(runs.began) == [1, 2]


def test_a_job_that_waits_for_a_thread_is_known(timetable: SchedulerTimetable, runs: Runs) -> None:
    runs.hanging = {1, 2}
    timetable.set({1: PAST, 2: PAST})
    runs.wait(1, 2)
    for _ in range(3):
        timetable.set({1: PAST, 2: PAST, 3: PAST})
        until(lambda: not set_to_come(timetable))
    runs.go_on.set()
    runs.wait(3)
    until(lambda: not timetable._known)
    assert sorted(runs.began) == [1, 2, 3]


def test_jobs_that_wait_for_a_thread_do_not_begin_after_clearing(runs: Runs) -> None:
    """A process that no longer leads gives its threads up and hires new ones: they are not for what waited."""
    timetable = SchedulerTimetable(runs, 1)
    timetable.start()
    runs.hanging = {1}
    timetable.set({1: PAST, 2: PAST, 3: PAST})
    runs.wait(1)
    until(lambda: not set_to_come(timetable))
    for _ in range(3):
        timetable.clear()
    timetable.set({4: PAST})
    runs.wait(4)
    assert runs.began == [1, 4]
    timetable.stop()


def test_jobs_that_wait_for_a_thread_do_not_begin_after_the_end(runs: Runs) -> None:
    timetable = SchedulerTimetable(runs, 1)
    timetable.start()
    runs.hanging = {1}
    timetable.set({1: PAST, 2: PAST, 3: PAST})
    runs.wait(1)
    until(lambda: not set_to_come(timetable))
    with capture_logs() as told:
        timetable.stop()
        runs.go_on.set()
        for thread in timetable._pool._crew.threads:
            thread.join(SECONDS)
            assert not thread.is_alive()
    assert runs.began == [1]
    assert told == []


def test_a_job_that_waits_for_a_thread_and_is_set_again_is_run_once(timetable: SchedulerTimetable, runs: Runs) -> None:
    runs.hanging = {1, 2}
    timetable.set({1: PAST, 2: PAST})
    runs.wait(1, 2)
    for due in ({3: PAST}, {}, {3: FAR}, {3: PAST}, {}, {3: PAST, 4: PAST}):
        timetable.set({1: PAST, 2: PAST, **due})
        until(lambda: set_to_come(timetable) <= ({"job 3"} if due.get(3) == FAR else set()))  # noqa: B023 (at once)
    runs.go_on.set()
    runs.wait(3, 4)
    until(lambda: not timetable._known)
    assert sorted(runs.began) == [1, 2, 3, 4]


def test_a_job_that_could_not_be_set_is_set_the_next_time(
    timetable: SchedulerTimetable, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(timetable._scheduler, "add_job", fail)
        with pytest.raises(MemoryError):
            timetable.set({1: PAST, 2: PAST})
    timetable.set({1: PAST, 2: PAST})
    runs.wait(1, 2)


def test_a_job_that_did_nothing_is_run_again_when_it_is_set_again(timetable: SchedulerTimetable, runs: Runs) -> None:
    for times in range(1, 4):
        until(lambda: not timetable._known)
        timetable.set({1: PAST})
        runs.wait(*[1] * times)
    assert runs.began == [1, 1, 1]


def test_a_job_that_fails_is_told_and_others_go_on(timetable: SchedulerTimetable, runs: Runs) -> None:
    runs.failing = {1: DatabaseBusy("The database is busy."), 2: ZeroDivisionError("a mistake")}
    with capture_logs() as told:
        timetable.set({1: PAST, 2: PAST, 3: PAST})
        runs.wait(1, 2, 3)
        until(lambda: not timetable._known)
    assert sorted((one["log_level"], one["event"]) for one in told) == [
        ("error", "a job failed"),
        ("warning", "a job was broken off"),
    ]


def test_jobs_that_hang_are_given_up_and_others_run(timetable: SchedulerTimetable, runs: Runs) -> None:
    runs.hanging = {1, 2}
    timetable.set({1: PAST, 2: PAST})
    runs.wait(1, 2)
    timetable.clear()
    timetable.set({3: PAST, 4: PAST})
    runs.wait(3, 4)
    assert not runs.go_on.is_set(), "the two hang still"


def test_clearing_lets_nothing_begin(timetable: SchedulerTimetable, runs: Runs) -> None:
    timetable.set({1: FAR, 2: FAR})
    timetable.clear()
    assert set_to_come(timetable) == set()
    timetable.clear()
    assert runs.began == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_scheduler_whose_thread_died_is_replaced(runs: Runs) -> None:
    timetable = SchedulerTimetable(runs, 2, silence=0.0)
    timetable.start()
    dead = timetable._scheduler

    def die() -> None:
        raise MemoryError

    dead._process_jobs = die
    dead.wakeup()
    dead._thread.join(SECONDS)
    assert not dead._thread.is_alive()
    timetable.set({1: PAST})
    assert timetable._scheduler is not dead
    runs.wait(1)
    timetable.stop()


def test_a_job_that_runs_while_the_scheduler_is_replaced_frees_its_thread(runs: Runs) -> None:
    timetable = SchedulerTimetable(runs, 1, silence=0.0)
    timetable.start()
    runs.hanging = {1}
    timetable.set({1: PAST})
    runs.wait(1)
    timetable.set({1: PAST, 2: PAST})
    runs.go_on.set()
    runs.wait(1, 1, 2)
    timetable.stop()


def test_a_scheduler_that_is_replaced_ends(runs: Runs) -> None:
    timetable = SchedulerTimetable(runs, 2, silence=0.0)
    timetable.start()
    for number in range(5):
        old = timetable._scheduler
        thread = old._thread
        timetable.set({number: PAST, 100: FAR})
        runs.wait(number)
        thread.join(SECONDS)
        assert not thread.is_alive()
        assert not old.running
    assert set_to_come(timetable) == {"job 100"}
    timetable.stop()


def test_a_scheduler_that_wakes_up_after_it_was_replaced_calls_nothing(runs: Runs) -> None:
    timetable = SchedulerTimetable(runs, 2)
    timetable.start()
    timetable.set({1: FAR})
    old = timetable._scheduler
    (called,) = [one for one in old.get_jobs() if one.id != "beat"]
    beat = old.get_job("beat")
    timetable._silence = 0.0
    timetable.set({1: FAR})
    timetable._silence = 60.0
    called.func(*called.args)
    assert runs.began == []
    before = timetable._beaten_at
    beat.func(*beat.args)
    assert timetable._beaten_at == before, "it gives no sign of life for the new one"
    timetable.set({1: PAST})
    runs.wait(1)
    timetable.stop()
    assert runs.began == [1]


def test_a_job_that_ends_after_the_scheduler_was_replaced_makes_no_room_for_a_third_call(runs: Runs) -> None:
    timetable = SchedulerTimetable(runs, 2)
    timetable.start()
    runs.hanging = {1}
    timetable.set({1: PAST})
    runs.wait(1)
    timetable._silence = 0.0
    timetable.set({1: FAR})
    timetable._silence = 60.0
    runs.go_on.set()
    for thread in timetable._pool._crew.threads:
        until(lambda: timetable._pool._crew.busy == 0)
        assert thread.is_alive()
    for _ in range(3):
        timetable.set({1: FAR, 2: FAR})
    assert set_to_come(timetable) == {"job 1", "job 2"}
    assert runs.began == [1]
    timetable.stop()


def test_a_scheduler_that_lives_is_kept(timetable: SchedulerTimetable) -> None:
    first = timetable._scheduler
    for due in ({1: FAR}, {}, {1: FAR}):
        timetable.set(due)
    assert timetable._scheduler is first


def test_a_sign_of_life_is_given_without_a_free_hand(timetable: SchedulerTimetable, runs: Runs) -> None:
    runs.hanging = {1, 2}
    timetable.set({1: PAST, 2: PAST})
    runs.wait(1, 2)
    before = timetable._beaten_at
    timetable._scheduler.get_job("beat").modify(next_run_time=datetime.now(UTC))
    timetable._scheduler.wakeup()
    until(lambda: timetable._beaten_at > before)


def test_after_the_end_nothing_begins_and_what_runs_ends_by_itself(runs: Runs) -> None:
    timetable = SchedulerTimetable(runs, 2)
    timetable.start()
    runs.hanging = {1}
    timetable.set({1: PAST, 2: FAR})
    runs.wait(1)
    timetable.stop()
    timetable.set({3: PAST})
    timetable.clear()
    timetable.stop()
    runs.go_on.set()
    until(lambda: 1 not in timetable._known)
    assert runs.began == [1]


def test_a_job_at_the_last_moment_breaks_nothing(runs: Runs) -> None:
    for number in range(20):
        timetable = SchedulerTimetable(runs, 2)
        timetable.start()
        timetable.set({number: PAST})
        timetable.stop()  # a thread that crashed would be a warning, and warnings are errors


def test_what_never_started_can_be_stopped(runs: Runs) -> None:
    SchedulerTimetable(runs, 1).stop()
