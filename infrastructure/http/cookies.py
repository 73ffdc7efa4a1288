"""Cookies that last as long as a visit: a page, the redirects before it, and the files fetched from it."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

import httpx2

REMEMBERED_VISITS = 256
VISIT_SECONDS = 600.0
LONGEST_HEADER = 8_192


class Visits:
    """Hands the cookies of a page on to the requests that name it as their referer. In memory only. Thread-safe."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._visits: OrderedDict[str, tuple[float, httpx2.Cookies]] = OrderedDict()
        self._lock = threading.Lock()

    def continued(self, referer: str | None) -> httpx2.Cookies:
        """The cookies to begin with: those of the page that refers, or none."""
        with self._lock:
            since, cookies = self._visits.get(referer or "", (0.0, None))
        fresh = cookies is not None and self._now() - since < VISIT_SECONDS
        return httpx2.Cookies(cookies if fresh else None)

    def remember(self, page: str, cookies: httpx2.Cookies) -> None:
        """Keep the cookies that were set on the way to a page."""
        if not 0 < sum(len(cookie.name) + len(cookie.value or "") for cookie in cookies.jar) <= LONGEST_HEADER:
            return
        with self._lock:
            self._visits[page] = (self._now(), cookies)
            self._visits.move_to_end(page)
            while len(self._visits) > REMEMBERED_VISITS:
                self._visits.popitem(last=False)


def send_cookies(cookies: httpx2.Cookies, request: httpx2.Request) -> str:
    """Add the cookies that the request's host set; returns the header, "" where none is sent."""
    cookies.set_cookie_header(request)
    header = request.headers.get("cookie", "")
    if len(header) > LONGEST_HEADER:
        del request.headers["cookie"]
        return ""
    return header
