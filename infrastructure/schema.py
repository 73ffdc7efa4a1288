"""Every table of the application, imported, and the read models in the order in which an append writes them."""

import sqlalchemy as sa

from infrastructure.database import Database, metadata
from infrastructure.http.hosts import hosts
from infrastructure.leases import leases
from infrastructure.log.chain import GENESIS
from infrastructure.log.tables import event_head
from infrastructure.log.triggers import protect
from infrastructure.read_models.identifiers import Identifiers
from infrastructure.read_models.imports import Imports
from infrastructure.read_models.jobs import Jobs
from infrastructure.read_models.model import ReadModel
from infrastructure.read_models.papers import Papers
from infrastructure.read_models.tallies import Tallies
from infrastructure.saved_views import saved_views
from infrastructure.tasks import tasks
from infrastructure.workers import workers

__all__ = ["OPERATIONAL", "READ_MODELS", "create", "metadata"]

READ_MODELS: tuple[ReadModel, ...] = (Identifiers(), Papers(), Imports(), Jobs(), Tallies())

OPERATIONAL: tuple[sa.Table, ...] = (hosts, leases, saved_views, tasks, workers)
"""Tables that are neither truth nor rebuilt: limits of hosts, leases, saved views, progress."""

FIRST_HEAD = {"id": 1, "position": 0, "hash": GENESIS, "recorded_at": "1970-01-01T00:00:00.000000+00:00"}
"""The head row of an empty log."""


def create(database: Database) -> None:
    """Create everything at once, for tests and scratch databases; installations migrate."""
    with database.write() as connection:
        metadata.create_all(connection)
        if connection.execute(sa.select(event_head.c.id)).one_or_none() is None:
            connection.execute(event_head.insert(), [FIRST_HEAD])
        protect(connection)
