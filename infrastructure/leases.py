"""Leases: a right that one of the processes on a database has at a time, by the database's clock."""

import sqlalchemy as sa
import structlog
from attrs import frozen

from domain.errors import SciPaperLoaderError
from infrastructure.database import Database, metadata

LEASE = 20.0
"""Seconds that a lease lasts without being renewed."""
LONGEST = 3 * LEASE
"""No lease lasts longer: where it seems so, the clock was put back, and the lease counts as over."""

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("expires_at", sa.Double, nullable=False),
)
"""`expires_at` is in seconds since 1970; `epoch` counts the holders."""

LEADER = "leader"

_FAULTS = (SciPaperLoaderError, sa.exc.SQLAlchemyError)
"""What asking can end with; the table may be gone, for one, where an older program took the database back."""


@frozen(kw_only=True)
class Lease:
    """Who has a lease, and for how many seconds more; none or fewer for one that has ended."""

    holder: str
    epoch: int
    seconds: float


logger = structlog.get_logger(__name__)


class SqlLeadership:
    """Adapter of application.ports.leadership.Leadership: the lease `leader` of the table `leases`."""

    def __init__(self, database: Database, holder: str, seconds: float = LEASE) -> None:
        self._database, self._holder, self._seconds = database, holder, seconds
        self._led = False

    def lead(self) -> bool:
        """See the port."""
        try:
            epoch = self._renewed() or self._taken()
        except _FAULTS as error:
            logger.warning("the lease cannot be asked for", error=str(error))
            epoch = None
        leads = epoch is not None
        if leads != self._led:
            logger.info("this process leads" if leads else "this process leads no more", epoch=epoch)
        self._led = leads
        return leads

    def resign(self) -> None:
        """See the port."""
        self._led = False
        try:
            with self._database.write() as connection:
                connection.execute(leases.update().where(*self._own()).values(expires_at=0.0))
        except _FAULTS as error:
            logger.warning("the lease was not given up and ends by itself", error=str(error))

    def _own(self) -> tuple[sa.ColumnElement[bool], ...]:
        return leases.c.name == LEADER, leases.c.holder == self._holder

    def _renewed(self) -> int | None:
        """The epoch of the lease where it is ours; it is prolonged once a quarter of it is used up."""
        with self._database.read() as connection:
            row = connection.execute(
                sa.select(leases, self._database.now.label("now")).where(*self._own())
            ).one_or_none()
        if row is None or not 0 < row.expires_at - row.now <= LONGEST:
            return None
        if self._seconds * 0.75 < row.expires_at - row.now <= self._seconds:
            return int(row.epoch)
        mine = leases.update().where(*self._own(), leases.c.epoch == row.epoch)
        with self._database.write() as connection:
            renewed = connection.execute(mine.values(expires_at=self._database.now + self._seconds)).rowcount
        return int(row.epoch) if renewed else None

    def _taken(self) -> int | None:
        """The epoch of a lease that nobody had any more; None where somebody has it."""
        now = self._database.now
        with self._database.read() as connection:
            row = connection.execute(sa.select(leases, now.label("now")).where(leases.c.name == LEADER)).one_or_none()
        if row is not None and 0 < row.expires_at - row.now <= LONGEST:
            return None
        try:
            with self._database.write() as connection:
                return self._take(connection, None if row is None else row.epoch)
        except sa.exc.IntegrityError:  # another process made the row first
            return None

    def _take(self, connection: sa.Connection, epoch: int | None) -> int | None:
        expiry = self._database.now + self._seconds
        if epoch is None:
            first = {"name": LEADER, "holder": self._holder, "epoch": 1, "expires_at": expiry}
            connection.execute(leases.insert().values(first))
            return 1
        free = leases.update().where(leases.c.name == LEADER, leases.c.epoch == epoch)
        left = leases.c.expires_at - self._database.now
        free = free.where((left <= 0) | (left > LONGEST))
        taken = connection.execute(free.values(holder=self._holder, epoch=epoch + 1, expires_at=expiry)).rowcount
        return epoch + 1 if taken else None


def leader(database: Database) -> Lease | None:
    """The lease of the leader, as anybody may read it; None where nobody ever led."""
    query = sa.select(leases, database.now.label("now")).where(leases.c.name == LEADER)
    with database.read() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else Lease(holder=row.holder, epoch=row.epoch, seconds=row.expires_at - row.now)
