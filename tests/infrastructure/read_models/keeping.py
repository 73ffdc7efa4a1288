"""A story that fills every table, logs that keep it, and what the tables hold afterwards."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from application.ports.event_log import Origin, Write
from domain import collection as collecting
from domain import hour, importing
from domain import paper_commands as do
from domain.copies import Copy, Version
from domain.identifiers import Identifier, Scheme
from domain.importing import Counts, OnDuplicate, RejectedRow
from domain.metadata import Metadata
from domain.paper_events import File, SourceAnswer
from infrastructure.clock import SystemClock
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models.model import ReadModel
from infrastructure.schema import READ_MODELS
from tests.histories import World

ORIGIN = Origin(command="try out", actor="the tests", correlation="one run")
TABLES = tuple(table for model in READ_MODELS for table in model.tables)

_LATER = datetime(2026, 4, 1, tzinfo=UTC)
_HOUR = hour.stream_of(_LATER)
_FILE = File(path="a.pdf", sha256="0" * 64, size=2**33, pages=7)
_COPY = Copy(url="https://a.example/1", source="a source", version=Version.ACCEPTED, licence="cc-by")
STARTED = importing.Started(
    collection="c0",
    collection_name="A review",
    filename="list.csv",
    sha256="1" * 64,
    size=2**33,
    format="csv",
    encoding="utf-8",
    rows=3,
    on_duplicate=OnDuplicate.SKIP,
)


def _doi(value: str) -> Identifier:
    return Identifier(Scheme.DOI, value)


def _attempt(module: str) -> do.StartProcessing:
    return do.StartProcessing(module=module, worker="w", attempt="1")


def _try(outcome: str, **fields: Any) -> do.RecordTry:
    return do.RecordTry(url=_COPY.url, source=_COPY.source, outcome=outcome, size=2**33, seconds=1.5, **fields)


_STORY: Sequence[tuple[str, Any]] = (
    ("collection-c0", collecting.Create(name="A review")),
    ("import-i0", importing.Start(started=STARTED)),
    ("paper-p0", do.Register(identifiers=(_doi("1"), Identifier(Scheme.PMID, "1")))),
    ("paper-p1", do.Register(identifiers=(_doi("2"),), metadata=Metadata(title="Élan vital", authors=("A. B", "C")))),
    (
        "import-i0",
        importing.RecordRows(
            first=1,
            last=3,
            counts=Counts(registered=2, rejected=1),
            members=("p0", "p1"),
            rejected=(RejectedRow(row=3, line=4, reason="no identifier", raw="x;y"),),
        ),
    ),
    ("import-i0", importing.Complete()),
    ("collection-c0", collecting.Rename(name="Another review")),
    ("paper-p0", do.Queue(module="locate", due=_LATER)),
    ("paper-p0", _attempt("locate")),
    ("paper-p0", do.RecordAnswers(answers=(SourceAnswer(source="a source", said="copies"),))),
    ("paper-p0", do.RecordCopies(copies=(_COPY,))),
    ("paper-p0", _attempt("download")),
    ("paper-p0", _try("rate_limited")),
    ("paper-p0", do.Defer(until=_LATER, cause="rate_limited")),
    ("paper-p0", _attempt("download")),
    ("paper-p0", _try("page")),
    ("paper-p0", _try("ok", redirects=("https://a.example/1", "https://B.example:8443/2"))),
    ("paper-p0", do.RecordDownload(file=_FILE, copy=_COPY)),
    ("paper-p1", do.AddIdentifier(identifier=Identifier(Scheme.ARXIV, "3"), source="a source")),
    ("paper-p1", do.CorrectIdentifier(wrong=_doi("2"), right=_doi("4"))),
    ("paper-p1", do.UpdateMetadata(source="a source", metadata=Metadata(title="İstanbul", year=1999, journal="ß"))),
    ("paper-p1", _attempt("locate")),
    ("paper-p1", do.RecordNoCopy(cause="no_open_copy", not_before=_LATER)),
    ("paper-p1", do.Request(note="by post")),
    ("paper-p2", do.Register(identifiers=(_doi("2"),))),
    ("paper-p2", _attempt("locate")),
    ("paper-p2", do.RecordCopies(copies=(_COPY,))),
    ("paper-p2", _attempt("download")),
    ("paper-p2", do.RecordDoubt(file=_FILE, copy=_COPY)),
    ("paper-p2", do.SettleDoubt(accepted=False)),
    ("paper-p2", do.Merge(into="p0")),
    (
        "hour-2026-04-01T00:00Z",
        hour.Plan(start=_LATER, timezone="UTC", quota=9, seed=1, count=1, minutes=60, begins=_LATER),
    ),
    ("paper-p1", do.Reopen(why="retry")),
    ("paper-p1", do.Queue(module="locate", due=_LATER, hour=_HOUR)),
)


def story() -> list[list[Write]]:
    """A history in which every table gets rows, one write a batch."""
    world = World()
    writes = [world.do(stream, command) for stream, command in _STORY]
    return [[write] for write in writes if write]


def log_of(database: Database) -> SqlEventLog:
    """The log of a database, under the clock of the machine."""
    return SqlEventLog(database, SystemClock(), READ_MODELS)


def keep(database: Database, history: Sequence[Sequence[Write]]) -> SqlEventLog:
    """Append a history, batch by batch."""
    log = log_of(database)
    for writes in history:
        log.append(writes, ORIGIN)
    return log


def contents(connection: sa.Connection, model: ReadModel) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of a model's tables, in the order of their keys."""
    queries = {table.name: sa.select(table).order_by(*table.primary_key) for table in model.tables}
    return {name: [tuple(row) for row in connection.execute(query)] for name, query in queries.items()}
