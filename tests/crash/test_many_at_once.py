"""Commands on many papers that are killed between two of their appends, or given by two people at once."""

from datetime import timedelta
from signal import SIGKILL

import pytest

from application import planning, reverting
from application.handling import decided, load
from application.queries import JobFilter, JobStatus
from domain import hour, schedule
from domain import paper_events as happened
from domain.copies import Copy
from domain.identifiers import Identifier, Scheme
from domain.paper_commands import Register
from infrastructure.database import Database
from infrastructure.log.verify import verify_chain
from infrastructure.read_models.job_queries import SqlJobs
from infrastructure.read_models.rebuild import differences
from infrastructure.schema import READ_MODELS
from tests.contract.making import at_once, everything
from tests.crash.doing import NINE, VOLUME, WEIGHTS, done_by_another, log_of, plan, revoke_everything, save_schedule
from tests.crash.points import At
from tests.crash.town import LARGE
from tests.plans import ORIGIN, Yard

MANY, BATCH = (10_000, 500) if LARGE else (100, 40)
STREAM = hour.stream_of(NINE)
TURNS = 9 if LARGE else 1
"""Times that one command is killed: each gets one batch or two done."""
APPENDS = ("everything is written, nothing committed", "it is committed, nobody told")

pytestmark = pytest.mark.timeout(1200 if LARGE else 120)


@pytest.fixture(autouse=True)
def _batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many papers in an append, here as in the other process."""
    for module in (planning, reverting):
        monkeypatch.setattr(module, "BATCH", BATCH)


def located(database: Database) -> list[str]:
    """Papers that can be downloaded, and a schedule whose hours take them all."""
    log, papers = log_of(database), [f"p{number:06}" for number in range(MANY)]
    yard = Yard(log)
    yard.registered({name: Register(identifiers=(Identifier(Scheme.DOI, f"10.5555/{name}"),)) for name in papers})
    yard.located({name: Copy(url=f"https://{name}.example/1.pdf", source="a source") for name in papers})
    state, version = load(log, schedule.DECIDER, schedule.STREAM)
    weights = tuple(float(number == NINE.hour) for number in range(24))
    wanted = (schedule.ChangeVolume(volume=MANY), schedule.ChangeWeights(weights=weights))
    log.append([decided(schedule.DECIDER, schedule.STREAM, state, version, wanted)], ORIGIN)
    return papers


def jobs_of_the_hour(database: Database) -> int:
    """How many jobs the hour has."""
    found = SqlJobs(database).hour(STREAM)
    return found.queued if found else 0


def in_order(database: Database) -> None:
    assert verify_chain(database).faults == ()
    assert [differences(database, model) for model in READ_MODELS] == [()] * len(READ_MODELS)


@pytest.mark.case("X03")
@pytest.mark.parametrize("point", APPENDS)
def test_an_hour_whose_plan_was_broken_off_is_planned_to_its_end_and_no_further(database: Database, point: str) -> None:
    papers = located(database)
    turns = (1,) * (MANY // BATCH + 1) if LARGE and point == APPENDS[1] else (2,)
    codes = [done_by_another(database, "plan", BATCH, At(point=point, nth=nth)) for nth in turns]
    assert codes[0] == -SIGKILL
    assert 0 < jobs_of_the_hour(database) <= MANY
    plan(database)
    assert plan(database) == 0
    planned, queued = [], []
    for record in everything(log_of(database)):
        if isinstance(record.event, hour.Planned):
            planned.append(record.event)
        elif isinstance(record.event, happened.Queued):
            queued.append(record)
    assert [(one.quota, one.count) for one in planned] == [(MANY, MANY)], "planned once"
    assert sorted(record.stream.removeprefix("paper-") for record in queued) == papers, "each once"
    assert all(NINE <= record.event.due < NINE + timedelta(hours=1) for record in queued)  # type: ignore[attr-defined]
    assert jobs_of_the_hour(database) == MANY
    in_order(database)


@pytest.mark.case("X17")
@pytest.mark.parametrize("point", ["the events are written, not the tables", *APPENDS])
def test_a_schedule_that_is_saved_is_saved_as_a_whole_or_not_at_all(database: Database, point: str) -> None:
    assert done_by_another(database, "save the schedule", BATCH, At(point=point)) == -SIGKILL
    state, version = load(log_of(database), schedule.DECIDER, schedule.STREAM)
    saved = point == APPENDS[1]
    assert (state.weights, state.volume) == ((WEIGHTS, VOLUME) if saved else ((1.0,) * 24, 200))
    save_schedule(database)
    state, again = load(log_of(database), schedule.DECIDER, schedule.STREAM)
    assert (state.weights, state.volume, again) == (WEIGHTS, VOLUME, 2), "the same once more changes nothing"
    assert version == (2 if saved else 0)
    in_order(database)


@pytest.mark.case("X18")
@pytest.mark.parametrize("point", ["papers went back", *APPENDS])
def test_revoking_everything_goes_on_where_it_was_killed(database: Database, point: str) -> None:
    located(database)
    assert plan(database) == MANY
    codes = [done_by_another(database, "revoke everything", BATCH, At(point=point, nth=2)) for _ in range(TURNS)]
    assert set(codes) == {-SIGKILL}
    jobs = SqlJobs(database)
    left = jobs.by_status(JobFilter(module="download")).get(JobStatus.PLANNED, 0)
    assert left < MANY
    assert revoke_everything(database) == left
    assert jobs.by_status(JobFilter(module="download")) == {JobStatus.REVOKED: MANY}
    reverted = [one for one in everything(log_of(database)) if isinstance(one.event, happened.Reverted)]
    assert len(reverted) == len({one.stream for one in reverted}) == MANY, "each once"
    in_order(database)


@pytest.mark.case("I08")
def test_two_people_who_revoke_overlapping_sets_at_once_revoke_each_job_once(database: Database) -> None:
    located(database)
    plan(database)
    outcomes = at_once(*[lambda: revoke_everything(database)] * 3)
    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    assert sum(outcomes) == MANY, "each is told what they did"
    assert SqlJobs(database).by_status(JobFilter(module="download")) == {JobStatus.REVOKED: MANY}
    in_order(database)
