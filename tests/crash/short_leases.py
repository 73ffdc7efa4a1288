"""Leases of a few seconds, for processes that load this module: it is soon known who is gone, and what they left."""

from datetime import timedelta
from functools import partial

from application import conducting
from infrastructure import workers
from infrastructure.leases import SqlLeadership
from interfaces.bootstrap import application

SECONDS = 3.0

workers.LEASE, workers.RENEWAL = timedelta(seconds=SECONDS), SECONDS / 4
application.SqlLeadership = partial(SqlLeadership, seconds=SECONDS)  # type: ignore[assignment,misc]
conducting.RECOVERY = timedelta(seconds=1)
