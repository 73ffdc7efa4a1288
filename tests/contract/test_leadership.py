"""The lease of the leader, in a database and in memory: one process has it at a time."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import timedelta

import pytest
from attrs import define

from application.ports.leadership import Leadership
from infrastructure.database import Database
from infrastructure.leases import SqlLeadership, leases
from tests.contract.making import at_once
from tests.databases import KINDS, Databases, address
from tests.fakes.clock import FakeClock
from tests.fakes.leadership import FakeLeadership, FakeLease

YEARS = timedelta(days=3650)


@define
class House:
    """Processes that share a lease. `pass_time` is what the lease's own clock does, back too."""

    process: Callable[[str], Leadership]
    pass_time: Callable[[timedelta], object]


@pytest.fixture(params=["fake", *KINDS])
def house(request: pytest.FixtureRequest, clock: FakeClock, databases: Databases) -> Iterator[House]:
    if request.param == "fake":
        lease = FakeLease()
        yield House(lambda name: FakeLeadership(lease, name, clock), clock.advance)
        return
    with ExitStack() as stack:
        database = stack.enter_context(databases.fresh(request.param))

        def process(name: str) -> Leadership:
            return SqlLeadership(stack.enter_context(closing(Database(address(database)))), name)

        def pass_time(by: timedelta) -> None:
            with database.write() as connection:
                connection.execute(leases.update().values(expires_at=leases.c.expires_at - by.total_seconds()))

        yield House(process, pass_time)


def test_who_asks_first_leads_and_goes_on_leading(house: House) -> None:
    one, other = house.process("one"), house.process("other")
    assert [one.lead(), other.lead(), one.lead(), other.lead()] == [True, False, True, False]


def test_who_resigns_is_followed_at_once(house: House) -> None:
    one, other = house.process("one"), house.process("other")
    one.lead()
    other.resign()
    assert not other.lead(), "it had nothing to give up"
    one.resign()
    assert [other.lead(), one.lead()] == [True, False]


@pytest.mark.case("I03")
def test_who_is_silent_for_twenty_seconds_is_followed_and_finds_it_out(house: House) -> None:
    one, other = house.process("one"), house.process("other")
    one.lead()
    house.pass_time(timedelta(seconds=19))
    assert not other.lead()
    house.pass_time(timedelta(seconds=2))
    assert [other.lead(), one.lead()] == [True, False]


def test_who_asks_often_enough_leads_for_ever(house: House) -> None:
    one, other = house.process("one"), house.process("other")
    one.lead()
    for _ in range(5):
        house.pass_time(timedelta(seconds=15))
        assert [one.lead(), other.lead()] == [True, False]


@pytest.mark.case("T07")
def test_a_lease_of_a_clock_that_was_put_back_keeps_nobody_out(house: House) -> None:
    dead, living = house.process("dead"), house.process("living")
    dead.lead()
    house.pass_time(-YEARS)
    assert [living.lead(), dead.lead()] == [True, False]


@pytest.mark.case("T07")
def test_a_leader_whose_clock_is_changed_leads_on_unless_another_is_quicker(house: House) -> None:
    one = house.process("one")
    for by in (timedelta(hours=2), timedelta(hours=-2), YEARS, -YEARS, timedelta(seconds=-5)):
        one.lead()
        house.pass_time(by)
        assert one.lead()
        assert not house.process("other").lead()


@pytest.mark.case("I03")
def test_of_several_who_ask_at_once_one_leads(house: House) -> None:
    processes = [house.process(str(number)) for number in range(4)]
    assert sorted(at_once(*(one.lead for one in processes))) == [False, False, False, True]
