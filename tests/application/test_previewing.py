"""Trying an import out: it changes nothing, and tells what the import then does."""

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports.tabular import FileRefused, Record
from application.sorting_out import Outcome
from domain.importing import OnDuplicate
from infrastructure.log.memory import MemoryEventLog
from tests.application.lists import Library, doi, pmid, rejected, row
from tests.application.test_sorting_out import NAMED
from tests.fakes.clock import FakeClock
from tests.fakes.uploads import FakeUploads

TITLES = st.sampled_from((None, "One title", "Another title"))
TITLED = st.lists(
    st.one_of(st.builds(lambda named, title: row(*named, title=title), NAMED, TITLES), st.just(rejected())), max_size=12
)


@given(present=TITLED, wanted=TITLED, batch=st.integers(1, 5), wish=st.sampled_from(OnDuplicate))
def test_the_preview_agrees_with_the_import(
    present: list[Record], wanted: list[Record], batch: int, wish: OnDuplicate
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("application.importing.BATCH", batch)
        library = Library(MemoryEventLog(FakeClock()), FakeUploads(Path(folder)))
        library.take(*present)
        head = library.log.head()
        preview = library.handler.preview(library.file(*wanted), wish)
        assert library.log.head() == head
        state = library.take(*wanted, on_duplicate=wish, collection="Another")
        assert preview.counts == state.counts


def test_a_paper_that_comes_by_another_identifier_in_a_later_batch_is_repeated(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.importing.BATCH", 1)
    library.take(row(doi(1), pmid(1)))
    preview = library.handler.preview(library.file(row(doi(1)), row(pmid(1))))
    assert (preview.counts.known, preview.counts.duplicates) == (1, 1)


def test_the_first_rejected_rows_are_shown(library: Library) -> None:
    preview = library.handler.preview(library.file(row(doi(1)), *(rejected(f"reason {n}") for n in range(150))))
    assert preview.counts.rejected == 150
    assert [refusal.reason for refusal in preview.rejected] == [f"reason {n}" for n in range(100)]
    assert preview.form.rows == 151


def test_what_is_refused_is_refused_in_the_preview(library: Library) -> None:
    with pytest.raises(FileRefused):
        library.handler.preview(library.uploads.keep([b"no list"]))


def test_the_first_records_of_each_outcome_are_shown(library: Library) -> None:
    library.take(row(doi("known"), title="Before"))
    known = library.log.papers_of([doi("known")])[doi("known")]
    rows = [row(doi("known")), *(row(doi(n), title=f"Title {n}") for n in range(30)), row(doi(3)), rejected("odd")]
    preview = library.handler.preview(library.file(*rows))
    assert {outcome: len(some) for outcome, some in preview.samples.items()} == {
        Outcome.NEW: 20,
        Outcome.KNOWN: 1,
        Outcome.DUPLICATE: 1,
        Outcome.INVALID: 1,
    }
    assert preview.samples[Outcome.KNOWN][0].paper == known
    assert {one.paper for one in preview.samples[Outcome.NEW]} == {None}, "nobody has them yet"
    assert preview.samples[Outcome.DUPLICATE][0].record.row == 32
    assert preview.samples[Outcome.INVALID][0].record.reason == "odd"


@given(present=TITLED, wanted=TITLED, batch=st.integers(1, 5))
def test_every_record_is_judged_as_it_is_counted(present: list[Record], wanted: list[Record], batch: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("application.importing.BATCH", batch)
        library = Library(MemoryEventLog(FakeClock()), FakeUploads(Path(folder)))
        library.take(*present)
        upload = library.file(*wanted)
        judged = Counter(one.outcome for one in library.handler.judged(upload))
        counts = library.handler.preview(upload).counts
        told = {
            Outcome.NEW: counts.registered,
            Outcome.KNOWN: counts.known,
            Outcome.DUPLICATE: counts.duplicates,
            Outcome.INVALID: counts.rejected,
        }
        assert {outcome: judged[outcome] for outcome in Outcome} == told
