"""Whole installations, to which anything happens in any order: nothing is stranded, lost, or done twice."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from application.handling import order
from application.queries import JobFilter, JobRow, JobStatus
from domain import paper, paper_commands
from domain.errors import CommandRefused
from domain.pipeline import MODULES
from domain.schedule import ChangeOrder, ChangeTimezone, ChangeVolume, ChangeWeights, Order
from domain.scraper import Action, ScraperStatus
from tests.databases import KINDS, Databases, fewer
from tests.fakes.clock import FakeClock
from tests.simulation.audit import Audit, is_sound
from tests.simulation.installation import PERSON, Installation, Killed, Process
from tests.strategies import ZONES

START = datetime(2026, 3, 28, 20, 10, tzinfo=UTC)
"""Some hours before Berlin puts its clocks forward."""
MINUTE, HOUR, YEARS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=3650)
EVEN = (1.0,) * 24
NUMBER = st.integers(0, 1_000)
AT_MOST = 24
"""Hours until jobs run again: where the clock was put back, hours that were planned come again, and are not planned
twice."""


MEANWHILE = st.sampled_from(
    (*Action, "revoke", "exclude", "kill", "take over", "stop file", "hour over", "back", "conduct", "process")
)
"""What others do while something is under way."""


class InstallationMachine(RuleBasedStateMachine):
    """Everything that people, processes, clocks and sites do."""

    def __init__(self, databases: Databases, kind: str) -> None:
        super().__init__()
        self.stack = ExitStack()
        options = {"synchronous": "OFF"} if kind == "sqlite" else {}
        self.database = self.stack.enter_context(databases.fresh(kind, **options))
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.clock = FakeClock(START)
        self.installation = Installation(self.database, folder, self.clock)
        self.installation.add_papers(12, located=True)
        self.installation.add_papers(6)
        process = self.installation.start()
        self.audit = Audit(process.log, self.installation.appended_at)
        process.change(ChangeVolume(volume=24 * 6))
        process.use(Action.START)
        process.conduct()

    # What people do.

    @rule(action=st.sampled_from(Action), which=NUMBER)
    def the_switch_is_used(self, action: Action, which: int) -> None:
        self.do(which, lambda process: process.use(action))

    @rule(which=NUMBER)
    def the_scraper_runs_again(self, which: int) -> None:
        for action in (Action.RESET, Action.START, Action.RESUME):
            self.do(which, lambda process, action=action: process.use(action))

    @rule()
    def somebody_makes_the_stop_file(self) -> None:
        (self.installation.folder / "emergency-stop").touch()

    @rule(which=NUMBER, number=NUMBER)
    def a_job_is_revoked(self, which: int, number: int) -> None:
        for job in self.chosen(self.jobs(), number):
            self.do(which, lambda process, job=job: process.running_jobs.revoke(job.id, PERSON))

    @rule(
        which=NUMBER,
        asked=st.sampled_from(
            (
                JobFilter(),
                JobFilter(statuses=(JobStatus.PLANNED,)),
                JobFilter(host="host1.example"),
                JobFilter(by_hand=True),
            )
        ),
    )
    def jobs_are_revoked(self, which: int, asked: JobFilter) -> None:
        self.do(which, lambda process: process.running_jobs.revoke_all(asked, PERSON))

    @rule(which=NUMBER, number=NUMBER)
    def a_job_is_run_now(self, which: int, number: int) -> None:
        for job in self.chosen(self.jobs(), number):
            self.do(which, lambda process, job=job: process.running_jobs.run_now(job.id, PERSON))

    @rule(which=NUMBER, number=NUMBER)
    def a_paper_is_processed_by_hand(self, which: int, number: int) -> None:
        for name in self.chosen(sorted(self.audit.papers), number):
            self.do(which, lambda process, name=name: process.processing.process(name, PERSON))

    @rule(which=NUMBER, number=NUMBER)
    def a_paper_is_tried_again(self, which: int, number: int) -> None:
        for name in self.chosen(sorted(self.audit.papers), number):
            self.do(which, lambda process, name=name: process.processing.retry(name, PERSON))

    @rule(which=NUMBER, number=NUMBER)
    def a_paper_is_taken_out_of_transit(self, which: int, number: int) -> None:
        for name in self.chosen(sorted(self.audit.papers), number):
            self.do(which, lambda process, name=name: process.running_jobs.revert_paper(name, PERSON))

    @rule(which=NUMBER, number=NUMBER, wanted=st.booleans())
    def a_paper_is_excluded_or_wanted_again(self, which: int, number: int, wanted: bool) -> None:
        command = paper_commands.Reinstate() if wanted else paper_commands.Exclude(reason="not in scope")
        for name in self.chosen(sorted(self.audit.papers), number):
            self.do(which, lambda process, name=name: tell(process, name, command))

    @rule(count=st.integers(1, 4), located=st.booleans())
    def more_papers_are_imported(self, count: int, located: bool) -> None:
        self.installation.add_papers(count, located=located)

    @rule(
        which=NUMBER,
        command=st.one_of(
            st.builds(ChangeVolume, volume=st.sampled_from((0, 7, 24, 24 * 6, 24 * 40))),
            st.builds(ChangeWeights, weights=st.sampled_from((EVEN, (0.0,) * 24, (0.0, 5.0) * 12, (1.0, 2.0) * 84))),
            st.builds(ChangeTimezone, timezone=st.sampled_from(ZONES)),
            st.builds(ChangeOrder, order=st.sampled_from(Order)),
        ),
    )
    def the_schedule_is_painted(self, which: int, command: Any) -> None:
        self.do(which, lambda process: process.change(command))

    @rule(which=NUMBER, module=st.sampled_from(sorted(MODULES)), enabled=st.booleans())
    def a_module_is_switched(self, which: int, module: str, enabled: bool) -> None:
        self.do(which, lambda process: process.toggle(module, enabled=enabled))

    # What time and machines do.

    @rule(minutes=st.sampled_from((0, 1, 7, 30, 61, 200)), every=st.sampled_from((1, 13)))
    def time_passes(self, minutes: int, every: int) -> None:
        self.do(0, Process.conduct)
        self.installation.pass_time(self.clock.now() + minutes * MINUTE, every * MINUTE)
        self.nothing_is_overdue()

    @rule(hours=st.sampled_from((1, 9)))
    def the_machine_sleeps(self, hours: int) -> None:
        """Awake again, the timetable may call its jobs before anybody has looked around."""
        self.clock.advance(hours * HOUR)
        self.installation.pass_time(self.clock.now() + MINUTE, MINUTE)
        self.nothing_is_overdue()

    @rule(action=st.sampled_from((Action.STOP, Action.PAUSE, Action.EMERGENCY_STOP)))
    def the_switch_is_used_behind_the_leaders_back(self, action: Action) -> None:
        """And jobs come due before its next pass."""
        self.do(-1, lambda process: process.use(action))
        self.installation.run_jobs(self.clock.now() + 20 * MINUTE)
        self.installation.conduct()

    @rule(minutes=st.sampled_from((20, 45, 70)))
    def life_is_ordinary(self, minutes: int) -> None:
        """The scraper runs, and somebody is at work."""
        self.the_scraper_runs_again(0)
        self.do(0, Process.conduct)
        self.installation.pass_time(self.clock.now() + minutes * MINUTE, 10 * MINUTE)
        self.nothing_is_overdue()

    @rule(by=st.sampled_from((2 * HOUR, -2 * HOUR, 9 * HOUR, YEARS, -YEARS)))
    def the_clock_jumps(self, by: timedelta) -> None:
        """It is put right or wrong, or the machine slept."""
        self.clock.advance(by)

    @rule(by=st.sampled_from((2 * HOUR, -2 * HOUR, YEARS, -YEARS)))
    def the_clock_is_wrong_for_a_while(self, by: timedelta) -> None:
        self.clock.advance(by)
        self.life_is_ordinary(20)
        self.clock.advance(-by)

    @precondition(lambda self: len(self.installation.processes) < 3)
    @rule()
    def a_process_is_started(self) -> None:
        self.installation.start()

    @rule(which=NUMBER)
    def a_process_is_killed(self, which: int) -> None:
        for process in self.chosen(self.installation.processes, which):
            self.installation.kill(process)

    @rule(which=NUMBER)
    def a_process_ends(self, which: int) -> None:
        for process in self.chosen(self.installation.processes, which):
            self.installation.end(process)

    @rule(appends=st.integers(1, 6), when=st.sampled_from(("before", "after")))
    def a_process_is_killed_at_an_append(self, appends: int, when: str) -> None:
        def kill() -> None:
            raise Killed

        self.at_an_append(when, appends, kill)

    @rule(appends=st.integers(1, 6), meanwhile=MEANWHILE)
    def something_happens_between_a_decision_and_its_append(self, appends: int, meanwhile: str) -> None:
        self.at_an_append("before", appends, lambda: self.happens(meanwhile))

    def at_an_append(self, when: str, appends: int, action: Callable[[], object]) -> None:
        """Let something happen at one of the appends of ordinary life."""
        self.the_scraper_runs_again(0)
        self.installation.add_papers(1)
        countdown, process = iter(range(appends - 1, -1, -1)), self.one

        def fate(moment: str, _: object) -> None:
            if moment == when and not next(countdown, 1):
                process.log.fate = lambda *_: None
                self.audit.raced = True
                action()

        process.log.fate = fate
        self.do(0, Process.conduct)
        self.installation.pass_time(self.clock.now() + 30 * MINUTE, 10 * MINUTE)
        process.log.fate = lambda *_: None

    @rule(meanwhile=MEANWHILE, new=st.booleans())
    def something_happens_during_an_attempt(self, meanwhile: str, new: bool) -> None:
        """While the next paper is downloaded, or a new one is located."""

        def happen(_: str) -> None:
            self.installation.web.before = lambda _: None
            self.happens(meanwhile)

        self.the_scraper_runs_again(0)
        self.installation.web.before = happen
        self.installation.add_papers(2 if new else 0)
        self.do(0, Process.conduct)
        self.installation.pass_time(self.clock.now() + 40 * MINUTE, 10 * MINUTE)

    def happens(self, meanwhile: str) -> None:
        """Something that somebody else does."""
        name = next(iter(self.running()), None)
        match meanwhile:
            case "revoke":
                self.do(0, lambda process: process.running_jobs.revoke_all(JobFilter(), PERSON))
            case "exclude" if name:
                self.do(0, lambda process: tell(process, name, paper_commands.Exclude(reason="not in scope")))
            case "kill":
                raise Killed
            case "take over":
                self.another_takes_over()
            case "stop file":
                self.somebody_makes_the_stop_file()
            case "hour over":
                self.clock.advance(HOUR)
                self.installation.conduct()
            case "back":
                self.clock.advance(-2 * HOUR)
            case "process" if name:
                self.do(1, lambda process: process.processing.process(name, PERSON))
            case "conduct" | "process" | "exclude":
                self.installation.conduct()
            case action:
                self.do(1, lambda process: process.use(Action(action)))

    def another_takes_over(self) -> None:
        """Whoever works stands still for a minute; somebody else takes their papers back, and goes on."""
        frozen = tuple(self.installation.processes)
        for process in frozen:
            self.installation.freeze(process)
        self.clock.advance(MINUTE)
        other = self.installation.start()
        other.conduct()
        for process in frozen:
            self.installation.thaw(process)

    # What the rules are made of.

    def do(self, which: int, action: Callable[[Process], object]) -> None:
        """Somebody asks one of the processes for something; it may be refused, or the process may be killed at it."""
        process = self.chosen(self.installation.processes, which)[0] if self.installation.processes else self.one
        with suppress(CommandRefused):
            self.installation.mortal(process, lambda: action(process))

    def chosen(self, among: Any, number: int) -> list[Any]:
        """One of them, if there are any."""
        return [among[number % len(among)]] if among else []

    def jobs(self) -> list[JobRow]:
        """The newest jobs, open and ended ones."""
        return [*self.one.jobs.page(JobFilter(), limit=30)]

    def running(self) -> Iterator[str]:
        """The papers that are being worked on."""
        return (job.paper for job in self.one.jobs.open(JobFilter(statuses=(JobStatus.RUNNING,))))

    @property
    def one(self) -> Process:
        """Any process; a new one where there is none."""
        return self.installation.processes[0] if self.installation.processes else self.installation.start()

    def nothing_is_overdue(self) -> None:
        """Where a leader has just made its pass, no job waits whose hour is over."""
        now = self.clock.now()
        if any(one.conducting.leads and one.conducting.passed_at == now for one in self.installation.processes):
            self.audit.go_on()
            assert all(self.audit.hours[str(job.hour)].end > now for job in self.audit.waiting())

    # What always holds.

    @invariant()
    def the_read_models_are_the_log(self) -> None:
        self.audit.compare(self.database)
        self.audit.raced = False

    @invariant()
    def nothing_failed(self) -> None:
        for process in self.installation.processes:
            assert not process.faults
            assert not process.timetable.faults

    def teardown(self) -> None:
        try:
            self.installation.web.before = lambda _: None
            self.comes_to_rest()
            is_sound(self.database)
            self.goes_on()
        finally:
            self.stack.close()

    def comes_to_rest(self) -> None:
        """With the scraper off, nothing is in transit after some seconds, and no file lies about."""
        process = self.installation.start()
        for one in self.installation.processes:
            one.log.fate = lambda *_: None
        self.do(-1, lambda process: process.use(Action.STOP))
        for _ in range(3):
            self.clock.advance(timedelta(seconds=21))
            self.installation.conduct()
        self.the_read_models_are_the_log()
        assert not self.audit.in_transit()
        stored = {state.file.path for state in self.audit.papers.values() if state.file}
        assert stored == set(self.installation.library.files())
        assert not self.installation.library.unsettled()
        assert process.controlling.status() in {ScraperStatus.STOPPED, ScraperStatus.EMERGENCY_STOPPED}

    def goes_on(self) -> None:
        """Whatever happened: started again, the installation downloads what waits."""
        process = self.one
        for action in (Action.RESET, Action.START):
            self.do(0, lambda process, action=action: process.use(action))
        for module in MODULES:
            process.toggle(module, enabled=True)
        process.change(ChangeWeights(weights=EVEN))
        process.change(ChangeVolume(volume=24 * 6))
        self.installation.add_papers(1, located=True)
        begun = len(self.audit.jobs)
        for _ in range(AT_MOST):
            self.installation.conduct()
            self.installation.pass_time(self.clock.now() + HOUR, 20 * MINUTE)
            self.the_read_models_are_the_log()
            self.nothing_failed()
            if any(job.hour and job.started_at for job in self.audit.jobs[begun:]):
                return
        pytest.fail("nothing is planned any more")


def tell(process: Process, name: str, command: paper_commands.Command) -> None:
    """Somebody's command on a paper."""
    order(process.log, paper.DECIDER, paper.stream_of(name), (command,), PERSON, command.NAME)


@pytest.mark.case("T07")
@pytest.mark.case("T08")
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_happens_nothing_is_stranded_lost_or_done_twice(databases: Databases, kind: str) -> None:
    steps = settings(fewer(2 if kind == "sqlite" else 25), stateful_step_count=40)
    run_state_machine_as_test(lambda: InstallationMachine(databases, kind), settings=steps)
