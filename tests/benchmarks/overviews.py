"""The dashboard and the activity page in a large library: a hundred thousand papers, a million events."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tests.benchmarks.figures import PAGE, Figure, waits
from tests.benchmarks.jobs import fill, times
from tests.benchmarks.stores import bare
from tests.interfaces.web.serving import application, visitor

_LATEST = "SELECT * FROM events ORDER BY position DESC LIMIT 101"
_COUNTS = "SELECT status, count(*) FROM papers GROUP BY status"
_NEITHER = "type NOT IN ('paper.registered', 'paper.queued', 'paper.processing_started', 'paper.candidate_tried')"
PAGES = {
    "dashboard": ("/", _COUNTS),
    "activity: first page": ("/activity", f"SELECT * FROM events WHERE {_NEITHER} ORDER BY position DESC LIMIT 101"),
    "activity: every step": ("/activity?level=detail", _LATEST),
    "activity: deep page": (
        "/activity?level=detail&before=500000",
        "SELECT * FROM events WHERE position < 500000 ORDER BY position DESC LIMIT 101",
    ),
    "activity: one kind": (
        "/activity?kind=paper.failed",
        "SELECT * FROM events WHERE type = 'paper.failed' ORDER BY position DESC LIMIT 101",
    ),
    "activity: a word": (
        "/activity?level=detail&text=www25.example.org",
        "SELECT * FROM events WHERE data LIKE '%www25.example.org%' ORDER BY position DESC LIMIT 101",
    ),
    "activity: a word that is nowhere": ("/activity?level=detail&text=nowhere", _LATEST),
    "activity: faults": ("/activity?level=error", _LATEST),
    "activity: of a small collection": ("/activity?collection=few", _LATEST),
    "activity: what is new": ("/activity/news?level=detail&seen=900000", _LATEST),
    "activity: one event": ("/activity/500000", "SELECT * FROM events WHERE position = 500000"),
}
"""Addresses, each with a bare query of its rows."""


def pages(base: Path, count: int) -> list[Figure]:
    """Milliseconds of each page, 95 of 100 within, beside the bare query of its rows; in the jobs page's library."""
    folder = base / "jobs"
    filled = folder.exists()
    folder.mkdir(exist_ok=True)
    with application(folder) as container:
        if not filled:
            fill(container.log, count, datetime.now(UTC))
        with visitor(container) as client, bare(folder / "scipaperloader.db") as connection:
            for _ in range(3):  # what is kept for a while is found
                client.get("/")
            return [
                waits(
                    f"{name}, at {count:,} papers",
                    times(partial(client.get, address)),
                    times(partial(_rows, connection, query)),
                    PAGE,
                )
                for name, (address, query) in PAGES.items()
            ]


def _rows(connection: sqlite3.Connection, query: str) -> Sequence[object]:
    return connection.execute(query).fetchall()
