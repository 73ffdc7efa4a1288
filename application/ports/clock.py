"""Time."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The wall clock and the passing of time."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait; returns early when the application stops."""
        ...
