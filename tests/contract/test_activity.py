"""The activity log: every adapter answers like one that looks at every event."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, product
from typing import Any
from unittest.mock import patch

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from application.activity import Activity, ActivityFilter, ActivityPage, all_events
from application.kinds import KINDS, Group, Level
from application.ports.event_log import EventLog, Origin, Recorded, Write
from domain import importing, schedule, scraper
from domain import paper_events as happened
from domain.copies import Copy
from domain.errors import InvalidValue
from domain.events import Event
from domain.importing import Counts, OnDuplicate
from domain.pipeline import Status
from infrastructure.log.memory import MemoryEventLog
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models import activity_queries
from infrastructure.read_models.activity_queries import SqlActivity
from infrastructure.schema import READ_MODELS
from tests.contract.making import doi, origin, registration, write
from tests.databases import KINDS as DATABASES
from tests.databases import Databases, fewer
from tests.fakes.activity import MemoryActivity
from tests.fakes.clock import START, FakeClock
from tests.histories import COLLECTIONS, IMPORTS, PAPERS, histories


@frozen
class Books:
    """A log, what is asked about it, and its clock."""

    log: EventLog
    activity: Activity
    clock: FakeClock

    def happen(self, stream: str, *events: Event, **fields: Any) -> None:
        """Append events."""
        self.log.append((Write(stream=stream, expected=None, events=events),), origin(**fields))

    def found(self, **conditions: Any) -> list[int]:
        """The positions of the events that match."""
        return positions(all_events(self.activity, ActivityFilter(**conditions)))


def positions(events: "Iterator[Recorded] | Sequence[Recorded]") -> list[int]:
    return [one.position for one in events]


@pytest.fixture(params=["memory", *DATABASES])
def books(request: pytest.FixtureRequest) -> Iterator[Books]:
    """An empty log of each kind."""
    clock = FakeClock()
    if request.param == "memory":
        log = MemoryEventLog(clock)
        yield Books(log, MemoryActivity(log), clock)
        return
    databases: Databases = request.getfixturevalue("databases")
    with databases.fresh(request.param) as database:
        sql = SqlEventLog(database, clock, READ_MODELS)
        yield Books(sql, SqlActivity(database, sql), clock)


COPY = Copy(url="https://a.example/1.pdf", source="unpaywall")
LATER = datetime(2026, 4, 1, tzinfo=UTC)


def put_off(cause: str) -> Event:
    return happened.Deferred(to=Status.NEW, until=LATER, cause=cause)


def test_pages_join_without_gap_and_overlap(books: Books) -> None:
    books.happen("scraper", *write("scraper", 25).events)
    forwards, backwards = [], []
    page = books.activity.page(ActivityFilter(), limit=10)
    while page.events:
        forwards += positions(page.events)
        page = books.activity.page(ActivityFilter(), limit=10, after=page.reached)
    page = books.activity.page(ActivityFilter(), limit=10, descending=True)
    while page.events:
        backwards += positions(page.events)
        page = books.activity.page(ActivityFilter(), limit=10, before=page.reached, descending=True)
    assert forwards == list(range(1, 26))
    assert backwards == forwards[::-1]


def test_the_last_page_says_so(books: Books) -> None:
    books.happen("scraper", *write("scraper", 20).events)
    pages = [books.activity.page(ActivityFilter(), limit=10, after=after) for after in (0, 10, 20, 10**30)]
    assert [(len(page.events), page.reached, page.more) for page in pages] == [
        (10, 10, True),
        (10, 20, False),
        (0, 20, False),
        (0, 10**30, False),
    ]
    newest = books.activity.page(ActivityFilter(), limit=10, descending=True)
    assert (newest.reached, newest.more) == (11, True)
    oldest = books.activity.page(ActivityFilter(), limit=10, before=11, descending=True)
    assert (positions(oldest.events), oldest.reached, oldest.more) == (list(range(10, 0, -1)), 1, False)
    for before in (0, -5):
        assert books.activity.page(ActivityFilter(), before=before).events == ()


def test_an_empty_log_has_an_empty_page(books: Books) -> None:
    for descending in (False, True):
        page = books.activity.page(ActivityFilter(text="x"), descending=descending)
        assert (page.events, page.more) == ((), False)


def test_events_are_found_by_kind(books: Books) -> None:
    books.happen("schedule", schedule.VolumeChanged(volume=10), schedule.TimezoneChanged(timezone="UTC"))
    books.happen("scraper", scraper.Started(), scraper.Paused(), scraper.Resumed())
    assert books.found(kinds=("schedule",)) == [1, 2]
    assert books.found(kinds=("schedule.volume_changed", "scraper.paused")) == [1, 4]
    assert books.found(kinds=("scraper", "schedule"), without=("schedule.volume_changed",)) == [2, 3, 4, 5]
    assert books.found(without=("scraper",)) == [1, 2]
    assert books.found(kinds=("scraper",), without=("scraper",)) == []


@pytest.mark.parametrize("conditions", [{"kinds": ("paper.lost",)}, {"without": ("schedule", "")}])
def test_a_kind_that_does_not_exist_is_told(books: Books, conditions: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match=r"kind is .*schedule.*paper\.failed"):
        books.activity.page(ActivityFilter(**conditions))


def test_events_are_found_by_level(books: Books) -> None:
    books.happen(
        "paper-a",
        registration("a", doi(1)).events[0],
        put_off("rate_limited"),
        put_off("disk_full"),
        put_off("crashed"),
        happened.CopiesLocated(copies=(COPY,)),
        happened.Failed(cause="timeout"),
        happened.Reverted(to=Status.LOCATED, why="scraper stopped"),
        happened.Reverted(to=Status.LOCATED, why="crash"),
        happened.FileLost(to=Status.LOCATED, why="crashed"),
        happened.CandidateTried(url=COPY.url, source="s", outcome="crashed"),
    )
    assert books.found(level=Level.DETAIL) == list(range(1, 11))
    assert books.found(level=Level.INFO) == [3, 4, 5, 6, 7, 8, 9]
    assert books.found(level=Level.WARNING) == [3, 4, 6, 8, 9]
    assert books.found(level=Level.ERROR) == [4, 9]
    assert books.found(level=Level.ERROR, kinds=("job",)) == [4]


def test_events_are_found_by_paper(books: Books) -> None:
    for number, paper in enumerate(("a", "ab", "b")):
        books.log.append((registration(paper, doi(number)),), origin())
        books.happen(f"paper-{paper}", happened.Excluded(reason=""), happened.Reinstated(to=Status.NEW))
    assert books.found(paper="a") == [1, 2, 3]
    assert books.found(paper="b", kinds=("paper.excluded",)) == [8]
    assert books.found(paper="nobody") == []
    page = books.activity.page(ActivityFilter(paper="ab"), limit=2, descending=True)
    assert (positions(page.events), page.reached, page.more) == ([6, 5], 5, True)


def an_import(books: Books, name: str, collection: str, *members: str, register: bool = True) -> None:
    """An import of papers, four events and one for each paper."""
    started = importing.Started(
        collection=collection, collection_name=collection.upper(), filename="list.csv", sha256="0" * 64, size=1,
        format="csv", encoding="utf-8", rows=len(members), on_duplicate=OnDuplicate.SKIP,
    )  # fmt: skip
    rows = Counts(registered=len(members))
    books.happen(f"import-{name}", started)
    if register:
        for member in members:
            books.log.append((registration(member, doi(ord(member))),), origin())
    recorded = importing.RowsRecorded(collection=collection, first=1, last=len(members), counts=rows, members=members)
    books.happen(f"import-{name}", recorded, importing.Completed(counts=rows))


@pytest.fixture(params=[0, 1_000], ids=["many", "few"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With papers that are too many to be looked up by name, and with few."""
    monkeypatch.setattr(activity_queries, "FEW", request.param)


