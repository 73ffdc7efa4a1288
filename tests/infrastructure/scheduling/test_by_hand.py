"""What people want done at once: several things at a time, and a fault of one is nothing to the others."""

import threading
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from domain.errors import DoesNotExist
from infrastructure.scheduling.by_hand import AT_ONCE, ByHand

SECONDS = 10.0


@pytest.fixture
def by_hand() -> Iterator[ByHand]:
    by_hand = ByHand()
    yield by_hand
    by_hand.stop()


def done(by_hand: ByHand) -> None:
    """Wait until something that was wanted now is done."""
    event = threading.Event()
    by_hand.do(event.set)
    assert event.wait(SECONDS)


def test_so_many_things_are_done_at_a_time(by_hand: ByHand) -> None:
    together = threading.Barrier(AT_ONCE + 1, timeout=SECONDS)
    for _ in range(AT_ONCE):
        by_hand.do(together.wait)
    together.wait()


def test_what_is_refused_or_fails_is_told_and_does_no_harm(by_hand: ByHand) -> None:
    def refused() -> None:
        raise DoesNotExist("The paper")

    with capture_logs() as told:
        by_hand.do(refused)
        by_hand.do(lambda: 1 // 0)
        for _ in range(AT_ONCE + 1):
            done(by_hand)
        by_hand.stop()
        for thread in by_hand._pool._crew.threads:
            thread.join(SECONDS)
    assert sorted((one["log_level"], one["event"]) for one in told) == [
        ("error", "what was asked for failed"),
        ("warning", "what was asked for was refused"),
    ]


def test_at_the_end_what_waits_is_not_begun(by_hand: ByHand) -> None:
    go_on, begun = threading.Event(), threading.Semaphore(0)

    def hang() -> None:
        begun.release()
        go_on.wait(SECONDS)

    for _ in range(AT_ONCE):
        by_hand.do(hang)
        assert begun.acquire(timeout=SECONDS)
    waiting = threading.Event()
    by_hand.do(waiting.set)
    by_hand.stop()
    go_on.set()
    for thread in by_hand._pool._crew.threads:
        thread.join(SECONDS)
    assert not waiting.is_set()
    with pytest.raises(RuntimeError):
        by_hand.do(waiting.set)
