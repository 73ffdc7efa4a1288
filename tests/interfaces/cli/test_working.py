"""`work`: what it prints, and how it ends."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from application.locating import Locating
from infrastructure.http import travelling
from infrastructure.simulation.server import ScholarlyWeb
from infrastructure.simulation.world import World
from tests.crash.town import settings
from tests.interfaces.cli.conftest import Terminal

PAPERS = 6


@pytest.fixture
def web() -> Iterator[ScholarlyWeb]:
    """A web of good files."""
    with ScholarlyWeb(World.files_of(100_000, papers=PAPERS)) as web:
        yield web


@pytest.fixture
def beside(terminal: Terminal, web: ScholarlyWeb) -> Terminal:
    """A terminal beside the web, whose list was imported."""
    terminal.variables = settings(web, terminal.data)
    terminal("import", terminal.write("list.csv", web.world.csv()))
    return terminal


def test_every_paper_is_located_and_downloaded(beside: Terminal) -> None:
    told = beside.json("work")
    assert told["steps"] == {"located": PAPERS, "done": PAPERS}
    assert told["papers"] == {"done": PAPERS}
    assert (told["waiting"], told["next_due"]) == (0, None)
    papers = beside.lines("export", "--format", "jsonl")
    assert all((beside.data / "library" / paper["file"]["path"]).stat().st_size == 100_000 for paper in papers)
    assert beside.json("verify")["files"] == PAPERS


def test_people_read_it_in_words(beside: Terminal) -> None:
    shown = beside("work").stdout
    assert f"{PAPERS} located" in shown
    assert f"Papers: {PAPERS} done." in shown
    assert "nothing was due" in beside("work").stdout


def test_without_an_address_the_sources_that_need_one_are_left_out(beside: Terminal, web: ScholarlyWeb) -> None:
    del beside.variables["CONTACT_EMAIL"]
    assert "SCIPAPERLOADER_CONTACT_EMAIL" in beside("work", "--wait", "0").stderr
    assert web.requests("crossref")
    assert not web.requests("unpaywall")


def test_a_data_folder_without_papers_is_named(terminal: Terminal) -> None:
    assert f"No list was imported into the data folder {terminal.data} yet." in terminal("work", "--wait", "0").stdout


def test_what_waits_is_told_with_its_moment(beside: Terminal) -> None:
    refused = "http://10.0.0.1"  # an address that is not public, and not allowed
    beside.variables |= {f"{name}_URL": refused for name in ("UNPAYWALL", "CROSSREF", "ARXIV", "EUROPEPMC")}
    told = beside.json("work", "--wait", "0")
    assert told["papers"] == {"new": PAPERS}
    assert told["waiting"] == PAPERS
    assert told["next_due"]
    shown = beside("work", "--wait", "0").stdout
    assert f"{PAPERS} papers wait for a moment of their own, the next one for " in shown
    assert f"{PAPERS} papers: a source could not be asked." in shown


def test_a_step_that_crashes_ends_with_one_and_the_others_go_on(
    beside: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    locate, crashed = Locating.locate, list[str]()

    def crash_once(self: Locating, paper_id: str, **how: Any) -> object:
        if not crashed:
            crashed.append(paper_id)
            raise ZeroDivisionError
        return locate(self, paper_id, **how)

    monkeypatch.setattr(Locating, "locate", crash_once)
    result = beside("work", "--json", code=1)
    told = json.loads(result.stdout.splitlines()[-1])
    assert told["steps"]["crashed"] == 1
    assert told["papers"]["done"] >= PAPERS - 1


@pytest.mark.case("K01")
def test_a_full_disk_is_told_in_a_sentence(beside: Terminal) -> None:
    beside.variables["DISK_RESERVE_BYTES"] = str(10**18)
    said = beside.refusal("work")
    assert "bytes are free" in said
    assert "downloads go on by themselves" in said
    told = beside.json("status")["papers"]
    assert told["located"] + told["new"] == PAPERS
    assert told["processing"] == told["failed"] == 0
    beside.variables["DISK_RESERVE_BYTES"] = "0"
    assert beside.json("verify")["faults"] == []


@pytest.mark.case("G11")
def test_without_the_internet_it_stops_and_says_so(
    terminal: Terminal, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(travelling, "PAUSES", ())
    sources = ("UNPAYWALL", "CROSSREF", "ARXIV", "EUROPEPMC", "EUROPEPMC_FILES")
    terminal.variables |= {f"{name}_URL": f"http://127.0.0.1:{port}" for name in sources}
    terminal.variables |= {"ALLOWED_NETWORKS": "127.0.0.0/8", "LOCAL_GAP": "0", "CONTACT_EMAIL": "me@example.org"}
    terminal("import", terminal.write("list.csv", "DOI\n" + "".join(f"10.5555/{row}\n" for row in range(30))))
    out = terminal("work", "--wait", "0").stdout
    assert "Nothing answers" in out
    assert "internet connection" in out
    told = terminal.json("work", "--wait", "0")
    assert told["papers"] == {"new": 30}
    assert told["waiting"] < 15, "most of them were not put off"
    assert told["rests_until"]
