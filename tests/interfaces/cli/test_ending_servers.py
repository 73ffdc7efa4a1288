"""Real servers: they note themselves while they serve, and the quick fix ends them, also those that hang."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL, SIGSTOP

import psutil
import pytest

from infrastructure.processes import FolderProcesses
from tests.crash.launcher import Launcher, Running
from tests.interfaces.cli.conftest import Terminal
from tests.interfaces.cli.test_serving import SECONDS, served


@pytest.fixture
def launcher(terminal: Terminal, tmp_path: Path) -> Iterator[Launcher]:
    with Launcher(tmp_path / "runs", {"DATA_DIR": str(terminal.data)}, loaded=["interfaces.serving"]) as launcher:
        yield launcher


def noted(terminal: Terminal) -> dict[str, int]:
    """The processes that noted themselves and live, by role."""
    return {one.role: one.pid for one in FolderProcesses(terminal.data).all() if one.lives}


def fixed(terminal: Terminal, port: int, *options: str) -> str:
    terminal.variables["PORT"] = str(port)
    return terminal("diagnose", "quick-fix", *options).stdout


def test_a_server_is_noted_while_it_serves(launcher: Launcher, terminal: Terminal, port: int) -> None:
    running = launcher.start("run", "--port", str(port))
    served(port, running)
    (found,) = FolderProcesses(terminal.data).all()
    assert (found.pid, found.role, found.port, found.lives) == (running.pid, "run", port, True)
    terminal.variables["PORT"] = str(port)
    told = terminal("diagnose", "check-state").stdout
    assert f"1 process runs: process {running.pid} (scipaperloader run, port {port})." in told
    assert f"It answers on 127.0.0.1, port {port}." in told
    assert f"Process {running.pid} on" in told
    assert f"Process {running.pid} (scipaperloader run, port {port}) ended in good order." in fixed(terminal, port)
    ended = running.ended()
    assert (ended.code, ended.err) == (0, "")
    assert noted(terminal) == {}
    assert list((terminal.data / "processes").iterdir()) == []


def test_the_note_of_one_that_was_killed_is_swept_by_the_next(
    launcher: Launcher, terminal: Terminal, port: int
) -> None:
    first = launcher.start("run", "--port", str(port))
    served(port, first)
    first.signal(SIGKILL)
    first.ended()
    assert [one.lives for one in FolderProcesses(terminal.data).all()] == [False]
    second = launcher.start("run", "--port", str(port))
    served(port, second)
    assert [one.pid for one in FolderProcesses(terminal.data).all()] == [second.pid]
    fixed(terminal, port)
    assert second.ended().code == 0


def test_one_that_hangs_is_told_and_ended(launcher: Launcher, terminal: Terminal, port: int) -> None:
    running = launcher.start("run", "--port", str(port))
    served(port, running)
    running.signal(SIGSTOP)
    wait_until_stopped(running)
    terminal.variables["PORT"] = str(port)
    told = terminal("diagnose", "check-state", code=1).stdout
    assert f"Something listens on 127.0.0.1, port {port}, but did not answer within 2 seconds: it hangs." in told
    assert f"Process {running.pid} is frozen: a signal stopped it." in told
    said = fixed(terminal, port, "--reset")
    assert f"Process {running.pid} (scipaperloader run, port {port}) ended in good order." in said
    assert "The emergency stop is over." in said
    assert running.ended().code == 0


def wait_until_stopped(running: Running) -> None:
    deadline = time.monotonic() + SECONDS
    while psutil.Process(running.pid).status() != psutil.STATUS_STOPPED:
        assert time.monotonic() < deadline
        os.sched_yield()


@pytest.mark.parametrize("frozen", [False, True], ids=["works", "frozen"])
def test_a_server_that_is_started_anew_with_the_source_ends_with_its_starter(
    launcher: Launcher, terminal: Terminal, port: int, frozen: bool
) -> None:
    running = launcher.start("run", "--reload", "--port", str(port))
    served(port, running)
    found = noted(terminal)
    assert found.keys() == {"run --reload", "run"}
    assert found["run --reload"] == running.pid
    if frozen:
        running.signal(SIGSTOP)
        wait_until_stopped(running)
    said = fixed(terminal, port)
    assert f"Process {running.pid} (scipaperloader run --reload, port {port}) ended in good order." in said
    assert f"Start again: `scipaperloader run --reload --port {port}`." in said
    running.ended()
    assert noted(terminal) == {}
    assert not psutil.pid_exists(found["run"])


def test_the_demonstration_is_noted_in_its_own_folder(
    launcher: Launcher, terminal: Terminal, tmp_path: Path, port: int
) -> None:
    data = tmp_path / "demo"
    running = launcher.start("demo", "--papers", "2", "--port", str(port), "--data-dir", str(data))
    served(port, running)
    assert [one.role for one in FolderProcesses(data).all()] == ["demo"]
    assert noted(terminal) == {}
    terminal.data = data
    assert "Start again: `scipaperloader demo" in fixed(terminal, port)
    assert running.ended().code == 0
