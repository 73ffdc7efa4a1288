"""Planned jobs in an installation whose server does not run: in an hour far off, so that none of them is ever late."""

from datetime import UTC, datetime

from application.handling import PROGRAM
from application.queries import JobFilter, JobRow, PaperFilter
from domain.pipeline import Status
from domain.scraper import Action
from interfaces.container import Container
from tests.interfaces.web.world import RECIPES, happen

HOUR = datetime(2099, 1, 2, 13, 0, tzinfo=UTC)
"""The start of an hour that takes 8 papers of the first schedule."""


def locate_all(container: Container) -> None:
    """Let every new paper have a copy."""
    for row in list(container.papers.all(PaperFilter(statuses=(Status.NEW,)))):
        happen(container, row.id, *RECIPES[Status.LOCATED])


def plan(container: Container) -> list[JobRow]:
    """Start the scraper and plan the hour; its jobs, those due first at the front."""
    locate_all(container)
    container.controlling.use(Action.START, "", PROGRAM)
    container.planning.plan(HOUR)
    return list(container.jobs.open(JobFilter()))
