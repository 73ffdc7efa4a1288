"""The pool of threads: an executor like the standard one, of which threads that hang can be given up."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait

import pytest

from infrastructure.scheduling.pool import DaemonPool

SECONDS = 10.0


class Hand:
    """Work that says when it has begun, and goes on when it may."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, result: object = None) -> object:
        self.begun.set()
        assert self.go_on.wait(SECONDS)
        return result


@pytest.fixture
def pool() -> Iterator[DaemonPool]:
    pool = DaemonPool(2, "test")
    yield pool
    pool.shutdown(wait=False)


@pytest.fixture
def hang(pool: DaemonPool) -> Iterator[Callable[[], Hand]]:
    """Begins work that hangs until the test is over."""
    hands: list[Hand] = []

    def begin() -> Hand:
        hands.append(Hand())
        pool.submit(hands[-1])
        assert hands[-1].begun.wait(SECONDS)
        return hands[-1]

    yield begin
    for hand in hands:
        hand.go_on.set()


def names(pool: DaemonPool) -> set[str]:
    """The names of the threads that work, one for each hand."""
    met = threading.Barrier(2, timeout=SECONDS)

    def meet() -> str:
        met.wait()
        return threading.current_thread().name

    return {future.result(SECONDS) for future in [pool.submit(meet), pool.submit(meet)]}


def test_results_and_errors_come_back(pool: DaemonPool) -> None:
    assert pool.submit(divmod, 7, 2).result(SECONDS) == (3, 1)
    assert pool.submit(int, "11", base=2).result(SECONDS) == 3
    assert isinstance(pool.submit(divmod, 1, 0).exception(SECONDS), ZeroDivisionError)


def test_work_that_ends_its_thread_ends_only_itself(pool: DaemonPool) -> None:
    assert isinstance(pool.submit(sys.exit, 3).exception(SECONDS), SystemExit)
    assert names(pool) == {"test-1", "test-2"}


def test_so_many_threads_and_no_more(pool: DaemonPool, hang: Callable[[], Hand]) -> None:
    first, _ = hang(), hang()
    third = Hand()
    future = pool.submit(third)
    assert not third.begun.is_set()
    first.go_on.set()
    assert third.begun.wait(SECONDS)
    third.go_on.set()
    future.result(SECONDS)


def test_what_waits_can_be_cancelled(pool: DaemonPool, hang: Callable[[], Hand]) -> None:
    hands, done = [hang(), hang()], list[int]()
    waiting = pool.submit(done.append, 1)
    assert waiting.cancel()
    for hand in hands:
        hand.go_on.set()
    pool.submit(done.append, 2).result(SECONDS)
    assert done == [2]


def test_threads_that_hang_are_given_up_and_the_others_work_on(pool: DaemonPool, hang: Callable[[], Hand]) -> None:
    before = names(pool)
    hang(), hang()
    waiting = pool.submit(divmod, 7, 2)
    assert pool.abandon() == 2
    assert waiting.result(SECONDS) == (3, 1), "what waited behind them is done by new threads"
    assert names(pool) == before


def test_a_thread_that_was_given_up_ends_when_its_work_does(pool: DaemonPool) -> None:
    hand, threads = Hand(), list[threading.Thread]()

    def work() -> object:
        threads.append(threading.current_thread())
        return hand("late")

    late = pool.submit(work)
    assert hand.begun.wait(SECONDS)
    assert pool.abandon() == 1
    hand.go_on.set()
    assert late.result(SECONDS) == "late", "whoever waits for it still gets it"
    threads[0].join(SECONDS)
    assert not threads[0].is_alive()


def test_idle_threads_are_not_given_up(pool: DaemonPool) -> None:
    idle = names(pool)
    assert pool.abandon() == 0
    assert names(pool) == idle


def test_giving_up_twice_gives_up_once(pool: DaemonPool, hang: Callable[[], Hand]) -> None:
    hang()
    assert pool.abandon() == 1
    assert pool.abandon() == 0


def test_a_closed_pool_takes_nothing_and_ends_what_it_has(pool: DaemonPool, hang: Callable[[], Hand]) -> None:
    hands = [hang(), hang()]
    waiting = pool.submit(divmod, 7, 2)
    pool.shutdown(wait=False)
    with pytest.raises(RuntimeError, match="closed"):
        pool.submit(divmod, 1, 1)
    for hand in hands:
        hand.go_on.set()
    assert waiting.result(SECONDS) == (3, 1)
    assert pool.abandon() == 0


def test_a_closed_pool_can_cancel_what_waits(pool: DaemonPool, hang: Callable[[], Hand]) -> None:
    hang(), hang()
    waiting: list[Future[object]] = [pool.submit(divmod, 7, 2) for _ in range(3)]
    pool.shutdown(wait=False, cancel_futures=True)
    assert all(future.cancelled() for future in waiting)


def test_closing_can_wait_for_what_runs(pool: DaemonPool, hang: Callable[[], Hand]) -> None:
    hand = hang()
    closing = threading.Thread(target=pool.shutdown)
    closing.start()
    assert closing.is_alive()
    hand.go_on.set()
    closing.join(SECONDS)
    assert not closing.is_alive()


def test_many_who_ask_at_once_are_all_served() -> None:
    with DaemonPool(3) as pool:
        futures = [pool.submit(divmod, number, 7) for number in range(500)]
        for _ in range(5):
            pool.abandon()
        assert not wait(futures, timeout=SECONDS).not_done
        assert [future.result() for future in futures] == [divmod(number, 7) for number in range(500)]


def test_a_thread_that_hangs_does_not_keep_the_process_from_ending() -> None:
    hangs = "import threading as t; e = t.Event(); b = t.Event()"
    uses = "p = DaemonPool(1); p.submit(lambda: (b.set(), e.wait())); b.wait(); p.shutdown(wait=False); print('ended')"
    program = f"{hangs}; from infrastructure.scheduling.pool import DaemonPool; {uses}"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "ended\n", "")
