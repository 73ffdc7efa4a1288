"""The preview: what the next day takes, when the list is done, and what that rests on."""

from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve

from application.forecasting import FEW, End, Preview, done_at
from domain.hour import Planned
from domain.paper_commands import Exclude
from domain.schedule import ChangeTimezone, Schedule
from domain.scraper import Action
from infrastructure.database import Database
from tests.application.schedules import AN_HOUR, HOUR, MINUTE, NOON, Yard, yard_on
from tests.simulation.installation import PERSON


def preview(yard: Yard) -> Preview:
    return yard.process.forecasting.preview()


def papers(found: Preview) -> list[int]:
    """How many papers each hour takes, until there are none left."""
    taken = [one.papers + one.more for one in found.hours]
    return taken[: max((place for place, count in enumerate(taken, 1) if count), default=0)]


class TestHours:
    def test_are_those_of_the_next_day(self, any_yard: Yard) -> None:
        found = preview(any_yard)
        assert len(found.hours) == 24
        assert found.hours[0].hour.start == NOON
        assert papers(found) == [10, 10, 10]
        assert (found.queue, found.ends_at) == (30, NOON + 3 * HOUR)

    def test_begin_with_the_share_of_the_hour_that_is_left(self, yard: Yard) -> None:
        yard.advance(30 * MINUTE)
        assert papers(preview(yard)) == [5, 10, 10, 5]

    def test_begin_with_the_plan_that_is_made(self, yard: Yard) -> None:
        yard.plan()
        job = yard.planned()[3]
        yard.process.running_jobs.run_now(job.id, PERSON)
        found = preview(yard)
        assert found.hours[0].planned
        assert papers(found) == [9, 10, 10]
        assert (found.queue, found.ends_at) == (29, NOON + 3 * HOUR)

    def test_count_what_the_hour_has_room_for(self, sqlite: Database, tmp_path: Path) -> None:
        yard = yard_on(sqlite, tmp_path, papers=2)
        yard.plan()
        yard.installation.add_papers(20, located=True)
        first = preview(yard).hours[0]
        assert (first.papers, first.more, first.quota) == (2, 8, AN_HOUR)
        assert yard.plan() == 8

    def test_are_then_planned_as_they_were_told(self, yard: Yard) -> None:
        told = {one.hour.start: (one.quota, one.papers) for one in preview(yard).hours}
        for _ in range(6):
            yard.process.conduct()
            yard.installation.run_jobs(yard.clock.now() + HOUR)
        planned = [one for one in yard.happened(Planned) if isinstance(one, Planned)]
        assert {one.start: (one.quota, one.count) for one in planned[:3]} == dict(list(told.items())[:3])

    @pytest.mark.case("T06")
    def test_of_another_zone_begin_where_the_plan_ends(self, yard: Yard) -> None:
        yard.plan()
        yard.process.change(ChangeTimezone(timezone="Asia/Kathmandu"))
        yard.advance(20 * MINUTE)
        told = preview(yard).hours[0]
        assert (told.hour.start, told.papers, told.planned) == (NOON + 15 * MINUTE, 3, False)
        yard.plan()
        planned = [one for one in yard.happened(Planned) if isinstance(one, Planned)][-1]
        assert (planned.start, planned.count) == (told.hour.start, told.papers)

    @pytest.mark.case("T01")
    @pytest.mark.case("T02")
    @pytest.mark.parametrize(("month", "day", "count"), [(3, 28, 24), (10, 24, 24)])
    def test_are_24_also_where_the_clocks_are_changed(self, yard: Yard, month: int, day: int, count: int) -> None:
        yard.process.change(ChangeTimezone(timezone="Europe/Berlin"))
        yard.advance(NOON.replace(month=month, day=day) - NOON)
        found = preview(yard)
        assert len(found.hours) == count
        assert found.hours[-1].hour.end == yard.clock.now() + timedelta(hours=24)

    def test_can_be_those_of_a_schedule_that_nobody_chose_yet(self, yard: Yard) -> None:
        head = yard.process.log.head()
        found = yard.process.forecasting.preview(Schedule(volume=24 * 3))
        assert papers(found)[:2] == [3, 3]
        assert yard.process.log.head() == head


