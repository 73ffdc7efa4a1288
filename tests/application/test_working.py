"""Working: what is taken up in which order, what is waited for, and what ends it."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import define, evolve, field

from application.controlling import switch
from application.handling import execute
from application.ports.event_log import Origin, WrongVersion
from application.ports.library import LibraryFull
from application.reopening import Reopening
from application.working import PATIENCE, Done, EmergencyStopped, Working, keep_working
from domain import scraper
from domain.errors import CommandRefused
from domain.paper_commands import Defer, Exclude, RecordCopies, RecordFailure, RecordNoCopy, StartProcessing
from domain.paper_events import Reopened
from domain.pipeline import Status
from domain.scraper import Action
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from tests.application.desk import Desk, copy
from tests.contract.making import at_once

MINUTE = timedelta(minutes=1)
SECONDS = 10.0
"""How long a test waits for threads before it fails."""


@define
class Bench:
    """Papers in a database, and steps that do what the test says; `taken` are the steps in their order."""

    desk: Desk
    papers: SqlPapers
    steps: dict[str, Callable[[], object]] = field(factory=dict)
    taken: list[tuple[str, str]] = field(factory=list)
    stopped: bool = False
    hands: int = 1

    def working(self) -> Working:
        """The handler."""
        return Working(
            papers=self.papers,
            clock=self.desk.clock,
            reopening=Reopening(log=self.desk.log, papers=self.papers, clock=self.desk.clock),
            status=lambda: switch(self.desk.log).status,
            locate=self.locate,
            download=self.download,
            hands=self.hands,
            stop=lambda: self.stopped,
        )

    def work(self, patience: timedelta = timedelta(0)) -> list[Done | BaseException]:
        """Work to the end."""
        return list(self.working().work(patience))

    def locate(self, name: str) -> Status | None:
        """Find a copy on a host of the paper's own, unless the test says something else."""
        self._begin("locate", name)
        if "locate" not in self.steps:
            self.desk.do(name, RecordCopies(copies=(copy(f"https://{name}.example/1.pdf"),)))
        return self.desk.paper(name).status

    def download(self, name: str) -> Status | None:
        """Fail for good, unless the test says something else."""
        self._begin("download", name)
        if self.desk.paper(name).status is Status.PROCESSING:
            self.desk.do(name, RecordFailure(cause="not_found"))
        return self.desk.paper(name).status

    def _begin(self, module: str, name: str) -> None:
        self.taken.append((module, name))
        self.desk.do(name, StartProcessing(module=module, worker="us", attempt=f"{name}-{len(self.taken)}"))
        for told in (module, name):
            self.steps.get(told, lambda: None)()


@pytest.fixture
def bench(tmp_path: Path, sqlite: Database) -> Bench:
    desk = Desk(tmp_path / "library")
    desk.log = SqlEventLog(sqlite, desk.clock, READ_MODELS)
    return Bench(desk, SqlPapers(sqlite))


def use(bench: Bench, action: Action) -> None:
    origin = Origin(command="test", actor="the tests", correlation="switch")
    execute(bench.desk.log, scraper.DECIDER, scraper.STREAM, (scraper.Command(action=action),), origin)


def put_off(bench: Bench, name: str, pause: timedelta) -> None:
    bench.desk.do(
        name,
        StartProcessing(module="download", worker="us", attempt=f"{name}-0"),
        Defer(until=bench.desk.clock.now() + pause, cause="rate_limited"),
    )


def test_a_paper_goes_all_the_way(bench: Bench) -> None:
    name = bench.desk.register()
    steps = [(step.paper.status, step.status) for step in bench.work() if isinstance(step, Done)]
    assert steps == [(Status.NEW, Status.LOCATED), (Status.LOCATED, Status.FAILED)]
    assert bench.taken == [("locate", name), ("download", name)]


def test_what_is_nearest_to_its_end_comes_first_and_then_the_oldest(bench: Bench) -> None:
    first, second = bench.desk.register(), bench.desk.register()
    third = bench.desk.located(copy("https://c.example/1.pdf"))
    bench.work()
    assert bench.taken == [
        ("download", third),
        ("locate", first),
        ("download", first),
        ("locate", second),
        ("download", second),
    ]


def test_what_is_done_or_set_aside_is_left_alone(bench: Bench) -> None:
    bench.desk.do(bench.desk.register(), Exclude(reason="not in scope"))
    assert bench.work() == []


