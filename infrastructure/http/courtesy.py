"""Taking turns at hosts: which gap counts for a host, and what an answer tells about it."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2

from infrastructure.http.addresses import AddressGate
from infrastructure.http.hosts import HostGate
from infrastructure.http.politeness import OUTCOMES, Outcome
from infrastructure.http.services import BY_HOST
from infrastructure.http.settings import FetchSettings
from infrastructure.http.trouble import Trouble

MARGIN = 10.0
"""Seconds that a lease outlasts the deadline of its request."""
LONGEST_GAP = 300.0
"""Seconds; a robots.txt that asks for more is not taken at its word."""


class Courtesy:
    """Grants turns. Hosts in vouched networks may be treated with less of it."""

    def __init__(self, gate: HostGate, addresses: AddressGate, settings: FetchSettings) -> None:
        self._gate, self._addresses, self._settings = gate, addresses, settings
        self._delays: dict[str, float] = {}

    @contextmanager
    def turn(self, url: httpx2.URL, *, seconds: float, lenient: bool = False) -> Iterator[None]:
        """The right to send one request that takes at most so many seconds. Raises Trouble where it is too far away."""
        gap = self.gap(url)
        if gap is None:
            yield
            return
        lease = self._gate.acquire(host_key(url), gap=gap, hold=seconds + MARGIN)
        outcome, pause = Outcome.UNCLEAR, None
        try:
            yield
            outcome = Outcome.ANSWERED
        except Trouble as trouble:
            outcome, pause = _outcome(trouble, lenient=lenient), trouble.retry_after
            raise
        finally:
            self._gate.release(lease, outcome, pause)

    def gap(self, url: httpx2.URL) -> float | None:
        """Seconds between two requests to a host; None where no politeness is due."""
        if self._settings.local_gap is not None and self._addresses.is_local(host_of(url)):
            return self._settings.local_gap or None
        service = BY_HOST.get(host_of(url))
        if service is None:
            gap = self._settings.gap
        elif service.anonymous_gap is not None and not self._settings.contact:
            gap = service.anonymous_gap
        else:
            gap = service.gap
        return max(gap, self._delays.get(host_key(url), 0.0))

    def slow_down(self, url: httpx2.URL, delay: float) -> None:
        """Keep the gap that a host asks for in its robots.txt, within reason."""
        if delay > 0:
            self._delays[host_key(url)] = min(delay, LONGEST_GAP)

    def report(self, url: httpx2.URL, cause: str) -> None:
        """Count a cause that was seen only when the body was looked at."""
        if self.gap(url) is not None:
            self._gate.report(host_key(url), OUTCOMES.get(cause, Outcome.ANSWERED))


def host_of(url: httpx2.URL) -> str:
    """The host's name in lower case, in ASCII, without the root's dot."""
    return url.raw_host.decode("ascii").rstrip(".")


def host_key(url: httpx2.URL) -> str:
    """What takes turns: a service, a host, or a host's unusual port."""
    host = host_of(url)
    service = BY_HOST.get(host)
    if service is not None:
        return service.key
    return host if url.port is None else f"{host}:{url.port}"


def _outcome(trouble: Trouble, *, lenient: bool) -> Outcome:
    outcome = OUTCOMES.get(trouble.cause, Outcome.ANSWERED)
    return Outcome.UNCLEAR if lenient and trouble.cause != "rate_limited" else outcome
