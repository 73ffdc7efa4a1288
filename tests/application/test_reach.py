"""Reach: several hosts in a row that do not answer are the line's fault, one host that does not is its own."""

from datetime import datetime, timedelta

import pytest

from application.reach import HOSTS, PORTAL, REST, ROW, Reach
from tests.fakes.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def said() -> list[datetime]:
    return []


@pytest.fixture
def reach(clock: FakeClock, said: list[datetime]) -> Reach:
    return Reach(clock, say=said.append)


def misses(reach: Reach, *hosts: str) -> list[bool]:
    return [reach.missed(host) for host in hosts]


def test_at_first_nothing_rests(reach: Reach) -> None:
    assert reach.rests_until() is None


def test_several_hosts_in_a_row_make_everything_rest(reach: Reach, clock: FakeClock, said: list[datetime]) -> None:
    assert misses(reach, "a", "b", "a", "b", "b") == [False] * (ROW - 1) + [True]
    assert reach.rests_until() == clock.now() + REST
    assert said == [clock.now() + REST]


def test_one_host_is_down_by_itself(reach: Reach) -> None:
    assert misses(reach, *["a"] * 50) == [False] * 50
    assert reach.rests_until() is None
    assert reach.missed("b"), "until another one does not answer either"


def test_an_answer_ends_the_row_and_the_rest(reach: Reach, said: list[datetime]) -> None:
    misses(reach, "a", "b", "c", "d")
    reach.answered()
    assert misses(reach, "a", "b", "c", "d") == [False] * 4
    assert reach.missed("e")
    reach.answered()
    assert reach.rests_until() is None
    assert len(said) == 1


def test_after_the_rest_one_miss_is_enough(reach: Reach, clock: FakeClock, said: list[datetime]) -> None:
    misses(reach, *"abcde")
    clock.advance(REST - timedelta(seconds=1))
    assert reach.rests_until() is not None
    clock.advance(timedelta(seconds=1))
    assert reach.rests_until() is None
    assert reach.missed("a")
    assert reach.rests_until() == clock.now() + REST
    assert len(said) == 2


def test_who_misses_while_it_rests_does_not_make_it_longer(
    reach: Reach, clock: FakeClock, said: list[datetime]
) -> None:
    misses(reach, *"abcde")
    until = reach.rests_until()
    clock.advance(REST / 2)
    assert reach.missed("f")
    assert reach.rests_until() == until
    assert len(said) == 1


@pytest.mark.case("T07")
def test_a_clock_that_is_put_back_makes_no_rest_longer(reach: Reach, clock: FakeClock) -> None:
    misses(reach, *"abcde")
    clock.advance(timedelta(days=-3650))
    assert reach.rests_until() is None
    assert reach.missed("a")
    assert reach.rests_until() == clock.now() + REST


def test_one_page_on_several_hosts_is_that_of_a_network_that_wants_a_login(reach: Reach, clock: FakeClock) -> None:
    assert [reach.showed(host, b"Welcome to the hotel") for host in "aab"] == [False] * 3
    assert not reach.showed("c", b"Another page")
    assert reach.showed("c", b"Welcome to the hotel")
    assert reach.rests_until() == clock.now() + REST
    reach.answered()
    assert not reach.showed("d", b"Welcome to the hotel")


def test_the_numbers_leave_room_for_faults_of_single_sites() -> None:
    assert ROW > HOSTS > 1
    assert PORTAL > 2
