"""The clock that calls the jobs: the real one, and the one that a test winds up."""

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from attrs import define, field

from application.ports.timetable import Timetable
from infrastructure.scheduling.timetable import SchedulerTimetable
from tests.fakes.clock import FakeClock
from tests.fakes.timetable import FakeTimetable

PAST, FAR = datetime(2026, 1, 1, tzinfo=UTC), datetime(2126, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LAST = 1_000
"""Jobs from here on are set after the others, and so called after them: one hand does one after the other."""


@define
class Bench:
    """A timetable, what it called, and what is done while a job runs."""

    timetable: Timetable = field(init=False)
    settle: Callable[[], object] = field(init=False)
    """Return when everything that is due was called."""
    called: list[int] = field(factory=list)
    during: dict[int, Callable[[], object]] = field(factory=dict)
    last: int = LAST
    _called_last: threading.Event = field(factory=threading.Event)

    def set(self, due: Mapping[int, datetime]) -> None:
        """Set jobs, and a last one."""
        self._called_last.clear()
        self.last += 1
        self.timetable.set({**due, self.last: PAST + timedelta(days=1)})

    def run(self, job: int) -> None:
        """What the timetable calls."""
        if job == self.last:
            self._called_last.set()
        elif job < LAST:
            self.called.append(job)
            self.during.pop(job, lambda: None)()

    def wait(self) -> None:
        """Wait for the last job."""
        assert self._called_last.wait(10)


@pytest.fixture(params=["fake", "real"])
def bench(request: pytest.FixtureRequest, clock: FakeClock) -> Iterator[Bench]:
    bench = Bench()
    if request.param == "fake":
        bench.timetable = fake = FakeTimetable(clock, bench.run)
        bench.settle = fake.run_due
        yield bench
        return
    bench.timetable = real = SchedulerTimetable(bench.run, hands=1)
    bench.settle = bench.wait
    real.start()
    yield bench
    real.stop()


def test_what_is_past_is_called_at_once_and_what_is_to_come_is_not(bench: Bench) -> None:
    bench.set({1: PAST, 2: FAR, 3: PAST + SECOND})
    bench.settle()
    assert bench.called == [1, 3]


def test_what_is_set_again_meanwhile_is_called_once(bench: Bench) -> None:
    due = {1: PAST, 2: PAST + SECOND}
    bench.during[1] = lambda: bench.set(due)
    bench.set(due)
    bench.settle()
    assert bench.called == [1, 2]


def test_what_ran_is_called_again_where_it_is_set_again(bench: Bench) -> None:
    """A job that may not run, while a module is off for one, stays planned, and is asked again."""
    for _ in range(2):
        bench.set({1: PAST})
        bench.settle()
    assert bench.called == [1, 1]


def test_what_is_set_no_more_is_not_called(bench: Bench) -> None:
    bench.during[1] = lambda: bench.set({3: PAST})
    bench.set({1: PAST, 2: FAR})
    bench.settle()
    assert bench.called == [1, 3]


def test_what_waits_for_a_hand_and_is_set_no_more_is_not_called(bench: Bench) -> None:
    bench.during[1] = lambda: bench.set({3: PAST})
    bench.set({1: PAST, 2: PAST + SECOND})
    bench.settle()
    assert bench.called == [1, 3]


def test_what_waits_for_a_hand_when_it_is_cleared_is_not_called(bench: Bench) -> None:
    def clear() -> None:
        bench.timetable.clear()
        bench.set({3: PAST})

    bench.during[1] = clear
    bench.set({1: PAST, 2: PAST + SECOND})
    bench.settle()
    assert bench.called == [1, 3]


def test_the_moment_of_what_waits_for_a_hand_can_be_changed(bench: Bench) -> None:
    bench.during[1] = lambda: bench.set({2: FAR, 3: PAST + SECOND})
    bench.set({1: PAST, 2: PAST + SECOND, 3: PAST + SECOND})
    bench.settle()
    assert bench.called == [1, 3]
    bench.set({2: PAST})
    bench.settle()
    assert bench.called == [1, 3, 2]


def test_a_moment_can_be_changed(bench: Bench) -> None:
    bench.set({1: FAR, 2: FAR})
    bench.set({1: PAST, 2: FAR})
    bench.settle()
    assert bench.called == [1]


def test_after_it_was_cleared_nothing_is_called_until_something_is_set(bench: Bench) -> None:
    bench.set({1: FAR})
    bench.timetable.clear()
    bench.set({2: PAST})
    bench.settle()
    assert bench.called == [2]


def test_a_job_may_clear_the_timetable(bench: Bench) -> None:
    def clear() -> None:
        bench.timetable.clear()
        bench.set({2: FAR})

    bench.during[1] = clear
    bench.set({1: PAST, 2: FAR, 3: FAR})
    bench.settle()
    assert bench.called == [1]


def test_a_job_that_fails_does_not_stop_the_others(bench: Bench) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    bench.during[1] = fail
    bench.set({1: PAST, 2: PAST + SECOND})
    bench.settle()
    assert bench.called == [1, 2]
