"""What is true of every read model, whatever happened."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st

from application.ports.event_log import Recorded, Write
from domain import paper
from domain.copies import ranked
from domain.identifiers import Scheme
from domain.paper_events import IdentifierCorrected
from infrastructure.database import Database
from infrastructure.log.codec import stamp
from infrastructure.read_models.model import ReadModel, live
from infrastructure.read_models.papers import papers
from infrastructure.read_models.rebuild import differences
from infrastructure.schema import READ_MODELS
from tests.databases import Databases, fewer
from tests.histories import histories
from tests.infrastructure.read_models.keeping import contents, keep, story


@given(history=histories(), size=st.integers(1, 7))
@example(history=story(), size=1)
@fewer(6)
def test_live_tables_are_what_any_replay_makes(databases: Databases, history: list[list[Write]], size: int) -> None:
    _compare_with_replays(databases, "sqlite", history, size)


@given(history=histories(), size=st.integers(1, 7))
@example(history=story(), size=1)
@fewer(10)
def test_live_tables_are_what_any_replay_makes_on_postgresql(
    databases: Databases, history: list[list[Write]], size: int
) -> None:
    _compare_with_replays(databases, "postgresql", history, size)


def _compare_with_replays(databases: Databases, kind: str, history: list[list[Write]], size: int) -> None:
    with databases.fresh(kind) as database:
        events = keep(database, history).read(limit=10_000)
        for model in READ_MODELS:
            with database.read() as connection:
                kept = contents(connection, model)
            assert _replayed(database, model, events, size) == kept, "the split into batches does not matter"
            assert differences(database, model) == ()


def _replayed(database: Database, model: ReadModel, events: Sequence[Recorded], size: int) -> dict[str, Any]:
    """What the model makes of the events in batches of a size; undone afterwards."""
    with database.engine.connect() as connection:
        for table in model.tables:
            connection.execute(table.delete())
        for start in range(0, len(events), size):
            model.apply(connection, events[start : start + size], live)
        return contents(connection, model)


@given(history=histories())
@example(history=story())
@fewer(4)
def test_the_row_of_a_paper_is_what_its_stream_folds_to(databases: Databases, history: list[list[Write]]) -> None:
    with databases.fresh("sqlite") as database:
        log = keep(database, history)
        with database.read() as connection:
            rows = connection.execute(sa.select(papers)).all()
        for row in rows:
            records = log.stream(paper.stream_of(row.id))
            state = paper.DECIDER.fold(record.event for record in records)
            assert _summary(row) == _folded(state)
            assert row.position == records[-1].position
            assert (row.registered_at, row.updated_at) == (
                stamp(records[0].recorded_at),
                stamp(records[-1].recorded_at),
            )
            for scheme in Scheme:
                values: set[str | None] = {i.value for i in state.identifiers if i.scheme is scheme}
                assert row._mapping[scheme.value] in (values or {None}) or _changed_scheme(records), scheme


def _changed_scheme(records: Sequence[Recorded]) -> bool:
    """Whether an identifier was corrected to one of another scheme: a second one of the first scheme is not shown."""
    corrections = (record.event for record in records if isinstance(record.event, IdentifierCorrected))
    return any(event.wrong.scheme is not event.right.scheme for event in corrections)


_ALIKE = ("module", "worker", "cause", "attempts", "requested")


def _summary(row: sa.Row[Any]) -> dict[str, Any]:
    names = (*_ALIKE, "status", "not_before", "copies", "host", "title", "journal", "year", "landing_url", "authors")
    return {name: row._mapping[name] for name in (*names, "file_path", "file_sha256", "file_size", "file_pages")}


def _folded(state: paper.Paper) -> dict[str, Any]:
    file, known = state.file, state.metadata
    return {name: getattr(state, name) for name in _ALIKE} | {
        "status": state.status and state.status.value,
        "not_before": _stamped(state.not_before),
        "copies": len(state.copies),
        "host": ranked(state.copies)[0].host if state.copies else None,
        "title": known.title,
        "journal": known.journal,
        "year": known.year,
        "landing_url": known.url,
        "authors": "; ".join(known.authors) if known.authors else None,
        "file_path": file and file.path,
        "file_sha256": file and file.sha256,
        "file_size": file and file.size,
        "file_pages": file and file.pages,
    }


def _stamped(moment: datetime | None) -> str | None:
    return stamp(moment) if moment else None
