"""An answer that takes long to find, kept for a while, so that nobody who asks has to wait for it again."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

import structlog
from attrs import define, field

QUICK = 0.03
"""Seconds. What is found as quickly as that is looked for each time."""
SHARE = 20
"""So many times as long as it takes to be found an answer is kept."""
MOST = 10.0
"""Seconds. An answer that is older than so is not given any more, however long it takes to find another."""
LOOKS = 3
"""So many looks in a row must take long: one may have met a busy moment of the machine."""

T = TypeVar("T")
logger = structlog.get_logger(__name__)


def _in_a_thread(action: Callable[[], None]) -> None:
    threading.Thread(target=action, name="kept", daemon=True).start()


@define
class Kept(Generic[T]):
    """Finds an answer, and keeps it; thread-safe.

    The first one is waited for. Later whoever asks gets the last one, and where that has become old a new look begins;
    where it has become too old, the new one is waited for.
    """

    look: Callable[[], T]
    stopwatch: Callable[[], float] = time.monotonic
    aside: Callable[[Callable[[], None]], object] = _in_a_thread
    _lock: threading.Lock = field(factory=threading.Lock, init=False)
    _found: list[T] = field(factory=list, init=False)
    _at: float = field(default=0.0, init=False)
    _times: deque[float] = field(factory=lambda: deque(maxlen=LOOKS), init=False)
    _looks: bool = field(default=False, init=False)

    def get(self) -> T:
        """The answer. Raises what the look raises, where there is none from before."""
        with self._lock:
            known, takes = self._found, min(self._times, default=0.0)
            age = self.stopwatch() - self._at
            waits = len(self._times) < LOOKS or takes < QUICK or age > MOST
            old = age > takes * SHARE
            begins = not waits and old and not self._looks
            self._looks = self._looks or begins
        if waits:
            return self._see()
        if begins:
            self.aside(self._look_again)
        return known[0]

    def _see(self) -> T:
        began = self.stopwatch()
        found = self.look()
        with self._lock:
            self._found, self._at = [found], self.stopwatch()
            self._times.append(self._at - began)
        return found

    def _look_again(self) -> None:
        try:
            self._see()
        except Exception as error:  # noqa: BLE001 (the answer from before stands, and the next look may find one)
            logger.warning("a look was broken off", error=str(error))
        finally:
            with self._lock:
                self._looks = False
