"""The clock of the machine."""

import threading
from datetime import UTC, datetime


class SystemClock:
    """Adapter of application.ports.clock.Clock. `stop` ends every sleep at once and for good."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def now(self) -> datetime:
        """This moment in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait, unless the application stops."""
        self._stopped.wait(max(0.0, seconds))

    def stop(self) -> None:
        """Wake all sleepers."""
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        """Whether the application is to end."""
        return self._stopped.is_set()
