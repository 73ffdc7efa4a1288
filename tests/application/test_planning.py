"""Planning: each hour once, never more than its quota, whoever plans and whatever happens in between."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from application.planning import BATCH
from application.ports.event_log import Write
from application.queries import JobFilter, JobStatus
from domain import hour
from domain.hour import Planned
from domain.local_hours import hours_of, shares_of
from domain.paper_commands import Exclude
from domain.quotas import PUNCTUAL, quotas_of
from domain.schedule import ChangeOrder, ChangeTimezone, ChangeVolume, ChangeWeights, Order
from infrastructure.database import Database, DatabaseUnavailable
from tests.application.schedules import AN_HOUR, HOUR, MINUTE, NOON, Yard, papers_of, yard_on
from tests.contract.making import at_once
from tests.simulation.installation import PERSON, Killed

MANY = BATCH + 250
YEARS = timedelta(days=3650)


@pytest.fixture
def large(sqlite: Database, tmp_path: Path) -> Yard:
    """A yard that takes more papers an hour than one append has."""
    yard = yard_on(sqlite, tmp_path, MANY + 200)
    yard.process.change(ChangeVolume(volume=24 * MANY))
    return yard


@pytest.fixture
def forget_zones() -> Iterator[Callable[[], None]]:
    """What a process does that begins: it knows nothing of a zone's hours. Done at the end, too."""

    def forget() -> None:
        for known in (hours_of, shares_of, quotas_of):
            known.cache_clear()

    yield forget
    forget()


class TestAnHour:
    def test_takes_its_quota_at_moments_within_it(self, any_yard: Yard) -> None:
        assert any_yard.plan() == AN_HOUR
        jobs, planned = any_yard.planned(), any_yard.hour()
        assert planned is not None
        assert (planned.quota, planned.count, planned.queued) == (AN_HOUR, AN_HOUR, AN_HOUR)
        assert len(set(papers_of(jobs))) == AN_HOUR
        assert all(NOON <= (job.due or NOON) < NOON + HOUR and job.hour == planned.stream for job in jobs)
        assert len({job.due for job in jobs}) == AN_HOUR

    def test_is_planned_once(self, any_yard: Yard) -> None:
        any_yard.plan()
        head = any_yard.process.log.head()
        any_yard.advance(30 * MINUTE)
        assert any_yard.plan() == 0
        assert any_yard.process.log.head() == head

    def test_of_no_quota_is_planned_too(self, yard: Yard) -> None:
        yard.process.change(ChangeWeights(weights=(0.0,) * 12 + (0.0,) + (1.0,) * 11))
        assert yard.plan() == 0
        planned = yard.hour()
        assert planned is not None
        assert (planned.quota, planned.count) == (0, 0)

    @pytest.mark.case("T14")
    @pytest.mark.parametrize("late", [timedelta(), 90 * MINUTE / 60, PUNCTUAL])
    def test_that_is_planned_soon_after_its_start_takes_all(self, yard: Yard, late: timedelta) -> None:
        yard.advance(late)
        assert yard.plan() == AN_HOUR
        assert min(job.due or NOON for job in yard.planned()) >= NOON + late

    def test_that_is_planned_in_its_middle_takes_half(self, yard: Yard) -> None:
        yard.advance(30 * MINUTE)
        assert yard.plan() == AN_HOUR // 2
        assert min(job.due or NOON for job in yard.planned()) >= NOON + 30 * MINUTE

    def test_takes_what_there_is(self, sqlite: Database, tmp_path: Path) -> None:
        yard = yard_on(sqlite, tmp_path, papers=3)
        assert yard.plan() == 3

    def test_keeps_a_seed_that_every_reader_of_json_keeps(self, yard: Yard) -> None:
        yard.plan()
        (planned,) = yard.happened(Planned)
        assert isinstance(planned, Planned)
        assert 0 <= planned.seed < 2**53


class TestTheDraw:
    def test_is_random_and_not_the_same_every_time(self, yard: Yard) -> None:
        yard.process.change(ChangeOrder(order=Order.RANDOM))
        yard.plan()
        first = papers_of(yard.planned())
        assert first != sorted(first)
        yard.advance(HOUR)
        yard.process.planning.lapse(yard.clock.now())
        yard.plan()
        assert set(papers_of(yard.planned())) != set(first)

    @pytest.mark.parametrize(("order", "first"), [(Order.OLDEST, 0), (Order.NEWEST, 29)])
    def test_is_in_the_order_that_was_chosen(self, yard: Yard, order: Order, first: int) -> None:
        yard.process.change(ChangeOrder(order=order))
        yard.plan()
        step = -1 if first else 1
        assert papers_of(yard.planned()) == [f"p{first + step * number:06}" for number in range(AN_HOUR)]

    def test_leaves_out_what_may_not_be_downloaded_now(self, yard: Yard) -> None:
        for number in range(25):
            yard.tell(f"p{number:06}", Exclude(reason="not in scope"))
        assert yard.plan() == 5


