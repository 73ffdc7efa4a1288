"""Answers about all papers at once, from `papers` and `memberships`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from application.divisions import CollectionStands, Reason, WaitingAt
from domain.pipeline import Status
from infrastructure.database import Database
from infrastructure.read_models.imports import collections, living, memberships
from infrastructure.read_models.papers import MANY, papers

WITHOUT_FILE = (Status.FAILED, Status.UNAVAILABLE)


class SqlDivisions:
    """Adapter of application.divisions.Divisions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def statuses(self) -> Mapping[Status, int]:
        """See the port."""
        query = sa.select(papers.c.status, sa.func.count()).group_by(papers.c.status)
        with self._database.read() as connection:
            counts = {row[0]: row[1] for row in connection.execute(query)}
        return {status: counts.get(status.value, 0) for status in Status}

    def reasons(self) -> Sequence[Reason]:
        """See the port."""
        rest = papers.c.status.in_([status.value for status in WITHOUT_FILE])
        count = sa.func.count().label("papers")
        query = sa.select(papers.c.status, papers.c.cause, count).where(rest, papers.c.cause.is_not(None))
        query = query.group_by(papers.c.status, papers.c.cause).order_by(count.desc(), papers.c.cause)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [Reason(status=Status(row.status), cause=row.cause, papers=row.papers) for row in rows]

    def waiting(self, limit: int) -> Sequence[WaitingAt]:
        """See the port."""
        count = sa.func.count().label("papers")
        query = sa.select(papers.c.host, count).where(papers.c.status == Status.LOCATED.value)
        query = query.where(papers.c.host.is_not(None)).group_by(papers.c.host)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(count.desc(), papers.c.host).limit(limit)).all()
        return [WaitingAt(host=row.host, papers=row.papers) for row in rows]

    def collections(self) -> Sequence[CollectionStands]:
        """See the port."""
        members = sa.select(memberships.c.collection, memberships.c.paper).where(living()).distinct().subquery()
        query = sa.select(members.c.collection, papers.c.status, sa.func.count().label("papers"))
        query = query.join(papers, papers.c.id == members.c.paper).group_by(members.c.collection, papers.c.status)
        counts: dict[str, dict[Status, int]] = defaultdict(dict)
        with self._database.read() as connection:
            for row in connection.execute(query):
                counts[row.collection][Status(row.status)] = row.papers
            rows = connection.execute(sa.select(collections).order_by(collections.c.name, collections.c.id)).all()
        return [CollectionStands(id=row.id, name=row.name, papers=counts.get(row.id, {})) for row in rows]


class SqlPaperNames:
    """Adapter of application.divisions.PaperNames."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, wanted: Sequence[str]) -> Mapping[str, str]:
        """See the port."""
        found: dict[str, str] = {}
        columns = (papers.c.title, papers.c.doi, papers.c.pmid, papers.c.arxiv, papers.c.pmcid)
        name, ids = sa.func.coalesce(*columns).label("name"), sorted(set(wanted))
        with self._database.read() as connection:
            for start in range(0, len(ids), MANY):
                query = sa.select(papers.c.id, name).where(papers.c.id.in_(ids[start : start + MANY]))
                found |= {row.id: row.name or "" for row in connection.execute(query)}
        return found