@pytest.mark.usefixtures("few")
def test_events_are_found_by_import_and_by_collection(books: Books) -> None:
    an_import(books, "i", "c", "a", "b")  # 1 to 5
    an_import(books, "j", "d", "x")  # 6 to 9
    an_import(books, "k", "c", "x", register=False)  # 10 to 12: a paper that was known
    books.happen("paper-a", happened.Excluded(reason=""))
    books.happen("paper-x", happened.Excluded(reason=""))
    books.happen("scraper", scraper.Started())
    assert books.found(import_id="i") == [1, 2, 3, 4, 5, 13]
    assert books.found(import_id="j") == [6, 7, 8, 9, 14]
    assert books.found(import_id="k") == [7, 10, 11, 12, 14]
    assert books.found(collection="c") == [1, 2, 3, 4, 5, 7, 10, 11, 12, 13, 14]
    assert books.found(collection="c", import_id="j") == [7, 14]
    assert books.found(collection="c", paper="x") == [7, 14]
    assert books.found(import_id="nothing") == books.found(collection="nothing") == []


def test_events_are_found_by_actor(books: Books) -> None:
    for actor in ("Anna (terminal)", "anna (browser)", "Annabel (terminal)", "anna", "100% (x)", "scipaperloader"):
        books.happen("scraper", scraper.Started(), actor=actor)
    assert books.found(actor="ANNA") == [1, 2, 4]
    assert books.found(actor="anna (browser)") == [2]
    assert books.found(actor="100%") == [5]
    assert books.found(actor="%") == books.found(actor="ann_") == []
    assert books.found(by_people=True) == [1, 2, 3, 4, 5]


