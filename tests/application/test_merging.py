"""Two papers that turn out to be one work become one, in every list that named either."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from application.locating import Locating
from application.ports.event_log import Origin, Write
from application.ports.sources import Finding
from application.queries import PaperFilter
from domain import importing, paper
from domain.identifiers import Identifier
from domain.importing import Counts, RowsRecorded
from domain.paper import Paper
from domain.paper_commands import Exclude
from domain.paper_events import IdentifierAdded, Merged
from domain.pipeline import Status
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models.import_queries import SqlImports
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.read_models.rebuild import differences
from infrastructure.schema import READ_MODELS
from tests.application.desk import Desk
from tests.application.lists import Library, doi, pmid, row
from tests.fakes.clock import FakeClock
from tests.fakes.sources import FakeSource
from tests.fakes.uploads import FakeUploads


class Shelves:
    """Two lists, one with a DOI and one with a PubMed id, of what may be one work."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.clock = database, FakeClock()
        self.log = SqlEventLog(database, self.clock, READ_MODELS)
        self.papers, self.imports = SqlPapers(database), SqlImports(database)
        library = Library(self.log, FakeUploads(folder), imports=self.imports)
        library.take(row(doi(1)), collection="One")
        library.take(row(pmid(7)), row(pmid(8)), collection="Two")
        self.stays, self.goes = self.named(doi(1)), self.named(pmid(7))

    def named(self, identifier: Identifier) -> str:
        return self.log.papers_of({identifier})[identifier]

    def paper(self, name: str) -> Paper:
        return paper.DECIDER.fold(one.event for one in self.log.stream(paper.stream_of(name)))

    def locate(self, name: str, *told: Identifier) -> Status | None:
        source = FakeSource("one", Finding(known=True, identifiers=told))
        return Locating(log=self.log, sources=(source,), clock=self.clock, worker="w").locate(name)

    def collection(self, name: str) -> Sequence[str]:
        collection = next(one.id for one in self.imports.collections() if one.name == name)
        return [one.id for one in self.papers.all(PaperFilter(collection=collection))]


@pytest.fixture
def shelves(database: Database, tmp_path: Path) -> Shelves:
    return Shelves(database, tmp_path / "uploads")


def test_a_paper_is_merged_into_the_one_that_has_its_doi(shelves: Shelves) -> None:
    assert shelves.locate(shelves.goes, doi(1)) is Status.EXCLUDED
    assert shelves.paper(shelves.goes).merged_into == shelves.stays
    assert shelves.paper(shelves.stays).identifiers == (doi(1), pmid(7))
    assert shelves.named(pmid(7)) == shelves.stays
    row = shelves.papers.find("PMID 7")
    assert row is not None
    assert (row.id, row.doi, row.pmid) == (shelves.stays, doi(1).value, "7")


def test_the_paper_that_stays_is_in_every_list_of_the_other(shelves: Shelves) -> None:
    shelves.locate(shelves.goes, doi(1))
    assert shelves.stays in shelves.collection("One")
    assert shelves.stays in shelves.collection("Two")
    assert [differences(shelves.database, model) for model in READ_MODELS] == [()] * len(READ_MODELS)


def test_an_import_that_goes_on_may_name_the_paper_that_stays(shelves: Shelves) -> None:
    shelves.locate(shelves.goes, doi(1))
    brought = shelves.imports.of_paper(shelves.goes)[0]
    told = RowsRecorded(
        collection=brought.collection, first=3, last=3, counts=Counts(known=1), members=(shelves.stays,)
    )
    write = Write(stream=importing.stream_of(brought.id), expected=None, events=(told,))
    shelves.log.append((write,), Origin(command="import", actor="somebody", correlation="one"))
    assert shelves.collection("Two").count(shelves.stays) == 1


def test_papers_with_other_identifiers_of_one_kind_are_two_works(desk: Desk) -> None:
    other = desk.register(doi(9), pmid(7))
    name = desk.register(doi(1))
    assert desk.locating(FakeSource("one", Finding(known=True, identifiers=(pmid(7),)))).locate(name) is (
        Status.UNAVAILABLE
    )
    assert not desk.events(name, Merged)
    assert not desk.events(other, IdentifierAdded)


def test_nothing_is_merged_into_what_was_set_aside(desk: Desk) -> None:
    other = desk.register(doi(1))
    desk.do(other, Exclude(reason="off topic"))
    name = desk.register(pmid(7))
    desk.locating(FakeSource("one", Finding(known=True, identifiers=(doi(1),)))).locate(name)
    assert desk.paper(name).merged_into is None


def test_two_papers_that_are_located_at_once_end_as_one(desk: Desk) -> None:
    stays, goes = desk.register(doi(1)), desk.register(pmid(7))
    told = Finding(known=True, identifiers=(doi(1), pmid(7)))

    def meanwhile() -> None:
        desk.locating(FakeSource("two", told)).locate(stays)

    desk.locating(FakeSource("one", told, before=meanwhile)).locate(goes)
    merged = [name for name in (stays, goes) if desk.paper(name).merged_into]
    assert len(merged) == 1
    (left,) = {stays, goes} - set(merged)
    assert set(desk.paper(left).identifiers) == {doi(1), pmid(7)}
