"""`diagnose emergency-stop` and `diagnose quick-fix`: what they stop, whom they end, and what they leave alone."""

import errno
import json
import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing

import psutil
import pytest

from application.handling import PROGRAM
from application.ports.processes import Role
from domain.scraper import Action
from infrastructure.health.holders import LOCKS
from interfaces.bootstrap import tools
from interfaces.cli import fixing
from tests.databases import Databases, address
from tests.infrastructure.health.test_database import stamped
from tests.infrastructure.test_processes import STUBBORN, note, running
from tests.interfaces.cli.conftest import Terminal, opened

STOPPED = "Emergency stop: nothing leaves this machine any more, over restarts too: {}/emergency-stop holds it."
AGAIN = "Start again: `scipaperloader run --port 5001`."
HOLDS = "It holds until `scipaperloader scraper reset`."
ELSEWHERE = "Process 999999998 (scipaperloader run, port 5000)"
HOLD_THE_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("there", flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "LOOK_SECONDS", 0.02)


@pytest.fixture
def server(filled: Terminal) -> Iterator["subprocess.Popen[str]"]:
    """A process that noted itself as the installation's server."""
    with running() as process:
        note(filled.data, process.pid, port=5001)
        yield process


@pytest.fixture
def holder(filled: Terminal) -> Iterator["subprocess.Popen[str]"]:
    """A server that holds the lock of the database, and hangs."""
    path = str(filled.data / "scipaperloader.db")
    with running(HOLD_THE_LOCK.replace("sys.argv[1]", repr(path))) as process:
        note(filled.data, process.pid)
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
        yield process


def lines(terminal: Terminal, *arguments: str, code: int = 0) -> list[str]:
    return terminal("diagnose", *arguments, code=code).stdout.splitlines()


def types(terminal: Terminal) -> list[str]:
    return [one["type"] for one in terminal.lines("events", "--json", "--kind", "scraper")]


def has_ended(process: "subprocess.Popen[str]") -> bool:
    """Whether it has, without asking for its exit code."""
    return bool(psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE)


