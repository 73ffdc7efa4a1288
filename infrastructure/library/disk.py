"""The disk of the library: its faults as errors of the port, and writes that are on it when they return."""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from application.ports.library import LibraryFull, LibraryUnavailable

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REMEDIES = {
    errno.EROFS: "The disk is mounted read-only: look into the system's log for faults of the disk.",
    errno.EACCES: "Give the user that runs the program the right to write in the folder.",
    errno.EPERM: "Give the user that runs the program the right to write in the folder.",
    errno.EIO: "The disk has faults: look into the system's log, and replace it.",
}
_BLOCK = 1024 * 1024


@contextmanager
def disk_faults(where: Path) -> Iterator[None]:
    """Turn what the system says into LibraryFull or LibraryUnavailable."""
    try:
        yield
    except OSError as error:
        reason = f"{where}: {error.strerror or error}."
        if error.errno in _FULL:
            raise LibraryFull(reason) from error
        remedy = _REMEDIES.get(error.errno or 0, "Check that the disk of the library is mounted and works.")
        raise LibraryUnavailable(reason, remedy=remedy) from error


def hash_and_sync(path: Path) -> tuple[str, int]:
    """The SHA-256 and the size of a file, read once, which is on the disk then.

    A failed fsync may have dropped the data while a second one reports success (fsync(2), Errors), so it is not tried.
    """
    digest, size = hashlib.sha256(), 0
    with path.open("r+b") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def sync_folder(folder: Path) -> None:
    """Put the folder's list of names on the disk, where the system lets folders be opened."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folders(folder: Path) -> None:
    """Make the folder and those above it that are missing, durably."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        sync_folder(each.parent)