def test_a_host_is_asked_for_one_paper_at_a_time(bench: Bench) -> None:
    bench.hands = 4
    for number in range(4):
        bench.desk.located(copy(f"https://one.example/{number}.pdf"))
    other = bench.desk.located(copy("https://other.example/1.pdf"))
    running: set[str] = set()
    seen: list[int] = []
    reached = threading.Event()

    def watch(name: str) -> Status | None:
        running.add(name)
        seen.append(len(running - {other}))
        if name == other:
            reached.set()
        assert reached.wait(SECONDS)  # the other host is not kept waiting
        status = bench.download(name)
        running.discard(name)
        return status

    assert len(list(evolve(bench.working(), download=watch).work())) == 5
    assert set(seen) <= {0, 1}


def test_several_hands_work_at_once(bench: Bench) -> None:
    bench.hands = 3
    together = threading.Barrier(3)
    for number in range(3):
        bench.desk.located(copy(f"https://host{number}.example/1.pdf"))
    bench.steps = {"download": lambda: together.wait(SECONDS)}
    assert len(bench.work()) == 3


def test_a_paper_that_somebody_else_has_is_told_so(bench: Bench) -> None:
    name = bench.desk.register()

    def excluded() -> None:
        bench.desk.do(name, Exclude(reason="taken away"))

    bench.steps = {"locate": excluded}
    (step,) = bench.work()
    assert isinstance(step, Done)
    assert step.status is Status.EXCLUDED


@pytest.mark.parametrize(
    ("patience", "waited"), [(timedelta(0), False), (MINUTE / 2, False), (MINUTE, True), (2 * MINUTE, True)]
)
def test_what_is_due_within_patience_is_waited_for(bench: Bench, patience: timedelta, waited: bool) -> None:
    name = bench.desk.located(copy("https://a.example/1.pdf"))
    began = bench.desk.clock.now()
    put_off(bench, name, MINUTE)
    bench.work(patience)
    assert bench.taken == ([("download", name)] if waited else [])
    assert (bench.desk.clock.now() >= began + MINUTE) is waited


def test_what_remains_and_when_is_told(bench: Bench) -> None:
    names = [bench.desk.located(copy(f"https://host{number}.example/1.pdf")) for number in range(3)]
    for number, name in enumerate(names, 1):
        put_off(bench, name, number * MINUTE)
    began = bench.desk.clock.now()
    assert bench.work() == []
    remainder = bench.working().remainder()
    assert (remainder.waiting, remainder.next_due) == (3, began + MINUTE)


def test_nothing_remains_where_nothing_waits(bench: Bench) -> None:
    assert bench.working().remainder().next_due is None


@pytest.mark.parametrize("cause", ["unknown_doi", "no_open_copy"])
def test_an_unavailable_paper_is_asked_for_again_when_its_pause_is_over(bench: Bench, cause: str) -> None:
    name = bench.desk.register()
    bench.desk.do(
        name,
        StartProcessing(module="locate", worker="us", attempt="0"),
        RecordNoCopy(cause=cause, not_before=bench.desk.clock.now() + MINUTE),
    )
    assert bench.work() == []
    bench.desk.clock.advance(MINUTE)
    bench.work()
    assert bench.taken[0] == ("locate", name)
    assert bench.desk.events(name, Reopened) == [Reopened(to=Status.NEW, why="retry")]


def test_a_failed_paper_is_downloaded_again_when_its_pause_is_over(bench: Bench) -> None:
    name = bench.desk.located(copy("https://a.example/1.pdf"))
    bench.desk.do(
        name,
        StartProcessing(module="download", worker="us", attempt="0"),
        RecordFailure(cause="server_error", not_before=bench.desk.clock.now() + MINUTE),
    )
    bench.work(patience=MINUTE)
    assert bench.taken == [("download", name)]


def test_a_step_that_crashes_does_not_end_the_run(bench: Bench) -> None:
    first, second = (bench.desk.located(copy(f"https://host{number}.example/1.pdf")) for number in range(2))

    def crash() -> None:
        raise ZeroDivisionError

    bench.steps = {first: crash}
    steps = bench.work()
    assert isinstance(steps[0], ZeroDivisionError)
    assert isinstance(steps[1], Done)
    assert bench.taken == [("download", first), ("download", second)]


@pytest.mark.case("K01")
def test_a_full_disk_ends_the_run(bench: Bench) -> None:
    for number in range(5):
        bench.desk.located(copy(f"https://host{number}.example/1.pdf"))

    def full() -> None:
        raise LibraryFull("The disk is full.")

    bench.steps = {"download": full}
    with pytest.raises(LibraryFull):
        bench.work()
    assert len(bench.taken) < 5


