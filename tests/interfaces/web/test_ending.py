"""Ending in time."""

import signal
import threading
from collections.abc import Iterator

import pytest

from interfaces.web.ending import told_of_signals


@pytest.fixture
def server() -> Iterator[list[int]]:
    """Signals that the server's own handler heard of."""
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
    yield heard
    signal.signal(signal.SIGTERM, before)


def test_we_hear_of_the_end_and_the_server_too(server: list[int]) -> None:
    told: list[str] = []
    with told_of_signals(lambda: told.append("end")):
        signal.raise_signal(signal.SIGTERM)
    assert (told, server) == (["end"], [signal.SIGTERM])


def test_afterwards_everything_is_as_before(server: list[int]) -> None:
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with told_of_signals(lambda: None):
        pass
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == handlers


def test_without_a_handler_the_process_ends_as_it_would() -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored in the background
    with told_of_signals(lambda: None), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    signal.signal(signal.SIGINT, before)


def test_other_threads_leave_signals_alone(server: list[int]) -> None:
    handler = signal.getsignal(signal.SIGTERM)
    seen: list[object] = []

    def enter() -> None:
        with told_of_signals(lambda: None):
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert seen == [handler]
