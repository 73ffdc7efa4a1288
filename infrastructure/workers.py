"""The processes at work on a database: a lease each, renewed while the process lives."""

import os
import threading
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from attrs import frozen
from uuid_utils import uuid7

from application.ports.clock import Clock
from domain.errors import SciPaperLoaderError
from infrastructure.database import Database, metadata
from infrastructure.living import host, is_same, started
from infrastructure.log.codec import stamp

LEASE = timedelta(seconds=20)
KEPT = timedelta(days=1)
"""How long the row of a dead process stays."""
RENEWAL = 5.0
"""Seconds between two renewals."""

workers = sa.Table(
    "workers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("started", sa.Float, nullable=False),
    sa.Column("expires_at", sa.Text, nullable=False),
)
"""`started` is the start time of the process in seconds since 1970: a process id alone is used again."""


@frozen(kw_only=True)
class Process:
    """A process whose lease has not ended, and whether it lives."""

    worker: str
    host: str
    pid: int
    lives: bool

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine."""
        return self.host == host()


class SqlWorkers:
    """Adapter of application.ports.workers.Workers. Enter it to be at work, leave it to be gone."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._own = str(uuid7())
        self._left = threading.Event()
        self._renewing = threading.Thread(target=self._renew, name="lease", daemon=True)

    @property
    def own(self) -> str:
        """See the port."""
        return self._own

    def __enter__(self) -> "SqlWorkers":
        row = {"id": self._own, "host": host(), "pid": os.getpid(), "started": started(os.getpid())}
        with self._database.write() as connection:
            connection.execute(workers.insert(), [row | {"expires_at": self._expiry()}])
        self._renewing.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._renewing.join()
        with self._database.write() as connection:
            connection.execute(workers.delete().where(workers.c.id == self._own))

    def living(self) -> frozenset[str]:
        """See the port. On this machine the process itself is looked at, so a killed one is known at once."""
        return frozenset(process.worker for process in self.processes() if process.lives)

    def processes(self) -> tuple[Process, ...]:
        """The processes that have a lease, in the order in which they began to work."""
        query = sa.select(workers).where(workers.c.expires_at > stamp(self._clock.now())).order_by(workers.c.id)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(Process(worker=row.id, host=row.host, pid=row.pid, lives=_lives(row)) for row in rows)

    def _renew(self) -> None:
        while not self._left.wait(RENEWAL):
            try:
                with self._database.write() as connection:
                    own = workers.update().where(workers.c.id == self._own)
                    connection.execute(own.values(expires_at=self._expiry()))
                    connection.execute(workers.delete().where(workers.c.expires_at < stamp(self._clock.now() - KEPT)))
            except SciPaperLoaderError:  # busy; the lease outlives some missed renewals
                continue

    def _expiry(self) -> str:
        return stamp(self._clock.now() + LEASE)


def _lives(row: sa.Row[Any]) -> bool:
    """Whether the process lives; of another machine's the lease alone is known."""
    return row.host != host() or is_same(started(row.pid), row.started)
