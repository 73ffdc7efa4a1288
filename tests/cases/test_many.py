"""Large numbers: of rows, of readers, of hosts, of papers on one host; and numbers that are too large."""

import json
import os
import threading
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.request import urlopen

import anyio
import httpx2
import pytest
import sqlalchemy as sa
from attrs import evolve
from litestar.testing import TestClient

from application import working
from application.exporting import FORMATS, exported
from application.handling import PROGRAM
from application.ports.event_log import Origin, Write
from application.ports.tasks import Tasks
from application.queries import PaperFilter, PaperRow, Papers, PaperSort
from application.working import ENDS, Done
from domain.pipeline import Status
from domain.scraper import STREAM, Action, Paused, Started
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from tests.application.desk import Desk, copy
from tests.application.papers import paper_row
from tests.application.test_working import Bench
from tests.interfaces.web.serving import application, serving, visitor

MILLION = 1_000_000
ROOM = 4_000_000
"""Bytes that an export may take, whatever its length."""


class _Untold:
    """Tasks that nobody looks at."""

    def run(self, kind: str, title: str) -> Any:
        """Take every report."""
        return nullcontext(lambda done, whole: None)


@pytest.mark.case("N05")
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_million_rows_are_exported_one_after_the_other(name: str) -> None:
    drawn = 0

    def rows() -> Iterator[PaperRow]:
        nonlocal drawn
        row = paper_row(title="A title of ordinary length, again and again", file_path="a.pdf", file_sha256="ab")
        for _ in range(MILLION):
            drawn += 1
            yield row

    papers = cast(Papers, SimpleNamespace(all=lambda _: rows(), count=lambda _: MILLION))
    lines = exported(papers, PaperFilter(), FORMATS[name], cast(Tasks, _Untold()))
    assert len(list(islice(lines, 3))) == 3
    assert drawn <= 3
    tracemalloc.start()
    try:
        assert sum(1 for _ in islice(lines, 20_000)) == 20_000
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < ROOM
    assert drawn <= 20_003


READERS = 200
HOSTS = 1_000 if os.environ.get("SCIPAPERLOADER_TEST_SIZE") == "large" else 200


@pytest.mark.case("N07")
def test_two_hundred_readers_follow_the_log_at_once(tmp_path: Path) -> None:
    with application(tmp_path) as container, serving(container) as base:
        told: list[str] = []
        looks = Counter[str]()
        listening, first = threading.Event(), threading.Event()

        async def follow(client: httpx2.AsyncClient, ready: Counter[str]) -> None:
            async with client.stream("GET", f"{base}/live", timeout=60) as answer:
                async for line in answer.aiter_lines():
                    if line.startswith(":"):
                        ready["there"] += 1
                        if ready["there"] == READERS:
                            listening.set()
                    if line.startswith("event: log-moved"):
                        told.append(line)
                        first.set()
                        return

        async def everybody() -> None:
            limits = httpx2.Limits(max_connections=None)
            async with httpx2.AsyncClient(limits=limits) as client, anyio.create_task_group() as group:
                for _ in range(READERS):
                    group.start_soon(follow, client, looks)

        reading = threading.Thread(target=lambda: anyio.run(everybody), daemon=True)
        reading.start()
        assert listening.wait(60)
        with urlopen(f"{base}/healthz", timeout=30) as answer:
            assert answer.status == 200  # the others are served meanwhile
        container.controlling.use(Action.START, "", PROGRAM)
        reading.join(60)
        assert len(told) == READERS


@pytest.fixture
def bench(tmp_path: Path, sqlite: Database) -> Bench:
    desk = Desk(tmp_path / "library")
    desk.log = SqlEventLog(sqlite, desk.clock, READ_MODELS)
    return Bench(desk, SqlPapers(sqlite))


@pytest.mark.case("N08")
def test_very_many_hosts_are_asked_each_for_its_paper(bench: Bench) -> None:
    bench.hands = 8
    for number in range(HOSTS):
        bench.desk.located(copy(f"https://host{number}.example/1.pdf"))
    done = [step for step in bench.work() if isinstance(step, Done)]
    assert len({step.paper.host for step in done}) == len(done) == HOSTS


