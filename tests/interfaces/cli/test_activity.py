"""`events`: looked through, grouped, taken along. Following is in test_reading."""

import csv
import io
import json

import pytest

from tests.interfaces.cli.conftest import Terminal


@pytest.fixture
def lively(filled: Terminal) -> Terminal:
    """The same, after an emergency and another list."""
    filled("scraper", "emergency-stop", "--reason", "smoke, 100%")
    filled("scraper", "reset")
    filled("import", filled.write("other.csv", "DOI\n10.5555/three\n"), "--collection", "Another")
    return filled


def types(terminal: Terminal, *arguments: str) -> list[str]:
    return [one["type"] for one in terminal.lines("events", "--json", *arguments)]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("--kind", "scraper"), ["scraper.emergency_stopped", "scraper.reset"]),
        (("--kind", "scraper.reset", "--kind", "collection.created"), ["collection.created", "scraper.reset",
                                                                       "collection.created"]),
        (("--kind", "scraper", "--without", "scraper.reset"), ["scraper.emergency_stopped"]),
        (("--level", "warning"), ["scraper.emergency_stopped"]),
        (("--level", "info", "--after", "6", "--limit", "2"), ["scraper.emergency_stopped", "scraper.reset"]),
        (("--text", "smoke 100%"), ["scraper.emergency_stopped"]),
        (("--paper", "10.5555/three"), ["paper.registered"]),
        (("--actor", "scipaperloader", "--kind", "import.completed"), ["import.completed"] * 2),
        (("--since", "2001-01-01", "--until", "2002-01-01"), []),
        (("--collection", "another", "--level", "info"), ["collection.created", "import.started", "import.completed"]),
        (("--correlation", "nothing"), []),
    ],
)  # fmt: skip
def test_events_are_filtered(lively: Terminal, arguments: tuple[str, ...], found: list[str]) -> None:
    assert types(lively, *arguments) == found


def test_events_of_an_import_are_found(lively: Terminal) -> None:
    started = lively.lines("events", "--json", "--kind", "import.started")
    own = [one["stream"].removeprefix("import-") for one in started]
    assert types(lively, "--import", own[1]) == [
        "import.started", "paper.registered", "import.rows_recorded", "import.completed",
    ]  # fmt: skip
    assert types(lively, "--import", own[1], "--correlation", own[1]) == types(lively, "--import", own[1])


def test_what_matters_is_marked(lively: Terminal) -> None:
    assert "UTC  warning: Emergency stop: smoke, 100%" in lively("events").stdout


def test_groups_have_a_line_and_can_be_opened(lively: Terminal) -> None:
    shown = lively("events", "--grouped").stdout
    assert "Import of “list.csv” into “A review”: 3 rows, 2 new, 1 rejected." in shown
    assert "warning: Emergency stop: smoke, 100%" in shown
    groups = lively.lines("events", "--grouped", "--json")
    assert [group["count"] for group in groups] == [6, 1, 1, 5]
    assert f"6 events: --correlation {groups[0]['correlation']}" in shown
    opened = lively.lines("events", "--json", "--correlation", groups[0]["correlation"])
    assert opened == groups[0]["events"]


def test_a_page_of_groups_says_where_the_next_begins(lively: Terminal) -> None:
    result = lively("events", "--grouped", "--limit", "4")
    assert result.stderr == "Go on with --after 4.\n"
    assert "Go on" not in lively("events", "--grouped", "--after", "4").stderr


def test_events_are_taken_along_as_a_table(lively: Terminal) -> None:
    result = lively("events", "--format", "csv", "--kind", "scraper")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["text"] for row in rows] == ["Emergency stop: smoke, 100%", "The emergency stop was lifted."]
    assert json.loads(rows[0]["data"]) == {"reason": "smoke, 100%"}
    position = lively.json("status")["position"]
    assert result.stderr.startswith(f"Anchor: {position}:")


def test_events_are_taken_along_as_lines(lively: Terminal) -> None:
    assert lively.lines("events", "--format", "jsonl") == lively.lines("events", "--json")
    assert len(lively.lines("events", "--format", "jsonl", "--after", "2", "--limit", "3")) == 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--kind", "weather"), "Expected: import, paper, search"),
        (("--without", "weather"), "Expected: import, paper, search"),
        (("--since", "yesterday"), "2026-03-01T12:00+01:00"),
        (("--until", "tomorrow"), "2026-03-01T12:00+01:00"),
        (("--import", "nothing"), "The import “nothing” does not exist."),
        (("--collection", "nothing"), "does not exist"),
    ],
)
def test_what_cannot_be_looked_for_is_told(filled: Terminal, arguments: tuple[str, ...], told: str) -> None:
    assert told in filled.refusal("events", *arguments)


@pytest.mark.parametrize(
    "arguments",
    [("--follow", "--grouped"), ("--grouped", "--format", "csv"), ("--follow", "--format", "csv"),
     ("--json", "--format", "csv"), ("--limit", "0"), ("--level", "loud"), ("--format", "xlsx")],
)  # fmt: skip
def test_what_does_not_go_together_is_told(terminal: Terminal, arguments: tuple[str, ...]) -> None:
    assert "Usage:" in terminal("events", *arguments, code=2).stderr


def test_the_last_events_are_those_at_the_end(filled: Terminal) -> None:
    whole = filled.lines("events", "--json")
    assert filled.lines("events", "--last", "2", "--json") == whole[-2:]
    assert filled.lines("events", "--last", "999", "--json") == whole
    registered = [one for one in whole if one["type"] == "paper.registered"]
    assert filled.lines("events", "--kind", "paper.registered", "--last", "1", "--json") == registered[-1:]
    assert filled.lines("events", "--kind", "paper.failed", "--last", "3", "--json") == []
    filled("events", "--last", "2", "--limit", "1", code=2)
