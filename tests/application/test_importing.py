"""Importing: what becomes of rows, of repeated files, and of interrupted imports."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from application.importing import BATCH, Accepted
from application.ports.tabular import FileForm, FileRefused, Mapped
from application.ports.uploads import Upload
from domain import importing, paper
from domain.collection import id_of
from domain.errors import InvalidValue
from domain.identifiers import Identifier
from domain.importing import Counts, Import, ImportStatus, OnDuplicate
from domain.paper import Paper
from infrastructure.log.memory import MemoryEventLog
from tests.application.lists import PERSON, REQUEST, FakeReader, Library, doi, pmid, rejected, row
from tests.fakes.clock import FakeClock
from tests.fakes.uploads import FakeUploads


def accepted(library: Library, upload: Upload, **request: Any) -> Accepted:
    return library.handler.accept(upload, evolve(REQUEST, **request))


def paper_of(library: Library, identifier: Identifier) -> Paper:
    """The paper that has the identifier."""
    name = library.log.papers_of([identifier])[identifier]
    return paper.DECIDER.fold(record.event for record in library.log.stream(paper.stream_of(name)))


def end(library: Library, import_id: str, command: importing.Command) -> None:
    """Do to an import what a person could do in the meantime."""
    from application.handling import execute
    from application.ports.event_log import Origin

    origin = Origin(command="test", actor=PERSON.name, correlation=import_id)
    execute(library.log, importing.DECIDER, importing.stream_of(import_id), (command,), origin)


def test_each_row_is_new_known_repeated_or_rejected(library: Library) -> None:
    library.take(row(doi(1)))
    state = library.take(row(doi(1)), row(doi(2)), row(doi(2)), rejected(), row(doi(3)))
    assert state.status is ImportStatus.COMPLETED
    assert state.counts == Counts(registered=2, known=1, duplicates=1, rejected=1)
    assert state.recorded == state.rows == 5


def test_rejected_rows_are_kept_with_place_and_reason(library: Library) -> None:
    upload = library.file(row(doi(1)), rejected("no DOI in this row"))
    import_id = accepted(library, upload).import_id
    library.handler.run(import_id)
    (recorded,) = [
        record.event
        for record in library.log.stream(importing.stream_of(import_id))
        if isinstance(record.event, importing.RowsRecorded)
    ]
    (refusal,) = recorded.rejected
    assert (refusal.row, refusal.line, refusal.reason) == (2, 3, "no DOI in this row")


def test_known_papers_keep_their_metadata_unless_update_is_wanted(library: Library) -> None:
    library.take(row(doi(1), title="Old"), row(doi(2), title="Same"))
    skipped = library.take(row(doi(1), title="New"), row(doi(2), title="Same"))
    assert (skipped.counts.known, skipped.counts.updated) == (2, 0)
    assert paper_of(library, doi(1)).metadata.title == "Old"
    updated = library.take(
        row(doi(1), title="New"), row(doi(2), title="Same"), collection="Another", on_duplicate=OnDuplicate.UPDATE
    )
    assert (updated.counts.known, updated.counts.updated) == (2, 1)
    assert paper_of(library, doi(1)).metadata.title == "New"


def test_what_is_missing_of_known_papers_is_filled_in_unless_nothing_is_wanted(library: Library) -> None:
    library.take(row(doi(1)), row(doi(2), title="Old"))
    skipped = library.take(row(doi(1), title="New"), row(doi(2), title="New"), on_duplicate=OnDuplicate.SKIP)
    assert (skipped.counts.known, skipped.counts.updated) == (2, 0)
    assert paper_of(library, doi(1)).metadata.title is None
    filled = library.take(row(doi(1), title="New"), row(doi(2), title="New"))
    assert (filled.counts.known, filled.counts.updated) == (2, 1)
    assert [paper_of(library, doi(number)).metadata.title for number in (1, 2)] == ["New", "Old"]


def test_a_later_batch_updates_no_paper_twice(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.importing.BATCH", 1)
    library.take(row(doi(1), title="Old"))
    state = library.take(
        row(doi(1), title="First"), row(doi(1), title="Second"), on_duplicate=OnDuplicate.UPDATE, collection="Another"
    )
    assert state.counts == Counts(known=1, duplicates=1, updated=1)
    assert paper_of(library, doi(1)).metadata.title == "First"


def test_known_papers_learn_identifiers_in_any_case(library: Library) -> None:
    library.take(row(doi(1)))
    state = library.take(row(doi(1), pmid(7)))
    assert state.counts == Counts(known=1)
    assert paper_of(library, doi(1)).identifiers == (doi(1), pmid(7))


def test_a_row_with_only_a_pubmed_id_is_the_paper_whose_doi_comes_later(library: Library) -> None:
    library.take(row(pmid(7)))
    library.take(row(doi(1), pmid(7)))
    assert paper_of(library, doi(1)) == paper_of(library, pmid(7))
    assert library.take(row(doi(1))).counts == Counts(known=1)


def test_an_identifier_of_another_paper_stays_there(library: Library) -> None:
    library.take(row(doi(1)), row(pmid(7)))
    state = library.take(row(doi(1), pmid(7)))
    assert state.counts == Counts(known=1)
    assert paper_of(library, doi(1)).identifiers == (doi(1),)


@pytest.mark.case("C23")
def test_the_same_file_again_is_the_same_import(library: Library) -> None:
    upload = library.file(row(doi(1)))
    first = accepted(library, upload)
    again = accepted(library, upload, filename="renamed.csv")
    assert (first.repeated, again.repeated) == (False, True)
    assert first.import_id == again.import_id
    library.handler.run(first.import_id)
    head = library.log.head()
    assert accepted(library, upload).import_id == first.import_id
    assert library.handler.run(first.import_id).status is ImportStatus.COMPLETED
    assert library.log.head() == head


@pytest.mark.parametrize("change", [{"collection": "Another"}, {"on_duplicate": OnDuplicate.UPDATE}])
def test_another_wish_for_the_same_file_is_another_import(library: Library, change: dict[str, Any]) -> None:
    upload = library.file(row(doi(1)))
    assert accepted(library, upload).import_id != accepted(library, upload, **change).import_id


def test_collections_differ_by_more_than_case_and_blanks(library: Library) -> None:
    upload = library.file(row(doi(1)))
    first = accepted(library, upload, collection="My  review")
    assert accepted(library, upload, collection=" my REVIEW ").import_id == first.import_id
    names = [record.event for record in library.log.stream(f"collection-{id_of('my review')}")]
    assert len(names) == 1


@pytest.mark.parametrize(
    "ended",
    [
        (importing.Cancel(),),
        (importing.Refuse(reason="The uploaded file is gone."),),
        (importing.Cancel(), importing.Undo()),
    ],
)
def test_a_file_whose_import_ended_without_success_can_come_again(
    library: Library, ended: tuple[importing.Command, ...]
) -> None:
    upload = library.file(row(doi(1)))
    first = accepted(library, upload)
    for command in ended:
        end(library, first.import_id, command)
    second = accepted(library, upload)
    assert not second.repeated
    assert second.import_id != first.import_id
    assert library.handler.run(second.import_id).counts.registered == 1
    assert accepted(library, upload) == evolve(second, repeated=True)


def test_an_import_goes_on_where_it_stopped(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.importing.BATCH", 2)
    rows = [row(doi(number)) for number in range(7)]
    import_id = accepted(library, library.file(*rows)).import_id
    stops = iter((False, True))
    half = library.handler.run(import_id, stop=lambda: next(stops))
    assert (half.status, half.recorded) == (ImportStatus.RUNNING, 4)
    whole = library.handler.run(import_id)
    assert (whole.status, whole.counts.registered) == (ImportStatus.COMPLETED, 7)
    ranges = [(e.first, e.last) for e in events(library, import_id) if isinstance(e, importing.RowsRecorded)]
    assert ranges == [(1, 2), (3, 4), (5, 6), (7, 7)]


def events(library: Library, import_id: str) -> list[object]:
    return [record.event for record in library.log.stream(importing.stream_of(import_id))]


def test_an_import_that_stopped_after_its_last_row_is_completed(library: Library) -> None:
    import_id = accepted(library, library.file(row(doi(1)))).import_id
    assert library.handler.run(import_id, stop=lambda: True).status is ImportStatus.RUNNING
    assert library.handler.run(import_id).status is ImportStatus.COMPLETED


def test_progress_is_told_batch_by_batch(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.importing.BATCH", 2)
    seen: list[int] = []
    upload = library.file(*(row(doi(number)) for number in range(5)))
    library.handler.run(accepted(library, upload).import_id, progress=lambda state: seen.append(state.recorded))
    assert seen == [2, 4, 5]


@pytest.mark.parametrize(("rows", "batches"), [(BATCH - 1, 1), (BATCH, 1), (BATCH + 1, 2)])
def test_a_batch_is_a_thousand_rows(library: Library, rows: int, batches: int) -> None:
    upload = library.file(*(row(doi(number)) for number in range(rows)), name=b"large")
    import_id = accepted(library, upload).import_id
    assert library.handler.run(import_id).counts.registered == rows
    assert sum(isinstance(event, importing.RowsRecorded) for event in events(library, import_id)) == batches


def test_a_cancelled_import_stops_after_its_batch(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.importing.BATCH", 1)
    import_id = accepted(library, library.file(row(doi(1)), row(doi(2)), row(doi(3)))).import_id

    def cancel(state: Import) -> None:
        if state.status is ImportStatus.RUNNING:
            end(library, import_id, importing.Cancel())

    state = library.handler.run(import_id, progress=cancel)
    assert (state.status, state.recorded) == (ImportStatus.CANCELLED, 1)
    assert not library.log.papers_of([doi(2)])


def test_an_import_that_is_cancelled_at_its_last_moment_stays_cancelled(library: Library) -> None:
    import_id = accepted(library, library.file(row(doi(1)))).import_id
    state = library.handler.run(import_id, progress=lambda _: end(library, import_id, importing.Cancel()))
    assert state.status is ImportStatus.CANCELLED


def test_a_file_that_is_gone_ends_its_import(library: Library) -> None:
    upload = library.file(row(doi(1)))
    import_id = accepted(library, upload).import_id
    upload.path.unlink()
    assert library.handler.run(import_id).status is ImportStatus.REFUSED
    assert events(library, import_id)[-1] == importing.Refused(reason="The uploaded file is gone.")


def test_of_a_refused_file_only_the_refusal_is_recorded(library: Library) -> None:
    upload = library.uploads.keep([b"no list"])
    with pytest.raises(FileRefused):
        accepted(library, upload)
    assert [record.event.TYPE for record in library.log.read()] == ["command.refused"]


def test_of_a_collection_without_a_name_only_the_refusal_is_recorded(library: Library) -> None:
    with pytest.raises(InvalidValue):
        accepted(library, library.file(row(doi(1))), collection="  ")
    assert [record.event.TYPE for record in library.log.read()] == ["command.refused"]


def test_everything_of_an_import_shares_its_correlation(library: Library) -> None:
    import_id = accepted(library, library.file(row(doi(1)))).import_id
    library.handler.run(import_id)
    assert {record.correlation for record in library.log.read()} == {import_id}
    assert {record.actor for record in library.log.read()} == {PERSON.name, "scipaperloader"}


class Interrupting(MemoryEventLog):
    """A log in which something happens just before an append."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.meanwhile: Callable[[], object] | None = None

    def append(self, writes, origin):  # type: ignore[no-untyped-def]
        """Let it happen, then append."""
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        return super().append(writes, origin)


