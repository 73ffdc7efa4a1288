"""Questions about papers, on both databases, beside the same asked of plain rows: every filter, order and facet."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from attrs import evolve

from application.ports.event_log import Origin, Write
from application.queries import Facet, PaperFilter, PaperRow, PaperSort, Share, Years
from domain import importing
from domain.copies import Copy, Version
from domain.errors import InvalidValue
from domain.events import Event
from domain.identifiers import Identifier, Scheme
from domain.importing import Counts, OnDuplicate
from domain.metadata import Metadata
from domain.paper_events import (
    CopiesLocated,
    Downloaded,
    Failed,
    File,
    MetadataUpdated,
    ProcessingStarted,
    Registered,
    Requested,
)
from domain.pipeline import Status
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models import paper_queries
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from tests.databases import KINDS, Databases
from tests.fakes.clock import FakeClock

ORIGIN = Origin(command="try out", actor="the tests", correlation="one run")
COUNT = 48
WORDS = ("sleep", "memory", "cortex", "insulin")
JOURNALS = ("Cortex", "Acta", "Brain", None)
SOURCES = ("unpaywall", "crossref", "arxiv")
VERSIONS = (Version.PUBLISHED, Version.ACCEPTED)


def name(number: int) -> str:
    return f"00000000-0000-7000-8000-{number * 7919 % 10_007:012}"


def life(number: int) -> tuple[Event, ...]:
    """Papers in some statuses, each property with another rhythm."""
    metadata = Metadata(
        title=f"{WORDS[number % 4]} {WORDS[number % 3]} {chr(97 + number % 5)}",
        journal=JOURNALS[number % 4],
        year=1998 + number % 23 if number % 11 else None,
    )
    events: list[Event] = [Registered(identifiers=(Identifier(Scheme.DOI, f"10.5555/n.{number}"),), metadata=metadata)]
    if number % 6:
        copy = Copy(
            url=f"https://host{number % 4}.example/{number}.pdf",
            source=SOURCES[number % 3],
            version=VERSIONS[number % 2],
        )
        events += [ProcessingStarted(module="locate", worker="w", attempt="a"), CopiesLocated(copies=(copy,))]
        if number % 3 == 0:
            events.append(Failed(cause=("forbidden", "not_found", "timeout")[number % 9 // 3]))
        elif number % 3 == 1:
            file = File(path=f"{number}.pdf", sha256=f"{number:064}", size=1_000 + number % 7, pages=1)
            events.append(Downloaded(file=file, copy=copy))
    return (*events, Requested()) if number % 10 == 0 else tuple(events)


def fill(database: Database) -> SqlPapers:
    log = SqlEventLog(database, FakeClock(datetime(2026, 3, 1, tzinfo=UTC)), READ_MODELS)
    for number in range(COUNT):
        log.append([Write(stream=f"paper-{name(number)}", expected=0, events=life(number))], ORIGIN)
    for import_id, collection, step in (("i1", "c1", 2), ("i2", "c1", 3), ("i3", "c2", 5)):
        started = importing.Started(
            collection=collection, collection_name=collection, filename=f"{import_id}.csv", sha256="0" * 64, size=1,
            format="csv", encoding="utf-8", rows=COUNT, on_duplicate=OnDuplicate.SKIP,
        )  # fmt: skip
        members = tuple(name(number) for number in range(0, COUNT, step))
        rows = importing.RowsRecorded(collection=collection, first=1, last=COUNT, counts=Counts(), members=members)
        log.append([Write(stream=f"import-{import_id}", expected=0, events=(started, rows))], ORIGIN)
    return SqlPapers(database)


@pytest.fixture(scope="module", params=KINDS)
def papers(request: pytest.FixtureRequest, databases: Databases) -> Iterator[SqlPapers]:
    """A library that is only looked at."""
    with databases.fresh(request.param) as database:
        yield fill(database)


@pytest.fixture(params=[0, 7, 3_000])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Few papers are found by their ids, many along an index: the answers are the same."""
    monkeypatch.setattr(paper_queries, "FEW", request.param)
    return int(request.param)


def rows(papers: SqlPapers) -> list[PaperRow]:
    return list(papers.all(PaperFilter()))


