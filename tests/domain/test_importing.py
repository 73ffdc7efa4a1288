"""Imports."""

from collections.abc import Mapping

import pytest
from attrs import evolve
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from domain import importing as ask
from domain.errors import AlreadyExists, CommandRefused, DoesNotExist, InvalidValue, NotAllowed
from domain.importing import ALLOWED, DECIDER, MAX_BATCH, Counts, Import, ImportStatus, OnDuplicate, RejectedRow
from tests.domain.machine import FEW_STEPS, AggregateMachine
from tests.domain.spec import given
from tests.strategies import HOSTILE_TEXT, records


def started(*, rows: int = 5, on_duplicate: OnDuplicate = OnDuplicate.UPDATE) -> ask.Started:
    """A file was uploaded."""
    return ask.Started(
        collection="c-1",
        collection_name="Review",
        filename="scopus.csv",
        sha256="5" * 64,
        size=1_234,
        format="csv",
        encoding="utf-8",
        rows=rows,
        on_duplicate=on_duplicate,
    )


REJECTED = RejectedRow(row=3, line=4, reason="no identifier", raw="x;y")
FIRST = ask.RecordRows(
    first=1,
    last=3,
    counts=Counts(registered=1, known=1, updated=1, rejected=1),
    members=("p", "q"),
    rejected=(REJECTED,),
)
REST = ask.RecordRows(first=4, last=5, counts=Counts(registered=1, duplicates=1), members=("r",))
ALL = Counts(registered=2, known=1, updated=1, duplicates=1, rejected=1)
IMPORT = given(DECIDER)
RUNNING = IMPORT.after(ask.Start(started=started()))
READ = RUNNING.after(FIRST, REST)

COMMANDS: Mapping[type, ask.Command] = {
    ask.RecordRows: FIRST,
    ask.Complete: ask.Complete(),
    ask.Refuse: ask.Refuse(reason="a quote is never closed"),
    ask.Cancel: ask.Cancel(),
    ask.Undo: ask.Undo(),
    ask.EndUndo: ask.EndUndo(withdrawn=2),
}
SITUATIONS = {
    ImportStatus.RUNNING: RUNNING,
    ImportStatus.COMPLETED: READ.after(ask.Complete()),
    ImportStatus.REFUSED: RUNNING.after(COMMANDS[ask.Refuse]),
    ImportStatus.CANCELLED: RUNNING.after(FIRST, ask.Cancel()),
    ImportStatus.UNDOING: READ.after(ask.Complete(), COMMANDS[ask.Undo]),
    ImportStatus.UNDONE: READ.after(ask.Complete(), COMMANDS[ask.Undo], COMMANDS[ask.EndUndo]),
}


def test_an_import_takes_up_a_file_once() -> None:
    IMPORT.when(ask.Start(started=started())).then(started())
    RUNNING.when(ask.Start(started=started())).refused(AlreadyExists)


def test_rows_are_counted_batch_by_batch() -> None:
    assert READ.state == Import(
        status=ImportStatus.RUNNING,
        collection="c-1",
        on_duplicate=OnDuplicate.UPDATE,
        sha256="5" * 64,
        rows=5,
        recorded=5,
        counts=ALL,
    )


def test_an_import_ends_with_the_sums_of_its_batches() -> None:
    READ.when(ask.Complete()).then(ask.Completed(counts=ALL))


def test_an_empty_file_is_at_its_end_at_once() -> None:
    empty = IMPORT.after(ask.Start(started=started(rows=0)))
    empty.when(ask.Complete()).then(ask.Completed(counts=Counts()))


@pytest.mark.parametrize("commands", [(), (FIRST,)])
def test_an_import_is_not_complete_before_its_last_row(commands: tuple[ask.Command, ...]) -> None:
    assert "all 5 rows" in RUNNING.after(*commands).when(ask.Complete()).refused(InvalidValue).remedy


def test_rows_that_are_refused_keep_the_text_that_can_be_stored() -> None:
    hostile = evolve(REJECTED, raw="x\0y\ud800")
    (recorded,) = RUNNING.when(evolve(FIRST, rejected=(hostile,))).events
    assert isinstance(recorded, ask.RowsRecorded)
    assert recorded.rejected[0].raw == "xy?"


def batch(first: int, last: int) -> ask.RecordRows:
    """Rows of papers that are all new."""
    return ask.RecordRows(first=first, last=last, counts=Counts(registered=last - first + 1))


