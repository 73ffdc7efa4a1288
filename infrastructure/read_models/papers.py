"""The papers as they are now, one row each, and every change of status as a row of `transitions`."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from attrs import define, field

from application.ports.event_log import Recorded
from domain import paper_events as happened
from domain.copies import Copy, ranked
from domain.events import Event
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.paper import STREAM
from domain.paper_events import File, status_after
from domain.pipeline import IN_TRANSIT, Status
from infrastructure.bulk import insert_rows
from infrastructure.database import metadata as schema
from infrastructure.log.codec import stamp
from infrastructure.log.tables import Position
from infrastructure.read_models.model import STATEMENTS, Tables

REQUESTED = sa.text("requested")
GIVEN_UP = sa.text("status = 'unavailable' AND cause IS NULL")
"""Conditions of partial indexes; a query must say the same. A search that found nothing leaves a cause, a person's
decision that a paper cannot be had does not."""

AGAIN = sa.text("not_before IS NOT NULL")

papers = sa.Table(
    "papers",
    schema,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("module", sa.Text),
    sa.Column("worker", sa.Text),
    sa.Column("cause", sa.Text),
    sa.Column("not_before", sa.Text),
    sa.Column("due", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("copies", sa.Integer, nullable=False, server_default="0"),
    sa.Column("host", sa.Text),
    sa.Column("requested", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("title", sa.Text),
    sa.Column("sort_title", sa.Text, nullable=False),
    sa.Column("sort_journal", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("sort_year", sa.Integer, nullable=False, server_default="0"),
    sa.Column("sort_size", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("search", sa.Text, nullable=False),
    sa.Column("authors", sa.Text),
    sa.Column("journal", sa.Text),
    sa.Column("issn", sa.Text),
    sa.Column("year", sa.Integer),
    sa.Column("publisher", sa.Text),
    sa.Column("type", sa.Text),
    sa.Column("landing_url", sa.Text),
    sa.Column("doi", sa.Text),
    sa.Column("pmid", sa.Text),
    sa.Column("pmcid", sa.Text),
    sa.Column("arxiv", sa.Text),
    sa.Column("file_path", sa.Text),
    sa.Column("file_sha256", sa.Text),
    sa.Column("file_size", sa.BigInteger),
    sa.Column("file_pages", sa.Integer),
    sa.Column("file_url", sa.Text),
    sa.Column("source", sa.Text),
    sa.Column("version", sa.Text),
    sa.Column("licence", sa.Text),
    sa.Column("registered_at", sa.Text, nullable=False),
    sa.Column("updated_at", sa.Text, nullable=False),
    sa.Column("position", Position, nullable=False),
    sa.Index(None, "status", "id"),
    sa.Index(None, "sort_title", "id"),
    sa.Index(None, "sort_journal", "id"),
    sa.Index(None, "sort_year", "id"),
    sa.Index(None, "sort_size", "id"),
    sa.Index(None, "attempts", "id"),
    sa.Index(None, "cause", "id"),
    sa.Index(None, "host", "id"),
    sa.Index("ix_papers_facets", "status", "cause", "host", "source", "version", "requested", "sort_year", "id"),
    sa.Index(None, "position"),
    sa.Index(
        None,
        "not_before",
        sqlite_where=sa.text("not_before IS NOT NULL"),
        postgresql_where=sa.text("not_before IS NOT NULL"),
    ),
    sa.Index("ix_papers_requested", "status", "cause", "id", sqlite_where=REQUESTED, postgresql_where=REQUESTED),
    sa.Index("ix_papers_again", "status", "requested", "id", sqlite_where=AGAIN, postgresql_where=AGAIN),
    sa.Index("ix_papers_given_up", "status", "cause", "id", sqlite_where=GIVEN_UP, postgresql_where=GIVEN_UP),
)
"""`position` is that of the last event, `host` that of the copy tried first; free text is looked for in `search`.

What a list is sorted by is never null, so that a page can begin anywhere: `sort_year` is 0 where no year is known.
"""

transitions = sa.Table(
    "transitions",
    schema,
    sa.Column("position", Position, primary_key=True, autoincrement=False),
    sa.Column("moment", sa.Text, nullable=False),
    sa.Column("paper", sa.Text, nullable=False),
    sa.Column("from_status", sa.Text),
    sa.Column("to_status", sa.Text, nullable=False),
)

Row = dict[str, Any]
BY_HAND = "by hand"
"""The source of a file that a person gave."""
_COMBINING = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
MANY = 5_000
"""Papers in one query; SQLite takes at most 32,766 parameters."""
SORT_TITLE = 100
"""Characters of a title, or a journal's name, that sorting looks at."""


def folded(text: str) -> str:
    """The text as it is searched and sorted: without accents and case."""
    if text.isascii():
        return text.lower()
    return _COMBINING.sub("", unicodedata.normalize("NFKD", text)).casefold()


def sorted_as(text: str) -> str:
    """The text as sorting compares it."""
    return folded(text[:SORT_TITLE])[:SORT_TITLE]


