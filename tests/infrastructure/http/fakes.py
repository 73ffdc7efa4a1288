"""Clocks for waiting."""

from tests.fakes.clock import FakeClock


class StoppedClock(FakeClock):
    """The clock of an application that stops: nobody sleeps any more."""

    def sleep(self, seconds: float) -> None:
        """Return at once, with no time passed."""
