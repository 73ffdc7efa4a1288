"""How all papers are divided, and what papers are called: on both databases."""

from collections import Counter

import pytest

from application.divisions import KeptDivisions
from application.ports.event_log import Write
from application.queries import PaperFilter
from domain import importing
from domain.pipeline import Status
from infrastructure.read_models.division_queries import SqlDivisions, SqlPaperNames
from infrastructure.read_models.import_queries import SqlImports
from infrastructure.read_models.paper_queries import SqlPapers
from tests.databases import KINDS, Databases
from tests.infrastructure.read_models.keeping import ORIGIN, keep, story

UNKNOWN = "nobody"


@pytest.mark.parametrize("kind", KINDS)
def test_all_papers_are_divided(databases: Databases, kind: str) -> None:
    with databases.fresh(kind) as database:
        keep(database, story())
        papers, divisions = SqlPapers(database), SqlDivisions(database)
        rows = list(papers.all(PaperFilter()))
        assert divisions.statuses() == {status: sum(row.status is status for row in rows) for status in Status}
        causes = Counter(
            (row.status, row.cause) for row in rows if row.cause and row.status in {Status.FAILED, Status.UNAVAILABLE}
        )
        assert {(one.status, one.cause): one.papers for one in divisions.reasons()} == dict(causes)
        hosts = Counter(row.host for row in rows if row.status is Status.LOCATED and row.host)
        assert {one.host: one.papers for one in divisions.waiting(10)} == dict(hosts)
        for found, row in zip(divisions.collections(), SqlImports(database).collections(), strict=True):
            assert (found.id, found.name, found.total) == (row.id, row.name, row.papers)
            members = [paper.status for paper in papers.all(PaperFilter(collection=row.id))]
            assert found.papers == dict(Counter(members))
            assert found.done == members.count(Status.DONE)
        kept = KeptDivisions.of(divisions)
        assert kept.statuses() == divisions.statuses()
        assert list(kept.reasons()) == list(divisions.reasons())
        assert list(kept.waiting(1)) == list(divisions.waiting(1))
        assert list(kept.collections()) == list(divisions.collections())


@pytest.mark.parametrize("kind", KINDS)
def test_an_import_that_was_taken_back_has_no_members(databases: Databases, kind: str) -> None:
    with databases.fresh(kind) as database:
        log, divisions = keep(database, story()), SqlDivisions(database)
        assert sum(one.total for one in divisions.collections()) == 2
        log.append([Write(stream="import-i0", expected=None, events=(importing.Undone(withdrawn=2),))], ORIGIN)
        assert [one.total for one in divisions.collections()] == [0]


@pytest.mark.parametrize("kind", KINDS)
def test_the_most_frequent_come_first(databases: Databases, kind: str) -> None:
    with databases.fresh(kind) as database:
        keep(database, story())
        divisions = SqlDivisions(database)
        counts = [one.papers for one in divisions.reasons()]
        assert counts == sorted(counts, reverse=True)
        assert len(divisions.waiting(0)) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_names_are_looked_up_at_once(databases: Databases, kind: str) -> None:
    with databases.fresh(kind) as database:
        keep(database, story())
        rows = list(SqlPapers(database).all(PaperFilter()))
        names = SqlPaperNames(database).of([*(row.id for row in rows), rows[0].id, UNKNOWN])
        assert set(names) == {row.id for row in rows}
        assert names == {row.id: row.title or row.doi or row.pmid or row.arxiv or row.pmcid or "" for row in rows}
        assert SqlPaperNames(database).of([]) == {}
