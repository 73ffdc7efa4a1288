"""`log`: a whole log out of one installation and into another, by files and pipes."""

import json
from pathlib import Path

import pytest

from tests.databases import KINDS, Databases, address
from tests.interfaces.cli.conftest import Terminal


@pytest.fixture
def fresh(tmp_path: Path) -> Terminal:
    """A terminal with another data folder, in which there is nothing."""
    return Terminal(tmp_path, tmp_path / "fresh")


def test_a_log_is_carried_by_a_file(filled: Terminal, fresh: Terminal, tmp_path: Path) -> None:
    anchor = filled.json("verify")["anchor"]
    file = str(tmp_path / "log.jsonl")
    assert filled("log", "export", file).stdout == f"Wrote {file}.\n"
    shown = fresh("log", "import", file).stdout
    assert "Took in 6 events and 2 keys of commands." in shown
    assert f"Anchor: {anchor}" in shown
    assert fresh.json("verify", "--expect", anchor)["faults"] == []
    assert fresh("log", "export").stdout == filled("log", "export").stdout
    assert fresh.json("papers")["papers"] == filled.json("papers")["papers"]


def test_a_log_comes_out_of_standard_output(filled: Terminal) -> None:
    shown = filled("log", "export", "-")
    lines = [json.loads(line) for line in shown.stdout.splitlines()]
    assert lines[0]["events"] == 6
    assert [line["position"] for line in lines[1:7]] == [1, 2, 3, 4, 5, 6]
    assert list(lines[1])[:3] == ["position", "stream", "version"]
    assert lines[-1]["lines"] == len(lines) - 1


def test_what_was_taken_in_is_told_to_programs(filled: Terminal, fresh: Terminal, tmp_path: Path) -> None:
    file = filled.write("log.jsonl", filled("log", "export").stdout)
    told = fresh.json("log", "import", file)
    assert told == {"anchor": filled.json("verify")["anchor"], "events": 6, "commands": 2}


def test_a_log_goes_only_into_an_empty_installation(filled: Terminal, tmp_path: Path) -> None:
    file = filled.write("log.jsonl", filled("log", "export").stdout)
    said = filled.refusal("log", "import", file)
    assert "this one stands at position 6" in said
    assert "db reset" in said
    filled("db", "reset", "--yes")
    assert filled.json("log", "import", file)["events"] == 6


def test_an_altered_file_is_refused_by_its_line(filled: Terminal, fresh: Terminal) -> None:
    file = filled.write("log.jsonl", filled("log", "export").stdout.replace("First title", "Forged title"))
    assert "Line 4 cannot be taken in" in fresh.refusal("log", "import", file)
    assert fresh.json("status")["position"] == 0


def test_nothing_is_overwritten(filled: Terminal) -> None:
    file = filled.write("mine.txt", "precious")
    assert "exists already" in filled.refusal("log", "export", file)
    assert Path(file).read_text() == "precious"


def test_a_file_that_is_not_there_ends_with_two(terminal: Terminal) -> None:
    assert "nowhere" in terminal("log", "import", "nowhere.jsonl", code=2).stderr


@pytest.mark.parametrize("kind", KINDS)
def test_a_log_goes_to_either_database(filled: Terminal, fresh: Terminal, databases: Databases, kind: str) -> None:
    file = filled.write("log.jsonl", filled("log", "export").stdout)
    with databases.empty(kind) as database:
        database.close()
        fresh.variables["DATABASE_URL"] = address(database)
        assert fresh.json("log", "import", file)["anchor"] == filled.json("verify")["anchor"]
        assert fresh("log", "export").stdout == filled("log", "export").stdout
        assert fresh.json("verify")["faults"] == []
