"""How things stand, from the log alone."""

import pytest

from application.health import State
from domain.pipeline import DOWNLOAD, Status
from domain.schedule import ChangeTimezone
from domain.scraper import Action
from infrastructure.health import standing
from infrastructure.health.place import Place
from tests.infrastructure.health.ward import HOUR, NAMES, Ward

TABLES = ("papers", "jobs", "open_jobs", "hours", "transitions", "imports", "identifiers", "collections")


@pytest.fixture(params=[False, True], ids=["with tables", "without tables"])
def filled(request: pytest.FixtureRequest, ward: Ward) -> Ward:
    """An hour is planned, one job runs; with the tables that are made from the log, and without."""
    ward.use(Action.START)
    ward.toggle(DOWNLOAD.name, enabled=False)
    ward.yard.plan(ward.now, dict.fromkeys(NAMES, ward.now))
    ward.yard.begin("p0")
    if request.param:
        ward.alter(*(f"DROP TABLE {table}" for table in TABLES))
    return ward


def test_modules(filled: Ward) -> None:
    told = standing.switched(filled.place)
    assert told.value == "Locate is on and download is off."
    assert told.facts == {"locate": True, "download": False}


def test_papers(filled: Ward) -> None:
    told = standing.papers(filled.place)
    assert told.value == "2 pending and 1 processing."
    assert told.facts == dict.fromkeys([status.value for status in Status], 0) | {"pending": 2, "processing": 1}


def test_jobs(filled: Ward) -> None:
    told = standing.jobs(filled.place)
    assert told.facts == {"finished": 3, "planned": 2, "running": 1}
    assert told.value == "3 finished, 2 planned and 1 running."


def test_this_hour(filled: Ward) -> None:
    told = standing.this_hour(filled.place)
    assert told.value == "The hour until 1 Mar 2026, 13:00 UTC takes 8 papers; 3 jobs were planned for it."
    assert told.facts["planned"] == 3
    filled.clock.advance(HOUR)
    assert standing.this_hour(filled.place).value.endswith("takes 8 papers, and has no plan.")


def test_an_hour_of_another_zone(ward: Ward) -> None:
    ward.paint(ChangeTimezone(timezone="Asia/Kathmandu"))
    assert standing.this_hour(ward.place).value.startswith("The hour until 1 Mar 2026, 12:15 UTC takes")


def test_the_last_event(filled: Ward) -> None:
    told = standing.last(filled.place)
    assert told.value == "1 Mar 2026, 12:00 UTC: The download began."
    assert told.facts["position"] == filled.log.head().position
    assert told.facts["type"] == "paper.processing_started"


def test_an_empty_log(lite: Place) -> None:
    assert standing.papers(lite).value == standing.jobs(lite).value == "There are none."
    assert standing.last(lite).state is State.SKIPPED