def test_events_are_found_by_correlation(books: Books) -> None:
    for correlation in ("one", "two", "one", "One"):
        books.happen("scraper", scraper.Started(), correlation=correlation)
    assert books.found(correlation="one") == [1, 3]
    assert books.found(besides=("one", "nothing")) == [2, 4]


def test_events_are_found_by_time_both_ends_included(books: Books) -> None:
    for _ in range(5):
        books.happen("scraper", scraper.Started(), scraper.Stopped())
        books.clock.advance(timedelta(hours=1))
    hour = [START + timedelta(hours=number) for number in range(5)]
    assert books.found(since=hour[3]) == [7, 8, 9, 10]
    assert books.found(until=hour[1]) == [1, 2, 3, 4]
    assert books.found(since=hour[1], until=hour[2], kinds=("scraper.stopped",)) == [4, 6]
    assert books.found(since=hour[1] + timedelta(microseconds=1), until=hour[2] - timedelta(microseconds=1)) == []
    assert books.found(since=datetime.min.replace(tzinfo=UTC)) == books.found() == list(range(1, 11))
    assert books.found(since=datetime.max.replace(tzinfo=UTC)) == []
    assert books.activity.page(ActivityFilter(until=hour[1]), limit=3).more


@pytest.mark.case("W20")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SLEEP", [1]),
        ("memory sleep", [1]),
        ("sleep nothing", []),
        ("100%", [2]),
        ("%", [2]),
        ("a_b", [2]),
        ("_", [2]),
        ("/", [3]),
        ("\\", [3]),
        ('say "hi"', [3]),
        ('"', [3]),
        ("ÉLAN", [4]),
        ("élan", []),
        ("Élan", [4]),
        ("ÉLan", [4]),
        ("\0Élan", [4]),
        ("\udc80", []),
        ("   ", [1, 2, 3, 4]),
        ("reason", [1, 2, 3, 4]),
    ],
)
def test_events_are_found_by_stored_text(books: Books, text: str, found: list[int]) -> None:
    for reason in ("Sleep and Memory", "100% of a_b", 'say "hi" \\ or /', "Élan"):
        books.happen("scraper", scraper.Paused(reason=reason))
    assert books.found(text=text) == found


def test_all_conditions_hold_together(books: Books) -> None:
    books.happen("scraper", scraper.Paused(reason="x"), actor="a")
    books.happen("scraper", scraper.Paused(reason="x"), actor="b", correlation="two")
    books.happen("schedule", schedule.TimezoneChanged(timezone="x"), actor="b", correlation="two")
    assert books.found(actor="b", text="x", kinds=("scraper",), correlation="two", since=START) == [2]


