"""The jobs page in a large library: a million events, a hundred thousand papers with three jobs each."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from attrs import frozen
from uuid_utils import uuid7

from application.ports.event_log import EventLog, Write
from domain import collection as collecting
from domain import hour, importing
from domain.copies import Copy
from domain.events import Event
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.paper import stream_of
from domain.paper_events import (
    CandidateTried,
    CopiesLocated,
    Deferred,
    Downloaded,
    Failed,
    File,
    ProcessingStarted,
    Queued,
    Registered,
)
from domain.pipeline import Status
from tests.benchmarks.figures import PAGE, Figure, seconds, waits
from tests.benchmarks.logs import ORIGIN
from tests.benchmarks.stores import bare
from tests.interfaces.web.serving import application, visitor

TIMES = 40
AN_HOUR = 200
"""Papers of an hour."""
HOSTS = 300
HOUR = timedelta(hours=1)
EVERYBODY, FEW = "Everything", "A small review"
SMALL = 20
"""Every so many papers one belongs to the small review too."""
_OF_A_HOST = "SELECT id FROM papers WHERE host = 'www25.example.org'"
_OF_MANY = "SELECT paper FROM memberships WHERE import_id = 'everything'"
_OF_FEW = "SELECT paper FROM memberships WHERE import_id = 'few'"
PAGES = {
    "first page": ("/jobs", "1"),
    "failed": ("/jobs?status=failed", "status = 'failed'"),
    "deep page": ("/jobs?after=500000", "id < 500000"),
    "by hand": ("/jobs?by_hand=true", "by_hand = 1"),
    "of a host": ("/jobs?host=www25.example.org", f"paper IN ({_OF_A_HOST})"),
    "of a collection with every paper": (f"/jobs?collection={EVERYBODY}", f"paper IN ({_OF_MANY})"),
    "of a small collection": (f"/jobs?collection={FEW}", f"paper IN ({_OF_FEW})"),
}
"""Addresses, each with the condition of its rows."""


@frozen(kw_only=True)
class _Hour:
    """A planned hour and the papers of it."""

    start: datetime
    papers: Sequence[int]

    @property
    def stream(self) -> str:
        return hour.stream_of(self.start)

    def planned(self) -> Write:
        """The plan."""
        count = len(self.papers)
        event = hour.Planned(
            start=self.start, timezone="UTC", quota=count, seed=1, count=count, minutes=60, begins=self.start
        )
        return Write(stream=self.stream, expected=0, events=(event,))

    def due(self, number: int) -> datetime:
        """When a paper's turn is."""
        return self.start + HOUR * (number % AN_HOUR) / AN_HOUR


def fill(log: EventLog, count: int, now: datetime) -> None:
    """So many papers, each located, put off once and then fetched or failed; the last ones wait in this hour."""
    names = [str(uuid7()) for _ in range(count)]
    blocks = [range(start, min(start + AN_HOUR, count)) for start in range(0, count, AN_HOUR)]
    this = now.replace(minute=0, second=0, microsecond=0)
    first = this - HOUR * (2 * len(blocks) - 1)
    for place, block in enumerate(blocks):
        early, late = (_Hour(start=first + HOUR * (2 * place + more), papers=block) for more in (0, 1))
        writes = [_life(names[n], n, early, late, is_open=late.start == this) for n in block]
        log.append([early.planned(), late.planned(), *writes], ORIGIN)
    for name, chosen in ((EVERYBODY, names), (FEW, names[::SMALL])):
        log.append(list(_collection(name, chosen)), ORIGIN)


def _life(name: str, number: int, early: _Hour, late: _Hour, *, is_open: bool) -> Write:
    host = f"www{number * number % HOSTS}.example.org"
    copy = Copy(url=f"https://{host}/{number}.pdf", source="unpaywall", licence="cc-by")
    tried = CandidateTried(url=copy.url, source=copy.source, outcome="rate_limited", http_status=429, seconds=0.1)
    events: tuple[Event, ...] = (
        Registered(
            identifiers=(Identifier(Scheme.DOI, f"10.5555/{number}"),),
            metadata=Metadata(title=f"A study of sample {number}", authors=("Doe, J.",), year=2000 + number % 20),
        ),
        ProcessingStarted(module="locate", worker="w", attempt=f"{number}-a"),
        CopiesLocated(copies=(copy,)),
        Queued(module="download", due=early.due(number), hour=early.stream),
        ProcessingStarted(module="download", worker="w", attempt=f"{number}-b", by_hand=number % 1_000 == 0),
        tried,
        Deferred(to=Status.LOCATED, until=late.start, cause="rate_limited"),
        Queued(module="download", due=late.due(number), hour=late.stream),
    )
    if not is_open or number % AN_HOUR < 4:
        events += (ProcessingStarted(module="download", worker="w", attempt=f"{number}-c"),)
    if not is_open:
        file = File(path=f"{number}.pdf", sha256=f"{number:064x}", size=1_000, pages=3)
        events += (Failed(cause="forbidden") if number % 5 == 0 else Downloaded(file=file, copy=copy),)
    return Write(stream=stream_of(name), expected=0, events=events)


def _collection(name: str, papers: Sequence[str]) -> Iterator[Write]:
    key = name.rsplit(maxsplit=1)[-1].lower()
    created = collecting.Created(name=name)
    counts = importing.Counts(registered=len(papers))
    started = importing.Started(
        collection=key,
        collection_name=name,
        filename=f"{key}.csv",
        sha256="0" * 64,
        size=1,
        format="CSV",
        encoding="UTF-8",
        rows=len(papers),
        on_duplicate=importing.OnDuplicate.SKIP,
    )
    recorded = importing.RowsRecorded(collection=key, first=1, last=len(papers), counts=counts, members=tuple(papers))
    yield Write(stream=f"{collecting.STREAM}{key}", expected=0, events=(created,))
    yield Write(
        stream=f"{importing.STREAM}{'few' if name == FEW else key}",
        expected=0,
        events=(started, recorded, importing.Completed(counts=counts)),
    )


def pages(base: Path, count: int) -> list[Figure]:
    """Milliseconds of each page as a browser asks for it, 95 of 100 within, beside the bare query of its rows."""
    folder = base / "jobs"
    folder.mkdir()
    with application(folder) as container:
        fill(container.log, count, datetime.now(UTC))
        with visitor(container) as client, bare(folder / "scipaperloader.db") as connection:
            return [
                waits(
                    f"jobs at {count:,} papers: {name}",
                    times(partial(client.get, address)),
                    times(partial(_rows, connection, condition)),
                    PAGE,
                )
                for name, (address, condition) in PAGES.items()
            ]


def _rows(connection: sqlite3.Connection, condition: str) -> list[object]:
    query = f"SELECT * FROM jobs WHERE {condition} ORDER BY id DESC LIMIT 51"
    return connection.execute(query).fetchall()


def times(action: Callable[[], object]) -> list[float]:
    """Milliseconds of each run, but the first, which warms up."""
    action()
    return [seconds(action) * 1000 for _ in range(TIMES)]
