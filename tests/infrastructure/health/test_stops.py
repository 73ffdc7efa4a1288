"""The switch and its stop file, and whether they agree."""

import pytest

from application.health import State
from application.ports.stop_file import StopOrder
from domain.scraper import Action
from infrastructure.health import stops
from tests.infrastructure.health.ward import HOUR, Ward


def make_file(ward: Ward, reason: str = "fire") -> None:
    order = StopOrder(key="key", actor="Ada", is_person=True, at=ward.now, reason=reason)
    ward.place.stop_file.write(order)


class TestPosition:
    def test_at_first(self, ward: Ward) -> None:
        told = stops.position(ward.place)
        assert (told.state, told.value) == (State.OK, "The scraper is stopped.")
        assert told.facts == {"status": "stopped", "since": None, "by": None}

    @pytest.mark.parametrize(
        ("actions", "words"),
        [
            ((Action.START,), "The scraper is running since 1 Mar 2026, 12:00 UTC, by Ada."),
            ((Action.START, Action.PAUSE), "The scraper is paused since 1 Mar 2026, 12:00 UTC, by Ada: lunch."),
            ((Action.START, Action.STOP), "The scraper is stopped since 1 Mar 2026, 12:00 UTC, by Ada: lunch."),
        ],
    )
    def test_since_when_and_by_whom(self, ward: Ward, actions: tuple[Action, ...], words: str) -> None:
        for action in actions:
            ward.use(action, "lunch")
        assert (stops.position(ward.place).state, stops.position(ward.place).value) == (State.OK, words)

    def test_an_emergency_stop(self, ward: Ward) -> None:
        ward.use(Action.EMERGENCY_STOP, "the library asked")
        told = stops.position(ward.place)
        assert told.state is State.WARNING
        assert told.value == "Emergency stop since 1 Mar 2026, 12:00 UTC, by Ada: the library asked."
        assert "scraper reset" in told.remedy
        ward.use(Action.RESET)
        assert stops.position(ward.place).state is State.OK


class TestFile:
    def test_none(self, ward: Ward) -> None:
        assert (stops.file(ward.place).state, stops.file(ward.place).value) == (State.OK, "There is none.")

    def test_one_that_the_program_made(self, ward: Ward) -> None:
        make_file(ward)
        told = stops.file(ward.place)
        assert told.state is State.WARNING
        assert told.value == "It is there since 1 Mar 2026, 12:00 UTC, by Ada: fire."
        assert told.facts["present"] is True
        assert "scraper reset" in told.remedy

    def test_one_that_somebody_made(self, ward: Ward) -> None:
        ward.place.data.mkdir()
        (ward.place.data / "emergency-stop").touch()
        assert "by somebody: the stop file was made." in stops.file(ward.place).value


class TestAgreement:
    def test_neither(self, ward: Ward) -> None:
        told = stops.agreement(ward.place)
        assert (told.state, told.value) == (State.OK, "Neither says that there is one.")

    def test_both(self, ward: Ward) -> None:
        make_file(ward)
        ward.use(Action.EMERGENCY_STOP)
        told = stops.agreement(ward.place)
        assert (told.state, told.value) == (State.OK, "Both say that there is an emergency stop.")

    def test_only_the_file(self, ward: Ward) -> None:
        make_file(ward)
        told = stops.agreement(ward.place)
        assert told.state is State.WARNING
        assert "the log says nothing of an emergency" in told.value
        assert "diagnose emergency-stop" in told.remedy

    def test_only_the_log(self, ward: Ward) -> None:
        ward.use(Action.EMERGENCY_STOP)
        told = stops.agreement(ward.place)
        assert told.state is State.WARNING
        assert "there is no stop file" in told.value
        assert "scraper reset" in told.remedy


class TestOpenJobs:
    def test_none_while_it_runs(self, ward: Ward) -> None:
        ward.yard.plan(ward.now, {"p0": ward.now})
        ward.use(Action.START)
        assert stops.open_jobs(ward.place).value == "None that should not be."

    def test_jobs_while_it_is_stopped(self, ward: Ward) -> None:
        ward.yard.plan(ward.now, {"p0": ward.now, "p1": ward.now + HOUR / 2})
        told = stops.open_jobs(ward.place)
        assert told.state is State.WARNING
        assert told.value == "2 jobs are open although the scraper is stopped."
        assert "diagnose emergency-stop" in told.remedy

    def test_what_a_person_began_may_go_on_but_for_an_emergency(self, ward: Ward) -> None:
        ward.yard.begin("p0", by_hand=True)
        assert stops.open_jobs(ward.place).state is State.OK
        make_file(ward)
        assert stops.open_jobs(ward.place).value == "1 job is open although the scraper is emergency-stopped."

    def test_a_pause_keeps_the_plan(self, ward: Ward) -> None:
        ward.use(Action.START)
        ward.use(Action.PAUSE)
        ward.yard.plan(ward.now, {"p0": ward.now})
        assert stops.open_jobs(ward.place).state is State.OK
        ward.yard.begin("p0")
        assert stops.open_jobs(ward.place).value == "1 job is open although the scraper is paused."