@pytest.mark.parametrize("kind", DATABASES)
class TestBounds:
    """A page takes its time and no more."""

    def test_a_search_that_takes_long_ends_and_goes_on_with_the_next_page(
        self, databases: Databases, kind: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(activity_queries, "WINDOW", 10)
        with databases.fresh(kind) as database:
            log = SqlEventLog(database, FakeClock(), READ_MODELS)
            log.append((write("scraper", 500),), origin())
            log.append((Write(stream="schedule", expected=0, events=(schedule.VolumeChanged(volume=7),)),), origin())
            ticks = count()
            activity = SqlActivity(database, log, patience=1.5, stopwatch=lambda: next(ticks))
            pages = walked(activity, ActivityFilter(text="volume"))
            assert [len(page.events) for page in pages] == [0] * (len(pages) - 1) + [1]
            assert [page.more for page in pages] == [True] * (len(pages) - 1) + [False]
            assert [page.reached for page in pages] == [50, 100, 150, 200, 250, 300, 350, 400, 450, 500, 501]

    def test_windows_grow_while_nothing_is_found(self, databases: Databases, kind: str) -> None:
        with databases.fresh(kind) as database:
            log = SqlEventLog(database, FakeClock(), READ_MODELS)
            log.append((write("scraper", 900),), origin())
            looks = count()
            with patch.multiple(activity_queries, WINDOW=10, LARGEST=160):
                activity = SqlActivity(database, log, stopwatch=lambda: next(looks) * 1e-6)
                assert activity.page(ActivityFilter(text="nothing")) == ActivityPage(events=(), reached=900, more=False)
            assert next(looks) == 1 + 8  # windows of 10, 40, and six of 160

    def test_who_has_less_patience_gets_less_at_once(self, databases: Databases, kind: str) -> None:
        with databases.fresh(kind) as database:
            log = SqlEventLog(database, FakeClock(), READ_MODELS)
            log.append((write("scraper", 900),), origin())
            looks = count()
            with patch.multiple(activity_queries, WINDOW=10, LARGEST=160):
                activity = SqlActivity(database, log, stopwatch=lambda: next(looks) * 0.1)
                found = [activity.page(ActivityFilter(text="nothing"), patience=some) for some in (0.1, 0.25, None)]
            assert [page.reached for page in found] == [10, 90, 900], "with a quarter of a second windows of 10, 40, 40"
            assert [page.more for page in found] == [True, True, False]

    def test_a_moment_is_found_in_few_looks(self, databases: Databases, kind: str) -> None:
        with databases.fresh(kind) as database:
            clock = FakeClock()
            log, looks = SqlEventLog(database, clock, ()), count()
            for _ in range(100):
                log.append((write("scraper", 10),), origin())
                clock.advance(timedelta(minutes=1))
            read = log.read
            log.read = lambda *given: (next(looks), read(*given))[1]  # type: ignore[method-assign]
            page = SqlActivity(database, log).page(ActivityFilter(since=START + timedelta(minutes=50)), limit=1)
            assert positions(page.events) == [501]
            assert next(looks) <= 11


def walked(
    activity: Activity, which: ActivityFilter, *, limit: int = 100, descending: bool = False
) -> list[ActivityPage]:
    """Every page, one after the other."""
    pages = [activity.page(which, limit=limit, descending=descending)]
    while pages[-1].more:
        onwards = {"before": pages[-1].reached} if descending else {"after": pages[-1].reached}
        pages.append(activity.page(which, limit=limit, descending=descending, **onwards))
    return pages


FILTERS = st.builds(
    ActivityFilter,
    kinds=st.lists(st.sampled_from((*Group, "paper.failed", "paper.deferred")), max_size=3).map(tuple),
    without=st.lists(st.sampled_from((*Group, *sorted(KINDS))), max_size=2).map(tuple),
    level=st.sampled_from(Level),
    paper=st.none() | st.sampled_from(PAPERS),
    import_id=st.none() | st.sampled_from(IMPORTS),
    collection=st.none() | st.sampled_from(COLLECTIONS),
    actor=st.sampled_from((None, None, "the tests", "nobody")),
    by_people=st.booleans(),
    besides=st.sampled_from(((), (), ("0",), ("1", "2"))),
    text=st.sampled_from(("", "", "crash", "10", '"', "é x")),
)


@frozen
class Searching:
    """What is looked for, and how little is looked at at once."""

    filters: list[ActivityFilter]
    limit: int
    few: int
    patience: float


SEARCHING = st.builds(
    Searching,
    filters=st.lists(FILTERS, min_size=1, max_size=6),
    limit=st.integers(1, 7),
    few=st.sampled_from((0, 1, 1_000)),
    patience=st.sampled_from((0.0, 60.0)),
)


@given(history=histories(batches=8), searching=SEARCHING)
@fewer(2)
def test_every_search_finds_what_a_look_at_every_event_finds(
    databases: Databases, history: list[list[Write]], searching: Searching
) -> None:
    _compare(databases, "sqlite", history, searching)


@given(history=histories(batches=8), searching=SEARCHING)
@fewer(6)
def test_every_search_finds_the_same_on_postgresql(
    databases: Databases, history: list[list[Write]], searching: Searching
) -> None:
    _compare(databases, "postgresql", history, searching)


def _compare(databases: Databases, kind: str, history: list[list[Write]], searching: Searching) -> None:
    with databases.fresh(kind) as database, patch.multiple(activity_queries, WINDOW=3, FEW=searching.few):
        log = SqlEventLog(database, FakeClock(), READ_MODELS)
        for number, writes in enumerate(history):
            log.append(writes, Origin(command="try out", actor="the tests", correlation=str(number % 3)))
        activity, naive = SqlActivity(database, log, patience=searching.patience), MemoryActivity(log)
        for which, descending in product(searching.filters, (False, True)):
            pages = walked(activity, which, limit=searching.limit, descending=descending)
            (expected,) = walked(naive, which, limit=10_000, descending=descending)
            assert [one for page in pages for one in page.events] == list(expected.events)
            assert pages[-1].reached == expected.reached
            if searching.patience:
                assert [len(page.events) for page in pages[:-1]] == [searching.limit] * (len(pages) - 1)
