"""`process`, `retry`, `revert`, and `jobs run`: one chosen paper, beside a simulated web."""

from collections.abc import Iterator

import pytest

from application.handling import PROGRAM
from application.queries import PaperFilter
from domain.scraper import Action
from infrastructure.simulation.server import ScholarlyWeb
from infrastructure.simulation.world import World
from interfaces import bootstrap
from interfaces.settings import PREFIX, load
from tests.crash.town import settings
from tests.interfaces.cli.conftest import Terminal
from tests.interfaces.planned import HOUR


@pytest.fixture(scope="module")
def web() -> Iterator[ScholarlyWeb]:
    """A web of good files."""
    with ScholarlyWeb(World.files_of(50_000, papers=2)) as web:
        yield web


@pytest.fixture
def beside(terminal: Terminal, web: ScholarlyWeb) -> Terminal:
    """A terminal beside the web, whose list was imported."""
    terminal.variables = settings(web, terminal.data)
    terminal("import", terminal.write("list.csv", web.world.csv()))
    return terminal


def dois(terminal: Terminal) -> list[str]:
    """The papers' DOIs."""
    return [paper["doi"] for paper in terminal.json("papers")["papers"]]


def test_a_paper_is_located_and_downloaded_at_once(beside: Terminal) -> None:
    first, second = dois(beside)
    told = beside.json("process", first)
    assert (told["status"], told["cause"]) == ("done", None)
    assert "The file is in your library" in beside("process", second).stdout
    jobs = beside.json("jobs", "list")["jobs"]
    assert [(job["module"], job["status"], job["by_hand"], job["outcome"]) for job in jobs] == [
        ("download", "finished", True, "done"),
        ("locate", "finished", True, "located"),
    ] * 2
    assert beside.json("verify")["faults"] == []


def test_what_cannot_be_processed_is_refused(beside: Terminal) -> None:
    (first, _) = dois(beside)
    beside("process", first)
    assert "the paper is done" in beside.refusal("process", first)
    assert "does not exist" in beside.refusal("process", "10.9999/nothing")
    assert beside.lines("events", "--json")[-1]["data"]["command"] == "process"


def test_a_job_runs_now_and_its_outcome_is_told(beside: Terminal) -> None:
    variables = {f"{PREFIX}{name}": value for name, value in {**beside.variables, "DATA_DIR": str(beside.data)}.items()}
    found, origins = load(variables, beside.folder)
    with bootstrap.container(found, origins, {}) as container, container.at_work():
        for row in container.papers.page(PaperFilter()).papers:
            container.working.locate(row.id)
        container.controlling.use(Action.START, "", PROGRAM)
        container.planning.plan(HOUR)
    first, second = beside.json("jobs", "list", "--status", "planned")["jobs"]
    told = beside.json("jobs", "run", str(first["id"]))
    assert (told["status"], told["outcome"], told["by_hand"]) == ("finished", "done", True)
    shown = beside("jobs", "run", str(second["id"])).stdout
    assert shown == f"Job {second['id']}: finished, the paper is done.\n"
    assert "is finished" in beside.refusal("jobs", "run", str(second["id"]))


def test_a_paper_is_tried_again_and_taken_back(planned: Terminal) -> None:
    said = planned("revert", "10.5555/one").stdout
    assert said.startswith("First title: located.\n2 copies are known")
    assert "is not in transit" in planned.refusal("revert", "10.5555/one")
    assert planned.json("retry", "10.5555/one")["status"] == "new"
    assert "not possible" in planned.refusal("retry", "10.5555/one")
    for command in ("revert", "retry", "process"):
        assert "does not exist" in planned.refusal(command, "10.9999/nothing")
