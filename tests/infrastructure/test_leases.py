"""The lease of the leader: one process has it at a time, by the database's clock."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from structlog.testing import capture_logs

from infrastructure.database import Database, sqlite_url
from infrastructure.leases import LEASE, SqlLeadership, leases
from tests.contract.making import at_once
from tests.databases import address

SHORT = 0.02
MANY = 6
"""Processes that want to lead."""


def row(database: Database) -> Any:
    with database.read() as connection:
        return connection.execute(sa.select(leases, database.now.label("now"))).one_or_none()


def left(database: Database) -> float:
    """Seconds until the lease ends."""
    found = row(database)
    return float(found.expires_at - found.now)


def used_up(database: Database, seconds: float = 0.0) -> None:
    """Let so much time pass that the lease lasts so many seconds more."""
    with database.write() as connection:
        connection.execute(leases.update().values(expires_at=database.now + seconds))


@pytest.fixture
def others(database: Database) -> Iterator[list[SqlLeadership]]:
    """Processes, each with connections of its own."""
    with ExitStack() as stack:
        opened = [stack.enter_context(closing(Database(address(database)))) for _ in range(MANY)]
        yield [SqlLeadership(one, f"process {number}") for number, one in enumerate(opened)]


@pytest.fixture
def first(database: Database) -> SqlLeadership:
    return SqlLeadership(database, "first")


@pytest.fixture
def second(database: Database) -> SqlLeadership:
    return SqlLeadership(database, "second")


def test_who_asks_first_leads(database: Database, first: SqlLeadership, second: SqlLeadership) -> None:
    assert row(database) is None
    assert [first.lead(), second.lead(), first.lead(), second.lead()] == [True, False, True, False]
    assert (row(database).holder, row(database).epoch) == ("first", 1)


def test_of_many_who_ask_at_once_one_leads(database: Database, others: list[SqlLeadership]) -> None:
    epochs = []
    for _ in range(6):
        led = at_once(*[one.lead for one in others])
        assert sorted(led) == [False] * (MANY - 1) + [True]
        assert row(database).holder == f"process {led.index(True)}"
        epochs.append(row(database).epoch)
        used_up(database)
    assert epochs == [1, 2, 3, 4, 5, 6]


@pytest.mark.case("I03")
def test_whoever_leads_while_others_ask_is_alone(database: Database, others: list[SqlLeadership]) -> None:
    numbers, led = count(), list[tuple[int, str]]()

    def ask(one: SqlLeadership) -> None:
        for _ in range(25):
            if one.lead():
                led.append((row(database).epoch, one._holder))
                if next(numbers) % 3 == 2:
                    one.resign()

    assert at_once(*[lambda one=one: ask(one) for one in others]) == [None] * MANY
    holders: dict[int, set[str]] = {}
    for epoch, holder in led:
        holders.setdefault(epoch, set()).add(holder)
    assert led
    assert min(holders) == 1
    assert all(len(names) == 1 for names in holders.values()), "one epoch, one leader"


def test_a_lease_is_prolonged_once_a_quarter_of_it_is_used_up(database: Database, first: SqlLeadership) -> None:
    first.lead()
    for seconds, prolonged in ((LEASE * 0.8, False), (LEASE * 0.7, True), (0.5, True)):
        used_up(database, seconds)
        before = row(database).expires_at
        assert first.lead()
        assert (row(database).expires_at > before) is prolonged
        assert row(database).epoch == 1


def test_a_lease_ends_by_the_clock_of_the_database(database: Database, first: SqlLeadership) -> None:
    with time_machine.travel(datetime(1999, 1, 1, tzinfo=UTC)):
        assert first.lead()
    assert LEASE - 10 < left(database) <= LEASE, "a machine whose clock is wrong is none the worse for it"


def test_the_clock_of_the_database_tells_milliseconds(database: Database) -> None:
    rounding = 0.002
    for _ in range(20):
        before = time.time()
        with database.read() as connection:
            found = connection.execute(sa.select(database.now)).scalar_one()
        assert before - rounding <= found <= time.time() + rounding


def test_who_resigns_is_followed_at_once(database: Database, first: SqlLeadership, second: SqlLeadership) -> None:
    first.lead()
    first.resign()
    assert [second.lead(), first.lead()] == [True, False]
    assert (row(database).holder, row(database).epoch) == ("second", 2)


def test_who_does_not_lead_has_nothing_to_resign(
    database: Database, first: SqlLeadership, second: SqlLeadership
) -> None:
    second.resign()
    assert row(database) is None
    first.lead()
    second.resign()
    assert [first.lead(), second.lead()] == [True, False]


@pytest.mark.case("I04")
def test_a_lost_lease_is_noticed_and_its_loser_takes_nothing_away(
    database: Database, first: SqlLeadership, second: SqlLeadership
) -> None:
    first.lead()
    used_up(database)
    assert second.lead()
    with capture_logs() as told:
        assert [first.lead(), first.lead()] == [False, False]
    assert [one["event"] for one in told] == ["this process leads no more"]
    first.resign()
    assert [first.lead(), second.lead()] == [False, True]
    assert row(database).epoch == 2


def test_a_lease_that_ended_and_that_nobody_took_is_taken_anew(database: Database, first: SqlLeadership) -> None:
    first.lead()
    used_up(database)
    assert first.lead()
    assert row(database).epoch == 2, "somebody may have led in between"
    assert left(database) > LEASE / 2


@pytest.mark.case("I02")
def test_a_process_that_follows_a_dead_one_does_not_take_its_lease_for_its_own(
    database: Database, first: SqlLeadership
) -> None:
    """The holder is a name that is used once, no process id and no name of a machine."""
    first.lead()
    again = SqlLeadership(database, "first, started again")
    assert not again.lead()
    used_up(database)
    assert again.lead()


def test_who_cannot_write_does_not_lead_and_says_so(database: Database) -> None:
    with closing(Database(address(database), busy_seconds=SHORT)) as impatient:
        leadership = SqlLeadership(impatient, "a process")
        assert leadership.lead()
        used_up(database)
        with database.write() as connection, capture_logs() as told:
            connection.execute(leases.update().values(epoch=7))
            assert not leadership.lead()
            leadership.resign()
        assert [one["event"] for one in told] == [
            "the lease cannot be asked for",
            "this process leads no more",
            "the lease was not given up and ends by itself",
        ]
        assert leadership.lead()


def test_a_database_that_is_not_there_is_led_by_nobody(tmp_path: Path) -> None:
    for url in (f"postgresql+psycopg://nobody@/none?host={tmp_path}", sqlite_url(tmp_path / "no folder" / "a.db")):
        with closing(Database(url)) as database:
            leadership = SqlLeadership(database, "a process")
            assert not leadership.lead()
            leadership.resign()


def test_a_database_without_the_table_is_led_by_nobody(database: Database) -> None:
    """An older program may have taken the database back meanwhile."""
    leadership = SqlLeadership(database, "a process")
    assert leadership.lead()
    with database.write() as connection:
        leases.drop(connection)
    assert not leadership.lead()
    leadership.resign()
