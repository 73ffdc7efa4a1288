"""Answers about how the papers are spread: over the prefixes of their DOIs, and over the hosts of their copies."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from domain.identifiers import Scheme
from infrastructure.database import Database
from infrastructure.log.tables import identifiers
from infrastructure.read_models.papers import papers

MANY_HOSTS = 10_000
_AFTER_A_SLASH = "0"
"""The character after a slash: all that begins with `10.1000/` lies between `10.1000/` and `10.10000`."""
_IS_DOI = identifiers.c.scheme == Scheme.DOI.value


class SqlSpread:
    """Adapter of application.publishers.PaperCounts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_prefix(self, prefixes: Sequence[str]) -> Mapping[str, int]:
        """See the port."""
        if not prefixes:
            return {}
        with self._database.read() as connection:
            ranges = connection.dialect.name == "sqlite"
            rows = connection.execute(_ranges(prefixes) if ranges else _groups(prefixes))
            return {row.prefix: row.number for row in rows if row.number}

    def dois(self) -> int:
        """See the port."""
        with self._database.read() as connection:
            return int(connection.execute(sa.select(sa.func.count()).where(_IS_DOI)).scalar_one())

    def by_host(self) -> Mapping[str, int]:
        """See the port."""
        query = sa.select(papers.c.host, sa.func.count().label("number")).where(papers.c.host.is_not(None))
        with self._database.read() as connection:
            rows = connection.execute(query.group_by(papers.c.host).limit(MANY_HOSTS))
            return {row.host: row.number for row in rows}


def _ranges(prefixes: Sequence[str]) -> sa.Select[Any]:
    """A walk along the index for each prefix: SQLite compares bytes."""
    wanted = sa.values(sa.column("prefix", sa.Text)).data([(prefix,) for prefix in prefixes]).cte("wanted")
    value = identifiers.c.value
    inside = (value >= wanted.c.prefix.concat("/")) & (value < wanted.c.prefix.concat(_AFTER_A_SLASH))
    number = sa.select(sa.func.count()).select_from(identifiers).where(_IS_DOI, inside).scalar_subquery()
    return sa.select(wanted.c.prefix, number.label("number"))


def _groups(prefixes: Sequence[str]) -> sa.Select[Any]:
    """One walk along the table: elsewhere the order of texts depends on the language."""
    prefix = sa.func.split_part(identifiers.c.value, "/", 1)
    query = sa.select(prefix.label("prefix"), sa.func.count().label("number")).where(_IS_DOI, prefix.in_(prefixes))
    return query.group_by(prefix)
