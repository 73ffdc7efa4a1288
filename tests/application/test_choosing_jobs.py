"""Which jobs somebody means."""

from datetime import timedelta

import pytest

from application.choosing_jobs import Choice
from application.queries import JobFilter, JobStatus
from domain.errors import DoesNotExist, InvalidValue
from domain.hour import stream_of
from infrastructure.database import Database
from tests.application.plans import HOUR, Plans


@pytest.fixture
def plans(sqlite: Database) -> Plans:
    return Plans(sqlite)


def test_nothing_means_every_job(plans: Plans) -> None:
    assert plans.choosing.filter(Choice()) == JobFilter()
    assert Choice().is_empty
    assert not Choice(by_hand=False).is_empty
    assert not Choice(statuses=("planned",)).is_empty


def test_names_are_found(plans: Plans) -> None:
    job = plans.planned(2)[0]
    choice = Choice(
        statuses=("planned,running", "planned"),
        paper=f"https://doi.org/{job.doi}",
        module="download",
        host=" Repository.Example ",
        hour="now",
    )
    which = plans.choosing.filter(choice)
    assert which == JobFilter(
        statuses=(JobStatus.PLANNED, JobStatus.RUNNING),
        paper=job.paper,
        module="download",
        host="repository.example",
        hour=job.hour,
    )
    assert [found.id for found in plans.jobs.open(which)] == [job.id]


@pytest.mark.parametrize(
    "name",
    ["2027-01-02T13:00Z", "2027-01-02T14:00+01:00", "hour-2027-01-02T13:00Z", "2027-01-02 13:00:00+00:00"],
)
def test_an_hour_is_named_by_its_start_in_any_zone(plans: Plans, name: str) -> None:
    assert plans.choosing.filter(Choice(hour=name)).hour == stream_of(HOUR)


@pytest.mark.parametrize("name", ["yesterday", "2027-01-02T13:00", "14", "0001-01-01T00:00+23:00", "now "])
def test_an_hour_that_is_none_is_refused(plans: Plans, name: str) -> None:
    with pytest.raises(InvalidValue):
        plans.choosing.filter(Choice(hour=name))


def test_the_hour_that_runs_must_be_planned(plans: Plans) -> None:
    plans.planned(1)
    plans.clock.advance(timedelta(hours=1))
    with pytest.raises(DoesNotExist):
        plans.choosing.filter(Choice(hour="now"))


@pytest.mark.parametrize("choice", [Choice(paper="nobody"), Choice(collection="nothing")])
def test_what_does_not_exist_is_told(plans: Plans, choice: Choice) -> None:
    with pytest.raises(DoesNotExist):
        plans.choosing.filter(choice)


@pytest.mark.parametrize("choice", [Choice(statuses=("lost",)), Choice(module="fly")])
def test_what_cannot_be_is_refused(plans: Plans, choice: Choice) -> None:
    with pytest.raises(InvalidValue):
        plans.choosing.filter(choice)
