"""One backup at a time in a folder, so that whatever half backup is found there is a dead one's."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from application.ports.maintenance import BackupNotPossible

LOCK = ".lock"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system takes it back from a process that dies. Raises BackupNotPossible."""
    with (folder / LOCK).open("ab") as file:
        if not _locked(file):
            raise BackupNotPossible(
                f"Another process is writing a backup into {folder}.", remedy="Wait until it is done, and try again."
            )
        yield


def _locked(file: BinaryIO) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
