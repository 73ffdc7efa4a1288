"""Leases on hosts: politeness that all processes share and that survives a restart."""

import threading
from collections.abc import Callable
from typing import Protocol
from uuid import uuid4

import sqlalchemy as sa
import structlog
from attrs import asdict, frozen

from application.ports.clock import Clock
from domain.errors import SciPaperLoaderError
from infrastructure.database import Database, DatabaseBusy, metadata
from infrastructure.http.politeness import HostState, Outcome, as_of, claimed, settled
from infrastructure.http.trouble import Trouble
from infrastructure.http.waiting import moment, seconds_now, wait, wait_until

PATIENCE = 30.0
"""Seconds that a request waits for its turn; what takes longer is put off."""
LOOK = 0.1
"""Seconds between two looks at a host that is in use."""

hosts = sa.Table(
    "hosts",
    metadata,
    sa.Column("host", sa.String(300), primary_key=True),
    sa.Column("next_at", sa.Double, nullable=False),
    sa.Column("busy_until", sa.Double, nullable=False),
    sa.Column("holder", sa.String(32), nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("level", sa.Integer, nullable=False),
    sa.Column("rests_until", sa.Double, nullable=False),
    sa.Column("seen_at", sa.Double, nullable=False),
)


@frozen(kw_only=True)
class Lease:
    """The right to ask a host once. `gap` is what is left to it afterwards, in seconds."""

    host: str
    holder: str
    gap: float


class HostStates(Protocol):
    """Where the states of hosts are kept."""

    def look(self, host: str) -> HostState:
        """The state of a host; the initial one for a host never asked."""
        ...

    def change(self, host: str, alter: Callable[[HostState], HostState]) -> HostState:
        """Replace the state of a host by what `alter` makes of it, atomically, and return it."""
        ...


class HostGate:
    """Grants leases on hosts, in their time. Waits `patience` seconds at most."""

    def __init__(self, states: HostStates, clock: Clock, patience: float = PATIENCE) -> None:
        self._states, self._clock, self._patience = states, clock, patience

    def acquire(self, host: str, *, gap: float, hold: float) -> Lease:
        """A lease for `hold` seconds at most. Raises Trouble (host_resting, rate_limited) where the wait is long."""
        lease = Lease(host=host, holder=uuid4().hex, gap=gap)
        latest = self._now() + self._patience
        while not self._tried(lease, hold, latest):
            wait(self._clock, LOOK)
        return lease

    def release(self, lease: Lease, outcome: Outcome, retry_after: float | None = None) -> None:
        """Give a lease back, with what was learnt about the host. Never raises: a lease ends by itself, too."""
        self._settle(lease, outcome, retry_after)

    def report(self, host: str, outcome: Outcome) -> None:
        """Tell what an answer turned out to be afterwards: a challenge, for instance."""
        self._settle(Lease(host=host, holder=uuid4().hex, gap=0.0), outcome, None)

    def _tried(self, lease: Lease, hold: float, latest: float) -> bool:
        now = self._now()
        try:
            state = as_of(self._states.look(lease.host), now)
            _refuse_if_far(state, latest)
            if state.busy_until <= now and self._claim(lease, hold, latest):
                return True
        except DatabaseBusy as error:
            raise Trouble("host_resting", "the database is busy", until=moment(now + PATIENCE)) from error
        if now >= latest:
            soon = moment(min(max(state.busy_until, now), now + self._patience))
            raise Trouble("rate_limited", "other requests to it take their time", until=soon)
        return False

    def _claim(self, lease: Lease, hold: float, latest: float) -> bool:
        def claim(state: HostState) -> HostState:  # the time is read under the lock, else it could seem to go back
            return claimed(state, now=self._now(), holder=lease.holder, gap=lease.gap, hold=hold, latest=latest)

        state = self._states.change(lease.host, claim)
        if state.holder != lease.holder:
            return False
        try:
            wait_until(self._clock, state.busy_until - hold)
        except Trouble:
            self.release(lease, Outcome.UNCLEAR)
            raise
        return True

    def _settle(self, lease: Lease, outcome: Outcome, retry_after: float | None) -> None:
        def settle(state: HostState) -> HostState:
            return settled(
                state,
                now=self._now(),
                holder=lease.holder,
                outcome=outcome,
                gap=lease.gap,
                retry_after=retry_after,
            )

        try:
            self._states.change(lease.host, settle)
        except SciPaperLoaderError as error:
            structlog.get_logger(__name__).warning("host_not_released", host=lease.host, error=str(error))

    def _now(self) -> float:
        return seconds_now(self._clock)


def _refuse_if_far(state: HostState, latest: float) -> None:
    if state.rests_until > latest:
        raise Trouble("host_resting", "it rests after repeated refusals", until=moment(state.rests_until))
    if state.next_at > latest:
        raise Trouble("rate_limited", "it asked for a longer pause", until=moment(state.next_at))


class MemoryHostStates:
    """States in this process's memory. Thread-safe."""

    def __init__(self) -> None:
        self._states: dict[str, HostState] = {}
        self._lock = threading.Lock()

    def look(self, host: str) -> HostState:
        """The state of a host."""
        return self._states.get(host, HostState())

    def change(self, host: str, alter: Callable[[HostState], HostState]) -> HostState:
        """Replace the state of a host."""
        with self._lock:
            self._states[host] = alter(self.look(host))
            return self._states[host]


class SqlHostStates:
    """States in the table `hosts`, one row a host, shared by every process on the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def look(self, host: str) -> HostState:
        """The state of a host, read without a lock."""
        with self._database.read() as connection:
            return state_of(connection.execute(_ROW, {"name": host}).mappings().one_or_none())

    def change(self, host: str, alter: Callable[[HostState], HostState]) -> HostState:
        """Replace the state of a host in one write transaction; nothing is written where nothing changes."""
        try:
            return self._change(host, alter)
        except sa.exc.IntegrityError:  # another process inserted the row first
            return self._change(host, alter)

    def _change(self, host: str, alter: Callable[[HostState], HostState]) -> HostState:
        with self._database.write() as connection:
            row = connection.execute(_ROW.with_for_update(), {"name": host}).mappings().one_or_none()
            before = state_of(row)
            after = alter(before)
            if row is None:
                connection.execute(sa.insert(hosts).values(host=host, **asdict(after)))
            elif after != before:
                connection.execute(sa.update(hosts).where(hosts.c.host == host).values(**asdict(after)))
        return after


_ROW = sa.select(*(column for column in hosts.c if column.name != "host")).where(hosts.c.host == sa.bindparam("name"))


def state_of(row: sa.RowMapping | None) -> HostState:
    """The state that a row holds; the initial one where there is none."""
    if row is None:
        return HostState()
    return HostState(**{name: value for name, value in row.items() if name != "host"})


def memory_host_gate(clock: Clock, patience: float = PATIENCE) -> HostGate:
    """A gate for one process that forgets at its end."""
    return HostGate(MemoryHostStates(), clock, patience)


def sql_host_gate(database: Database, clock: Clock, patience: float = PATIENCE) -> HostGate:
    """A gate that all processes on the database share."""
    return HostGate(SqlHostStates(database), clock, patience)