@pytest.mark.parametrize(
    ("first", "last"), [(1, 2), (3, 5), (5, 5), (4, 3), (4, 6), (0, 5), (-1, 1), (4, 2**70), (2**70, 2**70)]
)
def test_rows_follow_each_other_to_the_end_of_the_file(first: int, last: int) -> None:
    RUNNING.after(FIRST).when(batch(first, last)).refused(InvalidValue)


def test_a_batch_is_limited() -> None:
    large = IMPORT.after(ask.Start(started=started(rows=10_000)))
    assert large.when(batch(1, MAX_BATCH)).state.recorded == MAX_BATCH
    assert str(MAX_BATCH) in large.when(batch(1, MAX_BATCH + 1)).refused(InvalidValue).remedy


@pytest.mark.parametrize(
    "counts",
    [
        Counts(),
        Counts(registered=2, rejected=1, duplicates=1),
        Counts(registered=4, known=-2, rejected=1),
        Counts(registered=2, updated=1, rejected=1),
        Counts(registered=2, updated=-1, rejected=1),
        Counts(registered=3),
    ],
)
def test_counts_are_those_of_the_rows(counts: Counts) -> None:
    assert RUNNING.when(evolve(FIRST, counts=counts)).refused(InvalidValue).field in {"counts", "rejected"}


@pytest.mark.parametrize("status", SITUATIONS)
@pytest.mark.parametrize("kind", COMMANDS)
def test_the_table_says_what_is_possible(kind: type, status: ImportStatus) -> None:
    met = (READ if kind is ask.Complete and status is ImportStatus.RUNNING else SITUATIONS[status]).when(COMMANDS[kind])
    if status in ALLOWED[kind]:
        assert len(met.events) == 1
    else:
        assert met.refused(NotAllowed).state == status.value


@pytest.mark.parametrize("kind", COMMANDS)
def test_an_import_that_never_started_does_not_exist(kind: type) -> None:
    IMPORT.when(COMMANDS[kind]).refused(DoesNotExist)


def test_every_command_and_every_status_is_in_the_table() -> None:
    assert set(ALLOWED) == set(COMMANDS)
    assert set(SITUATIONS) == set(ImportStatus)


COUNTS = st.builds(
    Counts,
    registered=st.integers(0, 3),
    known=st.integers(0, 3),
    duplicates=st.integers(0, 3),
    rejected=st.integers(0, 2),
)


class ImportMachine(AggregateMachine):
    """One import of at most twelve rows."""

    decider = DECIDER

    @initialize(rows=st.integers(0, 12), on_duplicate=st.sampled_from(OnDuplicate))
    def starts(self, rows: int, on_duplicate: OnDuplicate) -> None:
        self.send(ask.Start(started=started(rows=rows, on_duplicate=on_duplicate)))

    @precondition(lambda self: self.state.status is ImportStatus.RUNNING)
    @rule(counts=COUNTS, raw=HOSTILE_TEXT)
    def reads_on(self, counts: Counts, raw: str) -> None:
        first, last = self.state.recorded + 1, self.state.recorded + counts.rows
        rejected = tuple(RejectedRow(row=first, line=first, reason="odd", raw=raw) for _ in range(counts.rejected))
        outcome = self.send(ask.RecordRows(first=first, last=last, counts=counts, rejected=rejected))
        assert isinstance(outcome, InvalidValue) == (counts.rows == 0 or last > self.state.rows)

    @rule(command=st.one_of(*(records(kind) for kind in (ask.Complete, ask.Refuse, ask.Cancel, ask.Undo, ask.EndUndo))))
    def comes_to_an_end(self, command: ask.Command) -> None:
        before: Import = self.state
        outcome = self.send(command)
        if before.status not in ALLOWED[type(command)]:
            assert isinstance(outcome, NotAllowed)
        elif isinstance(command, ask.Complete) and before.recorded < before.rows:
            assert isinstance(outcome, InvalidValue)
        else:
            assert not isinstance(outcome, CommandRefused)
            assert self.state.status is not ImportStatus.RUNNING

    @rule(command=records(ask.RecordRows))
    def gets_any_rows(self, command: ask.RecordRows) -> None:
        self.send(command)

    @invariant()
    def counts_every_row_once(self) -> None:
        assert self.state.counts.rows == self.state.recorded <= self.state.rows

    @invariant()
    def is_completed_at_the_end_only(self) -> None:
        assert self.state.status is not ImportStatus.COMPLETED or self.state.recorded == self.state.rows


TestImportMachine = ImportMachine.TestCase
TestImportMachine.settings = FEW_STEPS
