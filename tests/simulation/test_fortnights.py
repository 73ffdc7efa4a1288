"""Two weeks around a change of the clocks, with all that people and machines do meanwhile: the schedule is kept."""

import os
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from attrs import define, field

from domain import paper_events as happened
from domain.hour import Planned
from domain.local_hours import LocalHour, hours_of
from domain.pipeline import Status
from domain.quotas import PUNCTUAL
from domain.schedule import ChangeTimezone, ChangeVolume, ChangeWeights
from domain.scraper import Action
from infrastructure.database import Database
from tests.databases import Databases
from tests.domain.spread import is_even
from tests.fakes.clock import FakeClock
from tests.simulation.audit import Audit, Job, is_sound
from tests.simulation.installation import Installation, Killed, Process

LARGE = os.environ.get("SCIPAPERLOADER_TEST_SIZE") == "large"
PAPERS, VOLUME = (10_000, 653) if LARGE else (500, 29)
PASSES = timedelta(minutes=5 if LARGE else 60)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
OFFICE = (0.0,) * 7 + (3.0,) * 11 + (1.0,) * 6
HEAPED = (1e-9, 1e6, 5e-324, *(1 / 3,) * 21)
WEEKLY = (*(Random(7).choice((0.0, 1.0, 2.5)) for _ in range(144)), *(1.0,) * 24)
FORTNIGHTS = [
    ("Europe/Berlin", date(2026, 3, 22), 14 * 24 - 1),
    ("Europe/Berlin", date(2026, 10, 18), 14 * 24 + 1),
    ("Australia/Lord_Howe", date(2026, 3, 29), 14 * 24 + 0.5),
    ("Australia/Lord_Howe", date(2026, 9, 27), 14 * 24 - 0.5),
    ("Asia/Kathmandu", date(2026, 3, 22), 14 * 24),
    *([("Asia/Kathmandu", date(2026, 10, 18), 14 * 24)] if LARGE else []),
]
"""Zone, first day, hours. The clocks are changed on the Sunday in the middle; Kathmandu leaves its own alone."""

pytestmark = pytest.mark.timeout(1800 if LARGE else 120)


UNDISTURBED = (0, 1, 2, 5, 6, 7, 9, 11, 12, 13)
"""Days that took their course, whatever was restarted, painted or paused for some minutes."""
MISSED = {(4, 15), (8, 10), (8, 11), (8, 12), (10, 12), (10, 13)}
"""Day and hour on the clock: the scraper did not run when they began."""


