"""Importing real files into real databases: several at once, and in little memory."""

import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve

from application.handling import Actor
from application.importing import Importing, Request
from application.ports.uploads import Upload
from application.queries import PaperFilter
from domain import importing
from domain.importing import Counts, Import, ImportStatus, OnDuplicate, RowsRecorded
from domain.paper_events import Registered
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.log.verify import verify_chain
from infrastructure.read_models.import_queries import SqlImports
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.read_models.rebuild import differences
from infrastructure.schema import READ_MODELS
from infrastructure.tabular.reader import TabularReader
from tests.contract.making import at_once, everything
from tests.fakes.clock import FakeClock
from tests.fakes.uploads import FakeUploads

REQUEST = Request(filename="list.csv", collection="A review", actor=Actor(name="somebody", is_person=True))


def csv(numbers: range | list[int], title: str = "Title") -> bytes:
    lines = (f'10.5555/{number},"{title} {number}, with a comma"' for number in numbers)
    return "\n".join(["DOI,Title", *lines]).encode()


def handler(database: Database, uploads: FakeUploads) -> Importing:
    log = SqlEventLog(database, FakeClock(), READ_MODELS)
    return Importing(log=log, reader=TabularReader(), uploads=uploads, imports=SqlImports(database))


def import_id(handler: Importing, upload: Upload, **request: Any) -> str:
    return handler.accept(upload, evolve(REQUEST, **request)).import_id


def faults(database: Database) -> list[object]:
    return [*verify_chain(database).faults, *(d for model in READ_MODELS for d in differences(database, model))]


def test_two_runs_of_one_import_at_once_record_each_row_once(
    database: Database, uploads: FakeUploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.importing.BATCH", 20)
    one, other = handler(database, uploads), handler(database, uploads)
    name = import_id(one, uploads.keep([csv(range(200))]))
    outcomes = at_once(lambda: one.run(name), lambda: other.run(name))
    assert [outcome.status for outcome in outcomes] == [ImportStatus.COMPLETED] * 2
    assert [outcome.counts for outcome in outcomes] == [Counts(registered=200)] * 2
    recorded = [r.event for r in one.log.stream(importing.stream_of(name)) if isinstance(r.event, RowsRecorded)]
    assert [(event.first, event.last) for event in recorded] == [(n + 1, n + 20) for n in range(0, 200, 20)]
    assert not faults(database)


@pytest.mark.case("I07")
def test_overlapping_files_at_once_register_each_paper_once(
    database: Database, uploads: FakeUploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.importing.BATCH", 10)
    handlers = [handler(database, uploads) for _ in range(3)]
    lists = [range(120), range(119, -1, -1), range(60, 180)]
    names = [import_id(one, uploads.keep([csv(list(numbers))])) for one, numbers in zip(handlers, lists, strict=True)]
    outcomes: list[Import] = at_once(
        *(lambda one=one, name=name: one.run(name) for one, name in zip(handlers, names, strict=True))
    )
    assert all(outcome.status is ImportStatus.COMPLETED for outcome in outcomes)
    assert sum(outcome.counts.registered for outcome in outcomes) == 180
    assert sum(outcome.counts.known for outcome in outcomes) == 180
    registered = [r.event for r in everything(handlers[0].log) if isinstance(r.event, Registered)]
    assert len({event.identifiers for event in registered}) == len(registered) == 180
    assert [row.papers for row in handlers[0].imports.collections()] == [180]
    assert not faults(database)


@pytest.mark.case("C23")
def test_the_same_upload_at_once_is_one_import(database: Database, uploads: FakeUploads) -> None:
    upload = uploads.keep([csv(range(5))])
    handlers = [handler(database, uploads) for _ in range(4)]
    accepted = at_once(*(lambda one=one: one.accept(upload, REQUEST) for one in handlers))
    assert len({one.import_id for one in accepted}) == 1
    assert sorted(one.repeated for one in accepted) == [False, True, True, True]


def test_what_is_read_is_what_was_imported(sqlite: Database, uploads: FakeUploads) -> None:
    one = handler(sqlite, uploads)
    one.run(import_id(one, uploads.keep([csv(range(3), title="Old")])))
    text = csv(range(1, 4), title="New") + b"\n10.5555/1,again\nno doi,Something"
    name = import_id(one, uploads.keep([text]), on_duplicate=OnDuplicate.UPDATE, collection="Other")
    one.run(name)
    found = one.imports.find(name)
    assert found is not None
    assert (found.status, found.recorded, found.rows) == ("completed", 5, 5)
    assert found.counts == Counts(registered=1, known=2, duplicates=1, updated=2, rejected=1)
    assert [refusal.line for refusal in one.imports.rejected(name)] == [6]
    titles = [row.title for row in SqlPapers(sqlite).all(PaperFilter(import_id=name))]
    assert titles == [f"New {number}, with a comma" for number in (1, 2, 3)]
    assert {row.name: row.papers for row in one.imports.collections()} == {"A review": 3, "Other": 3}


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.mark.case("C21")
@pytest.mark.usefixtures("traced")
def test_memory_does_not_grow_with_the_file(
    sqlite: Database, uploads: FakeUploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.importing.BATCH", 100)
    one = handler(sqlite, uploads)

    def peak(numbers: range) -> int:
        upload = uploads.keep([csv(numbers)])
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        one.run(import_id(one, upload))
        return tracemalloc.get_traced_memory()[1] - before

    peak(range(100))  # what is loaded at first use does not count
    small = peak(range(1_000, 1_900))
    assert peak(range(2_000, 4_700)) < 1.5 * small
