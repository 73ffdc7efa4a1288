"""`scraper`: the switch, and the emergency stop, which needs no database."""

import errno
import json
import sqlite3
import threading
from contextlib import closing

import pytest

from application import emergency
from infrastructure.log.sql import SqlEventLog
from interfaces.bootstrap import tools
from tests.interfaces.cli.conftest import Terminal


def test_the_switch_goes_through_its_positions(planned: Terminal) -> None:
    paused = planned("scraper", "pause", "--reason", "lunch").stdout
    assert paused == "The scraper is paused.\n"
    assert planned.json("scraper", "resume") == {"status": "running", "reverted": 0, "told": True}
    assert planned("scraper", "stop").stdout == "The scraper is stopped. 2 papers went back.\n"
    started = planned("scraper", "start").stdout
    assert started.startswith("The scraper is running.\n")
    assert "scipaperloader run" in started
    assert planned.json("scraper", "stop", "--reason", "enough") == {"status": "stopped", "reverted": 0, "told": True}
    reasons = [event["data"]["reason"] for event in planned.lines("events", "--json") if "reason" in event["data"]]
    assert reasons == ["lunch", "", "enough"]


def test_an_emergency_stop_holds_until_it_is_lifted(planned: Terminal) -> None:
    said = planned("scraper", "emergency-stop", "--reason", "too fast").stdout
    assert said == "The scraper is emergency-stopped. 2 papers went back.\n"
    assert planned.json("status")["scraper"] == "emergency-stopped"
    for refused in (planned.refusal("work"), planned.refusal("process", "10.5555/one")):
        assert "emergency stop" in refused
        assert "scipaperloader scraper reset" in refused
    assert "not possible" in planned.refusal("scraper", "start")
    assert "The scraper is stopped." in planned("scraper", "reset").stdout
    assert planned.json("status")["scraper"] == "stopped"


def test_an_emergency_stop_that_is_repeated_is_one(filled: Terminal) -> None:
    for _ in range(2):
        assert filled.json("scraper", "emergency-stop") == {"status": "emergency-stopped", "reverted": 0, "told": True}
    types = [event["type"] for event in filled.lines("events", "--json", "--after", "6")]
    assert types == ["scraper.emergency_stopped"]


def test_the_reason_and_the_person_are_on_record(filled: Terminal) -> None:
    filled("scraper", "emergency-stop", "--reason", "a complaint")
    (event,) = filled.lines("events", "--json", "--after", "6")
    assert event["data"] == {"reason": "a complaint"}
    assert event["actor"].endswith("(terminal)")
    assert "Emergency stop: a complaint" in filled("events").stdout


def test_what_is_refused_is_on_record(filled: Terminal) -> None:
    said = filled.refusal("scraper", "reset")
    assert "not possible" in said
    (event,) = filled.lines("events", "--json", "--after", "6")
    assert (event["type"], event["data"]["command"]) == ("command.refused", "scraper reset")


HOLDS = "The stop file holds: nothing leaves this machine any more, and the log is told when the database answers."


@pytest.fixture
def impatient(filled: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal whose commands do not wait long for the database."""

    monkeypatch.setattr(tools, "LOOK_SECONDS", 0.1)
    return filled


def test_an_emergency_stop_needs_no_database_that_answers(impatient: Terminal) -> None:
    with closing(sqlite3.connect(impatient.data / "scipaperloader.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said = impatient("scraper", "emergency-stop", "--reason", "fire").stdout
    assert said == f"{HOLDS}\n"
    assert json.loads((impatient.data / "emergency-stop").read_text())["reason"] == "fire"
    assert "scraper.emergency_stopped" not in {event["type"] for event in impatient.lines("events", "--json")}
    assert impatient.json("status")["scraper"] == "emergency-stopped"
    impatient("scraper", "reset")
    told = [event["type"] for event in impatient.lines("events", "--json", "--after", "6")]
    assert told == ["scraper.emergency_stopped", "scraper.reset"]


def test_a_database_that_hangs_is_not_waited_for(filled: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    let_go = threading.Event()
    monkeypatch.setattr(emergency, "TELLING", 0.05)
    monkeypatch.setattr(SqlEventLog, "append", lambda *_: let_go.wait(30))
    assert HOLDS in filled("scraper", "emergency-stop").stdout
    let_go.set()
    assert (filled.data / "emergency-stop").is_file()


@pytest.mark.parametrize("content", [b"no database at all", b"SQLite format 3\0" + b"\0" * 4_000])
def test_an_emergency_stop_needs_no_database_that_is_whole(filled: Terminal, content: bytes) -> None:
    for journal in filled.data.glob("scipaperloader.db-*"):
        journal.unlink()
    (filled.data / "scipaperloader.db").write_bytes(content)
    assert filled.json("scraper", "emergency-stop") == {"status": "emergency-stopped", "reverted": 0, "told": False}
    assert (filled.data / "emergency-stop").is_file()


def test_an_emergency_stop_needs_no_server_of_its_database(terminal: Terminal) -> None:
    terminal.variables["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:9/nothing"
    assert HOLDS in terminal("scraper", "emergency-stop").stdout
    assert (terminal.data / "emergency-stop").is_file()


def test_a_stop_that_cannot_be_written_is_an_error(filled: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("infrastructure.stop_file.make_folders", full)
    said = filled.refusal("scraper", "emergency-stop")
    assert "emergency-stop cannot be changed: No space left on device." in said
    assert "make or remove the file by hand" in said
