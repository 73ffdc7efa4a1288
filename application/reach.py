"""Reach: whether anything out there answers, judged by what was asked in a row.

A site that does not answer has a fault of its own. When several in a row do not, or all show the same page, it is the
line to the internet: then everything that needs it rests for a while, rather than trying paper after paper in vain.
"""

import hashlib
import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from attrs import define, field

from application.ports.clock import Clock

ROW, HOSTS = 5, 2
"""So many requests in a row that nobody answered, to so many hosts, and the line counts as dead."""
PORTAL = 3
"""So many hosts that show one and the same page: it is that of a network that wants a login."""
REST = timedelta(minutes=5)
UNREACHED = frozenset({"network_error", "timeout", "tls_error"})
"""Causes of a request without an answer that may be the line's; what stands in the way often breaks TLS."""


@define
class Reach:
    """What was met in a row. Thread-safe; `say` is told when a rest begins, and its end."""

    clock: Clock
    say: Callable[[datetime], object] = lambda _: None
    _row: list[str] = field(factory=list)
    _pages: dict[str, set[str]] = field(factory=lambda: defaultdict(set))
    _until: datetime | None = None
    _lock: threading.Lock = field(factory=threading.Lock)

    def answered(self) -> None:
        """Somebody did: the line works."""
        with self._lock:
            self._row.clear()
            self._pages.clear()
            self._until = None

    def missed(self, host: str) -> bool:
        """Nobody answered at a host; whether that is the line's fault, as it seems."""
        with self._lock:
            self._row = [*self._row[-ROW + 1 :], host]
            dead = len(self._row) >= ROW and len(set(self._row)) >= HOSTS
        return dead and self._rest()

    def showed(self, host: str, page: bytes) -> bool:
        """A host showed a page in place of what was wanted; whether other hosts show the same."""
        with self._lock:
            hosts = self._pages[hashlib.sha256(page).hexdigest()]
            hosts.add(host)
        return len(hosts) >= PORTAL and self._rest()

    def rests_until(self) -> datetime | None:
        """When something may be asked again; None where that is now."""
        now = self.clock.now()
        with self._lock:  # a clock that was put back makes no rest longer
            return self._until if self._until and now < self._until <= now + REST else None

    def _rest(self) -> bool:
        if self.rests_until() is None:
            until = self.clock.now() + REST
            with self._lock:
                self._until = until
            self.say(until)
        return True
