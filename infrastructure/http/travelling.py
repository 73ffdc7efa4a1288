"""One errand from its first address to the answer: turns, tries, redirects, robots.txt."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from application.ports.clock import Clock
from infrastructure.http.courtesy import Courtesy
from infrastructure.http.errand import Errand, Trip
from infrastructure.http.exchange import Exchange
from infrastructure.http.receiving import Answer, Appetite, receive
from infrastructure.http.redirects import Origin, address, origin_of
from infrastructure.http.robots import REDIRECTS, SIZE_LIMIT, Robots, means_no_rules
from infrastructure.http.settings import FetchSettings, user_agent
from infrastructure.http.sinks import MemorySink, Sink
from infrastructure.http.transport import GatedTransport
from infrastructure.http.trouble import Trouble
from infrastructure.http.waiting import moment, seconds_now, wait

PAUSES = (1.0, 4.0, 8.0)
"""Seconds before the first, second, … new try, unless the server asks for more."""
UNNAMED_PAUSES = {"rate_limited": 60.0, "host_resting": 0.0}
"""Seconds after which asking again makes sense where the server does not say."""


def _by_origin(credentials: Mapping[str, Mapping[str, str]]) -> Mapping[Origin, dict[str, str]]:
    """The headers by the origin that gets them; what is no address or cannot be a header is left out."""
    found: dict[Origin, dict[str, str]] = {}
    for url, headers in credentials.items():
        with suppress(Trouble):
            sendable = {name: value for name, value in headers.items() if value.isascii() and value.isprintable()}
            found.setdefault(origin_of(address(url)), {}).update(sendable)
    return found


class Traveller:
    """Runs errands. Thread-safe. `stopped` is asked all the time: what is under way ends when it says so.

    `shuns` tells why a page or file is not asked for, "" where it may be.
    """

    def __init__(
        self,
        settings: FetchSettings,
        transport: GatedTransport,
        courtesy: Courtesy,
        clock: Clock,
        stopped: Callable[[], bool],
        shuns: Callable[[str], str],
    ) -> None:
        self._settings, self._transport, self._courtesy = settings, transport, courtesy
        self._clock, self._stopped, self._shuns = clock, stopped, shuns
        self._robots = Robots(self._read_robots, clock, courtesy.slow_down)
        self._timeouts: Mapping[str, float] = {
            "connect": settings.connect_seconds,
            "read": settings.silence_seconds,
            "write": settings.silence_seconds,
        }
        self._agent = {"User-Agent": user_agent(settings.contact)}
        self._credentials = _by_origin(settings.credentials)

    @property
    def agent(self) -> str:
        """The User-Agent that every request carries."""
        return self._agent["User-Agent"]

    def follow(self, trip: Trip, sink: Sink) -> Answer:
        """Ask, and go where the answers send, until one is good. Its body is in the sink. Raises Trouble."""
        trip.begin()
        while True:
            self._transport.judge(trip.url)
            self._leave_alone(trip)
            if trip.errand.obeys_robots and self._courtesy.gap(trip.url) is not None:
                self._robots.check(trip.url)
            answer = self._ask_patiently(trip, sink)
            if not answer.is_redirect:
                return answer
            trip.redirect(answer.headers.get("location"))

    def _leave_alone(self, trip: Trip) -> None:
        if trip.errand.obeys_robots and (why := self._shuns(str(trip.url))):
            raise Trouble("policy_skip", why)

    def _ask_patiently(self, trip: Trip, sink: Sink) -> Answer:
        """Ask, and again where the trouble is one that passes in seconds."""
        pauses = iter(PAUSES[: self._settings.retries])
        failure: Trouble | None = None
        while True:
            try:
                return self._ask(trip, sink)
            except Trouble as trouble:
                if trouble.until is not None and failure is not None:  # no turn now: the failure before tells more
                    raise self._dated(failure, trouble.until.timestamp()) from trouble
                pause = self._pause(trouble, next(pauses, None))
                if pause is None:
                    self._dated(trouble)
                    raise
                failure = trouble
            sink.start_over()
            wait(self._clock, pause)

    def _pause(self, trouble: Trouble, planned: float | None) -> float | None:
        """Seconds until the next try; None where there is none."""
        if planned is None or not trouble.again:
            return None
        pause = max(planned, trouble.retry_after or 0.0)
        return pause if pause <= self._settings.longest_retry_wait else None

    def _ask(self, trip: Trip, sink: Sink) -> Answer:
        with self._courtesy.turn(trip.url, seconds=trip.left, lenient=trip.errand.lenient):
            exchange = Exchange(
                trip.left,
                minimum_rate=self._settings.minimum_rate,
                grace=self._settings.grace_seconds,
                stopped=self._stopped,
            )
            try:
                with exchange.running():
                    return self._exchange(trip, sink)
            finally:
                trip.spent += exchange.elapsed

    def _exchange(self, trip: Trip, sink: Sink) -> Answer:
        shown = self._agent | self._credentials.get(origin_of(trip.url), {})
        response = self._transport.handle_request(trip.request(shown, self._timeouts))
        try:
            trip.cookies.extract_cookies(response)
            return receive(response, sink, trip.errand.appetite, self._clock.now())
        except Trouble as trouble:
            trouble.status = response.status_code
            raise
        finally:
            response.close()

    def _dated(self, trouble: Trouble, until: float | None = None) -> Trouble:
        """The trouble with the moment when asking again makes sense, where it has one."""
        pause = trouble.retry_after if trouble.again else None
        if pause is None:
            pause = UNNAMED_PAUSES.get(trouble.cause)
        if until is None and pause is not None:
            until = seconds_now(self._clock) + pause
        if trouble.until is None and until is not None:
            trouble.until = moment(until)
        return trouble

    def _read_robots(self, url: str) -> bytes:
        errand = Errand(
            url=url,
            appetite=Appetite(limit=SIZE_LIMIT, cut=True),
            seconds=self._settings.page_seconds,
            redirects=REDIRECTS,
            lenient=True,
        )
        sink = MemorySink()
        try:
            self.follow(Trip(errand), sink)
        except Trouble as trouble:
            if means_no_rules(trouble):
                return b""
            raise
        return bytes(sink.content)