def test_a_paper_that_somebody_else_registers_meanwhile_is_known(clock: FakeClock, uploads: FakeUploads) -> None:
    log = Interrupting(clock)
    library = Library(log, uploads)
    import_id = accepted(library, library.file(row(doi(1)), row(doi(2)))).import_id
    log.meanwhile = lambda: library.take(row(doi(1)), collection="Another")
    assert library.handler.run(import_id).counts == Counts(registered=1, known=1)


def test_a_batch_that_another_process_records_meanwhile_is_recorded_once(
    clock: FakeClock, uploads: FakeUploads
) -> None:
    log = Interrupting(clock)
    library = Library(log, uploads)
    import_id = accepted(library, library.file(row(doi(1)), row(doi(2)))).import_id
    log.meanwhile = lambda: library.handler.run(import_id)
    assert library.handler.run(import_id).counts == Counts(registered=2)
    assert [type(event) for event in events(library, import_id)] == [
        importing.Started,
        importing.RowsRecorded,
        importing.Completed,
    ]


def test_a_collection_that_somebody_creates_meanwhile_is_used(clock: FakeClock, uploads: FakeUploads) -> None:
    log = Interrupting(clock)
    library = Library(log, uploads)
    upload, other = library.file(row(doi(1))), library.file(row(doi(2)))
    log.meanwhile = lambda: accepted(library, other)
    assert not accepted(library, upload).repeated
    assert len(log.stream(f"collection-{id_of(REQUEST.collection)}")) == 1


