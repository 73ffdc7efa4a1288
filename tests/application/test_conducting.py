"""Conducting: pass by pass the world becomes what the log says, in the one process that leads."""

from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from application.conducting import HOUSE, PASS, RECOVERY
from application.queries import JobStatus
from domain.hour import Planned
from domain.paper_events import Reopened, Reverted
from domain.pipeline import Status
from domain.scraper import Action, EmergencyStopped, ScraperStatus
from infrastructure.database import DatabaseBusy
from infrastructure.stop_file import NAME
from tests.application.schedules import AN_HOUR, HOUR, MINUTE, NOON, Yard
from tests.simulation.installation import PERSON, Killed, Process
from tests.simulation.web import KINDS

SECOND = timedelta(seconds=1)


def known(process: Process) -> bool:
    """Whether the timetable has anything to call."""
    return process.timetable.next_due is not None


class TestALeader:
    def test_plans_and_hands_the_jobs_to_the_clock(self, any_yard: Yard) -> None:
        any_yard.process.conduct()
        assert any_yard.process.timetable.next_due == any_yard.planned()[0].due
        any_yard.installation.run_jobs(NOON + HOUR)
        assert len([job for job in any_yard.jobs(JobStatus.FINISHED) if job.hour]) == AN_HOUR
        assert not known(any_yard.process)

    def test_takes_from_the_clock_what_was_revoked(self, yard: Yard) -> None:
        yard.process.conduct()
        for job in yard.planned():
            yard.process.running_jobs.revoke(job.id, PERSON)
        yard.process.conduct()
        assert not known(yard.process)

    @pytest.mark.parametrize("action", [Action.PAUSE, Action.STOP, Action.EMERGENCY_STOP])
    def test_lets_nothing_begin_while_the_scraper_does_not_run(self, yard: Yard, action: Action) -> None:
        yard.process.conduct()
        yard.process.use(action)
        yard.process.conduct()
        assert not known(yard.process)
        assert yard.process.conducting.halted()
        yard.installation.run_jobs(NOON + HOUR)
        assert yard.installation.web.asked == []

    def test_goes_on_after_a_pause_with_what_is_left(self, yard: Yard) -> None:
        yard.process.conduct()
        yard.process.use(Action.PAUSE)
        yard.process.conduct()
        yard.process.use(Action.RESUME)
        yard.process.conduct()
        assert not yard.process.conducting.halted()
        assert yard.process.timetable.next_due == yard.planned()[0].due

    def test_takes_back_what_a_dead_process_left_every_ten_seconds(self, yard: Yard) -> None:
        yard.process.conduct()
        other = yard.installation.start()
        job = yard.planned()[0]

        def die(_: str) -> None:
            raise Killed

        yard.installation.web.before = die
        yard.installation.mortal(other, lambda: other.running_jobs.run_now(job.id, PERSON))
        yard.advance(RECOVERY - SECOND)
        yard.process.conduct()
        assert yard.paper(job.paper).status is Status.PROCESSING
        yard.advance(SECOND)
        yard.process.conduct()
        assert yard.events(job.paper)[-1] == Reverted(to=Status.LOCATED, why="crash")

    @pytest.mark.parametrize("jump", [timedelta(days=-3650), -2 * HOUR, HOUR])
    @pytest.mark.case("T07")
    def test_takes_them_back_though_the_clock_was_changed(self, yard: Yard, jump: timedelta) -> None:
        yard.process.conduct()
        swept: list[int] = []
        yard.process.conducting.keep_house = lambda: swept.append(1)
        yard.advance(jump)
        yard.process.conduct()
        assert swept == [1]

    def test_keeps_house_every_hour(self, yard: Yard) -> None:
        swept: list[int] = []
        yard.process.conducting.keep_house = lambda: swept.append(1)
        for by in (timedelta(), HOUSE - SECOND, SECOND, SECOND):
            yard.advance(by)
            yard.process.conduct()
        assert len(swept) == 2

    def test_reopens_what_may_be_tried_again(self, yard: Yard) -> None:
        name = f"p{KINDS.index('missing'):06}"
        yard.process.processing.process(name, PERSON)
        again = yard.paper(name).not_before
        assert again is not None
        yard.advance(again - yard.clock.now() - SECOND)
        yard.process.conduct()
        assert yard.happened(Reopened) == []
        yard.advance(SECOND)
        yard.process.conduct()
        assert len(yard.happened(Reopened)) == 1

    def test_plans_nothing_while_downloads_are_switched_off(self, yard: Yard) -> None:
        yard.process.conduct()
        yard.process.toggle("download", enabled=False)
        yard.process.conduct()
        assert not known(yard.process)
        assert len(yard.planned()) == AN_HOUR, "its jobs wait for the end of the hour"
        yard.advance(HOUR)
        yard.process.conduct()
        assert len(yard.jobs(JobStatus.LAPSED)) == AN_HOUR
        assert len(yard.happened(Planned)) == 1

    def test_locates_unless_that_is_switched_off(self, yard: Yard) -> None:
        yard.process.conduct()
        assert yard.process.conducting.locates
        yard.process.toggle("locate", enabled=False)
        yard.process.conduct()
        assert not yard.process.conducting.locates
        assert known(yard.process)


