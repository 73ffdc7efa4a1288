"""Leadership without a database."""

from datetime import datetime, timedelta

from attrs import define

from tests.fakes.clock import FakeClock

SECONDS, LONGEST = 20.0, 60.0


@define
class FakeLease:
    """What the processes share: who leads, and until when."""

    holder: str | None = None
    expires_at: datetime | None = None


@define
class FakeLeadership:
    """Stand-in for application.ports.leadership.Leadership: one process's view of the lease."""

    lease: FakeLease
    name: str
    clock: FakeClock
    seconds: float = SECONDS

    def lead(self) -> bool:
        """Take or renew the lease."""
        if self.lease.holder != self.name and not self._is_free():
            return False
        self.lease.holder, self.lease.expires_at = self.name, self.clock.now() + timedelta(seconds=self.seconds)
        return True

    def _is_free(self) -> bool:
        """Nobody has it, it is over, or it would last longer than any: then the clock was put back."""
        left = self.lease.expires_at - self.clock.now() if self.lease.expires_at else timedelta()
        return not timedelta() < left <= timedelta(seconds=LONGEST)

    def resign(self) -> None:
        """Give the lease up."""
        if self.lease.holder == self.name:
            self.lease.expires_at = None