def test_two_requests_at_once_for_the_same_file_are_one_import(clock: FakeClock, uploads: FakeUploads) -> None:
    log = Interrupting(clock)
    library = Library(log, uploads)
    upload = library.file(row(doi(1)))
    others: list[Accepted] = []
    log.meanwhile = lambda: others.append(accepted(library, upload))
    assert accepted(library, upload) == evolve(others[0], repeated=True)


def test_the_order_of_overlapping_files_does_not_matter(library: Library, uploads: FakeUploads) -> None:
    lists = ([row(doi(1)), row(doi(2))], [row(doi(2)), row(doi(3))], [row(doi(3)), row(doi(1), pmid(1))])
    for order in itertools.permutations(lists):
        fresh = Library(MemoryEventLog(FakeClock()), uploads)
        totals = [fresh.take(*rows).counts for rows in order]
        assert sum(counts.registered for counts in totals) == 3
        assert sum(counts.known for counts in totals) == 3
        assert paper_of(fresh, doi(1)).identifiers == (doi(1), pmid(1))


def test_what_columns_were_taken_for_is_kept_and_read_again(library: Library) -> None:
    mapping = (("Ref", "doi"),)
    upload = library.file(row(doi(1)))
    first = accepted(library, upload, mapping=mapping)
    started = events(library, first.import_id)[0]
    assert isinstance(started, importing.Started)
    assert started.mapping == mapping
    assert accepted(library, upload, mapping=mapping) == evolve(first, repeated=True)
    assert accepted(library, upload).import_id != first.import_id, "read another way, it is another import"
    asked: list[object] = []
    inspect = library.reader.inspect

    class Noting(FakeReader):
        def inspect(self, path: Path, mapping: Mapped = ()) -> FileForm:
            asked.append(mapping)
            return inspect(path, mapping)

    library.reader = Noting(library.reader.files)
    assert library.handler.run(first.import_id).status is ImportStatus.COMPLETED
    assert asked == [mapping]


def test_lists_that_were_only_checked_are_swept(library: Library) -> None:
    imported, checked = library.file(row(doi(1))), library.file(row(doi(2)))
    accepted(library, imported)
    now = datetime.now(UTC)
    assert library.handler.sweep(now - timedelta(hours=1)) == 0
    assert library.handler.sweep(now + timedelta(hours=1)) == 1
    assert imported.path.exists()
    assert not checked.path.exists()
    assert library.handler.sweep(now + timedelta(hours=1)) == 0