@pytest.mark.case("N09")
def test_a_host_with_very_many_papers_does_not_keep_the_others_waiting(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host's papers came first, and more of them than are looked up at once."""
    monkeypatch.setattr(working, "WINDOW", 20)
    bench.hands = 4
    for number in range(50):
        bench.desk.located(copy(f"https://huge.example/{number}.pdf"))
    others = {bench.desk.located(copy(f"https://small{number}.example/1.pdf")) for number in range(12)}
    order: list[str] = []

    def noted(name: str) -> Status | None:
        order.append(name)
        return bench.download(name)

    list(evolve(bench.working(), download=noted).work())
    assert len(order) == 62
    assert max(order.index(name) for name in others) < 40


LISTS = (
    "/papers",
    "/imports",
    "/jobs",
    "/activity",
    "/api/v1/papers",
    "/api/v1/jobs",
    "/api/v1/events",
    "/api/v1/imports",
)
STRANGE = (
    "limit=-1", "limit=0", "limit=1000000000", "limit=99999999999999999999999", "limit=x", "after=-1",
    "after=9007199254740993", "after=99999999999999999999999", "before=-5", "after=%00", "after=x",
    "page=-1", "page=1000000000",
    "sort=no_such_column", "sort=-", "sort=id;drop%20table%20papers", "status=none", "sort=%27",
)  # fmt: skip


@pytest.mark.case("N11")
@pytest.mark.case("N10")
@pytest.mark.parametrize("address", LISTS)
def test_strange_pages_and_sorts_are_answered_and_never_break(tmp_path: Path, address: str) -> None:
    with application(tmp_path) as container, visitor(container) as browser:
        for question in STRANGE:
            answer = browser.get(f"{address}?{question}")
            assert answer.status_code < 500, question
            if answer.status_code >= 400 and address.startswith("/api"):
                assert json.loads(answer.text)["detail"], question


@pytest.mark.case("N10")
@pytest.mark.parametrize("number", [2**31, 2**53 + 1, 2**63 - 1, 2**63, 2**70])
def test_numbers_beyond_what_computers_count_with_are_not_found(browser: TestClient[Any], number: int) -> None:
    assert browser.get(f"/api/v1/jobs/{number}").status_code in {400, 404}
    assert browser.get(f"/api/v1/events?after={number}").status_code < 500
    assert browser.get(f"/api/v1/status?as_of={number}").status_code < 500


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[TestClient[Any]]:
    with application(tmp_path) as container, visitor(container) as client:
        yield client


@pytest.mark.case("N12")
def test_a_page_of_the_log_stays_small_though_an_entry_has_megabytes(tmp_path: Path) -> None:
    long = "Because <b>so it was</b>. " * 400_000
    with application(tmp_path) as container, visitor(container) as browser:
        event = Paused(reason=long)
        origin = Origin(command="scraper pause", actor="somebody", correlation="one")
        container.log.append((Write(stream=STREAM, expected=0, events=(Started(), event)),), origin)
        for address in ("/", "/activity", "/scraper", "/notices", "/activity?text=so+it+was"):
            answer = browser.get(address)
            assert answer.status_code == 200, address
            assert len(answer.content) < 300_000, address
        told = browser.get("/api/v1/events").json()["events"][-1]
        assert told["data"]["reason"] == long  # programs get all of it


@pytest.mark.case("N01")
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", PaperSort)
def test_a_page_begins_where_an_index_says_at_any_depth(sqlite: Database, sort: PaperSort, descending: bool) -> None:
    desk = Desk(Path("unused"))
    desk.log = SqlEventLog(sqlite, desk.clock, READ_MODELS)
    for number in range(6):
        desk.register(title=f"Title {number}", year=2000 + number)
    papers = SqlPapers(sqlite)
    page = papers.page(PaperFilter(), sort, descending=descending, limit=2)
    with planned() as plans:
        for _ in range(2):
            page = papers.page(PaperFilter(), sort, descending=descending, limit=2, after=page.after)
    assert page.papers
    assert [line for line in plans if "papers" in line and line.startswith("SEARCH")]
    assert [line for line in plans if "TEMP B-TREE FOR ORDER BY" in line or line == "SCAN papers"] == []


def test_papers_that_may_be_tried_again_are_found_by_their_moment(sqlite: Database) -> None:
    papers, now = SqlPapers(sqlite), datetime(2026, 3, 1, tzinfo=UTC)
    with planned() as plans:
        papers.due_again(ENDS, now, 200)
        papers.next_due((Status.NEW, *ENDS), now)
    assert len(plans) == 2
    assert all("USING INDEX ix_papers_not_before" in line for line in plans), plans


@contextmanager
def planned() -> Iterator[list[str]]:
    """How SQLite finds the rows of every question that is asked meanwhile."""
    plans: list[str] = []

    def look(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            rows = connection.connection.dbapi_connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in rows)

    sa.event.listen(sa.Engine, "before_cursor_execute", look)
    try:
        yield plans
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", look)
