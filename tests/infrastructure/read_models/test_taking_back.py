"""What a person did with a paper and took back leaves no trace in the row of that paper."""

from typing import Any

import pytest
import sqlalchemy as sa
from attrs import evolve
from hypothesis import example, given

from application.handling import decided, load
from application.ports.event_log import EventLog, Write
from application.reversing import reverse_of
from domain import paper
from domain.paper import Paper
from domain.paper_commands import Command, Exclude, MarkUnavailable, Reinstate, Withdraw
from domain.pipeline import ALLOWED, IN_TRANSIT, Status
from infrastructure.database import Database
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.read_models.papers import Papers, papers
from infrastructure.read_models.rebuild import differences
from tests.databases import Databases, fewer
from tests.domain.papers import MOMENT, SITUATIONS, a_paper
from tests.histories import histories
from tests.infrastructure.read_models.keeping import ORIGIN, keep, log_of, story

ACTS: tuple[Command, ...] = (
    Exclude(reason="off topic"),
    Withdraw(reason="the import was undone"),
    Reinstate(),
    MarkUnavailable(reason="out of print"),
)
MOVES = frozenset({"position", "updated_at"})
"""Columns that tell of the last event, whatever it was."""


@given(history=histories())
@example(history=story())
@fewer(6)
def test_a_paper_is_as_it_was(databases: Databases, history: list[list[Write]]) -> None:
    _do_and_take_back(databases, "sqlite", history)


@given(history=histories())
@example(history=story())
@fewer(10)
def test_a_paper_is_as_it_was_on_postgresql(databases: Databases, history: list[list[Write]]) -> None:
    _do_and_take_back(databases, "postgresql", history)


@pytest.mark.parametrize("situation", [name for name in SITUATIONS if "/" not in name])
def test_a_paper_of_every_resting_status_is_as_it_was(databases: Databases, situation: str) -> None:
    for kind in ("sqlite", "postgresql"):
        _do_and_take_back(databases, kind, [[_write(situation)]])


def test_a_paper_that_is_tried_again_by_itself_is_so_after_it_was_set_aside(databases: Databases) -> None:
    with databases.fresh("sqlite") as database:
        log = keep(database, [[_write("failed")]])
        _carry_out(log, "paper-p0", Exclude(reason="off topic"))
        assert SqlPapers(database).due_again((Status.FAILED,), MOMENT, 10) == []
        _carry_out(log, "paper-p0", Reinstate())
        (again,) = SqlPapers(database).due_again((Status.FAILED,), MOMENT, 10)
        assert (again.id, again.cause, again.not_before) == ("p0", "timeout", MOMENT)


def _write(situation: str) -> Write:
    return Write(stream="paper-p0", expected=0, events=a_paper(situation).events)


def _do_and_take_back(databases: Databases, kind: str, history: list[list[Write]]) -> None:
    with databases.fresh(kind) as database:
        keep(database, history)
        for name in _rows(database):
            for act in ACTS:
                _try_out(database, name, act)
        assert differences(database, Papers()) == ()


def _try_out(database: Database, name: str, act: Command) -> None:
    log, stream, before = log_of(database), paper.stream_of(name), _rows(database)[name]
    state, _ = load(log, paper.DECIDER, stream)
    if state.status in IN_TRANSIT or state.status not in ALLOWED[act.NAME] or state.merged_into is not None:
        return
    _carry_out(log, stream, act)
    aside = _rows(database)[name]
    back = Reinstate() if isinstance(act, Withdraw) else _reverse(log, stream)
    _carry_out(log, stream, back)
    _carry_out(log, stream, _reverse(log, stream))
    assert _rows(database)[name] == aside, "what was taken back is done again"
    _carry_out(log, stream, _reverse(log, stream))
    after = _rows(database)[name]
    if isinstance(act, MarkUnavailable) and state.status is Status.DOUBTFUL:
        assert (after["status"], after["file_path"]) == (state.start, None), "the file was thrown away"
    else:
        now, _ = load(log, paper.DECIDER, stream)
        assert (after, _as_it_goes_on(now)) == (before, _as_it_goes_on(state)), act


def _reverse(log: EventLog, stream: str) -> Command:
    return reverse_of(log.stream(stream), ORIGIN.correlation)


def _as_it_goes_on(state: Paper) -> Paper:
    """The paper without what it knows of people's acts."""
    return evolve(state, wanted_anyway=False, withdrawn=False, before=None)


def _carry_out(log: EventLog, stream: str, command: Command) -> None:
    log.append((decided(paper.DECIDER, stream, *load(log, paper.DECIDER, stream), (command,)),), ORIGIN)


def _rows(database: Database) -> dict[str, dict[str, Any]]:
    with database.read() as connection:
        rows = connection.execute(sa.select(papers)).mappings().all()
    return {row["id"]: {name: row[name] for name in row if name not in MOVES} for row in rows}
