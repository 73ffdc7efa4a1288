"""`status`, `papers`, `paper`, `events`, `export`: what there is, for people and for programs."""

import csv
import io
import json
import re
import sqlite3
import time

import pytest
import rispy

from application.ports.processes import Role
from domain.pipeline import Status
from infrastructure.processes import FolderProcesses
from tests.interfaces.cli.conftest import Terminal

HOSTILE = 'DOI,Title\n10.5555/evil,"[red]x[/nonsense] \x1b]0;owned\x07=cmd()"\n'


def test_the_status_has_every_count(filled: Terminal) -> None:
    told = filled.json("status")
    assert set(told["papers"]) == {status.value for status in Status}
    assert told["papers"]["new"] == 2
    assert (told["scraper"], told["imports"]) == ("stopped", {"running": 0})
    assert told["position"] > 0
    shown = filled("status").stdout
    assert f"the log stands at {told['position']}." in shown
    assert re.search(r"^ +new +2$", shown, re.MULTILINE)


def test_the_status_tells_what_the_scraper_does_and_will_do(planned: Terminal) -> None:
    told = planned.json("status")
    assert told["scraper"] == told["schedule"]["status"] == "running"
    assert told["schedule"]["jobs"] == {"planned": 2, "running": 0}
    assert told["schedule"]["basis"]
    shown = planned("status").stdout
    assert "Jobs: 2 planned, 0 running." in shown
    assert re.search(r"^Next hour: .* \(UTC\), at most [89] papers\.$", shown, re.MULTILINE)
    assert re.search(r"^The switch was used .* by scipaperloader\.$", shown, re.MULTILINE)


def test_a_stop_file_made_by_hand_is_told(filled: Terminal) -> None:
    (filled.data / "emergency-stop").touch()
    assert filled.json("status")["scraper"] == "emergency-stopped"
    assert "The scraper is emergency-stopped;" in filled("status").stdout
    assert "by somebody: the stop file was made." in filled("status").stdout


def test_an_export_stands_among_the_tasks(filled: Terminal) -> None:
    filled("export", "--format", "jsonl")
    (task,) = filled.json("jobs", "list")["tasks"]
    assert (task["kind"], task["title"], task["status"]) == ("export", "papers.jsonl", "finished")
    assert (task["done"], task["whole"]) == (2, 2)


def test_the_status_says_where_nobody_works(planned: Terminal) -> None:
    assert planned.json("status")["server_here"] is False
    assert "No server runs on this data folder" in planned("status").stdout
    planned("scraper", "stop")
    assert "No server runs" not in planned("status").stdout, "nothing should happen then"
    with FolderProcesses(planned.data, "1.0").noted(Role.RUN, 5000):
        assert planned.json("status")["server_here"] is True


def test_the_status_of_a_fresh_installation(terminal: Terminal) -> None:
    assert terminal.json("status")["position"] == 0


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ((), ["10.5555/one", "10.5555/two"]),
        (("--status", "new"), ["10.5555/one", "10.5555/two"]),
        (("--status", "done", "--status", "failed"), []),
        (("--q", "second"), ["10.5555/two"]),
        (("--q", "https://doi.org/10.5555/ONE"), ["10.5555/one"]),
        (("--cause", "not_found"), []),
        (("--collection", "a REVIEW"), ["10.5555/one", "10.5555/two"]),
        (("--sort", "title", "--limit", "1"), ["10.5555/one"]),
    ],
)
def test_papers_are_listed_and_filtered(filled: Terminal, arguments: tuple[str, ...], found: list[str]) -> None:
    assert [paper["doi"] for paper in filled.json("papers", *arguments)["papers"]] == found
    assert all(doi in filled("papers", *arguments).stdout for doi in found)


def test_pages_follow_one_another(filled: Terminal) -> None:
    first = filled.json("papers", "--limit", "1")
    assert first["count"] == 2
    assert f"Next page: --after {first['after']}" in filled("papers", "--limit", "1").stdout
    second = filled.json("papers", "--limit", "1", "--after", first["after"])
    assert [page["papers"][0]["doi"] for page in (first, second)] == ["10.5555/one", "10.5555/two"]
    assert second["after"] is None


def test_a_cursor_that_is_none_is_refused(filled: Terminal) -> None:
    assert "cursor" in filled.refusal("papers", "--after", "nonsense")


def test_a_collection_is_found_however_its_letters_are_composed(filled: Terminal) -> None:
    filled("import", filled.write("list.csv", "DOI\n10.5555/three\n"), "--collection", "Re\u0301sume\u0301")
    for name in ("Re\u0301sume\u0301", "R\u00e9sum\u00c9"):
        assert [paper["doi"] for paper in filled.json("papers", "--collection", name)["papers"]] == ["10.5555/three"]


def test_a_collection_that_does_not_exist_is_refused(filled: Terminal) -> None:
    assert "does not exist" in filled.refusal("papers", "--collection", "Nothing")
    assert "does not exist" in filled.refusal("export", "--collection", "Nothing")


