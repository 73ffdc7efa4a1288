"""A reader that remembers its position while others write, and what must be true of what it saw."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Protocol

from application.ports.event_log import Origin, Write
from tests.contract.making import origin


class Placed(Protocol):
    """What stands at a position of a log."""

    @property
    def position(self) -> int: ...
    @property
    def stream(self) -> str: ...
    @property
    def version(self) -> int: ...


class Log(Protocol):
    """As much of a log as following it takes."""

    def append(self, writes: Sequence[Write], origin: Origin) -> object: ...
    def read(self, after: int = 0, limit: int = 1000) -> Sequence[Placed]: ...


class Tail:
    """Reads on from the last position that it saw."""

    def __init__(self, log: Log, page: int = 7) -> None:
        self.seen: list[Placed] = []
        self.moved = threading.Event()
        self._log, self._page = log, page

    def poll(self) -> None:
        """Read everything that is new."""
        while news := self._log.read(self.seen[-1].position if self.seen else 0, self._page):
            self.seen.extend(news)
            self.moved.set()


def follow(log: Log, writers: Sequence[Sequence[Write]], tail: Tail, busy: Callable[[], bool] = lambda: False) -> None:
    """Let the writers append at once, each write by itself, and the tail read meanwhile; until `busy` ends, too."""
    with ThreadPoolExecutor(len(writers)) as pool:
        tasks = [pool.submit(_append, log, writes) for writes in writers]
        while wait(tasks, timeout=0.001).not_done or busy():
            tail.poll()
        tail.poll()
        for task in tasks:
            task.result()


def _append(log: Log, writes: Sequence[Write]) -> None:
    for write in writes:
        log.append([write], origin())


def check(seen: Sequence[Placed], writers: Sequence[Sequence[Write]]) -> None:
    """Every event was seen once, in the order of the positions, and these have no hole."""
    expected = {write.stream: sum(len(one.events) for one in writes) for writes in writers for write in writes}
    assert [one.position for one in seen] == list(range(1, sum(expected.values()) + 1)), "lost, twice, or a hole"
    for stream, events in expected.items():
        versions = [one.version for one in seen if one.stream == stream]
        assert versions == list(range(1, events + 1)), f"{stream} is out of order"
