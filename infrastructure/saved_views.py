"""Saved views in a table that every process sees."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from attrs import evolve
from uuid_utils import uuid7

from application.ports.clock import Clock
from application.ports.saved_views import MAX_NAME, SavedView
from domain.collection import tidy
from domain.errors import AlreadyExists, DoesNotExist, InvalidValue
from domain.records import clean
from infrastructure.database import Database, metadata
from infrastructure.log.codec import moment, stamp

saved_views = sa.Table(
    "saved_views",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False, unique=True),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("saved_at", sa.Text, nullable=False),
)
"""`folded` is the name without case: what must be unique."""

_SELECT = sa.select(*(saved_views.c[name] for name in ("id", "name", "query", "actor", "saved_at")))


class SqlSavedViews:
    """Adapter of application.ports.saved_views.SavedViews."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def all(self) -> Sequence[SavedView]:
        """See the port."""
        with self._database.read() as connection:
            return [_view(row) for row in connection.execute(_SELECT.order_by(saved_views.c.folded))]

    def find(self, view: str) -> SavedView | None:
        """See the port."""
        with self._database.read() as connection:
            row = connection.execute(_SELECT.where(saved_views.c.id == clean(view))).one_or_none()
        return None if row is None else _view(row)

    def save(self, name: str, query: str, actor: str) -> SavedView:
        """See the port."""
        name = _named(name)
        row = {"name": name, "query": clean(query), "actor": clean(actor), "saved_at": stamp(self._clock.now())}
        with self._database.write() as connection:
            known = connection.execute(_SELECT.where(saved_views.c.folded == name.casefold())).one_or_none()
            view = known.id if known else str(uuid7())
            if known:
                connection.execute(saved_views.update().where(saved_views.c.id == view).values(row))
            else:
                connection.execute(saved_views.insert(), [{"id": view, "folded": name.casefold(), **row}])
            return _view(connection.execute(_SELECT.where(saved_views.c.id == view)).one())

    def rename(self, view: str, name: str) -> SavedView:
        """See the port."""
        name = _named(name)
        with self._database.write() as connection:
            taken = sa.select(saved_views.c.id).where(saved_views.c.folded == name.casefold())
            if connection.execute(taken.where(saved_views.c.id != clean(view))).one_or_none():
                raise AlreadyExists(f"The view “{name}”", remedy="Choose another name, or delete that one first.")
            row = connection.execute(_SELECT.where(saved_views.c.id == clean(view))).one_or_none()
            if row is None:
                raise DoesNotExist("This view", remedy="It was deleted; save it again under a name.")
            values = {"name": name, "folded": name.casefold()}
            connection.execute(saved_views.update().where(saved_views.c.id == row.id).values(values))
        return evolve(_view(row), name=name)

    def delete(self, view: str) -> None:
        """See the port."""
        with self._database.write() as connection:
            connection.execute(saved_views.delete().where(saved_views.c.id == clean(view)))


def _named(name: str) -> str:
    found = tidy(clean(name))
    if not 0 < len(found) <= MAX_NAME:
        raise InvalidValue("name", found[:MAX_NAME], f"a name of 1 to {MAX_NAME} characters")
    return found


def _view(row: sa.Row[Any]) -> SavedView:
    return SavedView(id=row.id, name=row.name, query=row.query, actor=row.actor, saved_at=moment(row.saved_at))
