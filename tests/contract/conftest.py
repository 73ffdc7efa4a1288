"""Every event log that there is, under the same clock."""

from collections.abc import Iterator

import pytest

from application.ports.event_log import EventLog
from infrastructure.log.memory import MemoryEventLog
from infrastructure.log.sql import SqlEventLog
from infrastructure.schema import READ_MODELS
from tests.databases import KINDS, Databases
from tests.fakes.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["memory", *KINDS])
def log(request: pytest.FixtureRequest, clock: FakeClock) -> Iterator[EventLog]:
    """A fresh log of each kind."""
    if request.param == "memory":
        yield MemoryEventLog(clock)
        return
    databases: Databases = request.getfixturevalue("databases")
    with databases.fresh(request.param) as database:
        yield SqlEventLog(database, clock, READ_MODELS)
