"""The way out of the machine: gated, polite, bounded in time and size."""

from collections.abc import Callable
from pathlib import Path

from application.hosts import Manners
from application.ports.clock import Clock
from application.ports.fetcher import Fetched
from infrastructure.http.addresses import AddressGate
from infrastructure.http.cookies import Visits
from infrastructure.http.courtesy import Courtesy
from infrastructure.http.errand import Errand, Trip
from infrastructure.http.exchange import never
from infrastructure.http.hosts import HostGate
from infrastructure.http.network import NetworkSettings
from infrastructure.http.receiving import Appetite
from infrastructure.http.redaction import without_secrets
from infrastructure.http.redirects import address
from infrastructure.http.resolving import Resolve, system_resolver
from infrastructure.http.settings import FetchSettings
from infrastructure.http.sinks import FileSink, MemorySink, Sink
from infrastructure.http.transport import GatedTransport
from infrastructure.http.travelling import Traveller
from infrastructure.http.trouble import Trouble

ACCEPT_PAGE = "text/html, application/xhtml+xml, */*;q=0.8"
ACCEPT_FILE = "application/pdf, text/html;q=0.9, */*;q=0.8"


class HttpFetcher:
    """Fetches over HTTP. Thread-safe; every call is bounded by the settings.

    `resolve` turns names into addresses; `stopped` tells that the application stops: what is under way ends then.
    `shuns` tells why nothing is fetched from an address, "" where it may be: redirects end there too.
    """

    def __init__(
        self,
        settings: FetchSettings,
        network: NetworkSettings,
        gate: HostGate,
        clock: Clock,
        *,
        resolve: Resolve = system_resolver,
        stopped: Callable[[], bool] = never,
        shuns: Callable[[str], str] = lambda _: "",
    ) -> None:
        self._transport = GatedTransport(network, resolve=resolve, resolve_seconds=settings.resolve_seconds)
        self._gate, self._addresses = gate, AddressGate(network.allowed)
        self._clock, self._stopped, self._shuns = clock, stopped, shuns
        self._visits = Visits()
        self.adopt(settings)

    def adopt(self, settings: FetchSettings) -> None:
        """Keep other limits, and show another contact address, from the next request on."""
        courtesy = Courtesy(self._gate, self._addresses, settings)
        self._traveller = Traveller(settings, self._transport, courtesy, self._clock, self._stopped, self._shuns)
        self._settings, self._courtesy = settings, courtesy

    def get(
        self, url: str, *, headers: dict[str, str] | None = None, limit: int = 10_000_000, page: bool = False
    ) -> tuple[Fetched, bytes]:
        """Fetch a small body into memory. Raises FetchFailed."""
        errand = Errand(
            url=url,
            appetite=Appetite(limit=limit),
            seconds=self._settings.page_seconds,
            headers=headers or {},
            accept=ACCEPT_PAGE if page else "*/*",
            obeys_robots=page,
        )
        sink = MemorySink()
        return self._run(errand, sink), bytes(sink.content)

    def download(
        self, url: str, into: Path, *, referer: str | None = None, headers: dict[str, str] | None = None
    ) -> Fetched:
        """Fetch a body into a file. Raises FetchFailed and LibraryUnavailable; the file is gone then."""
        errand = Errand(
            url=url,
            appetite=Appetite(limit=self._settings.max_file_bytes),
            seconds=self._settings.file_seconds,
            headers=headers or {},
            accept=ACCEPT_FILE,
            encodings="identity",
            referer=without_secrets(referer) if referer else None,
            obeys_robots=True,
        )
        sink = FileSink(into)
        try:
            return self._run(errand, sink)
        except BaseException:
            sink.discard()
            raise

    def report(self, url: str, cause: str) -> None:
        """Count a cause against the host of an address; what is no address has no host."""
        try:
            self._courtesy.report(address(url), cause)
        except Trouble:
            return

    def manners(self) -> Manners:
        """See application.hosts.Politeness."""
        limits = self._settings
        return Manners(
            user_agent=self._traveller.agent,
            contact=limits.contact,
            gap=limits.gap,
            local_gap=limits.local_gap,
            page_seconds=limits.page_seconds,
            file_seconds=limits.file_seconds,
            max_file_bytes=limits.max_file_bytes,
            retries=limits.retries,
        )

    def gap_of(self, site: str) -> float | None:
        """See application.hosts.Politeness."""
        try:
            return self._courtesy.gap(address(f"https://{site}/"))
        except Trouble:
            return self._settings.gap

    def close(self) -> None:
        """Close every connection."""
        self._transport.close()

    def _run(self, errand: Errand, sink: Sink) -> Fetched:
        trip = Trip(errand, self._visits.continued(errand.referer))
        try:
            answer = self._traveller.follow(trip, sink)
        except Trouble as trouble:
            *before, last = map(without_secrets, trip.passed)
            raise trouble.failure(last, redirects=tuple(before), size=sink.size, seconds=trip.spent) from trouble
        *before, last = map(without_secrets, trip.passed)
        self._visits.remember(last, trip.cookies)
        return Fetched(
            url=last,
            status=answer.status,
            content_type=answer.headers.get("content-type", "").partition(";")[0].strip().lower(),
            headers=answer.headers,
            size=sink.size,
            seconds=trip.spent,
            redirects=tuple(before),
            head=sink.head,
        )
