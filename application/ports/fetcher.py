"""Fetching over the network."""

from datetime import datetime
from pathlib import Path
from typing import Protocol

from attrs import field, frozen

from domain.errors import SciPaperLoaderError


@frozen(kw_only=True)
class Fetched:
    """A good answer, its body complete. Addresses are without user names, keys and e-mail addresses."""

    url: str
    """Where the answer came from in the end, after all redirects."""
    status: int
    content_type: str
    """Media type in lower case without parameters, "" if none was sent."""
    headers: dict[str, str] = field(factory=dict)
    """Headers with lower-case names, without cookies."""
    size: int
    """Bytes of the decoded body."""
    seconds: float
    """Time on the network, waiting for the host's turn not counted."""
    redirects: tuple[str, ...] = ()
    """Every address on the way, first asked first, without the last."""
    head: bytes = b""
    """The first bytes of the body, at most 4096."""


class FetchFailed(SciPaperLoaderError):
    """No usable answer. `cause` is a name of domain.causes; `until` is when asking again makes sense.

    `url` is the address that was asked last, `redirects` those before it. `body` holds the first 64 KiB of a refusal,
    decoded, so that walls can be told apart.
    """

    def __init__(
        self,
        cause: str,
        url: str,
        detail: str,
        *,
        status: int | None = None,
        until: datetime | None = None,
        size: int = 0,
        seconds: float = 0.0,
        redirects: tuple[str, ...] = (),
        headers: dict[str, str] | None = None,
        body: bytes = b"",
    ) -> None:
        super().__init__(f"{url}: {detail}.", remedy="")
        self.cause, self.url, self.detail = cause, url, detail
        self.status, self.until, self.size, self.seconds, self.redirects = status, until, size, seconds, redirects
        self.headers, self.body = headers or {}, body


class Fetcher(Protocol):
    """The only way out of the machine: gated, polite, bounded in time and size."""

    def get(
        self, url: str, *, headers: dict[str, str] | None = None, limit: int = 10_000_000, page: bool = False
    ) -> tuple[Fetched, bytes]:
        """Fetch a small body into memory, at most `limit` bytes. Raises FetchFailed.

        `page` tells that it is a page for people, for which robots.txt is obeyed; interfaces for programs have none.
        `headers` go to the address's own origin only, whatever redirects follow.
        """
        ...

    def download(
        self, url: str, into: Path, *, referer: str | None = None, headers: dict[str, str] | None = None
    ) -> Fetched:
        """Fetch a body into the file `into`, not fsynced; robots.txt is obeyed.

        `referer` is the page that names the file (Fetched.url of it): the cookies of that visit are sent along.
        Raises FetchFailed, and LibraryUnavailable where the file cannot be written; the file is gone then.
        """
        ...


class HostReports(Protocol):
    """Tells the way out what an answer turned out to be once its body was looked at."""

    def report(self, url: str, cause: str) -> None:
        """Count `cause` (a name of domain.causes, a challenge for instance) against the host of `url`."""
        ...
