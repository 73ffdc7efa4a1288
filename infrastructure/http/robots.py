"""robots.txt (RFC 9309): read once a day for each origin, and obeyed for pages and files."""

import threading
from collections import OrderedDict
from collections.abc import Callable

import httpx2
from attrs import frozen
from protego import Protego

from application.ports.clock import Clock
from domain.causes import CAUSES
from infrastructure.http.courtesy import host_of
from infrastructure.http.services import BY_HOST
from infrastructure.http.settings import PRODUCT
from infrastructure.http.trouble import Trouble
from infrastructure.http.waiting import moment, seconds_now

KEPT_SECONDS = 24 * 3600.0
KEPT_FAILURE_SECONDS = 600.0
KEPT_ORIGINS = 256
SIZE_LIMIT = 500 * 1024
"""Bytes that are read; RFC 9309 (2.5) asks for at least as many."""
REDIRECTS = 5


@frozen(kw_only=True)
class Rules:
    """What an origin's robots.txt says until a moment; `failure` where it could not be read."""

    until: float
    rules: Protego | None = None
    failure: Trouble | None = None

    def check(self, url: httpx2.URL) -> None:
        """Raise Trouble where the address is not to be asked."""
        if self.failure is not None:
            detail = f"its robots.txt could not be read: {self.failure.detail}"
            raise Trouble(self.failure.cause, detail, status=self.failure.status, until=moment(self.until))
        if self.rules is not None and not self.rules.can_fetch(str(url), PRODUCT):
            raise Trouble("robots_disallowed", "its robots.txt asks programs to stay away from it")


class Robots:
    """Remembers rules in memory. `read` fetches a robots.txt or raises Trouble. Thread-safe."""

    def __init__(
        self,
        read: Callable[[str], bytes],
        clock: Clock,
        slow_down: Callable[[httpx2.URL, float], None],
    ) -> None:
        self._read, self._clock, self._slow_down = read, clock, slow_down
        self._known: OrderedDict[str, Rules] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, url: httpx2.URL) -> None:
        """Raise Trouble where a robots.txt forbids the address, or cannot be read for now."""
        service = BY_HOST.get(host_of(url))
        if service is None or not service.for_programs:
            self._rules(url).check(url)

    def _rules(self, url: httpx2.URL) -> Rules:
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        with self._lock:
            known = self._known.get(origin)
        if known is None or known.until <= seconds_now(self._clock):
            known = self._fresh(url, origin)
            self._remember(origin, known)
        return known

    def _remember(self, origin: str, rules: Rules) -> None:
        with self._lock:
            self._known[origin] = rules
            self._known.move_to_end(origin)
            while len(self._known) > KEPT_ORIGINS:
                self._known.popitem(last=False)

    def _fresh(self, url: httpx2.URL, origin: str) -> Rules:
        try:
            text = self._read(f"{origin}/robots.txt").decode("utf-8-sig", errors="replace")
        except Trouble as trouble:
            if trouble.until is not None or not CAUSES[trouble.cause].transient:
                raise
            return Rules(until=seconds_now(self._clock) + KEPT_FAILURE_SECONDS, failure=trouble)
        rules = Protego.parse(text)
        self._slow_down(url, rules.crawl_delay(PRODUCT) or 0.0)
        return Rules(until=seconds_now(self._clock) + KEPT_SECONDS, rules=rules)


def means_no_rules(trouble: Trouble) -> bool:
    """Whether a failure to read a robots.txt means that there is none (RFC 9309, 2.3.1.2 and 2.3.1.3)."""
    gone = trouble.status is not None and 400 <= trouble.status < 500 and trouble.cause != "rate_limited"
    return gone or trouble.cause in ("bad_response", "empty_body", "redirect_loop", "truncated")
