"""The limits of one exchange, a request and its answer, kept by the streams that carry it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from infrastructure.http.trouble import Trouble

HEAD_LIMIT = 256 * 1024
"""Bytes until the headers must be complete, answers like 103 Early Hints before them included."""

_current: ContextVar["Exchange | None"] = ContextVar("exchange", default=None)


def never() -> bool:
    """The answer to “does the application stop?” where nobody tells."""
    return False


class Exchange:
    """Deadline, minimum rate and size of the head. Seconds are those of the monotonic clock."""

    def __init__(
        self, seconds: float, *, minimum_rate: float = 0.0, grace: float = 15.0, stopped: Callable[[], bool] = never
    ) -> None:
        self._began = time.monotonic()
        self._deadline = self._began + seconds
        self._minimum_rate, self._grace, self._stopped = minimum_rate, grace, stopped
        self.start_over()

    def start_over(self) -> None:
        """Forget what was received; the deadline stays."""
        self.connected = False
        """Whether a new connection was opened for it."""
        self.ended = False
        """Whether the server closed the connection."""
        self.in_body = False
        self.received = 0
        self._first_byte = 0.0

    @property
    def elapsed(self) -> float:
        """Seconds since its beginning."""
        return time.monotonic() - self._began

    def patience(self, wished: float | None = None) -> float:
        """Seconds that an operation may take. Raises Trouble when none are left, or when the application stops."""
        if self._stopped():
            raise Trouble("host_resting", "the application is stopping")
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise Trouble("timeout", "it took too long")
        return left if wished is None else min(left, wished)

    def count(self, size: int) -> None:
        """Note that so many bytes came in, 0 at the end. Raises Trouble where they came too slowly or are too many."""
        now = time.monotonic()
        if not self.received:
            self._first_byte = now
        self.received += size
        self.ended = self.ended or not size
        if not self.in_body and self.received > HEAD_LIMIT:
            raise Trouble("bad_response", "its headers do not end")
        seconds = now - self._first_byte
        if seconds > self._grace and self.received < seconds * self._minimum_rate:
            raise Trouble("timeout", f"it sent less than {self._minimum_rate:.0f} bytes a second")

    @contextmanager
    def running(self) -> Iterator[None]:
        """Make it the exchange that this thread is in."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)


def current() -> Exchange:
    """The exchange that this thread is in. Raises LookupError where there is none."""
    exchange = _current.get()
    if exchange is None:
        raise LookupError("Nothing leaves the machine outside of an exchange.")
    return exchange
