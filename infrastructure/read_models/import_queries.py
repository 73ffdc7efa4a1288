"""Answers about imports and collections."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from application.queries import CollectionRow, ImportRow
from domain.importing import Counts, RejectedRow
from domain.records import clean
from infrastructure.database import Database
from infrastructure.log.codec import moment
from infrastructure.read_models.imports import COUNTS, collections, imports, memberships, rejected_rows

MAX_LIMIT = 1_000

_SELECT = sa.select(imports, collections.c.name.label("collection_name")).join(
    collections, collections.c.id == imports.c.collection
)
_PLAIN = ("id", "collection", "collection_name", "filename", "sha256", "size", "format", "encoding", "vendor")


class SqlImports:
    """Adapter of application.queries.Imports."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, *, limit: int = 50, after: str | None = None) -> Sequence[ImportRow]:
        """See the port."""
        query = _SELECT.order_by(imports.c.id.desc()).limit(min(max(limit, 1), MAX_LIMIT))
        if after is not None:
            query = query.where(imports.c.id < clean(after))
        with self._database.read() as connection:
            return [_import(row) for row in connection.execute(query)]

    def find(self, import_id: str) -> ImportRow | None:
        """See the port."""
        with self._database.read() as connection:
            row = connection.execute(_SELECT.where(imports.c.id == clean(import_id))).one_or_none()
        return None if row is None else _import(row)

    def unfinished(self) -> Sequence[str]:
        """See the port."""
        query = sa.select(imports.c.id).where(imports.c.status == "running").order_by(imports.c.id)
        with self._database.read() as connection:
            return list(connection.execute(query).scalars())

    def rejected(self, import_id: str, *, after: int = 0, limit: int = 1000) -> Sequence[RejectedRow]:
        """See the port."""
        columns = (rejected_rows.c.row, rejected_rows.c.line, rejected_rows.c.reason, rejected_rows.c.raw)
        query = sa.select(*columns).where(rejected_rows.c.import_id == import_id, rejected_rows.c.row > after)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(rejected_rows.c.row).limit(limit)).all()
        return [RejectedRow(row=row.row, line=row.line, reason=row.reason, raw=row.raw) for row in rows]

    def members(self, import_id: str, papers: Collection[str]) -> frozenset[str]:
        """See the port."""
        if not papers:
            return frozenset()
        query = sa.select(memberships.c.paper).where(
            memberships.c.import_id == import_id, memberships.c.paper.in_(list(papers))
        )
        with self._database.read() as connection:
            return frozenset(connection.execute(query).scalars())

    def collections(self) -> Sequence[CollectionRow]:
        """See the port."""
        papers = sa.select(sa.func.count(memberships.c.paper.distinct())).where(
            memberships.c.collection == collections.c.id
        )
        query = sa.select(collections, papers.scalar_subquery().label("papers")).order_by(collections.c.name)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [
            CollectionRow(id=row.id, name=row.name, papers=row.papers, created_at=moment(row.created_at))
            for row in rows
        ]

    def of_paper(self, paper: str) -> Sequence[ImportRow]:
        """See the port."""
        named = sa.select(memberships.c.import_id).where(memberships.c.paper == paper)
        with self._database.read() as connection:
            rows = connection.execute(_SELECT.where(imports.c.id.in_(named)).order_by(imports.c.id)).all()
        return [_import(row) for row in rows]


def _import(row: sa.Row[Any]) -> ImportRow:
    return ImportRow(
        **{name: getattr(row, name) for name in _PLAIN},
        rows=row.rows,
        recorded=row.recorded,
        status=row.status,
        reason=row.reason,
        counts=Counts(**{name: getattr(row, name) for name in COUNTS}),
        actor=row.actor,
        started_at=moment(row.started_at),
        updated_at=moment(row.updated_at),
    )