class TestAnother:
    @pytest.mark.case("I01")
    @pytest.mark.case("I03")
    def test_waits_until_the_leader_is_silent_for_twenty_seconds(self, any_yard: Yard) -> None:
        other = any_yard.installation.start()
        any_yard.process.conduct()
        other.conduct()
        assert (any_yard.process.conducting.leads, other.conducting.leads) == (True, False)
        assert not known(other)
        any_yard.advance(21 * SECOND)
        other.conduct()
        any_yard.process.conduct()
        assert (any_yard.process.conducting.leads, other.conducting.leads) == (False, True)
        assert known(other)
        assert not known(any_yard.process)
        assert len(any_yard.happened(Planned)) == 1

    def test_lets_what_it_began_go_on_while_the_scraper_runs(self, yard: Yard) -> None:
        other = yard.installation.start()
        yard.process.conduct()
        other.conduct()
        assert not other.conducting.halted()
        yard.process.use(Action.PAUSE)
        other.conduct()
        assert other.conducting.halted()

    def test_sees_to_an_emergency_too(self, yard: Yard) -> None:
        other = yard.installation.start()
        yard.process.conduct()
        (yard.installation.folder / NAME).touch()
        other.conduct()
        assert len(yard.happened(EmergencyStopped)) == 1
        assert not yard.planned()


class TestFaults:
    def test_a_pass_that_breaks_off_is_told_and_the_next_goes_on(self, yard: Yard) -> None:
        def fate(*_: object) -> None:
            raise DatabaseBusy("The database is busy.")

        yard.process.log.fate = fate
        yard.process.conduct()
        assert [type(fault) for fault in yard.process.faults] == [DatabaseBusy]
        assert yard.process.conducting.passed_at is None
        yard.process.log.fate = lambda *_: None
        yard.advance(MINUTE)
        yard.process.conduct()
        assert yard.process.conducting.passed_at == NOON + MINUTE
        assert len(yard.planned()) == AN_HOUR

    @pytest.mark.case("K11")
    def test_a_library_that_is_gone_hides_no_stop(self, yard: Yard) -> None:
        yard.process.conduct()
        yard.installation.library.missing = True
        yard.process.use(Action.STOP)
        yard.advance(RECOVERY)
        yard.process.conduct()
        assert not known(yard.process)
        assert yard.process.conducting.halted()
        assert not yard.process.conducting.locates

    @pytest.mark.case("K11")
    def test_a_library_that_is_gone_keeps_no_hour_from_being_planned(self, yard: Yard) -> None:
        yard.installation.library.missing = True
        yard.process.conduct()
        assert len(yard.planned()) == AN_HOUR

    @pytest.mark.parametrize("task", ["recovering", "keep_house"])
    def test_what_is_done_now_and_then_breaks_no_pass_off_and_is_not_done_again_at_once(
        self, yard: Yard, task: str
    ) -> None:
        yard.process.conduct()
        yard.advance(HOUSE)

        def fail(*_: object) -> None:
            raise ZeroDivisionError

        broken = {"recovering": SimpleNamespace(recover=fail), "keep_house": fail}[task]
        setattr(yard.process.conducting, task, broken)
        for _ in range(2):
            yard.process.conduct()
        assert [type(fault) for fault in yard.process.faults] == [ZeroDivisionError]
        assert len(yard.planned()) == AN_HOUR, "those of the hour before went back, and this hour is planned"
        assert len(yard.happened(Planned)) == 2

    def test_a_switch_that_does_not_stand_on_running_is_seen_first(self, yard: Yard) -> None:
        yard.process.conduct()
        yard.process.use(Action.STOP)

        def refuse() -> bool:
            raise DatabaseBusy("The database is busy.")

        yard.process.conducting.leadership = cast(Any, SimpleNamespace(lead=refuse))
        yard.process.conduct()
        assert not known(yard.process)
        assert yard.process.conducting.halted()

    def test_in_an_emergency_nothing_runs_though_the_database_does_not_answer(
        self, yard: Yard, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        yard.process.conduct()

        def refuse(*_: object) -> None:
            raise DatabaseBusy("The database is busy.")

        for question in ("stream", "streams", "append", "done"):
            monkeypatch.setattr(type(yard.process.log), question, refuse)
        (yard.installation.folder / NAME).touch()
        yard.process.conduct()
        assert not known(yard.process)
        assert yard.process.conducting.halted()
        assert yard.process.conducting.status is ScraperStatus.EMERGENCY_STOPPED
        assert [type(fault) for fault in yard.process.faults] == [DatabaseBusy]


class TestKeepingOn:
    def test_it_conducts_every_second_until_the_application_stops_and_then_makes_way(self, yard: Yard) -> None:
        passes: list[object] = []

        def stopped() -> bool:
            passes.append(yard.clock.now())
            return len(passes) > 3

        yard.process.conducting.keep_conducting(stopped)
        assert yard.clock.now() == NOON + 3 * timedelta(seconds=PASS)
        assert not known(yard.process)
        other = yard.installation.start()
        other.conduct()
        assert other.conducting.leads

    @pytest.mark.case("T15")
    def test_a_pass_that_takes_longer_than_its_interval_is_followed_by_one_not_by_many(self, yard: Yard) -> None:
        passes: list[datetime] = []

        def slowly() -> None:
            passes.append(yard.clock.now())
            yard.advance(90 * MINUTE)

        yard.process.conducting.keep_house = slowly
        ends = NOON + 4 * HOUR
        yard.process.conducting.keep_conducting(lambda: yard.clock.now() >= ends)
        pause = timedelta(seconds=PASS)
        assert passes == [NOON + number * (90 * MINUTE + pause) for number in range(3)]
        assert yard.installation.web.asked == []

    def test_the_stop_file_halts_at_once_whatever_the_last_pass_saw(self, yard: Yard) -> None:
        yard.process.conduct()
        assert not yard.process.conducting.halted()
        (Path(yard.installation.folder) / NAME).touch()
        assert yard.process.conducting.halted()