class TestEmergencyStop:
    def test_everything_stops_and_the_papers_go_back(self, planned: Terminal) -> None:
        assert lines(planned, "emergency-stop", "--reason", "fire") == [
            "The database is in order.",
            STOPPED.format(planned.data),
            "The log knows of it, and 2 papers in transit went back.",
            HOLDS,
        ]
        assert json.loads((planned.data / "emergency-stop").read_text())["reason"] == "fire"
        assert planned.json("status")["scraper"] == "emergency-stopped"
        assert planned.json("status")["papers"]["pending"] == 0

    def test_programs_are_told_the_same(self, planned: Terminal) -> None:
        told = planned.json("diagnose", "emergency-stop")
        assert told == {
            "database": {"condition": "ok", "sentence": "The database is in order."},
            "status": "emergency-stopped",
            "reverted": 2,
            "told": True,
            "fault": "",
            "stop_file": str(planned.data / "emergency-stop"),
        }

    def test_the_file_is_there_before_the_database_is_asked(self, filled: Terminal) -> None:
        with closing(sqlite3.connect(filled.data / "scipaperloader.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            said = lines(filled, "emergency-stop")
            assert said[0].startswith("The database is locked")
            assert said[1] == STOPPED.format(filled.data)
            assert said[2].startswith("The log could not be told: The database is locked")
            assert "takes the papers back" in said[3]
            assert said[4] == HOLDS
        assert types(filled) == []
        lines(filled, "emergency-stop")
        assert types(filled) == ["scraper.emergency_stopped"]

    def test_again_and_again_is_one_emergency(self, filled: Terminal) -> None:
        for _ in range(3):
            assert "The log knows of it, and 0 papers in transit went back." in lines(filled, "emergency-stop")
        assert types(filled) == ["scraper.emergency_stopped"]

    def test_one_that_was_ended_elsewhere_while_the_file_stayed_is_told_anew(self, filled: Terminal) -> None:
        lines(filled, "emergency-stop", "--reason", "fire")
        kept = (filled.data / "emergency-stop").read_bytes()
        filled("scraper", "reset")
        (filled.data / "emergency-stop").write_bytes(kept)
        assert "The log knows of it" in lines(filled, "emergency-stop")[2]
        assert types(filled) == ["scraper.emergency_stopped", "scraper.reset", "scraper.emergency_stopped"]
        assert "Both say that there is an emergency stop." in filled("diagnose", "check-state").stdout

    def test_without_a_database_none_is_made(self, terminal: Terminal) -> None:
        said = lines(terminal, "emergency-stop")
        assert said[0] == "There is no database yet: the first command makes it."
        assert [path.name for path in terminal.data.iterdir()] == ["emergency-stop"]

    def test_an_older_database_is_not_migrated(self, filled: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("infrastructure.migrating.newest", lambda: "0999")
        assert "which is older than 0999" in lines(filled, "emergency-stop")[0]
        monkeypatch.undo()
        assert types(filled) == []

    def test_on_postgresql(self, terminal: Terminal, databases: Databases) -> None:
        with databases.fresh("postgresql") as fresh:
            stamped(fresh)
            terminal.variables["DATABASE_URL"] = address(fresh)
            with fresh.write() as connection:
                connection.exec_driver_sql("SELECT * FROM event_head FOR UPDATE")
                assert lines(terminal, "emergency-stop")[0].startswith("The database is locked")
            assert "The log knows of it" in lines(terminal, "emergency-stop")[2]

    def test_a_stop_that_cannot_be_written_is_an_error(self, filled: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("infrastructure.stop_file.make_folders", full)
        assert "emergency-stop cannot be changed" in filled.refusal("diagnose", "emergency-stop")

    @pytest.mark.parametrize(("name", "value"), [("PORT", "many"), ("HANDS", "0")])
    def test_settings_that_cannot_be_read_do_not_keep_it_from_stopping(
        self, filled: Terminal, name: str, value: str
    ) -> None:
        filled.variables[name] = value
        said = lines(filled, "emergency-stop")
        assert said[0].startswith("The database cannot be asked: The settings cannot be read: ")
        assert said[1] == STOPPED.format(filled.data)
        del filled.variables[name]
        assert filled.json("status")["scraper"] == "emergency-stopped"


class TestQuickFix:
    def test_the_servers_end_and_it_is_said_how_to_go_on(
        self, filled: Terminal, server: "subprocess.Popen[str]"
    ) -> None:
        assert lines(filled, "quick-fix", "--reason", "new code") == [
            "The database is in order.",
            STOPPED.format(filled.data),
            "The log knows of it, and 0 papers in transit went back.",
            f"Process {server.pid} (scipaperloader run, port 5001) ended in good order.",
            f"{AGAIN} The emergency stop holds until `scipaperloader scraper reset`.",
        ]
        assert has_ended(server)
        assert filled.json("status")["scraper"] == "emergency-stopped"
        assert list((filled.data / "processes").iterdir()) == []

    def test_with_a_reset_the_emergency_is_over(self, filled: Terminal, server: "subprocess.Popen[str]") -> None:
        said = lines(filled, "quick-fix", "--reset")
        assert said[-2:] == [
            "The emergency stop is over.",
            f"{AGAIN} The scraper stays stopped until `scipaperloader scraper start`.",
        ]
        assert not (filled.data / "emergency-stop").exists()
        assert types(filled) == ["scraper.emergency_stopped", "scraper.reset"]
        assert has_ended(server)

    def test_a_dry_run_does_nothing(self, filled: Terminal, server: "subprocess.Popen[str]") -> None:
        note(filled.data, 999_999_998, host="elsewhere")
        assert lines(filled, "quick-fix", "--dry-run", "--reset") == [
            "The database is in order.",
            f"It would stop everything by the file {filled.data}/emergency-stop, and tell the log.",
            f"It would end: Process {server.pid} (scipaperloader run, port 5001).",
            f"{ELSEWHERE} noted itself on elsewhere and was left alone: look there.",
            "It would end the emergency stop then.",
            "Nothing was done.",
        ]
        told = filled.json("diagnose", "quick-fix", "--dry-run")
        assert [one["pid"] for one in told["processes"]] == [server.pid]
        assert told["dry_run"] is True
        assert server.poll() is None
        assert not (filled.data / "emergency-stop").exists()

    def test_other_processes_are_left_alone(self, filled: Terminal) -> None:
        with running() as reused, running() as remote:
            note(filled.data, reused.pid, started=1.0)
            note(filled.data, remote.pid, host="elsewhere")
            said = lines(filled, "quick-fix")
            assert "No server of this installation runs on this machine." in said
            assert any("on elsewhere and was left alone" in line for line in said)
            assert (reused.poll(), remote.poll()) == (None, None)

    def test_programs_are_told_what_became_of_each(self, filled: Terminal, server: "subprocess.Popen[str]") -> None:
        note(filled.data, 999_999_998, host="elsewhere")
        told = filled.json("diagnose", "quick-fix", "--reset")
        assert [(one["pid"], one["role"], one["ending"]) for one in told["processes"]] == [(server.pid, "run", "ended")]
        assert [one["pid"] for one in told["left_alone"]] == [999_999_998]
        assert (told["told"], told["reset"], told["dry_run"]) == (True, True, False)

    def test_one_that_does_not_obey_is_killed(self, filled: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("infrastructure.processes.FolderProcesses.__init__.__kwdefaults__", {"patience": 0.1})
        with running(STUBBORN) as process:
            note(filled.data, process.pid)
            assert any(line.endswith("did not obey, and was killed.") for line in lines(filled, "quick-fix"))
            assert process.wait() == -signal.SIGKILL

    def test_one_that_may_not_be_ended_is_told_and_an_error(
        self, filled: Terminal, server: "subprocess.Popen[str]", monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refused(process: psutil.Process, _: int) -> None:
            raise psutil.AccessDenied(process.pid)

        monkeypatch.setattr(psutil.Process, "send_signal", refused)
        said = lines(filled, "quick-fix", code=1)
        assert f"Process {server.pid} (scipaperloader run, port 5001) is another user's, and was left alone." in said

    def test_the_starter_ends_before_what_it_started(self, filled: Terminal) -> None:
        with running() as child, running() as parent:
            note(filled.data, child.pid)
            note(filled.data, parent.pid, role=Role.RELOADER.value)
            said = lines(filled, "quick-fix")
        assert [line.split()[1] for line in said if line.startswith("Process")] == [str(parent.pid), str(child.pid)]
        assert "Start again: `scipaperloader run --reload --port 5000`." in said[-1]

    @pytest.mark.case("B01")
    @pytest.mark.skipif(not LOCKS.exists(), reason="needs the kernel's table of locks")
    def test_a_server_that_hangs_with_the_lock_is_named_and_ended_and_the_log_told(
        self, filled: Terminal, holder: "subprocess.Popen[str]"
    ) -> None:
        state = lines(filled, "check-state", code=1)
        assert state[0] == (
            f"The database is locked by process {holder.pid} (scipaperloader run), which has been writing for too long."
        )
        assert any(f"Process {holder.pid} is frozen" in line for line in state)
        said = lines(filled, "quick-fix", "--reset")
        assert "The log knows of it, and 0 papers in transit went back." in said
        assert f"Process {holder.pid} (scipaperloader run, port 5000) ended in good order." in said
        assert said[-2] == "The emergency stop is over."
        assert types(filled) == ["scraper.emergency_stopped", "scraper.reset"]

    @pytest.mark.case("B05")
    def test_with_a_damaged_database_the_servers_end_all_the_same(
        self, filled: Terminal, server: "subprocess.Popen[str]"
    ) -> None:
        path = filled.data / "scipaperloader.db"
        path.write_bytes(path.read_bytes()[:100] + b"\xff" * 4000)
        said = lines(filled, "quick-fix", "--reset", code=1)
        assert said[0].startswith("The database is damaged.")
        assert has_ended(server)
        assert any(line.startswith("The emergency stop could not be ended: The database is damaged.") for line in said)
        assert said[-1] == HOLDS
        assert (filled.data / "emergency-stop").exists()

    def test_somebody_at_a_terminal_is_asked_first(self, filled: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(fixing, "somebody_answers", lambda: True)
        filled("diagnose", "quick-fix", answer="n\n", code=1)
        assert filled.json("status")["scraper"] == "stopped"
        filled("diagnose", "quick-fix", "--yes")
        assert filled.json("status")["scraper"] == "emergency-stopped"

    def test_papers_of_the_ended_go_back(self, planned: Terminal) -> None:
        with ExitStack() as stack:
            container = stack.enter_context(opened(planned))
            container.controlling.use(Action.PAUSE, "", PROGRAM)
        assert "The log knows of it, and 2 papers in transit went back." in lines(planned, "quick-fix")