@define
class Fortnight:
    """An installation that is used for two weeks."""

    installation: Installation
    zone: str
    first: date
    process: Process = field(init=False)
    previews: dict[datetime, tuple[int, int]] = field(factory=dict)
    """What was foretold for each hour, a minute before it began: its quota, and how many papers."""
    days_ahead: dict[int, dict[datetime, tuple[int, int]]] = field(factory=dict)
    """What was foretold for the hours of each day, a minute before it began."""

    def live(self) -> None:
        """The two weeks."""
        self.process = self.installation.start()
        self.process.change(ChangeTimezone(timezone=self.zone))
        self.process.change(ChangeVolume(volume=VOLUME))
        self.process.use(Action.START)
        self.until(1, 12)
        self.kill_and_restart()
        self.until(1, 23, 30)
        self.process.change(ChangeWeights(weights=OFFICE))
        self.until(3, 10, 20)
        self.process.change(ChangeWeights(weights=WEEKLY))
        self.until(4, 14, 10)
        self.process.use(Action.PAUSE)
        self.until(4, 15, 40)
        self.process.use(Action.RESUME)
        self.until(5, 8, 30)
        self.end_and_restart()
        self.until_the_clocks_were_changed()
        self.kill_in_the_middle_of_a_download()
        self.until(8, 9, 45)
        self.installation.end(self.process)
        self.until(8, 12, 50)
        self.process = self.installation.start()
        self.until(9, 16, 5)
        self.process.use(Action.PAUSE)
        self.until(9, 16, 25)
        self.process.use(Action.RESUME)
        self.until(10, 11, 15)
        self.process.use(Action.STOP)
        self.until(10, 13, 45)
        self.process.use(Action.START)
        self.until(11, 23, 40)
        self.process.change(ChangeWeights(weights=HEAPED))
        self.until(12, 18, 30)
        self.kill_and_restart()
        self.until(13, 23, 59)
        self.installation.run_jobs(self.moment(14, 0))
        self.process.use(Action.STOP)

    def moment(self, day: int, hour: int, minute: int = 0) -> datetime:
        """A local time; a second after it, when it is a full hour."""
        local = datetime.combine(self.first, datetime.min.time(), ZoneInfo(self.zone)) + day * DAY
        return local.replace(hour=hour, minute=minute, second=1).astimezone(UTC)

    def until(self, day: int, hour: int, minute: int = 0) -> None:
        """Let time pass, and look ahead before every hour and every day."""
        self.installation.conduct()
        self._until(self.moment(day, hour, minute))

    def _until(self, end: datetime) -> None:
        while (start := self._next_start()) <= end:
            self._pass(start - MINUTE)
            self._look_ahead(start)
            self.installation.pass_time(start + timedelta(seconds=1), PASSES)
        self._pass(end)

    def _pass(self, end: datetime) -> None:
        while (now := self.installation.clock.now()) + PASSES <= end:
            self.installation.pass_time(now + PASSES, PASSES)
        self.installation.run_jobs(end)

    def _next_start(self) -> datetime:
        now = self.installation.clock.now()
        today = now.astimezone(ZoneInfo(self.zone)).date()
        hours = (*hours_of(today, self.zone), *hours_of(today + DAY, self.zone))
        return next(hour.start for hour in hours if hour.start > now)

    def _look_ahead(self, start: datetime) -> None:
        preview = self.process.forecasting.preview()
        told = {one.hour.start: (one.quota, one.papers) for one in preview.hours}
        self.previews[start] = told[start]
        local = start.astimezone(ZoneInfo(self.zone))
        if (local.hour, local.minute) == (0, 0):
            self.days_ahead[(local.date() - self.first).days] = told

    def kill_and_restart(self) -> None:
        """The process is killed while nothing runs, and there is another at once."""
        self.process = self.installation.restart(self.process)

    def end_and_restart(self) -> None:
        """The process is asked to end, and there is another at once."""
        self.installation.end(self.process)
        self.process = self.installation.start()

    def until_the_clocks_were_changed(self) -> None:
        """Until the middle of the hour that comes after the change, or of its second turn."""
        self.until(7, 1, 45)
        self._until(self.installation.clock.now() + 35 * MINUTE)

    def kill_in_the_middle_of_a_download(self) -> None:
        """The process is killed while a job runs, and there is another at once."""

        def kill(_: str) -> None:
            raise Killed

        self.installation.web.before = kill
        while self.process in self.installation.processes:
            self._until(self.installation.clock.now() + MINUTE)
        self.installation.web.before = lambda _: None
        self.installation.lease.expires_at = None
        self.process = self.installation.start()

    def faces_the_facts(self, database: Database) -> None:
        """Look at the log, and see that everything came as it should."""
        audit = Audit(self.process.log, self.installation.appended_at)
        audit.compare(database)
        assert not audit.in_transit()
        is_sound(database)
        jobs = [job for job in audit.jobs if job.hour]
        self.hours_were_planned_once(audit)
        self.days_add_up(audit, jobs)
        self.jobs_ran_at_their_moments(audit, jobs)
        self.moments_are_spread(audit, jobs)
        self.what_was_foretold_came(audit)

    def place(self, planned: Planned) -> tuple[int, int]:
        """Day and hour of a plan, as the clocks show them."""
        local = planned.start.astimezone(ZoneInfo(self.zone))
        return (local.date() - self.first).days, local.hour

    def hours_were_planned_once(self, audit: Audit) -> None:
        """Each hour of the two weeks has one plan, late where the scraper did not run, none where it never did."""
        planned = sorted(audit.hours.values(), key=lambda one: one.start)
        assert all(one.end <= other.start for one, other in pairwise(planned))
        wanted = [hour for day in range(14) for hour in hours_of(self.first + day * DAY, self.zone)]
        kept = {hour.start: hour for hour in wanted if (self.day(hour), hour.hour) not in MISSED}
        assert kept.keys() <= {one.start for one in planned} <= {hour.start for hour in wanted}
        assert all((one.begins - one.start <= PUNCTUAL) == (one.start in kept) for one in planned)
        assert all(one.end == kept[one.start].end for one in planned if one.start in kept)
        late = [self.place(one) for one in planned if one.start not in kept]
        assert late == [(4, 15), (8, 12), (10, 13)]

    def day(self, hour: LocalHour) -> int:
        """The number of the hour's day."""
        return (hour.day - self.first).days

    def days_add_up(self, audit: Audit, jobs: list[Job]) -> None:
        """A day that took its course has the volume, the others what was planned of it."""
        quotas, taken = Counter[int](), Counter[int]()
        for planned in audit.hours.values():
            quotas[self.place(planned)[0]] += planned.quota
        for job in jobs:
            taken[self.place(audit.hours[str(job.hour)])[0]] += not job.anew
        assert taken == quotas
        assert all(taken[day] == VOLUME for day in UNDISTURBED)
        assert all(0 < taken[day] < VOLUME for day in set(range(14)) - set(UNDISTURBED) - {3})

    def jobs_ran_at_their_moments(self, audit: Audit, jobs: list[Job]) -> None:
        """No job ran outside of its hour, none twice, and none was forgotten."""
        assert len({(job.paper, job.due) for job in jobs}) == len(jobs)
        assert len({job.attempt for job in jobs if job.attempt}) == sum(1 for job in jobs if job.started_at)
        for job in jobs:
            planned = audit.hours[str(job.hour)]
            day, hour = self.place(planned)
            assert job.due is not None
            if job.started_at is None:
                assert isinstance(job.end, happened.Reverted)
                assert (job.end.why, day) in {("hour over", 4), ("hour over", 8), ("scraper stopped", 10)}
            elif job.started_at != job.due:
                assert (day, hour) == (9, 16)
                assert planned.start + 5 * MINUTE <= job.due < job.started_at <= planned.start + 26 * MINUTE
        lost = [job for job in jobs if isinstance(job.end, happened.Reverted) and job.started_at]
        assert [job.end for job in lost] == [happened.Reverted(to=Status.LOCATED, why="crash")]

    def moments_are_spread(self, audit: Audit, jobs: list[Job]) -> None:
        """Within their hours the moments are as good as even chance."""
        shares = [self.share(audit.hours[str(job.hour)], job) for job in jobs]
        assert is_even(shares)
        assert not is_even(share**1.5 for share in shares), "too few to tell"

    def share(self, planned: Planned, job: Job) -> float:
        """How far into the plan of its hour the job's moment lies."""
        assert job.due is not None
        return (job.due - planned.begins) / (planned.end - planned.begins)

    def what_was_foretold_came(self, audit: Audit) -> None:
        """A minute before its hour, and a minute before its day, the preview told what was then planned."""
        came = {one.start: (one.quota, one.count) for one in audit.hours.values() if self.place(one) not in MISSED}
        first = min(came)
        assert {start: self.previews[start] for start in came if start != first} == {
            start: plan for start, plan in came.items() if start != first
        }
        for day, told in self.days_ahead.items():
            if day in UNDISTURBED:
                starts = [hour.start for hour in hours_of(self.first + day * DAY, self.zone)]
                assert [told.get(start) for start in starts if start in told] == [
                    came[start] for start in starts if start in told
                ]
                assert len([start for start in starts if start in told]) >= min(24, len(starts))


@pytest.mark.case("T01")
@pytest.mark.case("T02")
@pytest.mark.case("T03")
@pytest.mark.parametrize(("zone", "first", "hours"), FORTNIGHTS)
def test_a_fortnight_is_kept_to_the_paper(
    databases: Databases, tmp_path: Path, zone: str, first: date, hours: float
) -> None:
    midnight = datetime.combine(first, datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)
    with databases.fresh("sqlite", synchronous="OFF") as database:
        installation = Installation(database, tmp_path, FakeClock(midnight + timedelta(seconds=1)))
        installation.add_papers(PAPERS, located=True)
        fortnight = Fortnight(installation, zone, first)
        assert fortnight.moment(14, 0) - fortnight.moment(0, 0) == hours * HOUR
        fortnight.live()
        fortnight.faces_the_facts(database)
