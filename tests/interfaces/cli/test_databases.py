"""`db`: where the schema stands, up, down, and starting over."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from infrastructure.database import Database, sqlite_url
from infrastructure.workers import SqlWorkers
from tests.interfaces.cli.conftest import Terminal


def test_where_the_schema_stands(terminal: Terminal) -> None:
    needed = terminal.json("db", "current")["needed"]
    assert terminal.json("db", "current") == {"current": "", "needed": needed}
    assert f"no revision; this version needs {needed}" in terminal("db", "current").stdout
    assert f"The database is at {needed}." in terminal("db", "upgrade").stdout
    assert terminal.json("db", "current") == {"current": needed, "needed": needed}


def test_every_command_brings_the_schema_up_to_date(terminal: Terminal) -> None:
    terminal("status")
    told = terminal.json("db", "current")
    assert told["current"] == told["needed"]


def test_down_to_the_beginning_and_up_again(filled: Terminal) -> None:
    done = filled("db", "downgrade", "base", "--yes")
    assert "it is empty" in done.stdout
    (kept,) = re.findall(r"is kept in (\S+\.db) ", done.stdout)
    assert Path(kept).stat().st_size > 0
    assert filled.json("db", "current")["current"] == ""
    filled("db", "upgrade")
    assert filled.json("status")["position"] == 0


@pytest.mark.parametrize("command", ["downgrade", "reset"])
def test_what_loses_data_asks_first(filled: Terminal, command: str) -> None:
    assert "Aborted" in filled("db", command, code=1, answer="n\n").stderr
    assert filled.json("status")["position"] == 6


def test_a_revision_that_does_not_exist_is_told(filled: Terminal) -> None:
    assert "“nonsense”" in filled.refusal("db", "upgrade", "nonsense")
    assert filled.json("status")["position"] == 6


def test_a_step_below_the_beginning_is_told(terminal: Terminal) -> None:
    assert "“-1”" in terminal.refusal("db", "downgrade", "--yes")


def test_starting_over_keeps_a_copy(filled: Terminal) -> None:
    shown = filled("db", "reset", answer="y\n").stdout
    assert "The database is empty." in shown
    (backup,) = (filled.data / "backups").iterdir()
    assert str(backup) in shown
    assert filled.json("status") == filled.json("status") | {"position": 0}
    with closing(sqlite3.connect(backup)) as copied:
        assert copied.execute("SELECT count(*) FROM events").fetchone() == (6,)


@pytest.mark.parametrize("command", ["downgrade", "reset"])
def test_nothing_is_taken_away_while_somebody_is_at_work(filled: Terminal, command: str) -> None:
    with (
        closing(Database(sqlite_url(filled.data / "scipaperloader.db"))) as database,
        SqlWorkers(database),
    ):
        said = filled.refusal("db", command, "--yes")
    assert "1 process is at work" in said
    assert "Stop the server" in said
    assert filled.json("status")["position"] == 6


def test_a_file_that_somebody_writes_to_is_not_deleted(filled: Terminal) -> None:
    with closing(Database(sqlite_url(filled.data / "scipaperloader.db"))) as database:
        with database.read() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM events").scalar() == 6
        assert "is at work" in filled.refusal("db", "reset", "--yes")
    assert filled.json("status")["position"] == 6
    assert filled("db", "reset", "--yes")


@pytest.mark.case("B06")
@pytest.mark.parametrize("command", [("status",), ("work",), ("run",), ("db", "upgrade"), ("db", "downgrade", "--yes")])
def test_a_database_of_a_newer_version_is_refused(filled: Terminal, command: tuple[str, ...], port: int) -> None:
    filled.variables["PORT"] = str(port)
    path = filled.data / "scipaperloader.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    said = filled.refusal(*command)
    assert "9999" in said
    assert "newer version" in said
    assert filled.json("db", "current")["current"] == "9999"


@pytest.mark.parametrize("command", [("current",), ("upgrade",), ("downgrade", "--yes")])
def test_no_empty_database_is_made_in_place_of_a_lost_one(filled: Terminal, command: tuple[str, ...]) -> None:
    (filled.data / "library.marker").write_text("there was a library")
    for path in filled.data.glob("scipaperloader.db*"):
        path.unlink()
    assert "is missing" in filled.refusal("db", *command)
    assert not (filled.data / "scipaperloader.db").exists()
    assert "is empty" in filled("db", "reset", "--yes").stdout


def test_a_revision_needs_a_message(terminal: Terminal) -> None:
    assert "--message" in terminal("db", "revision", code=2).stderr
