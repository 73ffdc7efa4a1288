"""Counts from the log alone are those of the tables that are made from it."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from hypothesis import given

from application.ports.event_log import Write
from application.queries import JobFilter, JobStatus, PaperFilter
from domain.pipeline import Status
from infrastructure.database import Database
from infrastructure.log.counting import jobs_by_status, papers_by_status, queued_for
from infrastructure.log.tables import events
from infrastructure.read_models.job_queries import SqlJobs
from infrastructure.read_models.paper_queries import SqlPapers
from tests.databases import KINDS, Databases, fewer
from tests.histories import HOURS, histories
from tests.infrastructure.read_models.keeping import keep, story


def compare(database: Database) -> None:
    with database.read() as connection:
        papers = papers_by_status(connection)
        jobs = jobs_by_status(connection, papers)
    assert papers == SqlPapers(database).by_status(PaperFilter())
    assert jobs == SqlJobs(database).by_status(JobFilter())


@pytest.mark.parametrize("kind", KINDS)
@fewer(5)
@given(history=histories(batches=30))
def test_they_are_those_of_the_tables(databases: Databases, kind: str, history: Sequence[Sequence[Write]]) -> None:
    with databases.fresh(kind) as fresh:
        keep(fresh, history)
        compare(fresh)
        for hour in HOURS:
            _compare_hour(fresh, hour)


def _compare_hour(database: Database, hour: str) -> None:
    row = SqlJobs(database).hour(hour)
    if row is None:
        return
    with database.read() as connection:
        position = connection.execute(sa.select(events.c.position).where(events.c.stream == hour)).scalar_one()
        count = queued_for(connection, hour, position)
        early = queued_for(connection, hour, 0)
    assert count <= row.queued == early


def test_a_whole_story(database: Database) -> None:
    keep(database, story())
    compare(database)
    with database.read() as connection:
        papers = papers_by_status(connection)
        assert papers == {Status.DONE: 1, Status.PENDING: 1, Status.EXCLUDED: 1}
        assert jobs_by_status(connection, papers)[JobStatus.PLANNED] == 1


def test_they_need_no_table(database: Database) -> None:
    keep(database, story())
    with database.write() as connection:
        for table in ("papers", "jobs", "open_jobs", "hours", "transitions", "imports", "identifiers"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
    with database.read() as connection:
        assert sum(papers_by_status(connection).values()) == 3


def test_an_empty_log(database: Database) -> None:
    with database.read() as connection:
        assert papers_by_status(connection) == {}
        assert jobs_by_status(connection, {}) == {}
