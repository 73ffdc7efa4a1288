"""Fetching over the network."""

from datetime import datetime
from pathlib import Path
from typing import Protocol

from attrs import field, frozen

from domain.errors import SciPaperLoaderError


@frozen(kw_only=True)
class Fetched:
    """An answer with status 200, its body complete. `body` is a temporary file, or None where it was kept in `text`."""

    url: str
    """Where the answer came from in the end, after all redirects."""
    status: int
    content_type: str
    """Media type in lower case without parameters, "" if none was sent."""
    headers: dict[str, str] = field(factory=dict)
    """Headers with lower-case names."""
    size: int
    """Bytes of the decoded body."""
    seconds: float
    redirects: tuple[str, ...] = ()
    """Every address on the way, first asked first, without the last."""
    head: bytes = b""
    """The first bytes of the body, at most 4096."""


class FetchFailed(SciPaperLoaderError):
    """No usable answer. `cause` is a name of domain.causes; `until` is when asking again makes sense."""

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

    def get(self, url: str, *, headers: dict[str, str] | None = None, limit: int = 10_000_000) -> tuple[Fetched, bytes]:
        """Fetch a small body into memory, at most `limit` bytes. Raises FetchFailed."""
        ...

    def download(self, url: str, into: Path, *, referer: str | None = None) -> Fetched:
        """Fetch a body into the file `into`, not fsynced. Raises FetchFailed; the file is gone then."""
        ...
