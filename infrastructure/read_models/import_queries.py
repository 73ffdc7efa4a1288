"""Answers about imports and collections."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from application.queries import CollectionProgress, CollectionRow, ImportRow, Stakes
from domain.importing import Counts, RejectedRow
from domain.pipeline import Status
from domain.records import clean
from infrastructure.database import Database
from infrastructure.log.codec import moment
from infrastructure.read_models.imports import COUNTS, collections, imports, living, memberships, rejected_rows
from infrastructure.read_models.papers import BY_HAND, papers

MAX_LIMIT = 1_000

_SELECT = sa.select(imports, collections.c.name.label("collection_name")).join(
    collections, collections.c.id == imports.c.collection
)
_METADATA: Mapping[str, sa.Column[Any]] = {
    **{name: papers.c[name] for name in ("title", "authors", "journal", "issn", "year", "publisher", "type")},
    "url": papers.c.landing_url,
}
"""The fields of a paper's metadata, and where they are."""
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

    def being_undone(self) -> Sequence[str]:
        """See the port."""
        query = sa.select(imports.c.id).where(imports.c.status == "undoing").order_by(imports.c.id)
        with self._database.read() as connection:
            return list(connection.execute(query).scalars())

    def stakes(self, import_id: str) -> Stakes:
        """See the port."""
        shared = _named_by_another(import_id, memberships)
        by_hand = (papers.c.file_path.is_not(None)) & (papers.c.source == BY_HAND)
        columns = (
            papers.c.status,
            shared.label("shared"),
            sa.func.count().label("papers"),
            sa.func.count(papers.c.file_path).label("with_file"),
            sa.func.sum(sa.case((by_hand, 1), else_=0)).label("by_hand"),
            sa.func.sum(sa.case((papers.c.requested, 1), else_=0)).label("requested"),
        )
        query = sa.select(*columns).join(memberships, memberships.c.paper == papers.c.id)
        query = query.where(memberships.c.import_id == clean(import_id)).group_by(papers.c.status, sa.text("shared"))
        with self._database.read() as connection:
            return _stakes(connection.execute(query).all())

    def named(self, import_id: str, *, after: str = "", limit: int = 500) -> Sequence[str]:
        """See the port."""
        query = sa.select(memberships.c.paper).where(memberships.c.import_id == import_id, memberships.c.paper > after)
        with self._database.read() as connection:
            return list(connection.execute(query.order_by(memberships.c.paper).limit(limit)).scalars())

    def named_elsewhere(self, import_id: str, among: Collection[str]) -> frozenset[str]:
        """See the port."""
        query = (
            sa.select(memberships.c.paper)
            .distinct()
            .where(memberships.c.paper.in_(list(among)), memberships.c.import_id != import_id, living())
        )
        with self._database.read() as connection:
            return frozenset(connection.execute(query).scalars())

    def set_aside(self, import_id: str, among: Collection[str] | None = None) -> Sequence[str]:
        """See the port."""
        excluded = papers.c.status == Status.EXCLUDED.value
        if among is None:
            query = sa.select(papers.c.id).join(memberships, memberships.c.paper == papers.c.id)
            query = query.where(memberships.c.import_id == import_id, excluded)
        else:
            query = sa.select(papers.c.id).where(papers.c.id.in_(list(among)), excluded)
        with self._database.read() as connection:
            return list(connection.execute(query.order_by(papers.c.id)).scalars())

    def unknown(self, among: Collection[str]) -> Mapping[str, frozenset[str]]:
        """See the port."""
        absent = [column.is_(None) for column in _METADATA.values()]
        query = sa.select(papers.c.id, *absent).where(papers.c.id.in_(list(among)), sa.or_(*absent))
        with self._database.read() as connection:
            found = connection.execute(query).all()
        return {
            row[0]: frozenset(name for name, lacks in zip(_METADATA, row[1:], strict=True) if lacks) for row in found
        }

    def uploaded(self, sha256: Collection[str]) -> frozenset[str]:
        """See the port."""
        query = sa.select(imports.c.sha256).distinct().where(imports.c.sha256.in_(list(sha256)))
        with self._database.read() as connection:
            return frozenset(connection.execute(query).scalars())

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
            memberships.c.collection == collections.c.id, living()
        )
        query = sa.select(collections, papers.scalar_subquery().label("papers")).order_by(collections.c.name)
        with self._database.read() as connection:
            found = connection.execute(query).all()
        return [
            CollectionRow(id=row.id, name=row.name, papers=row.papers, created_at=moment(row.created_at))
            for row in found
        ]

    def collection_names(self) -> Mapping[str, str]:
        """See the port."""
        query = sa.select(collections.c.id, collections.c.name).order_by(collections.c.name)
        with self._database.read() as connection:
            return {row.id: row.name for row in connection.execute(query)}

    def progress(self) -> Sequence[CollectionProgress]:
        """See the port."""
        members = sa.select(memberships.c.collection, memberships.c.paper).where(living()).distinct().subquery()
        query = sa.select(members.c.collection, papers.c.status, sa.func.count().label("papers"))
        query = query.join(papers, papers.c.id == members.c.paper).group_by(members.c.collection, papers.c.status)
        with self._database.read() as connection:
            counted = connection.execute(query).all()
        of: dict[str, dict[Status, int]] = {}
        for row in counted:
            of.setdefault(row.collection, {})[Status(row.status)] = row.papers
        return [CollectionProgress(row=row, papers=of.get(row.id, {})) for row in self.collections()]

    def of_paper(self, paper: str) -> Sequence[ImportRow]:
        """See the port."""
        named = sa.select(memberships.c.import_id).where(memberships.c.paper == paper)
        with self._database.read() as connection:
            rows = connection.execute(_SELECT.where(imports.c.id.in_(named)).order_by(imports.c.id)).all()
        return [_import(row) for row in rows]


def _named_by_another(import_id: str, mine: sa.FromClause) -> sa.ColumnElement[bool]:
    """Whether the paper of a membership is named by another import that is not taken back."""
    other = memberships.alias("other")
    return sa.exists(
        sa.select(sa.literal(1)).where(other.c.paper == mine.c.paper, other.c.import_id != import_id, living(other))
    )


def _stakes(counted: Sequence[sa.Row[Any]]) -> Stakes:
    own = [row for row in counted if not row.shared]
    going = [row for row in own if row.status != Status.EXCLUDED.value]
    return Stakes(
        leaving={one: row.papers for one in Status for row in going if row.status == one},
        with_file=sum(row.with_file for row in going),
        by_hand=sum(row.by_hand for row in going),
        requested=sum(row.requested for row in going),
        shared=sum(row.papers for row in counted if row.shared),
        aside=sum(row.papers for row in own if row.status == Status.EXCLUDED.value),
    )


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
