"""Counts that are made from the log itself, for when its tables cannot be believed, or are gone."""

from collections import Counter
from collections.abc import Mapping

import sqlalchemy as sa

from application.queries import JobStatus
from domain.paper import STREAM
from domain.paper_events import LEADS_TO, CarriesStatus, Queued, Reverted, status_after
from domain.pipeline import Status
from infrastructure.log.codec import decode
from infrastructure.log.tables import events
from infrastructure.read_models.jobs import ENDING
from infrastructure.read_models.jobs import status_after as job_after

_LEADING = sorted({kind.TYPE for kind in (*LEADS_TO, *CarriesStatus.__args__)})
_OF_PAPERS = sa.func.substr(events.c.stream, 1, len(STREAM)) == STREAM  # a comparison would depend on the collation
_TELLING = sa.case((events.c.type == Reverted.TYPE, events.c.data), else_="")
"""What tells one end of a job from another, where the type does not."""


def papers_by_status(connection: sa.Connection) -> Mapping[Status, int]:
    """How many papers have each status: what the last event of each that concerns its status says."""
    newest = sa.select(events.c.stream, sa.func.max(events.c.version).label("version"))
    newest = newest.where(_OF_PAPERS, events.c.type.in_(_LEADING)).group_by(events.c.stream)
    last = newest.subquery()
    same = (events.c.stream == last.c.stream) & (events.c.version == last.c.version)
    found: Counter[Status] = Counter()
    for type_, version, data in connection.execute(
        sa.select(events.c.type, events.c.type_version, events.c.data).join(last, same)
    ):
        status = status_after(decode(type_, version, data))
        if status is not None:
            found[status] += 1
    return found


def jobs_by_status(connection: sa.Connection, papers: Mapping[Status, int]) -> Mapping[JobStatus, int]:
    """How many jobs ended in each status; those of the papers in transit are open."""
    query = sa.select(events.c.type, events.c.type_version, sa.func.min(events.c.data), sa.func.count().label("count"))
    ended = query.where(_OF_PAPERS, events.c.type.in_(sorted(ENDING)))
    found: Counter[JobStatus] = Counter()
    for type_, version, data, count in connection.execute(
        ended.group_by(events.c.type, events.c.type_version, _TELLING)
    ):
        found[job_after(decode(type_, version, data))] += count
    found[JobStatus.PLANNED] = papers.get(Status.PENDING, 0)
    found[JobStatus.RUNNING] = papers.get(Status.PROCESSING, 0)
    return +found


def queued_for(connection: sa.Connection, hour: str, planned_at: int) -> int:
    """How many jobs were planned for an hour, whose plan is at a position."""
    named = (events.c.type == Queued.TYPE) & events.c.data.contains(hour, autoescape=True)
    query = sa.select(sa.func.count()).select_from(events).where(events.c.position > planned_at, named)
    return connection.execute(query).scalar_one()