def _of_metadata(metadata: Metadata) -> Row:
    known = metadata.known()
    row: Row = {name: known[name] for name in ("title", "journal", "year", "publisher", "type") if name in known}
    if metadata.title:
        row["sort_title"] = sorted_as(metadata.title)
    if metadata.journal:
        row["sort_journal"] = sorted_as(metadata.journal)
    if metadata.year:
        row["sort_year"] = metadata.year
    if metadata.authors:
        row["authors"] = "; ".join(metadata.authors)
    if metadata.issn:
        row["issn"] = " ".join(metadata.issn)
    if metadata.url:
        row["landing_url"] = metadata.url
    return row


def _of_identifiers(identifiers: Sequence[Identifier]) -> Row:
    return {identifier.scheme.value: identifier.value for identifier in reversed(identifiers)}


def _of_file(file: File, copy: Copy | None) -> Row:
    return {
        "file_path": file.path,
        "file_sha256": file.sha256,
        "file_size": file.size,
        "sort_size": file.size,
        "file_pages": file.pages,
        "file_url": copy.url if copy else None,
        "source": copy.source if copy else BY_HAND,
        "version": copy.version.value if copy else None,
        "licence": copy.licence if copy else None,
    }


_NO_FILE: Row = dict.fromkeys(
    ("file_path", "file_sha256", "file_size", "file_pages", "file_url", "source", "version", "licence")
) | {"sort_size": 0}
_NO_CAUSE: Row = {"cause": None, "not_before": None}
_AT_REST: Row = {"module": None, "worker": None, "due": None}
COUNTED = frozenset(
    {happened.CopiesLocated, happened.NotLocated, happened.Downloaded, happened.Doubted, happened.Failed}
)
"""Events that end an attempt that counts."""


def _until(moment: Any) -> str | None:
    return stamp(moment) if moment else None


def _reinstated(event: happened.Reinstated) -> Row:
    cause = {"cause": event.cause} if event.cause else {}
    return {**cause, "not_before": _until(event.not_before)}


def _settled(event: happened.DoubtSettled) -> Row:
    return _NO_CAUSE if event.accepted else {**_NO_FILE, **_NO_CAUSE, "cause": "wrong_document"}


_CHANGES: Mapping[type[Event], Callable[[Any], Row]] = {
    happened.MetadataUpdated: lambda e: _of_metadata(e.metadata),
    happened.IdentifierCorrected: lambda e: {
        e.wrong.scheme.value: None,
        e.right.scheme.value: e.right.value,
        "copies": 0,
        "host": None,
    },
    happened.Queued: lambda e: {"module": e.module, "due": stamp(e.due)},
    happened.ProcessingStarted: lambda e: {"module": e.module, "worker": e.worker},
    happened.CopiesLocated: lambda e: {"copies": len(e.copies), "host": ranked(e.copies)[0].host, **_NO_CAUSE},
    happened.NotLocated: lambda e: {"copies": 0, "host": None, "cause": e.cause, "not_before": _until(e.not_before)},
    happened.Downloaded: lambda e: {**_of_file(e.file, e.copy), **_NO_CAUSE},
    happened.Doubted: lambda e: {**_of_file(e.file, e.copy), **_NO_CAUSE},
    happened.DoubtSettled: _settled,
    happened.Failed: lambda e: {"cause": e.cause, "not_before": _until(e.not_before)},
    happened.Deferred: lambda e: {"cause": e.cause, "not_before": stamp(e.until)},
    happened.Reopened: lambda _: _NO_CAUSE | _NO_FILE,
    happened.Excluded: lambda _: {"not_before": None},
    happened.Withdrawn: lambda _: {"not_before": None},
    happened.Merged: lambda e: {"not_before": None, **{i.scheme.value: None for i in e.identifiers}},
    happened.Reinstated: _reinstated,
    happened.FileAttached: lambda e: {**_of_file(e.file, None), **_NO_CAUSE},
    happened.FileReplaced: lambda e: {**_of_file(e.file, None), **_NO_CAUSE},
    happened.FileRenamed: lambda e: {"file_path": e.path},
    happened.FileLost: lambda _: _NO_FILE,
    happened.FileRemoved: lambda e: {**_NO_FILE, "cause": e.cause, "not_before": _until(e.not_before)},
    happened.Requested: lambda _: {"requested": True},
    happened.MarkedUnavailable: lambda _: _NO_CAUSE | _NO_FILE,
}
"""What an event changes in a paper's row, beside the status."""


