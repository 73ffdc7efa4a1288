"""Jobs: they run at their moment if they may still, at once when a person wants it, and never once they are revoked."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from attrs import evolve

from application.controlling import EmergencyStopped
from application.queries import JobFilter, JobStatus
from application.reverting import BATCH
from domain.errors import CommandRefused, DoesNotExist, NotAllowed
from domain.paper_commands import Queue, Revert
from domain.paper_events import Downloaded, ProcessingStarted
from domain.pipeline import Status
from domain.refusals import Refused
from domain.schedule import ChangeVolume
from domain.scraper import Action
from infrastructure.database import Database
from infrastructure.stop_file import NAME
from tests.application.schedules import AN_HOUR, HOUR, MINUTE, Yard, yard_on
from tests.contract.making import at_once
from tests.simulation.installation import PERSON, Killed


class TestRunning:
    def test_a_job_is_run_at_its_moment(self, any_yard: Yard) -> None:
        any_yard.plan()
        job = any_yard.planned()[0]
        assert any_yard.run(job) is Status.DONE
        ended = any_yard.process.jobs.find(job.id)
        assert ended is not None
        assert (ended.status, ended.outcome, ended.started_at) == (JobStatus.FINISHED, "done", job.due)

    @pytest.mark.parametrize(
        "hinder",
        [
            lambda yard, job: yard.process.running_jobs.revoke(job, PERSON),
            lambda yard, _: yard.process.use(Action.PAUSE),
            lambda yard, _: yard.process.use(Action.STOP),
            lambda yard, _: yard.process.use(Action.EMERGENCY_STOP),
            lambda yard, _: (yard.installation.folder / NAME).touch(),
            lambda yard, _: yard.process.toggle("download", enabled=False),
            lambda yard, _: yard.advance(HOUR),
        ],
        ids=["revoked", "paused", "stopped", "emergency", "stop file", "module off", "hour over"],
    )
    def test_a_job_that_may_run_no_more_does_not(self, yard: Yard, hinder: Callable[[Yard, int], object]) -> None:
        yard.plan()
        job = yard.planned()[0].id
        hinder(yard, job)
        assert yard.process.running_jobs.run(job) is None
        assert yard.installation.web.asked == []
        assert not [one for one in yard.happened(ProcessingStarted) if one.module == "download"]  # type: ignore[attr-defined]

    def test_nothing_begins_in_a_process_that_is_about_to_end(self, yard: Yard) -> None:
        """It would be broken off at once, and its hour be the poorer for it."""
        yard.plan()
        job = yard.planned()[0]
        ending = evolve(yard.process.running_jobs, stop=lambda: True)
        assert ending.run(job.id) is None
        assert yard.planned()[0] == job
        assert yard.process.running_jobs.run(job.id) is Status.DONE

    def test_a_module_that_is_switched_on_again_lets_its_jobs_run_late(self, yard: Yard) -> None:
        yard.plan()
        yard.process.toggle("download", enabled=False)
        job = yard.planned()[0]
        assert yard.run(job) is None
        yard.process.toggle("download", enabled=True)
        assert yard.process.running_jobs.run(job.id) is Status.DONE

    @pytest.mark.parametrize("job", [0, -1, 1, 999_999, 2**63])
    def test_what_is_no_job_is_not_run(self, yard: Yard, job: int) -> None:
        assert yard.process.running_jobs.run(job) is None

    def test_a_job_runs_once_whoever_calls_it(self, yard: Yard) -> None:
        yard.plan()
        job = yard.planned()[0]
        other = yard.installation.start()
        again: list[Status | None] = []
        yard.meanwhile(lambda: again.append(other.running_jobs.run(job.id)))
        assert yard.run(job) is Status.DONE
        again += [yard.process.running_jobs.run(job.id), other.running_jobs.run(job.id)]
        assert again == [None] * 3
        assert len(yard.happened(Downloaded)) == 1

    @pytest.mark.parametrize("seconds", [-1, 1, 3600])
    def test_a_job_whose_paper_was_planned_for_another_moment_meanwhile_is_refused(
        self, yard: Yard, seconds: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        yard.plan()
        job = yard.planned()[0]
        assert job.due is not None
        due = datetime.fromtimestamp(job.due.timestamp() + seconds, job.due.tzinfo)
        yard.tell(job.paper, Revert(why="revoked"))
        yard.tell(job.paper, Queue(module="download", due=due, hour=job.hour))
        monkeypatch.setattr(yard.process.jobs, "find", lambda _: job)  # as it was a moment before
        assert yard.run(job) is None
        assert yard.paper(job.paper).status is Status.PENDING

    def test_its_moment_is_compared_to_the_microsecond_whatever_its_zone(self, yard: Yard) -> None:
        yard.plan()
        job = yard.planned()[0]
        assert job.due is not None
        shown = evolve(job, due=job.due.astimezone())
        assert yard.process.running_jobs.download(shown.paper, due=shown.due) is Status.DONE


class TestRunningNow:
    @pytest.mark.parametrize("action", [None, Action.PAUSE])
    def test_a_person_runs_a_planned_job_whatever_the_switch_says(self, yard: Yard, action: Action | None) -> None:
        yard.plan()
        job = yard.planned()[-1]
        if action:
            yard.process.use(action)
        assert yard.process.running_jobs.check(job.id, PERSON) == job
        assert yard.process.running_jobs.run_now(job.id, PERSON) is Status.DONE
        ended = yard.process.jobs.find(job.id)
        assert ended is not None
        assert (ended.by_hand, ended.due, ended.status) == (True, job.due, JobStatus.FINISHED)
        assert yard.process.running_jobs.run(job.id) is None

    def test_counts_as_the_job_of_its_hour(self, yard: Yard) -> None:
        yard.plan()
        yard.process.running_jobs.run_now(yard.planned()[0].id, PERSON)
        assert yard.plan() == 0

    def test_is_refused_in_an_emergency_and_the_refusal_is_recorded(self, yard: Yard) -> None:
        yard.plan()
        job = yard.planned()[0]
        (yard.installation.folder / NAME).touch()
        with pytest.raises(EmergencyStopped):
            yard.process.running_jobs.run_now(job.id, PERSON)
        assert len(yard.happened(Refused)) == 1

    def test_is_refused_for_what_is_not_planned(self, yard: Yard) -> None:
        yard.plan()
        ended, running = yard.planned()[:2]
        yard.run(ended)
        refusals: list[CommandRefused] = []

        def try_it() -> None:
            with pytest.raises(NotAllowed) as refusal:
                yard.process.running_jobs.run_now(running.id, PERSON)
            refusals.append(refusal.value)

        yard.meanwhile(try_it)
        yard.run(running)
        with pytest.raises(NotAllowed, match="finished") as refusal:
            yard.process.running_jobs.run_now(ended.id, PERSON)
        assert "running" in refusals[0].message
        assert refusal.value.remedy
        with pytest.raises(DoesNotExist):
            yard.process.running_jobs.run_now(999_999, PERSON)


class TestRevoking:
    def test_a_planned_job_goes_and_never_runs(self, any_yard: Yard) -> None:
        any_yard.plan()
        job = any_yard.planned()[0]
        assert any_yard.process.running_jobs.revoke(job.id, PERSON)
        assert any_yard.run(job) is None
        revoked = any_yard.process.jobs.find(job.id)
        assert revoked is not None
        assert (revoked.status, revoked.outcome) == (JobStatus.REVOKED, "located")
        assert any_yard.paper(job.paper).status is Status.LOCATED

    def test_a_running_job_ends_and_its_late_file_is_gone(self, any_yard: Yard) -> None:
        any_yard.plan()
        job = any_yard.planned()[0]
        any_yard.meanwhile(lambda: any_yard.process.running_jobs.revoke(job.id, PERSON))
        assert any_yard.run(job) is None
        assert any_yard.paper(job.paper).status is Status.LOCATED
        assert list(any_yard.installation.library.files()) == []
        assert any_yard.installation.library.unsettled() == ()
        assert any_yard.paper(job.paper).attempts == 1, "locating it"

    def test_a_job_that_ended_is_not_revoked(self, yard: Yard) -> None:
        yard.plan()
        job = yard.planned()[0]
        yard.run(job)
        with pytest.raises(NotAllowed, match="finished"):
            yard.process.running_jobs.revoke(job.id, PERSON)
        assert len(yard.happened(Refused)) == 1
        with pytest.raises(DoesNotExist):
            yard.process.running_jobs.revoke(999_999, PERSON)

    def test_a_job_that_ends_just_then_is_none_any_more(self, yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
        yard.plan()
        job = yard.planned()[0]
        yard.run(job)
        monkeypatch.setattr(yard.process.jobs, "find", lambda _: job)  # as it was a moment before
        assert not yard.process.running_jobs.revoke(job.id, PERSON)
        assert yard.paper(job.paper).status is Status.DONE

    @pytest.mark.parametrize(
        ("which", "count"),
        [
            (JobFilter(), AN_HOUR),
            (JobFilter(statuses=(JobStatus.PLANNED,)), AN_HOUR),
            (JobFilter(statuses=(JobStatus.RUNNING,)), 0),
            (JobFilter(host="host1.example"), 2),
            (JobFilter(module="locate"), 0),
            (JobFilter(paper="p000003"), 1),
        ],
    )
    def test_many_are_revoked_by_what_they_have_in_common(self, any_yard: Yard, which: JobFilter, count: int) -> None:
        any_yard.plan()
        assert any_yard.process.running_jobs.revoke_all(which, PERSON) == count
        assert len(any_yard.planned()) == AN_HOUR - count
        assert any_yard.process.running_jobs.revoke_all(which, PERSON) == 0

    @pytest.mark.case("I08")
    def test_several_people_who_revoke_overlapping_jobs_at_once_revoke_each_once(self, any_yard: Yard) -> None:
        any_yard.plan()
        processes = [any_yard.process, *(any_yard.installation.start() for _ in range(2))]
        which = (JobFilter(), JobFilter(host="host1.example"), JobFilter(statuses=(JobStatus.PLANNED,)))
        done = at_once(
            *(partial(one.running_jobs.revoke_all, asked, PERSON) for one, asked in zip(processes, which, strict=True))
        )
        assert sum(done) == AN_HOUR, done
        assert any_yard.whys() == ["revoked"] * AN_HOUR

    @pytest.mark.case("X18")
    @pytest.mark.parametrize(("moment", "left"), [("before", 0), ("after", BATCH)])
    def test_a_revocation_of_many_that_is_killed_can_be_repeated(
        self, sqlite: Database, tmp_path: Path, moment: str, left: int
    ) -> None:
        many = 2 * BATCH + 100
        yard = yard_on(sqlite, tmp_path, papers=many)
        yard.process.change(ChangeVolume(volume=24 * many))
        yard.plan()

        def fate(when: str, _: object) -> None:
            if when == moment:
                raise Killed

        yard.process.log.fate = fate
        with pytest.raises(Killed):
            yard.process.running_jobs.revoke_all(JobFilter(), PERSON)
        yard.process = yard.installation.restart(yard.process)
        assert len(yard.process.jobs.planned()) == many - left
        assert yard.process.running_jobs.revoke_all(JobFilter(), PERSON) == many - left
        assert yard.whys() == ["revoked"] * many

    def test_what_was_revoked_is_drawn_again_in_a_later_hour(self, yard: Yard) -> None:
        yard.plan()
        yard.process.running_jobs.revoke_all(JobFilter(), PERSON)
        yard.advance(MINUTE)
        assert yard.plan() == 0
        yard.advance(HOUR)
        assert yard.plan() == AN_HOUR


class TestAPaperInTransit:
    def test_is_taken_back_by_its_name(self, yard: Yard) -> None:
        yard.plan()
        name = yard.planned()[0].paper
        assert yard.process.running_jobs.revert_paper(name, PERSON)
        assert yard.paper(name).status is Status.LOCATED
        with pytest.raises(NotAllowed, match="not in transit"):
            yard.process.running_jobs.revert_paper(name, PERSON)
        assert len(yard.happened(Refused)) == 1