FILTERS: dict[str, tuple[PaperFilter, Callable[[PaperRow], bool]]] = {
    "everything": (PaperFilter(), lambda _: True),
    "a status": (PaperFilter(statuses=(Status.FAILED,)), lambda row: row.status is Status.FAILED),
    "two": (
        PaperFilter(statuses=(Status.FAILED, Status.DONE)),
        lambda row: row.status in {Status.FAILED, Status.DONE},
    ),
    "a cause": (PaperFilter(cause="forbidden"), lambda row: row.cause == "forbidden"),
    "a host": (PaperFilter(host="host1.example"), lambda row: row.host == "host1.example"),
    "a journal, whatever its case": (PaperFilter(journal="CORTEX"), lambda row: row.journal == "Cortex"),
    "years": (PaperFilter(years=Years(first=2000, last=2009)), lambda row: 2000 <= (row.year or 0) <= 2009),
    "years from": (PaperFilter(years=Years(first=2015)), lambda row: (row.year or 0) >= 2015),
    "years to": (PaperFilter(years=Years(last=2001)), lambda row: row.year is not None and row.year <= 2001),
    "a source": (PaperFilter(source="crossref"), lambda row: row.source == "crossref"),
    "a version": (PaperFilter(version="acceptedVersion"), lambda row: row.version == "acceptedVersion"),
    "requested": (PaperFilter(requested=True), lambda row: row.requested),
    "not requested": (PaperFilter(requested=False), lambda row: not row.requested),
    "a word": (PaperFilter(text="sleep"), lambda row: "sleep" in (row.title or "")),
    "words": (PaperFilter(text="sleep memory"), lambda row: {"sleep", "memory"} <= set((row.title or "").split())),
    "part of a DOI": (PaperFilter(text="5555/n.1"), lambda row: "5555/n.1" in (row.doi or "")),
    "a whole DOI": (PaperFilter(text="https://doi.org/10.5555/N.7"), lambda row: row.doi == "10.5555/n.7"),
    "nothing": (PaperFilter(text="zebra"), lambda _: False),
    "a word and years": (
        PaperFilter(text="cortex", years=Years(first=2005), statuses=(Status.DONE,)),
        lambda row: (
            "cortex" in f"{row.title} {row.journal}".lower() and (row.year or 0) >= 2005 and row.status is Status.DONE
        ),
    ),
    "several": (
        PaperFilter(cause="forbidden", host="host1.example", journal="brain"),
        lambda row: (row.cause, row.host, row.journal) == ("forbidden", "host1.example", "Brain"),
    ),
}
KEYS: dict[PaperSort, Callable[[PaperRow], Any]] = {
    PaperSort.ADDED: lambda row: row.id,
    PaperSort.TITLE: lambda row: (row.title or "").lower(),
    PaperSort.YEAR: lambda row: row.year or 0,
    PaperSort.CHANGED: lambda row: row.position,
    PaperSort.JOURNAL: lambda row: (row.journal or "").lower(),
    PaperSort.SIZE: lambda row: row.file_size or 0,
    PaperSort.ATTEMPTS: lambda row: row.attempts,
}
COLUMNS: dict[Facet, Callable[[PaperRow], Any]] = {
    Facet.CAUSE: lambda row: row.cause,
    Facet.HOST: lambda row: row.host,
    Facet.JOURNAL: lambda row: row.journal,
    Facet.SOURCE: lambda row: row.source,
    Facet.VERSION: lambda row: row.version,
    Facet.REQUESTED: lambda row: "yes" if row.requested else "no",
    Facet.YEAR: lambda row: row.year and str(row.year // 10 * 10),
}
matching = pytest.mark.parametrize("which", FILTERS)


def expected(papers: SqlPapers, which: str) -> list[PaperRow]:
    return [row for row in rows(papers) if FILTERS[which][1](row)]


def in_order(found: Sequence[PaperRow], sort: PaperSort, *, descending: bool) -> list[str]:
    ordered = sorted(found, key=lambda row: (KEYS[sort](row), row.id), reverse=descending)
    return [row.id for row in ordered]


@matching
@pytest.mark.parametrize("descending", [False, True])
def test_pages_lead_through_everything_and_back(papers: SqlPapers, which: str, few: int, descending: bool) -> None:
    for sort in list(PaperSort)[::2] if few else PaperSort:
        assert_pages_lead_on_and_back(papers, which, sort, descending=descending)


def assert_pages_lead_on_and_back(papers: SqlPapers, which: str, sort: PaperSort, *, descending: bool) -> None:
    page = partial(papers.page, FILTERS[which][0], sort, descending=descending, limit=13)
    pages, after = [page()], page().after
    while after:
        pages.append(page(after=after))
        after = pages[-1].after
    assert [row.id for one in pages for row in one.papers] == in_order(
        expected(papers, which), sort, descending=descending
    )
    back, before = [pages[-1]], pages[-1].before
    while before:
        back.append(page(before=before))
        before = back[-1].before
    assert [one.papers for one in back] == [one.papers for one in reversed(pages)]


@matching
@pytest.mark.usefixtures("few")
def test_an_overview_is_the_page_and_the_counts(papers: SqlPapers, which: str) -> None:
    where, every_status = FILTERS[which][0], evolve(FILTERS[which][0], statuses=())
    page, counts = papers.overview(where, PaperSort.TITLE, limit=5)
    assert page == papers.page(where, PaperSort.TITLE, limit=5)
    assert counts == papers.by_status(where)
    assert counts == Counter(row.status for row in papers.all(every_status))
    assert papers.count(where) == len(expected(papers, which))


@matching
@pytest.mark.parametrize("facet", COLUMNS)
def test_a_facet_counts_what_matches_without_its_own_filter(papers: SqlPapers, which: str, facet: Facet) -> None:
    where = FILTERS[which][0]
    own = {Facet.YEAR: "years"}.get(facet, facet.value)
    found = papers.shares(where, facet, 100)
    rows_without = papers.all(evolve(where, **{own: None}))
    values = Counter(value for row in rows_without if (value := COLUMNS[facet](row)))
    years = where.years
    if facet is Facet.YEAR and years and years.first and years.last:
        values = Counter(str(row.year) for row in rows(papers) if 2000 <= (row.year or 0) <= 2009)
    assert {share.value: share.count for share in found} == values
    if facet is Facet.YEAR:
        assert [share.value for share in found] == sorted(values, reverse=True)
    else:
        assert [share.count for share in found] == sorted(values.values(), reverse=True)


@pytest.mark.parametrize("where", [PaperFilter(), PaperFilter(text="sleep"), PaperFilter(statuses=(Status.DONE,))])
def test_collections_and_imports_count_each_paper_once(papers: SqlPapers, where: PaperFilter) -> None:
    found = {row.id for row in papers.all(where)}
    members = {step: {name(number) for number in range(0, COUNT, step)} & found for step in (2, 3, 5)}
    counts = {"i1": len(members[2]), "i2": len(members[3]), "i3": len(members[5])}
    shares = papers.shares(where, Facet.IMPORT)
    assert {one.value: one.count for one in shares} == {value: count for value, count in counts.items() if count}
    assert {one.value: one.count for one in papers.shares(evolve(where, collection="c2"), Facet.COLLECTION)} == {
        "c1": len(members[2] | members[3]), "c2": len(members[5]),
    }  # fmt: skip


def test_only_the_most_frequent_values_are_told(papers: SqlPapers) -> None:
    everything = papers.shares(PaperFilter(), Facet.HOST, 100)
    assert papers.shares(PaperFilter(), Facet.HOST, 2) == everything[:2]
    assert isinstance(everything[0], Share)


@matching
@pytest.mark.parametrize("sort", [PaperSort.ADDED, PaperSort.JOURNAL, PaperSort.ATTEMPTS])
@pytest.mark.usefixtures("few")
def test_neighbours_are_those_of_the_list(papers: SqlPapers, which: str, sort: PaperSort) -> None:
    order = in_order(expected(papers, which), sort, descending=True)
    for place, paper in list(enumerate(order))[::9]:
        found = papers.neighbours(FILTERS[which][0], paper, sort, descending=True)
        assert found is not None
        assert (found.previous and found.previous.id) == (order[place - 1] if place else None)
        assert (found.next and found.next.id) == (order[place + 1] if place + 1 < len(order) else None)
        beside = papers.page(FILTERS[which][0], sort, descending=True, limit=1, before=found.cursor)
        assert [row.id for row in beside.papers] == order[max(place - 1, 0) : place]


def test_a_paper_that_matches_no_more_has_neighbours_too(papers: SqlPapers) -> None:
    order = [row.id for row in expected(papers, "a status")]
    outside = next(row.id for row in rows(papers) if row.id > order[0] and row.id not in order)
    found = papers.neighbours(FILTERS["a status"][0], outside)
    assert found is not None
    assert found.previous is not None
    assert found.previous.id == max(paper for paper in order if paper < outside)
    assert papers.neighbours(PaperFilter(), "nowhere") is None


def test_a_cursor_of_another_order_is_refused(papers: SqlPapers) -> None:
    cursor = papers.page(PaperFilter(), PaperSort.SIZE, limit=1).after
    for sort in (PaperSort.JOURNAL, PaperSort.ATTEMPTS, PaperSort.ADDED):
        with pytest.raises(InvalidValue, match="a cursor from a page of this list"):
            papers.page(PaperFilter(), sort, after=cursor)


def test_what_is_sorted_by_follows_what_becomes_known(database: Database) -> None:
    papers = fill(database)
    log = SqlEventLog(database, FakeClock(datetime(2026, 3, 2, tzinfo=UTC)), READ_MODELS)
    told = MetadataUpdated(source="crossref", metadata=Metadata(journal="Ähren", year=2031))
    log.append([Write(stream=f"paper-{name(3)}", expected=None, events=(told,))], ORIGIN)
    assert papers.page(PaperFilter(), PaperSort.YEAR, descending=True, limit=1).papers[0].id == name(3)
    assert [row.id for row in papers.page(PaperFilter(journal="ÄHREN")).papers] == [name(3)]
    assert Share(value="Ähren", count=1) in papers.shares(PaperFilter(), Facet.JOURNAL)
