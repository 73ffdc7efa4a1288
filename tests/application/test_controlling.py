"""The switch: what it stops, what it spares, and the emergency stop in every state of log and file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from application.emergency import Emergency
from application.handling import Actor, order
from application.ports.stop_file import StopOrder
from application.queries import JobFilter, JobStatus
from domain import scraper
from domain.errors import CommandRefused, NotAllowed
from domain.paper_commands import Exclude
from domain.paper_events import Queued, Reverted
from domain.pipeline import Status
from domain.refusals import Refused
from domain.schedule import ChangeVolume
from domain.scraper import Action, Command, EmergencyStopped, Paused, Reset, ScraperStatus, Started
from infrastructure.database import DatabaseBusy
from infrastructure.stop_file import NAME, FolderStopFile, StopFileUnavailable
from tests.application.schedules import AN_HOUR, HOUR, MINUTE, NOON, Yard
from tests.contract.making import at_once
from tests.simulation.installation import PERSON, Killed
from tests.simulation.web import KINDS

PROGRAM = Actor(name="a program")
PAUSE = Command(action=Action.PAUSE)


def stop_file(yard: Yard) -> Path:
    """Where the stop file is, or would be."""
    return yard.installation.folder / NAME


def while_three_run(yard: Yard, action: Callable[[], object]) -> list[str]:
    """Do something while a job, one that a person runs, and a paper by hand are under way; returns the papers."""
    yard.plan()
    by_plan, by_hand = yard.planned()[:2]
    chosen = f"p{AN_HOUR:06}"
    yard.meanwhile(
        lambda: (
            yard.meanwhile(
                lambda: (yard.meanwhile(action), yard.process.processing.process(chosen, PERSON)),
            ),
            yard.process.running_jobs.run_now(by_hand.id, PERSON),
        )
    )
    yard.run(by_plan)
    return [by_plan.paper, by_hand.paper, chosen]


def cut_off(yard: Yard) -> None:
    """From now on the database is busy for every append."""

    def fate(moment: str, _: object) -> None:
        if moment == "before":
            raise DatabaseBusy("The database is busy.")

    yard.process.log.fate = fate


def reached_again(yard: Yard) -> None:
    """The database answers again."""
    yard.process.log.fate = lambda *_: None


class TestSweeping:
    @pytest.mark.parametrize(
        ("action", "ends"),
        [
            (Action.PAUSE, ["pending", "done", "done"]),
            (Action.STOP, ["located", "done", "done"]),
            (Action.EMERGENCY_STOP, ["located", "located", "located"]),
        ],
    )
    def test_what_a_person_began_ends_only_in_an_emergency(self, yard: Yard, action: Action, ends: list[str]) -> None:
        papers = while_three_run(yard, lambda: yard.process.use(action))
        assert [str(yard.paper(name).status) for name in papers] == ends

    @pytest.mark.parametrize(
        ("action", "left"), [(Action.PAUSE, AN_HOUR), (Action.STOP, 0), (Action.EMERGENCY_STOP, 0)]
    )
    def test_the_plan_of_the_hour_outlasts_a_pause_only(self, any_yard: Yard, action: Action, left: int) -> None:
        any_yard.plan()
        effect = any_yard.process.controlling.use(action, "", PERSON)
        assert (len(any_yard.planned()), effect.reverted) == (left, AN_HOUR - left)
        assert effect.status is any_yard.process.controlling.status()

    def test_a_switch_that_stands_right_takes_nothing_back(self, yard: Yard) -> None:
        yard.plan()
        head = yard.process.log.head()
        assert yard.process.controlling.sweep(ScraperStatus.RUNNING) == 0
        assert yard.process.controlling.sweep(ScraperStatus.PAUSED) == 0
        assert yard.process.log.head() == head

    def test_what_was_planned_while_the_switch_was_used_is_taken_back_by_the_next_pass(self, yard: Yard) -> None:
        yard.process.use(Action.STOP)
        yard.plan()
        assert yard.process.controlling.sweep(ScraperStatus.STOPPED) == AN_HOUR
        assert yard.whys() == ["scraper stopped"] * AN_HOUR


class TestPausing:
    def test_a_job_that_runs_is_planned_again_for_its_moment_and_runs_late(self, any_yard: Yard) -> None:
        any_yard.plan()
        job = any_yard.planned()[0]
        any_yard.meanwhile(lambda: any_yard.process.use(Action.PAUSE))
        assert any_yard.run(job) is None, "its result comes too late"
        assert any_yard.installation.library.unsettled() == ()
        again = any_yard.planned()[0]
        assert (again.paper, again.due, again.hour) == (job.paper, job.due, job.hour)
        assert again.id != job.id
        assert [type(event) for event in any_yard.events(job.paper)[-2:]] == [Reverted, Queued]
        assert any_yard.process.running_jobs.run(again.id) is None, "it is paused"
        any_yard.advance(5 * MINUTE)
        any_yard.process.use(Action.RESUME)
        assert any_yard.process.running_jobs.run(again.id) is Status.DONE
        assert any_yard.paper(job.paper).attempts == 2, "locating, and one download"

    def test_a_job_that_is_planned_again_takes_no_more_of_the_hour(self, any_yard: Yard) -> None:
        any_yard.process.change(ChangeVolume(volume=24 * 2 * AN_HOUR))
        any_yard.plan()
        for job in any_yard.planned()[:-1]:
            any_yard.process.running_jobs.revoke(job.id, PERSON)
        before = any_yard.hour()
        any_yard.meanwhile(lambda: any_yard.process.use(Action.PAUSE))
        any_yard.run(any_yard.planned()[0])
        after = any_yard.hour()
        assert before
        assert after
        assert (before.queued, after.queued, after.anew) == (2 * AN_HOUR, 2 * AN_HOUR + 1, 1)
        assert evolve(after, quota=3 * AN_HOUR).room(NOON) == evolve(before, quota=3 * AN_HOUR).room(NOON) == AN_HOUR

    def test_a_job_that_sees_the_pause_before_the_sweep_is_planned_again_too(self, yard: Yard) -> None:
        first = KINDS.index("missing")
        for number in range(first):
            yard.tell(f"p{number:06}", Exclude(reason="not in scope"))
        leader = yard.installation.start()
        leader.conduct()
        job = yard.planned()[0]

        def pause() -> None:
            order(yard.process.log, scraper.DECIDER, scraper.STREAM, (PAUSE,), PERSON, "scraper pause")
            yard.process.conduct()  # it sees the switch, and leaves the sweep to the leader

        yard.meanwhile(pause)
        yard.advance((job.due or NOON) - NOON)
        for process in (leader, yard.process):
            process.conduct()
        yard.process.timetable.run(job.id)
        leader.conduct()
        again = yard.planned()[0]
        assert (again.paper, again.due, again.hour) == (job.paper, job.due, job.hour)
        assert yard.whys() == ["scraper paused"]

    def test_a_pause_over_the_end_of_the_hour_gives_its_jobs_back(self, yard: Yard) -> None:
        yard.plan()
        yard.process.use(Action.PAUSE)
        yard.advance(HOUR)
        yard.process.conduct()
        assert len(yard.jobs(JobStatus.LAPSED)) == AN_HOUR
        yard.process.use(Action.RESUME)
        yard.process.conduct()
        assert len(yard.planned()) == AN_HOUR


class TestUsing:
    def test_refused_actions_of_a_person_are_recorded_and_change_nothing(self, yard: Yard) -> None:
        with pytest.raises(NotAllowed):
            yard.process.controlling.use(Action.RESUME, "", PERSON)
        (refused,) = yard.happened(Refused)
        assert isinstance(refused, Refused)
        assert (refused.command, refused.subject) == ("scraper resume", "scraper")
        with pytest.raises(NotAllowed):
            yard.process.controlling.use(Action.RESUME, "", PROGRAM)
        assert len(yard.happened(Refused)) == 1

    def test_a_reason_is_kept(self, yard: Yard) -> None:
        yard.process.controlling.use(Action.PAUSE, "lunch", PERSON)
        assert yard.happened(Paused) == [Paused(reason="lunch")]

    def test_what_goes_back_belongs_to_the_click(self, yard: Yard) -> None:
        yard.plan()
        yard.process.use(Action.STOP)
        newest = yard.process.log.read(after=yard.process.log.head().position - AN_HOUR - 1)
        assert len({record.correlation for record in newest}) == 1
        assert {record.actor for record in newest} == {PERSON.name}


class TestEmergency:
    def test_is_told_by_file_and_log_and_holds_over_restarts(self, any_yard: Yard) -> None:
        effect = any_yard.process.controlling.use(Action.EMERGENCY_STOP, "smoke", PERSON)
        assert effect.status is ScraperStatus.EMERGENCY_STOPPED
        assert stop_file(any_yard).exists()
        assert any_yard.happened(EmergencyStopped) == [EmergencyStopped(reason="smoke")]
        process = any_yard.installation.restart(any_yard.process)
        process.conduct()
        assert process.controlling.status() is ScraperStatus.EMERGENCY_STOPPED
        with pytest.raises(NotAllowed):
            process.use(Action.START)

    def test_ordered_again_changes_nothing(self, yard: Yard) -> None:
        for reason in ("smoke", "fire"):
            yard.process.controlling.use(Action.EMERGENCY_STOP, reason, PERSON)
        assert yard.happened(EmergencyStopped) == [EmergencyStopped(reason="smoke")]
        assert yard.happened(Refused) == []

    @pytest.mark.case("B01")
    def test_holds_while_the_database_does_not_answer_and_is_told_once_when_it_does(self, any_yard: Yard) -> None:
        any_yard.plan()
        cut_off(any_yard)
        effect = any_yard.process.use(Action.EMERGENCY_STOP)
        assert (effect.status, effect.told) == (ScraperStatus.EMERGENCY_STOPPED, False)
        assert any_yard.process.controlling.status() is ScraperStatus.EMERGENCY_STOPPED
        assert any_yard.process.running_jobs.run(any_yard.planned()[0].id) is None
        any_yard.process.conduct()
        reached_again(any_yard)
        for _ in range(2):
            any_yard.process.conduct()
        assert len(any_yard.happened(EmergencyStopped)) == 1
        assert any_yard.whys() == ["emergency stop"] * AN_HOUR
        last = any_yard.process.log.read(after=any_yard.process.log.head().position - 1)[0]
        assert last.actor == PERSON.name, "it was a person's order"

    @pytest.mark.parametrize("log_says", [(), (Action.STOP,), (Action.PAUSE,)])
    def test_a_file_that_somebody_made_by_hand_holds_as_well(self, yard: Yard, log_says: tuple[Action, ...]) -> None:
        for action in log_says:
            yard.process.use(action)
        stop_file(yard).touch()
        assert yard.process.controlling.status() is ScraperStatus.EMERGENCY_STOPPED
        yard.process.conduct()
        (told,) = yard.happened(EmergencyStopped)
        assert told == EmergencyStopped(reason="the stop file was made")
        assert yard.process.log.stream("scraper")[-1].actor == "somebody"

    def test_a_file_that_is_made_again_after_a_reset_is_another_emergency(self, yard: Yard) -> None:
        for _ in range(2):
            stop_file(yard).touch()
            yard.process.conduct()
            yard.process.use(Action.RESET)
        assert len(yard.happened(EmergencyStopped)) == len(yard.happened(Reset)) == 2

    def test_is_recorded_once_whoever_sees_it_first(self, any_yard: Yard) -> None:
        any_yard.plan()
        others = [any_yard.installation.start() for _ in range(3)]
        stop_file(any_yard).touch()
        outcomes = at_once(*(one.controlling.record_emergency for one in (any_yard.process, *others)))
        assert sum(outcomes) == AN_HOUR, outcomes
        assert len(any_yard.happened(EmergencyStopped)) == 1
        assert len(any_yard.happened(Reverted)) == AN_HOUR

    def test_another_action_tells_it_first_and_is_refused(self, yard: Yard) -> None:
        stop_file(yard).touch()
        with pytest.raises(NotAllowed):
            yard.process.use(Action.PAUSE)
        assert len(yard.happened(EmergencyStopped)) == 1

    @pytest.mark.parametrize("at", ["a page", "the terminal"])
    def test_ordered_while_somebody_ends_an_earlier_one_holds(
        self, any_yard: Yard, monkeypatch: pytest.MonkeyPatch, at: str
    ) -> None:
        any_yard.process.use(Action.EMERGENCY_STOP)
        write = any_yard.process.stop_file.write

        def and_reset(order: StopOrder) -> None:
            write(order)  # the file is there: nothing is written
            monkeypatch.setattr(any_yard.process.stop_file, "write", write)
            any_yard.process.use(Action.RESET)

        monkeypatch.setattr(any_yard.process.stop_file, "write", and_reset)
        emergency = Emergency(
            stop_file=any_yard.process.stop_file,
            path=str(stop_file(any_yard)),
            clock=any_yard.clock,
            checks=(),
            controlling=lambda: any_yard.process.controlling,
        )
        if at == "the terminal":
            effect = emergency.stop("a reason", PERSON).effect
        else:
            effect = any_yard.process.use(Action.EMERGENCY_STOP)
        assert effect.status is any_yard.process.controlling.status() is ScraperStatus.EMERGENCY_STOPPED
        assert stop_file(any_yard).exists()
        kinds = [type(record.event) for record in any_yard.process.log.stream("scraper")]
        assert kinds == [Started, EmergencyStopped, Reset, EmergencyStopped]

    def test_holds_where_its_file_is_though_it_was_ended_from_another_folder(self, yard: Yard) -> None:
        yard.process.use(Action.EMERGENCY_STOP)
        folder = yard.installation.folder / "elsewhere"
        folder.mkdir()
        elsewhere = evolve(yard.process.controlling, stop_file=FolderStopFile(folder))
        elsewhere.use(Action.RESET, "", PERSON)
        for action in (Action.START, Action.PAUSE, Action.RESUME, Action.STOP):
            with pytest.raises(NotAllowed, match="emergency"):
                yard.process.use(action)
        assert elsewhere.status() is ScraperStatus.STOPPED
        yard.process.use(Action.RESET)
        assert yard.process.controlling.status() is ScraperStatus.STOPPED
        yard.process.use(Action.START)
        assert elsewhere.status() is ScraperStatus.RUNNING


class TestReset:
    def test_ends_the_emergency_and_leaves_the_scraper_stopped(self, yard: Yard) -> None:
        yard.process.use(Action.EMERGENCY_STOP)
        effect = yard.process.controlling.use(Action.RESET, "", PERSON)
        assert effect.status is yard.process.controlling.status() is ScraperStatus.STOPPED
        assert not stop_file(yard).exists()
        yard.process.use(Action.START)
        assert len(yard.happened(Started)) == 2

    def test_without_an_emergency_is_refused(self, yard: Yard) -> None:
        with pytest.raises(NotAllowed):
            yard.process.use(Action.RESET)

    def test_of_an_emergency_that_the_log_does_not_know_yet_tells_both(self, yard: Yard) -> None:
        stop_file(yard).touch()
        yard.process.use(Action.RESET)
        kinds = [type(record.event) for record in yard.process.log.stream("scraper")]
        assert kinds == [Started, EmergencyStopped, Reset]

    def test_keeps_the_file_while_the_database_does_not_answer(self, yard: Yard) -> None:
        stop_file(yard).touch()
        cut_off(yard)
        with pytest.raises(DatabaseBusy):
            yard.process.use(Action.RESET)
        assert stop_file(yard).exists()

    def test_is_not_told_where_the_file_cannot_be_removed(self, yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
        yard.process.use(Action.EMERGENCY_STOP)

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "unlink", refuse)
        with pytest.raises(StopFileUnavailable):
            yard.process.use(Action.RESET)
        assert yard.happened(Reset) == []

    def test_that_is_broken_off_between_file_and_log_can_be_repeated(self, yard: Yard) -> None:
        yard.process.use(Action.EMERGENCY_STOP)

        def fate(*_: object) -> None:
            raise Killed

        yard.process.log.fate = fate
        with pytest.raises(Killed):
            yard.process.use(Action.RESET)
        reached_again(yard)
        assert yard.process.controlling.status() is ScraperStatus.EMERGENCY_STOPPED, "the log says so still"
        yard.process.use(Action.RESET)
        assert yard.process.controlling.status() is ScraperStatus.STOPPED


def test_an_open_job_of_every_kind_is_gone_after_an_emergency(any_yard: Yard) -> None:
    while_three_run(any_yard, lambda: any_yard.process.use(Action.EMERGENCY_STOP))
    assert any_yard.process.jobs.open(JobFilter()) == []
    assert any_yard.installation.library.unsettled() == ()


def test_what_is_refused_has_a_remedy(yard: Yard) -> None:
    for action in (Action.RESUME, Action.RESET, Action.START):
        with pytest.raises(CommandRefused) as refusal:
            yard.process.use(action)
        assert refusal.value.remedy
