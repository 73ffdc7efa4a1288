"""A network of a few addresses, without a network."""

from collections.abc import Callable
from pathlib import Path

from attrs import define, field

from application.ports.fetcher import Fetched, FetchFailed

PDF = "application/pdf"
HTML = "text/html"


def failing(cause: str, url: str = "https://host.example/", **fields: object) -> FetchFailed:
    """What the fetcher raises where an address gives no usable answer."""
    return FetchFailed(cause, url, "it did not work", **fields)  # type: ignore[arg-type]


@define
class FakeFetcher:
    """Stand-in for application.ports.fetcher.Fetcher and HostReports.

    `web` tells the body of each address, or what is raised; all others are not found. `before` runs in every fetch,
    with the address.
    """

    web: dict[str, bytes | Exception] = field(factory=dict)
    before: Callable[[str], object] = lambda _: None
    asked: list[str] = field(factory=list)
    referers: dict[str, str | None] = field(factory=dict)
    reported: list[tuple[str, str]] = field(factory=list)

    def get(
        self, url: str, *, headers: dict[str, str] | None = None, limit: int = 10_000_000, page: bool = False
    ) -> tuple[Fetched, bytes]:
        """The body of the address."""
        body = self._body(url, None)
        return _fetched(url, body), body

    def download(
        self, url: str, into: Path, *, referer: str | None = None, headers: dict[str, str] | None = None
    ) -> Fetched:
        """The body of the address, in the file."""
        body = self._body(url, referer)
        into.write_bytes(body)
        return _fetched(url, body)

    def report(self, url: str, cause: str) -> None:
        """Note the report."""
        self.reported.append((url, cause))

    def _body(self, url: str, referer: str | None) -> bytes:
        self.asked.append(url)
        self.referers[url] = referer
        self.before(url)
        answer = self.web.get(url, failing("not_found", url, status=404))
        if isinstance(answer, Exception):
            raise answer
        return answer


def _fetched(url: str, body: bytes) -> Fetched:
    kind = PDF if body.startswith(b"%PDF-") else HTML
    return Fetched(url=url, status=200, content_type=kind, size=len(body), seconds=0.25, head=body[:4096])
