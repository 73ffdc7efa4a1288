"""Every diagnostic command that looks, on a database in every state: which it is stands in the first line."""

import socket
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from application.handling import PROGRAM
from domain.local_hours import hour_at
from domain.scraper import Action
from infrastructure.clock import SystemClock
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.schema import READ_MODELS
from interfaces.bootstrap import tools
from tests.databases import Databases, address
from tests.infrastructure.health.test_database import stamped
from tests.infrastructure.health.ward import NAMES, Ward, ward_of
from tests.interfaces.cli.conftest import Terminal, opened
from tests.interfaces.cli.test_diagnosing import a_lock, a_lost_database, a_newer_schema, damage
from tests.interfaces.planned import plan

COMMANDS = ("check-state", "diagnose-scraper", "inspect-tasks", "test-reversion")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "LOOK_SECONDS", 0.02)


@frozen(kw_only=True)
class State:
    """How a database comes into a state, and how that is told."""

    make: Callable[[Terminal, ExitStack], object]
    condition: str
    sentence: str
    readable: bool = False


def damage_inside(terminal: Terminal, _: ExitStack) -> None:
    """Scramble everything but the list of the tables."""
    path = terminal.data / "scipaperloader.db"
    content = path.read_bytes()
    path.write_bytes(content[:4096] + bytes(byte ^ 0x5A for byte in content[4096:]))


def make_older(_: Terminal, stack: ExitStack) -> None:
    patch = stack.enter_context(pytest.MonkeyPatch.context())
    patch.setattr("infrastructure.migrating.newest", lambda: "0999")


def drop_everything(terminal: Terminal, _: ExitStack) -> None:
    (terminal.data / "scipaperloader.db").unlink()
    with closing(sqlite3.connect(terminal.data / "scipaperloader.db")) as connection:
        connection.execute("CREATE TABLE other (x)")


def remove(terminal: Terminal, _: ExitStack) -> None:
    for path in terminal.data.glob("scipaperloader.db*"):
        path.unlink()


def nobody_listens(terminal: Terminal, _: ExitStack) -> None:
    terminal.variables["DATABASE_URL"] = "postgresql://user:geheim@127.0.0.1:1/name"


def no_address(terminal: Terminal, _: ExitStack) -> None:
    terminal.variables["DATABASE_URL"] = "mysql://user:geheim@host/name"


STATES: Mapping[str, State] = {
    "in order": State(make=lambda *_: None, condition="ok", sentence="The database is in order.", readable=True),
    "locked": State(make=a_lock, condition="locked", sentence="The database is locked", readable=True),
    "damaged": State(make=damage, condition="damaged", sentence="The database is damaged."),
    "damaged inside": State(make=damage_inside, condition="damaged", sentence="The database is damaged."),
    "missing": State(make=a_lost_database, condition="missing", sentence="The database "),
    "not made yet": State(make=remove, condition="none", sentence="There is no database yet"),
    "without tables": State(make=drop_everything, condition="none", sentence="The database has no tables yet"),
    "newer": State(make=a_newer_schema, condition="newer", sentence="The database is of the revision 9999, which this"),
    "older": State(make=make_older, condition="older", sentence="The database is of the revision "),
    "silent": State(make=nobody_listens, condition="silent", sentence="The database's server does not answer."),
    "none at all": State(make=no_address, condition="unusable", sentence="DATABASE_URL names no database"),
}


def files(folder: Path) -> dict[Path, bytes]:
    """What lies in a folder, but for what SQLite keeps beside a database that is in use."""
    kept = [path for path in folder.rglob("*") if path.is_file() and path.suffix not in {".db-wal", ".db-shm"}]
    return {path: path.read_bytes() for path in kept}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", STATES)
def test_the_state_is_told_first_and_nothing_is_changed(filled: Terminal, command: str, name: str) -> None:
    state = STATES[name]
    code = 0 if state.condition in {"ok", "none"} or (command == "test-reversion" and state.readable) else 1
    with ExitStack() as stack:
        state.make(filled, stack)
        before = files(filled.data) if state.condition != "locked" else {}
        said = filled("diagnose", command, code=code).stdout.splitlines()
        assert said[0].startswith(state.sentence), said[0]
        assert f"Data folder: {filled.data}" in said
        told = filled.json("diagnose", command, code=code)
        assert told["database"]["condition"] == state.condition
        assert told["database"]["sentence"] == said[0]
        assert (told["database"]["remedy"] in said) or not told["database"]["remedy"]
        assert "geheim" not in str(said) + str(told)
        if before:
            assert files(filled.data) == before


@pytest.mark.parametrize("name", [name for name, state in STATES.items() if state.condition != "ok"])
def test_what_needs_no_database_is_told_in_every_state(filled: Terminal, name: str) -> None:
    with ExitStack() as stack:
        STATES[name].make(filled, stack)
        (filled.data / "emergency-stop").touch()
        code = 0 if STATES[name].condition == "none" else 1
        found = {one["name"]: one for one in filled.json("diagnose", "check-state", code=code)["checks"]}
    assert found["stop-file"]["state"] == "warning"
    assert found["server"]["state"] in {"warning", "error"}
    assert found["processes"]["state"] == "ok"


