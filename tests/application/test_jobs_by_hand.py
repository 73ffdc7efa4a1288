"""Running a job now, and what refuses to."""

import pytest
from attrs import evolve

from application.controlling import EmergencyStopped, ModuleOff, stop_order
from application.handling import Actor
from application.job_wording import counted, why
from application.queries import JobFilter, JobStatus
from domain import refusals
from domain.errors import CommandRefused, DoesNotExist, NotAllowed
from domain.scraper import Action, ScraperStatus
from infrastructure.database import Database, DatabaseBusy
from tests.application.plans import ANA, HOUR, Plans


@pytest.fixture
def plans(sqlite: Database) -> Plans:
    return Plans(sqlite)


def refused(plans: Plans) -> list[str]:
    """The commands that were refused."""
    return [one.event.command for one in plans.log.stream(refusals.STREAM)]  # type: ignore[attr-defined]


def test_a_planned_job_runs_now_while_the_scraper_rests(plans: Plans) -> None:
    (job,) = plans.planned(1)
    plans.use(Action.PAUSE)
    plans.running_jobs.run_now(job.id, ANA)
    assert plans.downloaded == [job.paper]


@pytest.mark.parametrize(
    ("action", "error"),
    [(Action.STOP, NotAllowed), (Action.EMERGENCY_STOP, EmergencyStopped)],
)
def test_what_may_not_run_is_refused_and_on_record(plans: Plans, action: Action, error: type[CommandRefused]) -> None:
    (job,) = plans.planned(1)
    plans.use(action)
    with pytest.raises(error):
        plans.running_jobs.check(job.id, ANA)
    with pytest.raises(error):
        plans.running_jobs.run_now(job.id, ANA)
    assert refused(plans) == ["run job", "run job"]
    assert plans.downloaded == []


def test_a_job_of_a_module_that_is_off_does_not_run(plans: Plans) -> None:
    (job,) = plans.planned(1)
    plans.scheduling.toggle("download", False, ANA)
    with pytest.raises(ModuleOff):
        plans.running_jobs.run_now(job.id, ANA)
    assert plans.downloaded == []


def test_a_job_that_is_none_is_told(plans: Plans) -> None:
    with pytest.raises(DoesNotExist):
        plans.running_jobs.check(99, ANA)


def test_why_a_job_ended_is_told_in_words(plans: Plans) -> None:
    first, second, third = plans.planned(3)
    assert why(first) == ""
    plans.running_jobs.revoke(first.id, ANA)
    plans.use(Action.STOP)
    revoked, stopped = plans.jobs.find(first.id), plans.jobs.find(second.id)
    assert revoked is not None
    assert stopped is not None
    assert why(revoked) == "Its job was revoked."
    assert why(stopped) == "The scraper was stopped."
    assert why(evolve(third, reason="forbidden")) == "The site refused the request."
    assert why(evolve(third, reason="exclude")) == "Exclude."


def test_jobs_are_counted_in_words(plans: Plans) -> None:
    plans.planned(3)
    assert counted(plans.jobs.by_status(JobFilter(module="download"))) == "3 planned"
    assert counted({JobStatus.FAILED: 1200, JobStatus.PLANNED: 2}) == "2 planned and 1\u202f200 failed"
    assert counted({}) == "none"


def test_an_emergency_stop_holds_while_the_database_does_not_answer(
    plans: Plans, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans.planned(2)

    def busy(*_: object) -> None:
        raise DatabaseBusy("The database is busy.")

    with monkeypatch.context() as patch:
        patch.setattr(plans.log, "append", busy)
        effect = plans.controlling.use(Action.EMERGENCY_STOP, "fire", ANA)
        assert (effect.status, effect.reverted, effect.told) == (ScraperStatus.EMERGENCY_STOPPED, 0, False)
    assert plans.controlling.status() is ScraperStatus.EMERGENCY_STOPPED
    assert plans.controlling.record_emergency() == 2
    assert plans.controlling.record_emergency() == 0


def test_a_stop_order_can_be_kept_whatever_it_says() -> None:
    order = stop_order("a\0b\ud800", Actor(name="ana\udcff", is_person=True), HOUR)
    assert (order.reason, order.actor) == ("ab?", "ana?")
    assert order.key != stop_order("", ANA, HOUR).key
