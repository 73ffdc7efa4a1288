"""Which processes hold an SQLite file: who writes, where the system tells, else who has it open."""

import os
from contextlib import suppress
from pathlib import Path

import psutil

from application.formats import listed

LOCKS = Path("/proc/locks")
"""The kernel's table of locks (proc(5)); other systems have none."""
WRITE_LOCK = "120"
"""The byte of the shared memory that a writer locks (sqlite.org/walformat.html, section 2.3.1)."""


def holders(file: Path, locks: Path = LOCKS) -> str:
    """A sentence about the other processes that hold the file, "" where nothing is known of any."""
    if writers := _writers(file.with_name(f"{file.name}-shm"), locks):
        return f"It is held by {listed(writers)}."
    openers = _openers(str(file.resolve()))
    return f"It is open in {listed(openers)}." if openers else ""


def _writers(shared: Path, locks: Path) -> list[str]:
    with suppress(OSError):
        inode = str(shared.stat().st_ino)
        rows = [line.split() for line in locks.read_text(encoding="ascii").splitlines()]
        return [_named(int(row[4])) for row in rows if len(row) == 8 and _is_write_lock(row, inode)]
    return []


def _is_write_lock(row: list[str], inode: str) -> bool:
    return row[3] == "WRITE" and row[5].rpartition(":")[2] == inode and row[6] == WRITE_LOCK


def _named(pid: int) -> str:
    with suppress(psutil.Error):
        return f"{psutil.Process(pid).name()} (process {pid})"
    return f"process {pid}"


def _openers(path: str) -> list[str]:
    found = []
    for process in psutil.process_iter(["pid"]):
        with suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and any(opened.path == path for opened in process.open_files()):
                found.append(_named(process.pid))
    return found
