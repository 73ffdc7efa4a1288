"""What is outside of an installation: one source, and addresses that answer as their names say."""

import hashlib
from collections import Counter
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

from attrs import define, field

from application.ports.fetcher import Fetched, FetchFailed
from application.ports.library import Checked, Verdict
from application.ports.sources import Finding
from domain.copies import Copy, CopyKind
from domain.identifiers import Identifier
from tests.fakes.clock import FakeClock
from tests.fakes.fetcher import FakeFetcher, failing
from tests.fakes.library import FakePdfChecker
from tests.fakes.sources import FakeSource

KINDS = ("right",) * 14 + ("missing", "limited", "doubtful", "wrong", "broken", "none")
"""What comes of a paper, by its number: most are had."""
PATIENCE = timedelta(minutes=40)
"""What a site asks for that limits its rate."""


def kind_of(number: int) -> str:
    """What comes of the paper of this number."""
    return KINDS[number % len(KINDS)]


def copy_of(number: int) -> Copy:
    """The one copy of a paper."""
    return Copy(
        url=f"https://host{number % 5}.example/{kind_of(number)}/{number}", source="a source", kind=CopyKind.PDF
    )


def _body(kind: str) -> bytes:
    return b"%PDF-1.7 " + kind.encode()


def checker() -> FakePdfChecker:
    """A check that knows the files of this web."""
    verdicts = {"right": Verdict.RIGHT, "doubtful": Verdict.DOUBTFUL, "wrong": Verdict.WRONG}
    return FakePdfChecker(
        {
            hashlib.sha256(_body(kind)).hexdigest(): Checked(
                verdict=verdict, cause="wrong_document" if kind == "wrong" else None, evidence=(kind,), pages=3
            )
            for kind, verdict in verdicts.items()
        }
    )


@define
class SimulatedWeb(FakeFetcher):
    """Answers by the kind in the address. A site that limits its rate, or breaks down, does so the first time only."""

    clock: FakeClock = field(kw_only=True)
    times: "Counter[str]" = field(factory=Counter, kw_only=True)

    def download(
        self, url: str, into: Path, *, referer: str | None = None, headers: dict[str, str] | None = None
    ) -> Fetched:
        """The body of the address, in the file."""
        kind, self.times[url] = url.split("/")[3], self.times[url] + 1
        self.web[url] = self._answer(kind, url)
        return super().download(url, into, referer=referer, headers=headers)

    def _answer(self, kind: str, url: str) -> bytes | FetchFailed:
        if kind == "missing":
            return failing("not_found", url, status=404)
        if self.times[url] == 1 and kind == "limited":
            return failing("rate_limited", url, status=429, until=self.clock.now() + PATIENCE)
        if self.times[url] == 1 and kind == "broken":
            return failing("host_resting", url)
        return _body(kind if kind in {"doubtful", "wrong"} else "right")


class SimulatedSource(FakeSource):
    """Knows the copy of every paper but those that have none."""

    def find(self, identifiers: Collection[Identifier]) -> Finding:
        """The copy, by the number at the end of the DOI."""
        number = int(next(iter(identifiers)).value.rpartition("/")[2])
        self.answer = Finding(known=True, copies=() if kind_of(number) == "none" else (copy_of(number),))
        return super().find(identifiers)