def test_under_emergency_stop_nothing_is_done(bench: Bench) -> None:
    bench.desk.register()
    use(bench, Action.EMERGENCY_STOP)
    with pytest.raises(EmergencyStopped) as refusal:
        bench.work()
    assert "emergency stop" in refusal.value.message
    assert "scraper reset" in refusal.value.remedy
    assert bench.taken == []
    use(bench, Action.RESET)
    assert bench.work()


def test_an_emergency_stop_ends_a_run(bench: Bench) -> None:
    first, *_ = [bench.desk.register() for _ in range(3)]
    bench.steps = {first: lambda: use(bench, Action.EMERGENCY_STOP)}
    with pytest.raises(EmergencyStopped):
        bench.work()
    assert bench.taken == [("locate", first)]


@pytest.mark.parametrize("action", [None, Action.START])
def test_work_needs_no_running_scraper(bench: Bench, action: Action | None) -> None:
    if action:
        use(bench, action)
    bench.desk.register()
    assert bench.work()


def test_a_stop_ends_the_run_after_the_steps_that_are_under_way(bench: Bench) -> None:
    first, *_ = [bench.desk.register() for _ in range(3)]

    def stop() -> None:
        bench.stopped = True

    bench.steps = {first: stop}
    (step,) = bench.work()
    assert isinstance(step, Done)
    assert bench.taken == [("locate", first)]


def test_a_stop_ends_the_waiting(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    name = bench.desk.located(copy("https://a.example/1.pdf"))
    put_off(bench, name, 1000 * MINUTE)
    began = bench.desk.clock.now()
    original = bench.desk.clock.sleep

    def sleep(seconds: float) -> None:
        assert seconds <= PATIENCE
        original(seconds)
        bench.stopped = True

    monkeypatch.setattr(bench.desk.clock, "sleep", sleep)
    assert bench.work(2000 * MINUTE) == []
    assert bench.desk.clock.now() - began <= timedelta(seconds=PATIENCE)


@pytest.mark.case("I05")
def test_two_processes_share_the_papers(bench: Bench) -> None:
    names = {bench.desk.located(copy(f"https://host{number}.example/1.pdf")) for number in range(20)}
    left_to_others: list[str] = []

    def claimed(name: str) -> Status | None:
        try:
            return bench.download(name)
        except (CommandRefused, WrongVersion):
            left_to_others.append(name)
            return None

    working = evolve(bench.working(), download=claimed, hands=2)
    one, other = at_once(lambda: list(working.work()), lambda: list(working.work()))
    done = [step.paper.id for step in (*one, *other) if step.status is Status.FAILED]
    assert sorted(done) == sorted(names)
    assert len(one) + len(other) == len(names) + len(left_to_others)


def test_background_work_goes_on_after_faults_until_the_application_stops(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: list[BaseException] = []
    full, healthy = (bench.desk.located(copy(f"https://host{number}.example/1.pdf")) for number in range(2))

    def refuse() -> None:
        raise LibraryFull("The disk is full.")

    def stop() -> None:
        bench.stopped = True

    bench.steps = {full: refuse}
    pauses = iter((lambda: use(bench, Action.EMERGENCY_STOP), lambda: use(bench, Action.RESET), lambda: None, stop))
    monkeypatch.setattr(bench.desk.clock, "sleep", lambda _: next(pauses)())
    keep_working(bench.working(), 5.0, faults.append)
    assert [type(fault) for fault in faults] == [LibraryFull]
    assert bench.taken == [("download", full), ("download", healthy)]
    assert next(pauses, None) is None


def test_a_module_that_is_off_takes_nothing(bench: Bench) -> None:
    new, located = bench.desk.register(), bench.desk.located(copy("https://host.example/1.pdf"))
    working = evolve(bench.working(), runs=lambda module: module == "locate", stop=lambda: len(bench.taken) > 5)
    assert [step.paper.id for step in working.work() if isinstance(step, Done)] == [new]
    assert bench.desk.paper(located).status is Status.LOCATED


def test_a_paper_on_which_every_step_crashes_is_left_alone_in_this_run(bench: Bench) -> None:
    name = bench.desk.located(copy("https://host.example/1.pdf"))

    def crash(_: str) -> Status:
        bench.taken.append(("download", name))
        raise ZeroDivisionError

    steps = list(evolve(bench.working(), download=crash, stop=lambda: len(bench.taken) > 5).work())
    assert [type(step) for step in steps] == [ZeroDivisionError]
    assert bench.taken == [("download", name)]
