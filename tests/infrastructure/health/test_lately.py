"""Warnings and refusals of the log, and hosts that want to be left alone."""

from application.health import State
from domain.errors import CommandRefused
from domain.importing import Refused as ImportRefused
from domain.paper_commands import RecordFailure, Revert
from domain.paper_events import FileLost
from domain.pipeline import Status
from domain.scraper import Action
from infrastructure.health import lately
from infrastructure.http.hosts import hosts
from tests.infrastructure.health.ward import HOUR, MINUTE, Ward


def sentences(any_ward: Ward) -> list[str]:
    events = lately.warnings(any_ward.place).facts["events"]
    assert isinstance(events, list)
    return [event["text"] for event in events]


class TestWarnings:
    def test_none(self, any_ward: Ward) -> None:
        any_ward.use(Action.START)
        told = lately.warnings(any_ward.place)
        assert (told.state, told.value) == (State.OK, "There are none.")

    def test_in_words_and_newest_first(self, any_ward: Ward) -> None:
        try:
            any_ward.use(Action.RESUME)
        except CommandRefused:
            any_ward.use(Action.EMERGENCY_STOP, "fire")
        any_ward.happen("import-i", ImportRefused(reason="no list"))
        any_ward.happen("paper-p1", FileLost(to=Status.LOCATED, why="It is gone."))
        told = lately.warnings(any_ward.place)
        assert told.value == "The last one: 1 Mar 2026, 12:00 UTC, The file is lost: it is gone."
        assert sentences(any_ward) == [
            "The file is lost: it is gone.",
            "The import ended early: no list",
            "Emergency stop: fire",
            "Resuming the scraper was refused: the scraper is stopped.",
        ]

    def test_a_crash_is_one_and_a_papers_own_failure_is_none(self, any_ward: Ward) -> None:
        for name, why in (("p0", "crash"), ("p1", "scraper stopped")):
            any_ward.yard.begin(name)
            any_ward.yard.do(name, Revert(why=why))
        any_ward.yard.begin("p2")
        any_ward.yard.do("p2", RecordFailure(cause="forbidden"))
        assert sentences(any_ward) == ["Back to “located”: the program had ended without finishing."]

    def test_only_the_last_ones_are_shown(self, any_ward: Ward) -> None:
        for number in range(lately.SHOWN + 3):
            any_ward.happen(f"import-i{number}", ImportRefused(reason=f"reason {number}"))
        assert len(sentences(any_ward)) == lately.SHOWN
        assert sentences(any_ward)[0].endswith(f"reason {lately.SHOWN + 2}")


def ask(any_ward: Ward, host: str, *, next_at: float = 0.0, rests_until: float = 0.0) -> None:
    now = any_ward.now.timestamp()
    row = {"host": host, "holder": "", "failures": 3, "level": 1, "busy_until": 0.0, "seen_at": now}
    with any_ward.database.write() as connection:
        connection.execute(hosts.insert(), [row | {"next_at": now + next_at, "rests_until": now + rests_until}])


class TestResting:
    def test_none(self, any_ward: Ward) -> None:
        ask(any_ward, "a.example", next_at=1.0)
        assert lately.resting(any_ward.place).value == "None rests."

    def test_until_when(self, any_ward: Ward) -> None:
        ask(any_ward, "b.example", rests_until=HOUR.total_seconds())
        ask(any_ward, "a.example", next_at=2 * MINUTE.total_seconds())
        told = lately.resting(any_ward.place)
        assert told.state is State.WARNING
        assert told.value == (
            "2 hosts rest: a.example until 1 Mar 2026, 12:02 UTC and b.example until 1 Mar 2026, 13:00 UTC."
        )
        assert told.facts == {
            "hosts": {"a.example": "2026-03-01T12:02:00+00:00", "b.example": "2026-03-01T13:00:00+00:00"}
        }
        any_ward.clock.advance(2 * HOUR)
        assert lately.resting(any_ward.place).state is State.OK

    def test_many(self, any_ward: Ward) -> None:
        for number in range(7):
            ask(any_ward, f"{number}.example", rests_until=HOUR.total_seconds())
        assert lately.resting(any_ward.place).value.endswith("4.example until 1 Mar 2026, 13:00 UTC, and 2 others.")