def test_while_it_is_locked_everything_is_read(planned: Terminal) -> None:
    with ExitStack() as stack:
        a_lock(planned, stack)
        found = {one["name"]: one for one in planned.json("diagnose", "check-state", code=1)["checks"]}
        assert {name for name, one in found.items() if one["state"] == "error"} == {"database-write", "leader"}
        assert found["papers"]["facts"]["pending"] == 2
        assert "2 papers are in transit; a stop would take back 2." in planned("diagnose", "test-reversion").stdout


def test_without_its_tables_the_log_is_read(planned: Terminal) -> None:
    with closing(sqlite3.connect(planned.data / "scipaperloader.db")) as connection, connection:
        for table in ("papers", "jobs", "open_jobs", "hours", "transitions", "imports", "identifiers", "collections"):
            connection.execute(f"DROP TABLE {table}")
    found = {one["name"]: one for one in planned.json("diagnose", "check-state", code=1)["checks"]}
    assert {name for name, one in found.items() if one["state"] == "error"} == {"leader"}
    assert found["scraper"]["facts"]["status"] == "running"
    assert found["papers"]["facts"]["pending"] == found["jobs"]["facts"]["planned"] == 2
    assert planned("diagnose", "diagnose-scraper", code=1).stdout.startswith("The database is in order.")


class TestPostgres:
    @pytest.fixture
    def ward(self, terminal: Terminal, databases: Databases) -> Iterator[Ward]:
        """Three papers on PostgreSQL, one of them planned."""
        with databases.fresh("postgresql") as fresh:
            stamped(fresh)
            terminal.variables["DATABASE_URL"] = address(fresh)
            found: Any = ward_of(None, fresh, SystemClock())  # type: ignore[arg-type]
            found.use(Action.START)
            found.yard.plan(hour_at(found.now, "UTC").start, {NAMES[0]: found.now})
            yield found

    def test_everything_is_told_there_too(self, terminal: Terminal, ward: Ward) -> None:
        found = {one["name"]: one for one in terminal.json("diagnose", "check-state", code=1)["checks"]}
        assert {name for name, one in found.items() if one["state"] == "error"} == {"leader"}
        assert found["papers"]["facts"]["pending"] == found["jobs"]["facts"]["planned"] == 1
        assert found["hour"]["facts"]["planned"] == 1
        assert terminal("diagnose", "diagnose-scraper", code=1).stdout.startswith("The database is in order.")
        assert "No job runs" not in terminal("diagnose", "inspect-tasks").stdout
        assert "1 paper is in transit; a stop would take back 1." in terminal("diagnose", "test-reversion").stdout
        assert SqlEventLog(ward.database, SystemClock(), READ_MODELS).head() == ward.log.head()

    def test_while_it_is_locked_everything_is_read(self, terminal: Terminal, ward: Ward) -> None:
        with ward.database.write() as connection:
            connection.exec_driver_sql("SELECT * FROM event_head FOR UPDATE")
            told = terminal.json("diagnose", "check-state", code=1)
        assert told["database"]["condition"] == "locked"
        assert next(one for one in told["checks"] if one["name"] == "papers")["facts"]["pending"] == 1

    def test_a_server_that_takes_connections_and_says_nothing(self, terminal: Terminal) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            terminal.variables["DATABASE_URL"] = f"postgresql://user:geheim@127.0.0.1:{port}/name"
            said = terminal("diagnose", "check-state", code=1).stdout
        assert said.startswith("The database's server does not answer.")
        assert "geheim" not in said


def test_a_rehearsal_that_finds_a_paper_stranded_is_an_error(filled: Terminal) -> None:
    with opened(filled) as container:
        first, _ = plan(container)
        container.controlling.use(Action.PAUSE, "", PROGRAM)
    with closing(sqlite3.connect(filled.data / "scipaperloader.db")) as connection, connection:
        connection.execute("UPDATE jobs SET status = 'finished' WHERE id = ?", (first.id,))
    said = filled("diagnose", "test-reversion", code=1).stdout
    assert "WRONG: it is not taken back" in said
    assert "1 paper would not be where it was: `scipaperloader rebuild`." in said
    told = filled.json("diagnose", "test-reversion", code=1)
    assert told["wrong"] == 1
    assert told["position"] == told["position_after"]
    assert sorted(one["is_right"] for one in told["papers"]) == [False, True]


def test_an_emergency_is_tried_out_as_well(planned: Terminal) -> None:
    assert "a stop would take back 2." in planned("diagnose", "test-reversion", "--emergency").stdout
    assert not (planned.data / "emergency-stop").exists()


def test_the_jobs_are_listed_with_who_has_them(planned: Terminal) -> None:
    shown = planned("diagnose", "inspect-tasks").stdout
    assert "No job runs" not in shown
    rows = [line.split() for line in shown.splitlines() if "download" in line]
    assert [row[1] for row in rows] == ["planned", "planned"]
    assert {row[-1] for row in rows} == {"10.5555/one", "10.5555/two"}


def test_the_database_class_is_not_opened_twice(filled: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """One connection pool for all checks, closed at the end."""
    opened_: list[Database] = []
    closed: list[Database] = []
    make, close = Database.__init__, Database.close
    monkeypatch.setattr(Database, "__init__", lambda self, *a, **b: (opened_.append(self), make(self, *a, **b))[1])
    monkeypatch.setattr(Database, "close", lambda self: (closed.append(self), close(self))[1])
    filled("diagnose", "check-state")
    assert len(opened_) == len(closed) == 1