class TestNewPapers:
    def test_are_all_taken_to_have_a_copy_while_few_were_asked_for(self, sqlite: Database, tmp_path: Path) -> None:
        yard = yard_on(sqlite, tmp_path, papers=FEW - 1)
        yard.installation.add_papers(6)
        assert preview(yard).queue == FEW - 1 + 6
        assert any("every one is taken to have a copy" in sentence for sentence in preview(yard).basis)

    def test_are_then_expected_to_be_like_the_others(self, yard: Yard) -> None:
        yard.installation.add_papers(10)
        name = "p000039"
        yard.process.processing.process(name, PERSON)
        for number in range(1, 30, 2):
            yard.tell(f"p{number:06}", Exclude(reason="not in scope"))
        yard.installation.add_papers(16)
        found = preview(yard)
        assert found.queue == 15 + 25, "15 of 16 had a copy, which is too few to tell"
        yard.installation.add_papers(20, located=True)
        assert preview(yard).queue == 35 + round(25 * 35 / 36)
        assert any("a copy is expected for 97%" in sentence for sentence in preview(yard).basis)


class TestEnd:
    def test_is_sure_where_every_copy_is_known(self, yard: Yard) -> None:
        assert preview(yard).end is End.EXPECTED

    def test_is_none_without_papers(self, sqlite: Database, tmp_path: Path) -> None:
        assert preview(yard_on(sqlite, tmp_path, papers=0)).end is End.NONE

    def test_is_a_guess_while_nobody_knows_which_papers_have_a_copy(self, sqlite: Database, tmp_path: Path) -> None:
        yard = yard_on(sqlite, tmp_path, papers=0)
        yard.installation.add_papers(6)
        found = preview(yard)
        assert (found.end, found.new, found.located) == (End.GUESSED, 6, 0)
        assert done_at(found, "UTC").endswith("(UTC), if every one has a copy.")
        yard.installation.add_papers(FEW, located=True)
        assert preview(yard).end is End.EXPECTED

    def test_is_not_known_while_nothing_answers(self, yard: Yard) -> None:
        until = yard.clock.now() + 5 * MINUTE
        found = evolve(yard.process.forecasting, rests=lambda: until).preview()
        assert (found.end, found.rests_until) == (End.UNKNOWN, until)
        assert found.basis[0].startswith("Nothing answers at present")
        assert done_at(found, "UTC") == "30 papers wait; nothing answers at present, so nobody can tell until when."

    def test_is_never_with_a_schedule_that_takes_nothing(self, yard: Yard) -> None:
        assert yard.process.forecasting.preview(Schedule(volume=0)).end is End.NEVER


class TestBasis:
    @pytest.mark.parametrize(
        ("action", "words"),
        [
            (Action.PAUSE, "The scraper is paused"),
            (Action.STOP, "The scraper is stopped"),
            (Action.EMERGENCY_STOP, "There is an emergency stop"),
        ],
    )
    def test_says_where_the_switch_stands(self, yard: Yard, action: Action, words: str) -> None:
        assert not any(words in sentence for sentence in preview(yard).basis)
        yard.process.use(action)
        assert any(words in sentence for sentence in preview(yard).basis)

    def test_says_which_modules_are_off(self, yard: Yard) -> None:
        yard.process.toggle("download", enabled=False)
        assert "The module “download” is switched off." in preview(yard).basis

    @pytest.mark.case("T09")
    @pytest.mark.parametrize("schedule", [Schedule(volume=0), Schedule(weights=(0.0,) * 24)])
    def test_says_that_the_schedule_pauses(self, yard: Yard, schedule: Schedule) -> None:
        found = yard.process.forecasting.preview(schedule)
        assert (found.ends_at, found.next_hour, papers(found)) == (None, None, [])
        assert any(sentence.startswith("Paused by the schedule") for sentence in found.basis)
        assert done_at(found, "UTC") == "30 papers wait, and the list will never be done so."


def test_the_end_is_told_in_a_sentence(yard: Yard) -> None:
    assert done_at(preview(yard), "Europe/Berlin") == "30 papers will be done by Wed 1 Jul 2026, 17:00 (Europe/Berlin)."
    for number in range(30):
        yard.tell(f"p{number:06}", Exclude(reason="not in scope"))
    assert done_at(preview(yard), "UTC") == "No paper waits for the schedule."
