"""Which sources are asked, and in which order."""

import pytest

from application.handling import Actor
from application.sourcing import Sourcing
from domain import refusals
from domain.errors import InvalidValue
from domain.identifiers import Scheme
from domain.settings import LastSource
from domain.sources import SOURCES, Service
from infrastructure.log.memory import MemoryEventLog
from tests.fakes.clock import FakeClock

ANA = Actor(name="ana (browser)", is_person=True)
NAMES = list(SOURCES)


@pytest.fixture
def log(clock: FakeClock) -> MemoryEventLog:
    return MemoryEventLog(clock)


@pytest.fixture
def sourcing(log: MemoryEventLog) -> Sourcing:
    return Sourcing(log=log)


def order(sourcing: Sourcing) -> list[str]:
    return [one.service.name for one in sourcing.sources({"contact_email"})]


def on(sourcing: Sourcing) -> set[str]:
    return {one.service.name for one in sourcing.sources({"contact_email"}) if one.on}


def test_at_first_all_are_on_in_the_order_of_the_table(sourcing: Sourcing) -> None:
    assert order(sourcing) == NAMES
    assert on(sourcing) == set(NAMES)
    assert [one.place for one in sourcing.sources({"contact_email"})] == list(range(1, len(NAMES) + 1))


def test_those_that_want_a_setting_are_not_ready_without_it(sourcing: Sourcing) -> None:
    keyed = {"openalex", "core", "elsevier", "wiley", "springer"}
    assert {one.service.name for one in sourcing.sources({"contact_email"}) if not one.ready} == keyed
    assert {one.service.name for one in sourcing.sources({"core_key"}) if not one.ready} == keyed - {"core"} | {
        "unpaywall"
    }


def test_one_is_switched_off_and_the_position_of_that_is_told(sourcing: Sourcing, log: MemoryEventLog) -> None:
    assert sourcing.toggle("arxiv", False, ANA) == log.head().position == 1
    assert on(sourcing) == set(NAMES) - {"arxiv"}
    assert log.read()[0].actor == ANA.name


def test_moving_goes_one_place_and_stops_at_the_ends(sourcing: Sourcing) -> None:
    sourcing.move("crossref", "up", ANA)
    assert order(sourcing) == ["crossref", "unpaywall", *NAMES[2:]]
    sourcing.move("crossref", "up", ANA)
    assert order(sourcing)[0] == "crossref"
    sourcing.move("crossref", "down", ANA)
    assert order(sourcing) == NAMES
    sourcing.move(NAMES[-1], "down", ANA)
    assert order(sourcing) == NAMES


@pytest.mark.parametrize(("source", "direction"), [("arxiv", "sideways"), ("sci", "up")])
def test_a_move_that_makes_no_sense_is_refused(sourcing: Sourcing, source: str, direction: str) -> None:
    with pytest.raises(InvalidValue):
        sourcing.move(source, direction, ANA)


def test_a_change_is_whole_or_not_at_all(sourcing: Sourcing, log: MemoryEventLog) -> None:
    with pytest.raises(InvalidValue):
        sourcing.change(["nonsense"], {"arxiv": False}, ANA)
    assert on(sourcing) == set(NAMES)
    (refused,) = log.stream(refusals.STREAM)
    assert isinstance(refused.event, refusals.Refused)
    sourcing.change(["arxiv"], {"crossref": False, "unpaywall": False}, ANA)
    assert (order(sourcing)[0], on(sourcing)) == ("arxiv", set(NAMES) - {"crossref", "unpaywall"})


class TestOwn:
    """Sources that the user described."""

    @pytest.fixture
    def sourcing(self, log: MemoryEventLog) -> Sourcing:
        own = Service(name="resolver-mine", title="mine", knows="Mine.", serves=(Scheme.DOI,))
        return Sourcing(log=log, services=lambda: {**SOURCES, own.name: own})

    def test_they_come_last_and_are_switched_and_moved_like_all_others(self, sourcing: Sourcing) -> None:
        assert order(sourcing) == [*NAMES, "resolver-mine"]
        sourcing.move("resolver-mine", "up", ANA)
        sourcing.toggle("resolver-mine", False, ANA)
        assert order(sourcing)[-2] == "resolver-mine"
        assert on(sourcing) == set(NAMES)
        sourcing.change(["resolver-mine"], {"resolver-mine": True}, ANA)
        assert order(sourcing)[0] == "resolver-mine"

    def test_one_that_is_gone_is_left_out_of_the_order(self, sourcing: Sourcing, log: MemoryEventLog) -> None:
        sourcing.reorder(["resolver-mine"], ANA)
        assert order(Sourcing(log=log)) == NAMES
        with pytest.raises(InvalidValue):
            Sourcing(log=log).toggle("resolver-mine", False, ANA)

    def test_one_of_them_can_be_the_last_that_stays_on(self, sourcing: Sourcing) -> None:
        sourcing.change([], dict.fromkeys(NAMES, False), ANA)
        assert on(sourcing) == {"resolver-mine"}


def test_the_only_one_can_be_exchanged_in_one_change(sourcing: Sourcing) -> None:
    sourcing.change([], {name: name == "arxiv" for name in NAMES}, ANA)
    assert on(sourcing) == {"arxiv"}
    with pytest.raises(LastSource):
        sourcing.toggle("arxiv", False, ANA)
    sourcing.change([], {"arxiv": False, "crossref": True}, ANA)
    assert on(sourcing) == {"crossref"}