class TestFillingUp:
    def test_takes_papers_that_were_located_meanwhile_at_the_pace_of_the_quota(
        self, sqlite: Database, tmp_path: Path
    ) -> None:
        yard = yard_on(sqlite, tmp_path, papers=3)
        yard.plan()
        yard.advance(30 * MINUTE)
        yard.installation.add_papers(20, located=True)
        waiting = len(yard.planned())
        assert yard.plan() == AN_HOUR // 2 - waiting
        assert yard.plan() == 0
        assert all((job.due or NOON) >= NOON + 30 * MINUTE for job in yard.planned()[waiting:])

    @pytest.mark.case("T18")
    def test_a_volume_that_is_changed_meanwhile_holds_from_the_next_hour_on(self, yard: Yard) -> None:
        yard.plan()
        yard.process.change(ChangeVolume(volume=24 * 15))
        yard.advance(MINUTE)
        assert yard.plan() == 0
        yard.advance(HOUR)
        yard.process.planning.lapse(yard.clock.now())
        assert yard.plan() == 15

    @pytest.mark.case("X17")
    @pytest.mark.parametrize(("moment", "volume"), [("before", 10), ("after", 15)])
    def test_a_change_that_is_broken_off_is_made_or_is_not(self, yard: Yard, moment: str, volume: int) -> None:
        def fate(when: str, _: object) -> None:
            if when == moment:
                raise Killed

        yard.process.log.fate = fate
        with pytest.raises(Killed):
            yard.process.change(ChangeVolume(volume=24 * 15))
        yard.process = yard.installation.restart(yard.process)
        assert yard.plan() == volume

    def test_what_was_revoked_or_is_done_makes_no_room(self, yard: Yard) -> None:
        yard.plan()
        jobs = yard.planned()
        assert yard.run(jobs[0]) is not None
        for job in jobs[1:4]:
            yard.process.running_jobs.revoke(job.id, PERSON)
        assert yard.plan() == 0

    def test_what_was_revoked_is_not_drawn_again_before_the_next_hour(self, database: Database, tmp_path: Path) -> None:
        yard = yard_on(database, tmp_path, papers=4)
        assert yard.plan() == 4
        revoked = yard.planned()[:2]
        for job in revoked:
            yard.process.running_jobs.revoke(job.id, PERSON)
        assert yard.plan() == 0
        yard.installation.add_papers(3, located=True)
        assert yard.plan() == 3
        assert not set(papers_of(revoked)) & set(papers_of(yard.planned()))
        yard.advance(HOUR)
        yard.process.planning.lapse(yard.clock.now())
        assert yard.plan() == 7

    def test_an_hour_whose_jobs_were_all_revoked_stays_empty(self, yard: Yard) -> None:
        yard.process.change(ChangeVolume(volume=24 * 20))
        yard.plan()
        yard.advance(MINUTE)
        yard.process.running_jobs.revoke_all(JobFilter(statuses=(JobStatus.PLANNED,)), PERSON)
        for _ in range(10):
            assert yard.plan() == 0
            yard.advance(5 * MINUTE)

    def test_goes_on_after_papers_that_were_all_taken_up_meanwhile(
        self, sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        yard = yard_on(sqlite, tmp_path, papers=AN_HOUR - 1)
        yard.plan()
        yard.installation.add_papers(1, located=True)
        drawable = yard.process.papers.drawable

        def excluded_at_once(now: datetime, order: Order, limit: int) -> Sequence[str]:
            found = drawable(now, order, limit)
            yard.tell(found[0], Exclude(reason="not in scope"))
            return found

        with monkeypatch.context() as patch:
            patch.setattr(yard.process.papers, "drawable", excluded_at_once)
            assert yard.plan() == 0
        yard.installation.add_papers(1, located=True)
        assert yard.plan() == 1


class TestManyPapers:
    """An hour of more papers than one append has."""

    def test_are_planned_in_batches(self, large: Yard) -> None:
        assert large.plan() == MANY
        jobs = large.planned()
        assert len(set(papers_of(jobs))) == MANY
        assert all((one.due or NOON) <= (other.due or NOON) for one, other in pairwise(jobs))

    @pytest.mark.case("X03")
    def test_a_plan_that_is_broken_off_between_batches_is_completed(self, large: Yard) -> None:
        broken_off(large, "after", 1)
        assert len(large.planned()) == BATCH
        large.process = large.installation.start()
        large.advance(MINUTE)
        assert large.plan() == round(MANY * 59 / 60) - BATCH
        assert len(large.happened(Planned)) == 1
        assert len(set(papers_of(large.planned()))) == round(MANY * 59 / 60)

    def test_a_plan_that_is_broken_off_before_its_first_append_is_made_by_another(self, large: Yard) -> None:
        broken_off(large, "before", 1)
        assert large.hour() is None
        large.process = large.installation.start()
        assert large.plan() == MANY

    @pytest.mark.case("I04")
    @pytest.mark.parametrize("moved", [0, 1, 7])
    def test_a_planner_that_stood_still_between_batches_adds_nothing_to_what_another_completed(
        self, large: Yard, moved: int
    ) -> None:
        other, appends = large.installation.start(), list[int]()

        def fate(moment: str, writes: Sequence[Write]) -> None:
            appends.append(moment == "before")
            if moment == "before" and sum(appends) == 1:
                for write in writes[1 : 1 + moved]:
                    large.tell(write.stream.removeprefix("paper-"), Exclude(reason="not in scope"), other)
            if moment == "before" and sum(appends) == 2 + bool(moved):
                other.planning.plan(large.clock.now())

        large.process.log.fate = fate
        large.plan()
        large.process.log.fate = lambda *_: None
        assert len(large.planned()) == MANY
        assert large.plan() == 0


def broken_off(yard: Yard, moment: str, append: int) -> None:
    """Let the process be killed at an append of its plan."""
    appends = list[str]()

    def fate(when: str, _: object) -> None:
        appends.append(when)
        if when == moment and appends.count(moment) == append:
            raise Killed

    yard.process.log.fate = fate
    yard.installation.mortal(yard.process, yard.plan)
    assert not yard.installation.processes


class TestSeveralPlanners:
    @pytest.mark.case("I03")
    @pytest.mark.parametrize("papers", [30, BATCH + 30])
    def test_plan_an_hour_once(self, database: Database, tmp_path: Path, papers: int) -> None:
        yard = yard_on(database, tmp_path, papers)
        quota = papers - 10
        yard.process.change(ChangeVolume(volume=24 * quota))
        planners = [yard.process, *(yard.installation.start() for _ in range(3))]
        done = at_once(*[lambda one=one: one.planning.plan(NOON) for one in planners])
        assert all(isinstance(count, int) for count in done)
        while yard.plan():
            pass
        assert len(yard.happened(Planned)) == 1
        assert len(yard.planned()) == len(set(papers_of(yard.planned()))) == quota

    def test_a_paper_that_moves_while_it_is_drawn_is_left_out_and_another_takes_its_place(self, yard: Yard) -> None:
        moved = list[str]()

        def fate(moment: str, writes: Sequence[Write]) -> None:
            if moment == "before" and not moved:
                moved.append(writes[1].stream.removeprefix("paper-"))
                yard.process.log.fate = lambda *_: None
                yard.tell(moved[0], Exclude(reason="not in scope"))

        yard.process.log.fate = fate
        assert yard.plan() == AN_HOUR - 1
        assert moved[0] not in papers_of(yard.planned())
        assert yard.plan() == 1
        assert len(yard.planned()) == AN_HOUR


class TestZones:
    @pytest.mark.case("T06")
    def test_another_zone_begins_when_the_hour_that_is_planned_ends(self, yard: Yard) -> None:
        yard.plan()
        yard.process.change(ChangeTimezone(timezone="Asia/Kathmandu"))
        yard.advance(20 * MINUTE)
        assert yard.plan() == 3
        planned = [one for one in yard.happened(Planned) if isinstance(one, Planned)]
        assert [(one.start, one.begins, one.quota) for one in planned] == [
            (NOON, NOON, AN_HOUR),
            (NOON + 15 * MINUTE, NOON + HOUR, 3),
        ]
        yard.advance(55 * MINUTE)
        assert yard.plan() == AN_HOUR

    @pytest.mark.case("T06")
    def test_an_hour_that_ends_before_the_plan_does_is_left_out(self, yard: Yard) -> None:
        yard.plan()
        yard.process.change(ChangeTimezone(timezone="Asia/Kathmandu"))
        yard.advance(10 * MINUTE)
        assert yard.plan() == 0
        assert len(yard.happened(Planned)) == 1

    @pytest.mark.case("T06")
    def test_a_zone_of_the_same_hours_changes_nothing_now(self, yard: Yard) -> None:
        yard.plan()
        yard.process.change(ChangeTimezone(timezone="Europe/Berlin"))
        assert yard.plan() == 0
        assert len(yard.happened(Planned)) == 1

    @pytest.mark.case("T06")
    def test_a_short_hour_is_filled_up_to_its_own_end_though_it_is_longer_in_another_zone(
        self, sqlite: Database, tmp_path: Path
    ) -> None:
        yard = yard_on(sqlite, tmp_path, papers=2)
        yard.process.change(ChangeVolume(volume=2_000))
        yard.process.change(ChangeTimezone(timezone="Australia/Lord_Howe"))
        yard.advance(datetime(2026, 10, 3, 15, 30, tzinfo=UTC) - NOON)  # there the clocks jump from 2:00 to 2:30
        yard.plan()
        yard.process.change(ChangeTimezone(timezone="Asia/Kolkata"))
        yard.installation.add_papers(20, located=True)
        assert yard.plan() == 20
        assert all((job.due or NOON) < yard.clock.now() + 30 * MINUTE for job in yard.planned())

    @pytest.mark.case("T04")
    def test_rules_of_a_zone_that_are_changed_by_an_upgrade_are_another_zone(
        self, yard: Yard, monkeypatch: pytest.MonkeyPatch, forget_zones: Callable[[], None]
    ) -> None:
        yard.process.change(ChangeTimezone(timezone="Europe/Berlin"))
        yard.plan()
        forget_zones()
        monkeypatch.setattr("domain.local_hours.ZoneInfo", lambda _: ZoneInfo("Asia/Kathmandu"))
        yard.advance(20 * MINUTE)
        assert yard.plan() == 3
        planned = [one for one in yard.happened(Planned) if isinstance(one, Planned)]
        assert [one.begins for one in planned] == [NOON, NOON + HOUR]


class TestAnswersThatAreLost:
    @pytest.mark.case("G09")
    def test_a_plan_that_was_made_though_an_error_came_back_is_not_made_twice(self, any_yard: Yard) -> None:
        def fate(moment: str, _: object) -> None:
            if moment == "after":
                raise DatabaseUnavailable("The connection is gone.")

        any_yard.process.log.fate = fate
        with pytest.raises(DatabaseUnavailable):
            any_yard.plan()
        any_yard.process.log.fate = lambda *_: None
        assert any_yard.plan() == 0
        assert len(any_yard.planned()) == AN_HOUR
        assert len(any_yard.happened(Planned)) == 1


class TestLapsing:
    def test_jobs_that_did_not_begin_go_back_when_their_hour_is_over(self, any_yard: Yard) -> None:
        any_yard.plan()
        assert any_yard.process.planning.lapse(NOON + 59 * MINUTE) == 0
        any_yard.run(any_yard.planned()[0])
        assert any_yard.process.planning.lapse(NOON + HOUR) == AN_HOUR - 1
        assert len(any_yard.jobs(JobStatus.LAPSED)) == AN_HOUR - 1
        assert set(any_yard.whys()) == {"hour over"}
        assert not any_yard.planned()

    @pytest.mark.case("T08")
    def test_hours_that_were_slept_through_are_not_made_up(self, yard: Yard) -> None:
        yard.plan()
        yard.advance(9 * HOUR)
        yard.process.planning.lapse(yard.clock.now())
        assert yard.plan() == AN_HOUR
        assert len(yard.happened(Planned)) == 2

    def test_a_job_that_began_at_the_last_moment_goes_on(self, yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
        yard.plan()
        jobs = yard.planned()
        monkeypatch.setattr(yard.process.jobs, "over", lambda *_, **__: papers_of(jobs))  # as it was a moment before
        yard.meanwhile(lambda: yard.process.planning.lapse(NOON + HOUR))
        assert yard.run(jobs[-1]) is not None
        assert len(yard.jobs(JobStatus.LAPSED)) == AN_HOUR - 1

    @pytest.mark.case("T07")
    def test_a_clock_that_is_put_back_far_holds_nothing_up(self, any_yard: Yard) -> None:
        any_yard.advance(YEARS)
        any_yard.plan()
        any_yard.advance(-YEARS)
        assert any_yard.process.planning.lapse(any_yard.clock.now()) == AN_HOUR
        assert any_yard.plan() == AN_HOUR
        assert {job.hour for job in any_yard.planned()} == {hour.stream_of(NOON)}

    @pytest.mark.case("T07")
    def test_a_clock_that_is_put_back_by_two_hours_keeps_the_plans_that_were_made(self, any_yard: Yard) -> None:
        any_yard.plan()
        any_yard.advance(-2 * HOUR)
        assert any_yard.process.planning.lapse(any_yard.clock.now()) == 0
        assert any_yard.plan() == AN_HOUR
        any_yard.advance(2 * HOUR)
        any_yard.process.planning.lapse(any_yard.clock.now())
        assert any_yard.plan() == 0
        assert len(any_yard.planned()) == AN_HOUR, "an hour that comes again is not planned again"
