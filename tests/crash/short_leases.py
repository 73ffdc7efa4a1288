"""Leases of a few seconds, for processes that load this module: a frozen one is known to be gone soon."""

from datetime import timedelta
from functools import partial

from infrastructure import workers
from infrastructure.leases import SqlLeadership
from interfaces.bootstrap import application

SECONDS = 3.0

workers.LEASE, workers.RENEWAL = timedelta(seconds=SECONDS), SECONDS / 4
application.SqlLeadership = partial(SqlLeadership, seconds=SECONDS)  # type: ignore[assignment,misc]
