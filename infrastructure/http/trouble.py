"""What goes wrong on the way out, before it is told to the application as FetchFailed."""

from collections.abc import Mapping
from datetime import datetime

from application.ports.fetcher import FetchFailed
from infrastructure.http.redaction import without_secrets

DETAIL_LENGTH = 200


class Trouble(Exception):
    """One request failed. `cause` is a name of domain.causes; `again` tells that another try at once makes sense.

    `retry_after` is the pause in seconds that the server asked for; `until` the moment where it is known already.
    """

    def __init__(
        self,
        cause: str,
        detail: str,
        *,
        again: bool = False,
        status: int | None = None,
        retry_after: float | None = None,
        until: datetime | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> None:
        super().__init__(f"{cause}: {detail}")
        self.cause, self.detail, self.again = cause, _printable(detail), again
        self.status, self.retry_after, self.until = status, retry_after, until
        self.headers, self.body = dict(headers or {}), body

    def failure(self, url: str, *, redirects: tuple[str, ...], size: int, seconds: float) -> FetchFailed:
        """The same for the application, without secrets in its addresses."""
        return FetchFailed(
            self.cause,
            without_secrets(url),
            self.detail,
            status=self.status,
            until=self.until,
            size=size,
            seconds=seconds,
            redirects=redirects,
            headers=self.headers,
            body=self.body,
        )


def _printable(text: str) -> str:
    """Servers choose parts of these texts: no control characters, and short."""
    return "".join(sign if sign.isprintable() else "�" for sign in text[:DETAIL_LENGTH])
