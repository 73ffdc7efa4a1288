"""A checkup of the installation for whoever looks at a page: one look at a time, whose outcome is kept."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime

from attrs import frozen

from application.health import Result, State
from application.ports.clock import Clock

_UNKNOWN = object()


@frozen(kw_only=True)
class Looked:
    """What a look found, and when it ended. `basis` is what it rested on when it began."""

    results: tuple[Result, ...]
    at: datetime
    basis: object = None


class Checkup:
    """Looks in a thread of its own; those who ask meanwhile share its outcome.

    `basis` tells quickly what the outcome rests on, the settings and the switch for example: an outcome that rests on
    something else than there is now is not told any more.
    """

    def __init__(
        self, look: Callable[[], Sequence[Result]], clock: Clock, basis: Callable[[], object] = lambda: None
    ) -> None:
        self._look, self._clock, self._basis = look, clock, basis
        self._lock = threading.Lock()
        self._running: Future[None] | None = None
        self._latest: Looked | None = None

    @property
    def latest(self) -> Looked | None:
        """What was found last; None where what it rested on has changed since."""
        latest = self._latest
        return latest if latest is None or latest.basis == self._basis() else None

    @property
    def was_made(self) -> bool:
        """Whether a look has ended so far, whatever became of its outcome."""
        return self._latest is not None

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
        self._latest = self._looked()
        answer.set_result(None)

    def _looked(self) -> Looked:
        basis: object = _UNKNOWN
        with suppress(Exception):  # what it is about is told by the look itself
            basis = self._basis()
        return Looked(results=self._found(), at=self._clock.now(), basis=basis)

    def _found(self) -> tuple[Result, ...]:
        try:
            return tuple(self._look())
        except Exception as error:  # noqa: BLE001 (whoever waits gets an answer)
            broken = f"They broke off: {type(error).__name__}: {error}."
            remedy = "This is a mistake of the program; `scipaperloader doctor` may tell more."
            return (Result(name="checks", state=State.ERROR, tested="The checks", value=broken, remedy=remedy),)
