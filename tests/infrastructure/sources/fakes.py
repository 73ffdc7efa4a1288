"""A network of prepared answers, and a clock that stands still."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from application.ports.fetcher import Fetched, FetchFailed
from domain.identifiers import Identifier, Scheme


class Answering:
    """Gives one body to every request and keeps the addresses that were asked."""

    def __init__(self, body: bytes | Mapping[str, object]) -> None:
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.asked: list[str] = []

    def get(
        self, url: str, *, headers: dict[str, str] | None = None, limit: int = 10_000_000, page: bool = False
    ) -> tuple[Fetched, bytes]:
        self.asked.append(url)
        fetched = Fetched(url=url, status=200, content_type="application/json", size=len(self.body), seconds=0.0)
        return fetched, self.body

    def download(
        self, url: str, into: Path, *, referer: str | None = None, headers: dict[str, str] | None = None
    ) -> Fetched:
        raise NotImplementedError


class Replying(Answering):
    """Gives each address its own body; what has none is not found."""

    def __init__(self, web: Mapping[str, bytes | Mapping[str, object]]) -> None:
        super().__init__(b"")
        self.web = web

    def get(
        self, url: str, *, headers: dict[str, str] | None = None, limit: int = 10_000_000, page: bool = False
    ) -> tuple[Fetched, bytes]:
        self.asked.append(url)
        if url not in self.web:
            raise FetchFailed("not_found", url, "it is not there", status=404)
        return Answering(self.web[url]).get(url)


class Failing(Answering):
    """Fails every request in the same way."""

    def __init__(self, cause: str, *, status: int | None = None, until: datetime | None = None) -> None:
        super().__init__(b"")
        self.cause, self.status, self.until = cause, status, until

    def get(
        self, url: str, *, headers: dict[str, str] | None = None, limit: int = 10_000_000, page: bool = False
    ) -> tuple[Fetched, bytes]:
        self.asked.append(url)
        raise FetchFailed(self.cause, url, "it went wrong", status=self.status, until=self.until)


class StandingClock:
    """Always the same moment."""

    def now(self) -> datetime:
        return datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def sleep(self, seconds: float) -> None:
        raise NotImplementedError


def doi(value: str) -> Identifier:
    return Identifier(Scheme.DOI, value)
