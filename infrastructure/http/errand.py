"""One errand: an address, all its redirects, and what may be spent on them."""

from collections.abc import Mapping

import httpx2
from attrs import field, frozen

from infrastructure.http.cookies import send_cookies
from infrastructure.http.encoding import ACCEPTED
from infrastructure.http.receiving import Appetite
from infrastructure.http.redirects import (
    address,
    headers_for_another_origin,
    next_address,
    same_origin,
    sent_secrets,
    without_sent_secrets,
)
from infrastructure.http.trouble import Trouble

MOST_REDIRECTS = 8


@frozen(kw_only=True)
class Errand:
    """What is wanted. `seconds` is the deadline for all its exchanges together."""

    url: str
    appetite: Appetite
    seconds: float
    headers: Mapping[str, str] = field(factory=dict)
    accept: str = "*/*"
    encodings: str = ACCEPTED
    referer: str | None = None
    """The page that names the address: its cookies are sent too."""
    obeys_robots: bool = False
    redirects: int = MOST_REDIRECTS
    lenient: bool = False
    """Whether a refusal of it says nothing about the host."""


class Trip:
    """An errand on its way. `passed` are the addresses asked so far, the present one last."""

    def __init__(self, errand: Errand, cookies: httpx2.Cookies | None = None) -> None:
        self.errand = errand
        self.cookies = httpx2.Cookies() if cookies is None else cookies
        self.passed = [errand.url]
        self.spent = 0.0
        own = {"Accept": errand.accept, "Accept-Encoding": errand.encodings}
        self._headers = _headers(own | ({"Referer": errand.referer} if errand.referer else {}) | {**errand.headers})
        self._seen: set[tuple[str, str]] = set()
        self._secrets: frozenset[str] = frozenset()

    def begin(self) -> None:
        """Look at the first address. Raises Trouble."""
        self.url = address(self.errand.url)
        self.passed = [str(self.url)]

    @property
    def left(self) -> float:
        """Seconds that the errand may still take."""
        return max(0.0, self.errand.seconds - self.spent)

    def request(self, agent: Mapping[str, str], timeouts: Mapping[str, float]) -> httpx2.Request:
        """The request for the present address, in the name of the agent."""
        headers = httpx2.Headers(self._headers)
        headers.update(agent)
        request = httpx2.Request("GET", self.url, headers=headers, extensions={"timeout": dict(timeouts)})
        self._sent = send_cookies(self.cookies, request)
        return request

    def redirect(self, location: str | None) -> None:
        """Go on to where an answer sends. Raises Trouble where that is nowhere, or in circles."""
        self._seen.add((str(self.url), self._sent))
        self._secrets |= sent_secrets(self.url)
        target = next_address(self.url, location)
        if not same_origin(self.url, target):
            self._headers = headers_for_another_origin(self._headers)
            target = without_sent_secrets(target, self._secrets)
        self.url = target
        self.passed.append(str(target))
        if len(self.passed) > self.errand.redirects + 1:
            raise Trouble("redirect_loop", f"it redirects more than {self.errand.redirects} times")
        if (str(target), self._cookie_header()) in self._seen:
            raise Trouble("redirect_loop", "it redirects in circles")

    def _cookie_header(self) -> str:
        """A redirect to the same address with a new cookie is no circle."""
        return send_cookies(self.cookies, httpx2.Request("GET", self.url))


def _headers(given: Mapping[str, str]) -> httpx2.Headers:
    """Names in lower case, the later one of two wins; what no header can be is left out."""
    return httpx2.Headers({name.lower(): value for name, value in given.items() if f"{name}{value}".isascii()})
