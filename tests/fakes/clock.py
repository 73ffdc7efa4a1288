"""A clock that goes when it is told to."""

import threading
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class FakeClock:
    """Stand-in for application.ports.clock.Clock: `sleep` returns at once, and the time has passed."""

    def __init__(self, moment: datetime = START) -> None:
        self._moment, self._lock = moment, threading.Lock()

    def now(self) -> datetime:
        """The moment it shows."""
        return self._moment

    def sleep(self, seconds: float) -> None:
        """Go on by these seconds."""
        self.advance(timedelta(seconds=max(0.0, seconds)))

    def advance(self, by: timedelta) -> None:
        """Go on, or back where `by` is negative."""
        with self._lock:
            self._moment += by
