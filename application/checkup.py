"""A checkup of the installation for whoever looks at a page: one look at a time, whose outcome is kept."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime

from attrs import frozen

from application.health import Result, State
from application.ports.clock import Clock


@frozen(kw_only=True)
class Looked:
    """What a look found, and when it ended."""

    results: tuple[Result, ...]
    at: datetime


class Checkup:
    """Looks in a thread of its own; those who ask meanwhile share its outcome."""

    def __init__(self, look: Callable[[], Sequence[Result]], clock: Clock) -> None:
        self._look, self._clock = look, clock
        self._lock = threading.Lock()
        self._running: Future[None] | None = None
        self._latest: Looked | None = None

    @property
    def latest(self) -> Looked | None:
        """What was found last."""
        return self._latest

    @property
    def runs(self) -> bool:
        """Whether a look is under way."""
        running = self._running
        return running is not None and not running.done()

    def begin(self, seconds: float = 0.0) -> None:
        """Look now, unless a look is under way; wait for it at most so many seconds."""
        with self._lock:
            if self._running is None or self._running.done():
                self._running = Future()
                threading.Thread(target=self._see, args=(self._running,), name="checkup", daemon=True).start()
            running = self._running
        with suppress(TimeoutError):
            running.result(timeout=seconds)

    def _see(self, answer: "Future[None]") -> None:
        self._latest = Looked(results=self._found(), at=self._clock.now())
        answer.set_result(None)

    def _found(self) -> tuple[Result, ...]:
        try:
            return tuple(self._look())
        except Exception as error:  # noqa: BLE001 (whoever waits gets an answer)
            broken = f"They broke off: {type(error).__name__}: {error}."
            remedy = "This is a mistake of the program; `scipaperloader doctor` may tell more."
            return (Result(name="checks", state=State.ERROR, tested="The checks", value=broken, remedy=remedy),)
