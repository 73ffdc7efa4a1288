"""The list of papers in a large library, as a browser asks for it: every filter, order, search and facet."""

import sqlite3
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from litestar.testing import TestClient

from application.queries import Facet, PaperFilter, PaperSort
from interfaces.container import Container
from tests.benchmarks.figures import PAGE, Figure, seconds, waits
from tests.benchmarks.library import fill
from tests.benchmarks.stores import bare
from tests.interfaces.web.serving import application, visitor

TIMES = 5
HTMX = {"hx-request": "true"}
_OF_A_COLLECTION = "id IN (SELECT paper FROM memberships WHERE collection = 'c1')"
FILTERS: dict[str, tuple[dict[str, str], str]] = {
    "everything": ({}, "1"),
    "failed": ({"status": "failed"}, "status = 'failed'"),
    "done": ({"status": "done"}, "status = 'done'"),
    "excluded": ({"status": "excluded"}, "status = 'excluded'"),
    "a cause": ({"cause": "no_open_copy"}, "cause = 'no_open_copy'"),
    "a large host": ({"host": "files0.example.org"}, "host = 'files0.example.org'"),
    "a small host": ({"host": "files1500.example.org"}, "host = 'files1500.example.org'"),
    "ten years": ({"year": "2010-2019"}, "year BETWEEN 2010 AND 2019"),
    "a source": ({"source": "unpaywall"}, "source = 'unpaywall'"),
    "a version": ({"version": "publishedVersion"}, "version = 'publishedVersion'"),
    "requested": ({"requested": "yes"}, "requested"),
    "not requested": ({"requested": "no"}, "NOT requested"),
    "a collection": ({"collection": "c1"}, _OF_A_COLLECTION),
    "a frequent word": ({"q": "sleep"}, "search LIKE '%sleep%'"),
    "a letter": ({"q": "e"}, "search LIKE '%e%'"),
    "a word that is nowhere": ({"q": "nowhere"}, "search LIKE '%nowhere%'"),
    "three words": (
        {"q": "sleep memory 77"}, "search LIKE '%sleep%' AND search LIKE '%memory%' AND search LIKE '%77%'",
    ),
    "a DOI": ({"q": "10.1005/journal.7205"}, "doi = '10.1005/journal.7205'"),
    "several at once": (
        {"status": "done", "q": "sleep", "year": "2000-", "collection": "c1"},
        f"status = 'done' AND search LIKE '%sleep%' AND year >= 2000 AND {_OF_A_COLLECTION}",
    ),
}  # fmt: skip
"""The fields of an address, and the condition of its rows."""


def pages(base: Path, count: int) -> list[Figure]:
    """Milliseconds, 95 of 100 within, beside a bare query of the same rows."""
    folder = base / "finding"
    folder.mkdir()
    with application(folder) as container:
        fill(container.log, count)
        with visitor(container) as client, bare(folder / "scipaperloader.db") as connection:
            place = f"at {count:,} papers"
            return [
                *(_list(client, connection, f"{name}, {place}", *FILTERS[name]) for name in FILTERS),
                *(_facet(client, connection, f"by {facet}, {place}", facet) for facet in Facet),
                _one(container, client, connection, place),
            ]


def _list(
    client: TestClient[Any], connection: sqlite3.Connection, name: str, fields: dict[str, str], condition: str
) -> Figure:
    """Pages of the list in every order, from both ends, and the next one."""
    ours, floor = list[float](), list[float]()
    for sort in PaperSort:
        for order in (sort.value, f"-{sort.value}"):
            address = f"/papers?{urlencode({**fields, 'sort': order})}"
            ours += _times(client, address)
        query = f"SELECT * FROM papers WHERE {condition} ORDER BY {_COLUMNS[sort]}, id LIMIT 51"
        floor += _bare(connection, query)
    return waits(f"papers: {name}", ours, floor, PAGE)


_COLUMNS = {
    PaperSort.ADDED: "id",
    PaperSort.TITLE: "sort_title",
    PaperSort.YEAR: "sort_year",
    PaperSort.CHANGED: "position",
    PaperSort.JOURNAL: "sort_journal",
    PaperSort.SIZE: "sort_size",
    PaperSort.ATTEMPTS: "attempts",
}


def _facet(client: TestClient[Any], connection: sqlite3.Connection, name: str, facet: Facet) -> Figure:
    """The counts of a facet under every filter."""
    ours, floor = list[float](), list[float]()
    column = {Facet.COLLECTION: "collection", Facet.IMPORT: "import_id"}.get(facet, facet.value)
    joined = facet in {Facet.COLLECTION, Facet.IMPORT}
    table = "papers JOIN memberships ON paper = id" if joined else "papers"
    for fields, condition in FILTERS.values():
        ours += _times(client, f"/facets/{facet}?{urlencode(fields)}")
        floor += _bare(connection, f"SELECT {column}, count(*) FROM {table} WHERE {condition} GROUP BY 1")
    return waits(f"facets: {name}", ours, floor, PAGE)


def _one(container: Container, client: TestClient[Any], connection: sqlite3.Connection, place: str) -> Figure:
    """The panel of a paper, and its page with its neighbours in each list."""
    ours, floor = list[float](), list[float]()
    middle = connection.execute("SELECT id FROM papers WHERE status = 'done' LIMIT 1 OFFSET 1000").fetchone()
    paper = container.papers.find(middle[0] if middle else "") or next(container.papers.all(PaperFilter()))
    for fields, _ in FILTERS.values():
        within = urlencode({"in": urlencode({**fields, "sort": "title"})})
        ours += _times(client, f"/papers/{paper.id}?{within}")
        ours += _times(client, f"/panel?{urlencode({**fields, 'panel': paper.id})}")
        floor += _bare(connection, f"SELECT * FROM events WHERE stream = 'paper-{paper.id}'")
    return waits(f"a paper within each list, {place}", ours, floor, PAGE)


def _times(client: TestClient[Any], address: str) -> list[float]:
    client.get(address, headers=HTMX)
    return [seconds(partial(client.get, address, headers=HTMX)) * 1000 for _ in range(TIMES)]


def _bare(connection: sqlite3.Connection, query: str) -> Sequence[float]:
    return [seconds(lambda: connection.execute(query).fetchall()) * 1000 for _ in range(TIMES)]
