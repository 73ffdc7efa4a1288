"""Which processes hold an SQLite file: who writes, where the system tells, else who has it open."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

import psutil
from attrs import field, frozen

LOCKS = Path("/proc/locks")
"""The kernel's table of locks (proc(5)); other systems have none."""
WRITE_LOCK = "120"
"""The byte of the shared memory that a writer locks (sqlite.org/walformat.html, section 2.3.1)."""


PROGRAM = "scipaperloader"
_NONE: Mapping[int, str] = MappingProxyType({})


@frozen(kw_only=True)
class Holders:
    """Other processes that hold a file, by words: those that write, and where none is known those that have it open."""

    writers: list[str] = field(factory=list)
    openers: list[str] = field(factory=list)


def who_holds(file: Path, ours: Mapping[int, str] = _NONE, locks: Path = LOCKS) -> Holders:
    """What is known of the processes that hold the file. `ours` are what some of them are known to run."""
    if writers := _writers(file.with_name(f"{file.name}-shm"), ours, locks):
        return Holders(writers=writers)
    return Holders(openers=_openers(str(file.resolve()), ours))


def _writers(shared: Path, ours: Mapping[int, str], locks: Path) -> list[str]:
    with suppress(OSError):
        inode = str(shared.stat().st_ino)
        rows = [line.split() for line in locks.read_text(encoding="ascii").splitlines()]
        return [named(int(row[4]), ours) for row in rows if len(row) == 8 and _is_write_lock(row, inode)]
    return []


def _is_write_lock(row: list[str], inode: str) -> bool:
    return row[3] == "WRITE" and row[5].rpartition(":")[2] == inode and row[6] == WRITE_LOCK


def named(pid: int, ours: Mapping[int, str] = _NONE) -> str:
    """A process by its number and by what it runs: process 4711 (scipaperloader run)."""
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        return f"process {pid} ({ours.get(pid) or _command(process.cmdline()) or process.name()})"
    return f"process {pid}"


def _command(words: list[str]) -> str:
    """The command of ours that these words start, "" where they start something else."""
    names = [Path(word).name for word in words]
    if PROGRAM not in names:
        return ""
    first = names.index(PROGRAM) + 1
    return " ".join([PROGRAM, *(word for word in words[first : first + 1] if not word.startswith("-"))])


def _openers(path: str, ours: Mapping[int, str]) -> list[str]:
    found = []
    for process in psutil.process_iter(["pid"]):
        with suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and any(opened.path == path for opened in process.open_files()):
                found.append(named(process.pid, ours))
    return found
