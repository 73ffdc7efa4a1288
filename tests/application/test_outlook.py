"""How the scraper stands, and what the switch would do."""

from datetime import timedelta

import pytest
from attrs import evolve

from application.outlook import Outlook, outlook
from application.queries import JobFilter, JobStatus
from application.records import outlook_record
from domain.scraper import Action, ScraperStatus
from infrastructure.database import Database
from tests.application.plans import ANA, HOUR, Plans


@pytest.fixture
def plans(database: Database) -> Plans:
    return Plans(database)


def look(plans: Plans) -> Outlook:
    return outlook(plans.forecasting)


def test_the_first_outlook_is_of_a_scraper_that_nobody_started(plans: Plans) -> None:
    found = look(plans)
    assert (found.status, found.switched.at, found.switched.by) == (ScraperStatus.STOPPED, None, None)
    assert (found.hour, found.planned, found.running, found.pauses) == (None, 0, 0, False)
    assert found.preview.next_hour is not None
    assert found.preview.next_hour.hour.start == HOUR + timedelta(hours=1)
    assert list(found.effects) == [Action.START, Action.EMERGENCY_STOP]
    assert found.effects[Action.START] == "Begins with the next hour that the schedule takes papers in."


def test_it_tells_the_hour_that_runs_and_the_next(plans: Plans) -> None:
    jobs = plans.planned(12)
    plans.begin(jobs[0])
    found = look(plans)
    assert found.status is ScraperStatus.RUNNING
    assert (found.switched.by, found.switched.at) == (ANA.name, HOUR)
    assert found.hour is not None
    assert (found.hour.start, found.hour.quota) == (HOUR, 8)
    assert found.hour.jobs == {JobStatus.PLANNED: 7, JobStatus.RUNNING: 1}
    assert (found.planned, found.running) == (7, 1)
    assert found.preview.queue == 12
    assert found.preview.ends_at == HOUR + timedelta(hours=2)
    told = outlook_record(found)["hour"]
    assert told == {
        "hour": "hour-2027-01-02T13:00Z",
        "start": "2027-01-02T13:00:00+00:00",
        "end": "2027-01-02T14:00:00+00:00",
        "local": "2027-01-02T13:00:00+00:00",
        "timezone": "UTC",
        "quota": 8,
        "queued": 8,
        "jobs": {"planned": 7, "running": 1},
    }


def test_what_the_switch_would_do_is_what_it_does(plans: Plans) -> None:
    jobs = plans.planned(8)
    plans.begin(jobs[0])
    plans.begin(jobs[1], by_hand=True)
    effects = look(plans).effects
    assert list(effects) == [Action.PAUSE, Action.STOP, Action.EMERGENCY_STOP]
    assert effects[Action.PAUSE] == "The plan of the hour stays, with 6 papers; 1 paper in work goes back."
    assert effects[Action.STOP] == "Puts 6 planned papers and 1 in work back."
    assert effects[Action.EMERGENCY_STOP].endswith("also what you began by hand: 8 papers go back.")
    assert plans.use(Action.PAUSE) == 1
    effects = look(plans).effects
    assert list(effects) == [Action.RESUME, Action.STOP, Action.EMERGENCY_STOP]
    assert effects[Action.RESUME] == "Goes on with the plan of the hour, with 7 papers."
    assert plans.use(Action.STOP) == 7
    assert plans.use(Action.EMERGENCY_STOP) == 1


def test_starting_tells_how_many_it_plans_at_once(plans: Plans) -> None:
    plans.located(3)
    assert look(plans).effects[Action.START] == "Plans this hour at once, with 3 papers."
    plans.use(Action.START)
    assert plans.planning.plan(plans.clock.now()) == 3


def test_starting_promises_no_papers_of_which_no_copy_is_known(plans: Plans) -> None:
    plans.registered(8)
    assert look(plans).effects[Action.START] == (
        "Asks the sources for copies first; this hour then takes at most 8 papers of them."
    )
    plans.use(Action.START)
    assert plans.planning.plan(plans.clock.now()) == 0
    found = look(plans)
    assert found.hour is not None
    assert (found.hour.queued, found.reason) == (0, "no copy is known yet, the sources are asked first")


def test_starting_tells_what_may_follow(plans: Plans) -> None:
    plans.located(3)
    plans.registered(20)
    assert look(plans).effects[Action.START] == (
        "Plans this hour at once, with 3 papers. At most 5 more follow as copies are found."
    )


def test_an_hour_without_jobs_has_a_reason(plans: Plans) -> None:
    plans.use(Action.START)
    plans.planning.plan(plans.clock.now())
    assert look(plans).reason == "no paper waits"
    plans.registered(2)
    silent = evolve(plans.forecasting, rests=lambda: HOUR + timedelta(minutes=5))
    assert outlook(silent).reason == "nothing answers"
    plans.located(1)
    assert look(plans).reason == ""


def test_a_stop_file_stands_above_the_log(plans: Plans) -> None:
    plans.use(Action.START)
    plans.use(Action.EMERGENCY_STOP, "a complaint")
    assert plans.controlling.status() is ScraperStatus.EMERGENCY_STOPPED
    found = look(plans)
    assert (found.status, found.switched.reason) == (ScraperStatus.EMERGENCY_STOPPED, "a complaint")
    assert list(found.effects) == [Action.RESET]
    plans.use(Action.RESET)
    assert look(plans).status is ScraperStatus.STOPPED


@pytest.mark.case("T09")
@pytest.mark.parametrize("wanted", [{"weights": [0] * 24}, {"weights": [0] * 168}, {"volume": 0}])
def test_a_schedule_that_takes_nothing_is_said_to_pause_for_ever(plans: Plans, wanted: dict[str, object]) -> None:
    plans.located(3)
    plans.scheduling.change(wanted, ANA)
    told = outlook_record(look(plans))
    assert told["paused_by_schedule"] is True
    assert (told["next_hour"], told["done_at"]) == ("never", "never")
    assert "Paused by the schedule: its volume, or every weight, is 0." in told["basis"]  # type: ignore[operator]


def test_the_next_hour_of_a_week_may_be_days_away(plans: Plans) -> None:
    weights = [0] * 168
    weights[24 * 4 + 9] = 1  # Friday, 9:00; the clock shows a Saturday
    plans.scheduling.change({"weights": weights, "timezone": "Asia/Kathmandu"}, ANA)
    found = look(plans).preview.next_hour
    assert found is not None
    assert (found.hour.day.isoformat(), found.hour.hour, found.quota) == ("2027-01-08", 9, 200)


def test_jobs_are_counted_with_every_condition(plans: Plans) -> None:
    jobs = plans.planned(5)
    plans.begin(jobs[0], by_hand=True)
    count = plans.jobs.count
    assert count(JobFilter()) == 10  # five of them looked for copies
    assert count(JobFilter(module="download")) == 5
    assert count(JobFilter(statuses=(JobStatus.PLANNED,))) == 4
    assert count(JobFilter(by_hand=True)) == 1
    assert count(JobFilter(host="repository.example", paper=jobs[0].paper)) == 2
    assert count(JobFilter(host="elsewhere.example")) == 0
