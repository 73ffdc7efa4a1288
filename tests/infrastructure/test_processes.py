"""Notes of the servers: which live, which are left alone, and how the very process that noted itself is ended."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from structlog.testing import capture_logs

from application.ports.processes import Ending, Life, Role, ServerProcess
from infrastructure import processes as module
from infrastructure.living import birth, host, is_same, machine, started
from infrastructure.processes import FolderProcesses

OBEDIENT = "import sys; print('there', flush=True); sys.stdin.read()"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {OBEDIENT}"


@contextmanager
def running(code: str = OBEDIENT) -> Iterator["subprocess.Popen[str]"]:
    """Another process, until its input ends."""
    command = [sys.executable, "-P", "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "there\n"
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.communicate()


def note(data: Path, pid: int, **changes: Any) -> Path:
    """A note as the process with this number would write it."""
    path = data / "processes" / f"{pid}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {"pid": pid, "started": started(pid) or 1.0, "host": host(), "role": "run", "port": 5000, "version": "1"}
    path.write_text(json.dumps(told | changes))
    return path


def only(data: Path) -> ServerProcess:
    (found,) = FolderProcesses(data).all()
    return found


class TestNotes:
    def test_a_process_is_noted_while_it_serves(self, tmp_path: Path) -> None:
        with FolderProcesses(tmp_path, "1.2").noted(Role.RUN, 5001):
            found = only(tmp_path)
            assert (found.pid, found.host, found.role, found.port) == (os.getpid(), host(), "run", 5001)
            assert (found.version, found.life, found.lives) == ("1.2", Life.LIVES, True)
            assert is_same(found.started, psutil.Process().create_time())
        assert list((tmp_path / "processes").iterdir()) == []

    def test_the_note_goes_when_the_server_breaks(self, tmp_path: Path) -> None:
        with pytest.raises(OSError, match="broken"), FolderProcesses(tmp_path).noted(Role.DEMO, 1):
            raise OSError("broken")
        assert FolderProcesses(tmp_path).all() == []

    def test_without_a_folder_there_is_none(self, tmp_path: Path) -> None:
        assert FolderProcesses(tmp_path / "nowhere").all() == []
        assert not (tmp_path / "nowhere").exists()

    def test_a_disk_that_takes_no_note_does_not_keep_the_server_from_serving(self, tmp_path: Path) -> None:
        (tmp_path / "data").write_text("in the way")
        with capture_logs() as said, FolderProcesses(tmp_path / "data").noted(Role.RUN, 1):
            assert FolderProcesses(tmp_path / "data").all() == []
        assert [one["event"] for one in said] == ["the process could not be noted"]

    def test_notes_of_the_dead_are_swept_by_the_next_server(self, tmp_path: Path) -> None:
        stale, elsewhere = note(tmp_path, 999_999_999), note(tmp_path, 999_999_998, host="elsewhere")
        with FolderProcesses(tmp_path).noted(Role.RUN, 1):
            assert not stale.exists()
            assert elsewhere.exists()

    def test_looking_sweeps_nothing(self, tmp_path: Path) -> None:
        stale = note(tmp_path, 999_999_999)
        assert only(tmp_path).life is Life.ENDED
        assert stale.exists()

    @pytest.mark.parametrize(
        "content", ["", "{", "[]", "null", '{"pid": 7}', '{"pid": "7", "started": 0}', "\x00\xff", '{"pid": -1}']
    )
    def test_what_is_no_note_is_left_aside(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "processes").mkdir()
        (tmp_path / "processes" / "7.json").write_text(content, encoding="latin-1")
        assert FolderProcesses(tmp_path).all() == []

    def test_a_note_under_another_number_is_none(self, tmp_path: Path) -> None:
        note(tmp_path, os.getpid()).rename(tmp_path / "processes" / "1.json")
        assert FolderProcesses(tmp_path).all() == []

    def test_those_that_start_others_come_first(self, tmp_path: Path) -> None:
        with running() as one, running() as other:
            note(tmp_path, one.pid)
            note(tmp_path, other.pid, role=Role.RELOADER.value)
            assert [found.pid for found in FolderProcesses(tmp_path).all()] == [other.pid, one.pid]

    def test_a_child_that_was_forked_does_not_take_the_note_away(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with ExitStack() as stack:
            stack.enter_context(FolderProcesses(tmp_path).noted(Role.RUN, 1))
            path = tmp_path / "processes" / f"{os.getpid()}.json"
            monkeypatch.setattr(os, "getpid", lambda: 1)
        assert path.exists()


class TestLife:
    @pytest.mark.skipif(not psutil.LINUX, reason="elsewhere the system keeps no count that no clock changes")
    @pytest.mark.parametrize("step", [3.0, -3.0, 86_400.0])
    def test_one_that_lives_while_the_clock_is_put_right(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: float
    ) -> None:
        boot_time = psutil._pslinux.boot_time
        with running() as process:
            note(tmp_path, process.pid, machine=machine(), birth=birth(process.pid))
            before = started(process.pid)
            monkeypatch.setattr(psutil._pslinux, "boot_time", lambda: boot_time() + step)
            assert not is_same(started(process.pid), before)
            assert only(tmp_path).life is Life.LIVES
            assert FolderProcesses(tmp_path).end(only(tmp_path)) is Ending.ENDED

    @pytest.mark.parametrize("other", [{"birth": 1.0}, {"machine": f"{host()} after its next start"}])
    def test_the_same_number_at_another_moment_or_since_another_start_of_the_machine(
        self, tmp_path: Path, other: dict[str, Any]
    ) -> None:
        with running() as process:
            note(tmp_path, process.pid, **({"machine": machine(), "birth": birth(process.pid)} | other))
            assert only(tmp_path).life is Life.ENDED
            assert FolderProcesses(tmp_path).end(only(tmp_path)) is Ending.GONE
            assert process.poll() is None

    def test_one_that_an_older_version_noted(self, tmp_path: Path) -> None:
        with running() as process:
            note(tmp_path, process.pid)
            assert only(tmp_path).life is Life.LIVES

    def test_a_number_that_was_given_to_another_process(self, tmp_path: Path) -> None:
        with running() as process:
            note(tmp_path, process.pid, started=started(process.pid) - 100)
            assert only(tmp_path).life is Life.ENDED

    def test_one_of_another_machine(self, tmp_path: Path) -> None:
        note(tmp_path, os.getpid(), host="elsewhere")
        assert only(tmp_path).life is Life.ELSEWHERE
        assert not only(tmp_path).lives

    def test_one_that_a_signal_stopped(self, tmp_path: Path) -> None:
        with running() as process:
            note(tmp_path, process.pid)
            process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
            assert only(tmp_path).life is Life.FROZEN
            assert only(tmp_path).lives

    def test_one_of_which_only_the_exit_code_is_left(self, tmp_path: Path) -> None:
        with running() as process:
            note(tmp_path, process.pid)
            assert process.stdin
            process.stdin.close()
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
            assert only(tmp_path).life is Life.ENDED


class TestEnding:
    def test_it_ends_in_good_order(self, tmp_path: Path) -> None:
        with running() as process:
            path = note(tmp_path, process.pid)
            assert FolderProcesses(tmp_path).end(only(tmp_path)) is Ending.ENDED
            assert process.wait() == -signal.SIGTERM
        assert not path.exists()

    def test_one_that_does_not_obey_is_killed(self, tmp_path: Path) -> None:
        with running(STUBBORN) as process:
            note(tmp_path, process.pid)
            assert FolderProcesses(tmp_path, patience=0.1).end(only(tmp_path)) is Ending.KILLED
            assert process.wait() == -signal.SIGKILL

    def test_a_frozen_one_wakes_up_and_obeys(self, tmp_path: Path) -> None:
        with running() as process:
            note(tmp_path, process.pid)
            process.send_signal(signal.SIGSTOP)
            assert FolderProcesses(tmp_path).end(only(tmp_path)) is Ending.ENDED
            assert process.wait() == -signal.SIGTERM

    @pytest.mark.parametrize("changes", [{"started": 1.0}, {"host": "elsewhere"}])
    def test_another_process_with_its_number_is_left_alone(self, tmp_path: Path, changes: dict[str, Any]) -> None:
        with running() as process:
            note(tmp_path, process.pid, **changes)
            assert FolderProcesses(tmp_path).end(only(tmp_path)) is Ending.GONE
            assert process.poll() is None

    def test_one_whose_number_noted_itself_anew_is_left_alone(self, tmp_path: Path) -> None:
        with running() as process:
            note(tmp_path, process.pid, started=started(process.pid) - 100)
            before = only(tmp_path)
            note(tmp_path, process.pid)
            assert FolderProcesses(tmp_path).end(before) is Ending.GONE
            assert process.poll() is None

    def test_one_that_is_gone(self, tmp_path: Path) -> None:
        note(tmp_path, 999_999_999)
        assert FolderProcesses(tmp_path).end(only(tmp_path)) is Ending.GONE

    def test_one_that_goes_at_the_same_moment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def gone(process: psutil.Process, _: int) -> None:
            raise psutil.NoSuchProcess(process.pid)

        with running() as process:
            note(tmp_path, process.pid)
            monkeypatch.setattr(psutil.Process, "send_signal", gone)
            assert FolderProcesses(tmp_path).end(only(tmp_path)) is Ending.GONE

    def test_one_of_another_user(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refused(process: psutil.Process, _: int) -> None:
            raise psutil.AccessDenied(process.pid)

        with running() as process:
            path = note(tmp_path, process.pid)
            monkeypatch.setattr(psutil.Process, "send_signal", refused)
            assert FolderProcesses(tmp_path).end(only(tmp_path)) is Ending.REFUSED
            assert path.exists()

    def test_one_that_nothing_ends(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "KILLING", 0.0)
        monkeypatch.setattr(psutil.Process, "send_signal", lambda *_: None)
        with running() as process:
            path = note(tmp_path, process.pid)
            assert FolderProcesses(tmp_path, patience=0.0).end(only(tmp_path)) is Ending.REMAINS
            assert path.exists()

    def test_nobody_ends_itself(self, tmp_path: Path) -> None:
        path = note(tmp_path, os.getpid())
        assert FolderProcesses(tmp_path).end(only(tmp_path)) is Ending.GONE
        assert path.exists()
