"""The processes at work on a database: a lease each, renewed while the process lives."""

import os
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from attrs import frozen
from uuid_utils import uuid7

from infrastructure.database import Database, metadata
from infrastructure.living import birth, is_same, machine
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
"""`host` is the machine, and `started` the birth of the process on it: see infrastructure.living."""

logger = structlog.get_logger(__name__)


@frozen(kw_only=True)
class Process:
    """A process whose lease has not ended, and whether it lives."""

    worker: str
    host: str
    pid: int
    lives: bool
    is_here: bool
    """Whether it runs on this machine."""


class SqlWorkers:
    """Adapter of application.ports.workers.Workers. Enter it to be at work, leave it to be gone.

    Leases last by the database's clock.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._own = str(uuid7())
        self._left = threading.Event()
        self._renewing = threading.Thread(target=self._keep_renewing, name="lease", daemon=True)

    @property
    def own(self) -> str:
        """See the port."""
        return self._own

    def __enter__(self) -> "SqlWorkers":
        self._renew()
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
        with self._database.read() as connection:
            query = sa.select(workers).where(workers.c.expires_at > stamp(self._now(connection)))
            rows = connection.execute(query.order_by(workers.c.id)).all()
        return tuple(_seen(row) for row in rows)

    def _keep_renewing(self) -> None:
        while not self._left.wait(RENEWAL):
            try:
                self._renew()
            except Exception as error:  # noqa: BLE001 (whatever it was: the lease outlives some missed renewals)
                logger.warning("the lease was not renewed", error=str(error))

    def _renew(self) -> None:
        """Have a lease from now on; also where somebody who took this process for long dead removed its row."""
        with self._database.write() as connection:
            now = self._now(connection)
            expiry = {"expires_at": stamp(now + LEASE)}
            if not connection.execute(workers.update().where(workers.c.id == self._own).values(expiry)).rowcount:
                pid = os.getpid()
                row = {"id": self._own, "host": machine(), "pid": pid, "started": birth(pid) or 0.0}
                connection.execute(workers.insert(), [row | expiry])
            connection.execute(workers.delete().where(workers.c.expires_at < stamp(now - KEPT)))

    def _now(self, connection: sa.Connection) -> datetime:
        return datetime.fromtimestamp(connection.execute(sa.select(self._database.now)).scalar_one(), UTC)


def _seen(row: sa.Row[Any]) -> Process:
    """A process as it is seen from here; of another machine's the lease alone is known."""
    is_here = row.host == machine()
    born = birth(row.pid) if is_here else None
    lives = not is_here or (born is not None and is_same(born, row.started))
    return Process(worker=row.id, host=row.host.partition(" ")[0], pid=row.pid, lives=lives, is_here=is_here)