@define(kw_only=True)
class _Batch:
    """Rows to write for a run of events, and the papers' state as the run goes on."""

    known: dict[str, Row]
    inserts: list[tuple[Any, ...]] = field(factory=list)
    updates: dict[str, Row] = field(factory=dict)
    attempts: dict[str, int] = field(factory=lambda: defaultdict(int))
    moves: list[tuple[Any, ...]] = field(factory=list)

    def take(self, recorded: Recorded) -> None:
        paper = recorded.stream.removeprefix(STREAM)
        moment = stamp(recorded.recorded_at)
        status = status_after(recorded.event)
        if isinstance(recorded.event, happened.Registered):
            self._register(paper, recorded.event, recorded.position, moment)
        else:
            self._change(paper, recorded.event, recorded.position, moment)
        if status is not None:
            state = self.known[paper]
            self.moves.append((recorded.position, moment, paper, state["status"], status.value))
            state["status"] = status.value

    def _register(self, paper: str, event: happened.Registered, position: int, moment: str) -> None:
        told = event.metadata
        state: Row = {"status": None, "title": told.title, "journal": told.journal}
        state["authors"] = "; ".join(told.authors) if told.authors else None
        named = {identifier.scheme: identifier.value for identifier in reversed(event.identifiers)}
        self.known[paper] = state | {scheme.value: named.get(scheme) for scheme in Scheme}
        self.inserts.append(
            (
                *(paper, _NEW, position, moment, moment),
                *(told.title, sorted_as(told.title or ""), _search(state), state["authors"]),
                *(sorted_as(told.journal or ""), told.year or 0),
                *(
                    told.journal,
                    " ".join(told.issn) if told.issn else None,
                    told.year,
                    told.publisher,
                    told.type,
                    told.url,
                ),
                *map(named.get, Scheme),
            )
        )

    def _change(self, paper: str, event: Event, position: int, moment: str) -> None:
        row = self.updates.setdefault(paper, {})
        changes = _CHANGES.get(type(event))
        if changes:
            row |= changes(event)
        status = status_after(event)
        if status is not None:
            row["status"] = status.value
            if status not in IN_TRANSIT:
                row |= _AT_REST
        state = self.known[paper]
        if isinstance(event, happened.IdentifierAdded) and not state[event.identifier.scheme.value]:
            row |= _of_identifiers((event.identifier,))
        if isinstance(event, happened.MetadataUpdated):
            state |= {name: row[name] for name in ("title", "authors", "journal") if name in row}
            row["search"] = _search(state)
        state |= {name: row[name] for name in _SCHEMES if name in row}
        if type(event) in COUNTED:
            self.attempts[paper] += 1
        row |= {"position": position, "updated_at": moment}


_NEW = Status.NEW.value
_SCHEMES = tuple(scheme.value for scheme in Scheme)
_INSERTED = (
    *("id", "status", "position", "registered_at", "updated_at"),
    *("title", "sort_title", "search", "authors"),
    *("sort_journal", "sort_year"),
    *("journal", "issn", "year", "publisher", "type", "landing_url"),
    *_SCHEMES,
)
"""The columns of a paper that was just registered; the others are empty."""
_MOVED = tuple(column.name for column in transitions.c)


def _search(row: Row) -> str:
    return folded("\n".join([row[name] for name in ("title", "authors", "journal") if row[name]]))


class Papers:
    """The model of the tables `papers` and `transitions`."""

    name = "papers"
    tables = (papers, transitions)

    def apply(self, connection: sa.Connection, events: Sequence[Recorded], tables: Tables) -> None:
        """Insert and update the rows of the papers that the events concern."""
        concerned = [recorded for recorded in events if recorded.stream.startswith(STREAM)]
        if not concerned:
            return
        table = tables(papers)
        batch = _Batch(known=_load(connection, table, concerned))
        for recorded in concerned:
            batch.take(recorded)
        insert_rows(connection, table, _INSERTED, batch.inserts)
        _update(connection, table, batch)
        insert_rows(connection, tables(transitions), _MOVED, batch.moves)


def _load(connection: sa.Connection, table: sa.Table, events: Sequence[Recorded]) -> dict[str, Row]:
    """State of the papers that were registered before these events."""
    fresh = {recorded.stream for recorded in events if isinstance(recorded.event, happened.Registered)}
    wanted = {recorded.stream.removeprefix(STREAM) for recorded in events if recorded.stream not in fresh}
    if not wanted:
        return {}
    query, found, names = _select_state(table), dict[str, Row](), sorted(wanted)
    for start in range(0, len(names), MANY):
        rows = connection.execute(query, {"wanted": names[start : start + MANY]})
        found |= {row.id: dict(row._mapping) for row in rows}  # noqa: SLF001 (the documented way to a mapping)
    return found


@lru_cache(maxsize=STATEMENTS)
def _select_state(table: sa.Table) -> sa.Select[Any]:
    columns = ("id", "status", "title", "authors", "journal", *_SCHEMES)
    return sa.select(*(table.c[name] for name in columns)).where(table.c.id.in_(sa.bindparam("wanted", expanding=True)))


def _update(connection: sa.Connection, table: sa.Table, batch: _Batch) -> None:
    """One statement for each set of columns that changes."""
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for paper, row in batch.updates.items():
        parameters = {"b_id": paper, "b_attempts": batch.attempts.get(paper, 0)}
        groups[tuple(row)].append(parameters | {f"b_{name}": value for name, value in row.items()})
    for names, rows in groups.items():
        connection.execute(_update_of(table, names), rows)


@lru_cache(maxsize=STATEMENTS)
def _update_of(table: sa.Table, names: tuple[str, ...]) -> sa.Update:
    values: dict[str, Any] = {name: sa.bindparam(f"b_{name}") for name in names}
    values["attempts"] = table.c.attempts + sa.bindparam("b_attempts")
    return table.update().where(table.c.id == sa.bindparam("b_id")).values(values)