@pytest.mark.parametrize("name", ["10.5555/one", "https://doi.org/10.5555/ONE", "doi:10.5555/One"])
def test_a_paper_is_found_by_any_spelling_of_its_doi(filled: Terminal, name: str) -> None:
    told = filled.json("paper", name)
    assert (told["doi"], told["status"], told["title"]) == ("10.5555/one", "new", "First title")
    assert [event["type"] for event in told["events"]] == ["paper.registered"]
    shown = filled("paper", told["id"]).stdout
    assert "10.5555/one: new" in shown
    assert "Added from row 1 of an import" in shown


def test_a_paper_that_does_not_exist_is_told(filled: Terminal) -> None:
    assert "The paper “10.5555/none” does not exist." in filled.refusal("paper", "10.5555/none")
    assert "does not exist" in filled.refusal("events", "--paper", "10.5555/none")


def test_events_are_told_in_order(filled: Terminal) -> None:
    told = filled.lines("events", "--json")
    assert [event["position"] for event in told] == list(range(1, len(told) + 1))
    assert told[0].keys() >= {"position", "stream", "version", "type", "type_version", "data", "recorded_at", "actor"}
    assert [event["type"] for event in told] == [
        "collection.created",
        "import.started",
        "paper.registered",
        "paper.registered",
        "import.rows_recorded",
        "import.completed",
    ]
    assert filled.lines("events", "--json", "--after", "4") == told[4:]
    assert [one["stream"] for one in filled.lines("events", "--json", "--paper", "10.5555/two")] == [told[3]["stream"]]
    assert "Import of “list.csv” into “A review” began: 3 rows" in filled("events").stdout


def test_events_are_followed_until_the_end(filled: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    other = filled.write("other.csv", "DOI\n10.5555/three\n")
    naps: list[float] = []

    def nap(_: object, seconds: float) -> None:
        naps.append(seconds)
        if len(naps) > 1:
            raise KeyboardInterrupt
        filled("import", other)

    monkeypatch.setattr("infrastructure.clock.SystemClock.sleep", nap)
    shown = filled("events", "--follow", "--after", "6", "--json", code=1).stdout
    types = [json.loads(line)["type"] for line in shown.splitlines()]
    assert types[1:] == ["import.started", "paper.registered", "import.rows_recorded", "import.completed"]


def test_papers_are_exported_as_json_lines(filled: Terminal) -> None:
    one, two = filled.lines("export", "--format", "jsonl", "--collection", "A review")
    keys = {"id", "doi", "title", "status", "cause", "file", "source", "url", "version", "licence"}
    assert one.keys() >= keys
    assert (one["doi"], one["status"], one["file"], one["cause"]) == ("10.5555/one", "new", None, None)
    assert two["title"] == "Second title"
    assert filled.json("papers")["papers"] == [one, two]


def test_papers_are_exported_for_reference_managers(filled: Terminal) -> None:
    first, second = rispy.loads(filled("export", "--format", "ris").stdout)
    assert (first["doi"], second["title"]) == ("10.5555/one", "Second title")
    assert filled("export", "--format", "bibtex").stdout.count("\n@article{") == 1
    assert [item["DOI"] for item in json.loads(filled("export", "--format", "csl").stdout)][1] == "10.5555/two"
    assert json.loads(filled("export", "--format", "csl", "--status", "done").stdout) == []
    assert filled("export", "--format", "manifest").stdout.count("\n") == 1


def test_papers_are_exported_as_a_table(filled: Terminal) -> None:
    rows = list(csv.DictReader(io.StringIO(filled("export").stdout)))
    assert [(row["doi"], row["title"], row["year"]) for row in rows] == [
        ("10.5555/one", "First title", "1999"),
        ("10.5555/two", "Second title", "2001"),
    ]


@pytest.mark.case("C25")
def test_what_strangers_wrote_is_shown_and_does_nothing(terminal: Terminal) -> None:
    terminal("import", terminal.write("list.csv", HOSTILE))
    terminal("import", terminal.write("other.csv", "DOI,Title\n10.5555/sum,=SUM(1)\n"))
    for arguments in (("papers",), ("paper", "10.5555/evil"), ("events",)):
        shown = terminal(*arguments).stdout
        assert "\x1b" not in shown
        assert "\x07" not in shown
    assert "[red]x[/nonsense]" in terminal("papers").stdout
    titles = [row["title"] for row in csv.DictReader(io.StringIO(terminal("export").stdout))]
    assert titles[1] == "'=SUM(1)"
    assert terminal.json("papers", "--q", "SUM")["papers"][0]["title"] == "=SUM(1)"


def test_a_hostile_argument_is_shown_without_its_commands(filled: Terminal) -> None:
    assert "\x1b" not in filled.refusal("paper", "10.5555/\x1b[31mred")


@pytest.mark.case("B01")
def test_reading_goes_on_while_somebody_writes_for_long(filled: Terminal) -> None:
    writer = sqlite3.connect(filled.data / "scipaperloader.db", isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    try:
        began = time.monotonic()
        assert filled.json("status")["papers"]["new"] == 2
        assert filled.json("papers")["count"] == 2
        assert time.monotonic() - began < 5
    finally:
        writer.close()


def test_long_lists_are_exported_whole(terminal: Terminal) -> None:
    rows = "".join(f"10.5555/{number}\n" for number in range(1_500))
    terminal("import", terminal.write("long.csv", "DOI\n" + rows))
    assert len(terminal.lines("export", "--format", "jsonl")) == 1_500
