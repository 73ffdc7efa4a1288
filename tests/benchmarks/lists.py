"""A page of the list of papers in a large library."""

import statistics
from collections.abc import Callable
from pathlib import Path

from application.queries import PaperFilter, PaperSort
from domain.pipeline import Status
from tests.benchmarks.figures import Figure, seconds
from tests.benchmarks.logs import ORIGIN, lives
from tests.benchmarks.stores import Store, bare, store

TIMES = 30
_QUERIES = {
    "first page by title": "SELECT * FROM papers ORDER BY sort_title, id LIMIT 51",
    "failed ones, newest first": "SELECT * FROM papers WHERE status = 'failed' ORDER BY id DESC LIMIT 51",
    "search for a word": "SELECT * FROM papers WHERE search LIKE '%sample 77%' ORDER BY id LIMIT 51",
    "counts by status": "SELECT status, count(*) FROM papers GROUP BY status",
}


def pages(base: Path, count: int) -> list[Figure]:
    """Milliseconds of a page as the application asks for it, beside the bare query."""
    with store(base) as one:
        for start in range(0, count, 400):
            one.log.append(list(lives(min(400, count - start), start)), ORIGIN)
        return [_figure(one, name, query, count) for name, query in _QUERIES.items()]


def _figure(one: Store, name: str, query: str, count: int) -> Figure:
    papers = one.papers
    ours: dict[str, Callable[[], object]] = {
        "first page by title": lambda: papers.page(PaperFilter(), PaperSort.TITLE),
        "failed ones, newest first": lambda: papers.page(PaperFilter(statuses=(Status.FAILED,)), descending=True),
        "search for a word": lambda: papers.page(PaperFilter(text="sample 77")),
        "counts by status": lambda: papers.by_status(PaperFilter()),
    }
    with bare(one.path) as connection:
        pairs = [(seconds(ours[name]), seconds(lambda: connection.execute(query).fetchall())) for _ in range(TIMES)]
    mine, floor = (statistics.median(side) * 1000 for side in zip(*pairs, strict=True))
    return Figure(
        name=f"list at {count:,} papers: {name}", ours=f"{mine:.1f} ms", floor=f"{floor:.1f} ms", ratio=mine / floor
    )
