"""Who holds an SQLite file."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from infrastructure.health.holders import LOCKS, Holders, named, who_holds
from tests.infrastructure.health.test_database import Held

OPEN = "import sys; file = open(sys.argv[1]); print('open', flush=True); sys.stdin.read()"

needs_linux = pytest.mark.skipif(not LOCKS.exists(), reason="needs the kernel's table of locks")


@pytest.fixture
def opener(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that has the file `some.db` open."""
    (tmp_path / "some.db").touch()
    command = [sys.executable, "-P", "-c", OPEN, str(tmp_path / "some.db")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        yield process
        process.communicate()


def test_nobody(tmp_path: Path) -> None:
    assert who_holds(tmp_path / "some.db") == Holders()


def test_who_has_it_open(tmp_path: Path, opener: "subprocess.Popen[str]") -> None:
    (said,) = who_holds(tmp_path / "some.db").openers
    assert said.startswith(f"process {opener.pid} (")


def test_what_is_known_of_a_process_is_told(tmp_path: Path, opener: "subprocess.Popen[str]") -> None:
    told = who_holds(tmp_path / "some.db", {opener.pid: "scipaperloader run"})
    assert told.openers == [f"process {opener.pid} (scipaperloader run)"]


def test_we_ourselves_are_not_told(tmp_path: Path) -> None:
    with (tmp_path / "some.db").open("w"):
        assert who_holds(tmp_path / "some.db") == Holders()


@needs_linux
def test_who_writes(sqlite_path: Path, opener: "subprocess.Popen[str]") -> None:
    with Held(str(sqlite_path)) as writer:
        told = who_holds(sqlite_path)
    assert [one.startswith(f"process {writer.pid} (") for one in told.writers] == [True]
    assert told.openers == []


def test_without_a_table_of_locks_who_has_it_open_is_told(sqlite_path: Path, tmp_path: Path) -> None:
    with Held(str(sqlite_path)) as writer:
        told = who_holds(sqlite_path, locks=tmp_path / "no table")
    assert any(one.startswith(f"process {writer.pid} (") for one in told.openers)
    assert told.writers == []


def test_locks_of_other_files_and_other_kinds_are_left_aside(tmp_path: Path) -> None:
    (tmp_path / "some.db-shm").touch()
    inode = (tmp_path / "some.db-shm").stat().st_ino
    table = tmp_path / "locks"
    table.write_text(
        f"1: POSIX  ADVISORY  READ 1 fe:00:{inode} 124 124\n"
        f"1: -> POSIX  ADVISORY  WRITE 1 fe:00:{inode} 120 120\n"
        f"2: POSIX  ADVISORY  WRITE 1 fe:00:{inode + 1} 120 120\n"
        f"3: FLOCK  ADVISORY  WRITE 1 fe:00:{inode} 0 EOF\n"
    )
    assert who_holds(tmp_path / "some.db", locks=table) == Holders()
    table.write_text(f"1: POSIX  ADVISORY  WRITE {os.getpid()} fe:00:{inode} 120 120\n")
    assert who_holds(tmp_path / "some.db", locks=table).writers == [named(os.getpid())]
    table.write_text(f"1: POSIX  ADVISORY  WRITE 999999999 fe:00:{inode} 120 120\n")
    assert who_holds(tmp_path / "some.db", locks=table).writers == ["process 999999999"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["/venv/bin/python", "/venv/bin/scipaperloader", "run", "--reload"], "scipaperloader run"),
        (["/usr/bin/scipaperloader", "--help"], "scipaperloader"),
        (["/usr/bin/scipaperloader"], "scipaperloader"),
        (["vim", "scipaperloader.toml"], "vim"),
        ([], "vim"),
    ],
)
def test_a_command_of_ours_is_told_as_it_was_typed(
    monkeypatch: pytest.MonkeyPatch, words: list[str], told: str
) -> None:
    monkeypatch.setattr(psutil.Process, "cmdline", lambda _: words)
    monkeypatch.setattr(psutil.Process, "name", lambda _: "vim")
    assert named(os.getpid()) == f"process {os.getpid()} ({told})"


@pytest.fixture
def sqlite_path(request: pytest.FixtureRequest) -> Path:
    """The file of a fresh database, which is open here."""
    database = request.getfixturevalue("sqlite")
    with database.read() as connection:
        connection.exec_driver_sql("SELECT * FROM events").all()
    return Path(database.url.database)
