"""The folders: whether they can be written, are the right ones, and have space; and how old the newest backup is."""

import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from application.formats import plural, size
from application.health import Finding, error, ok, skipped, warning
from infrastructure.backups.manifest import NAME as MANIFEST
from infrastructure.health.place import Place
from infrastructure.library.presence import Presence

OLD = timedelta(days=7)
"""Age of a backup that should be followed by another one."""
BACKUPS = "backups"
"""The folder of the backups, in the data folder."""
BACK_UP = "Run `scipaperloader backup`."
BACK_UP_HERE = ("Press “Back up now”.", "/diagnostics#proofs")
_BLOCK = bytes(4096)
_RIGHTS = "Mount its disk writable, and give the user that runs the program the right to write in the folder."
_SPACE = "Free some space on the disk; downloads go on by themselves then. DISK_RESERVE_BYTES is what stays free."


def data(place: Place) -> Finding:
    """Whether the data folder takes a file."""
    return _writable(place.data)


def library(place: Place) -> Finding:
    """Whether the library's folder is the one that it was, and takes a file. Raises LibraryUnavailable."""
    Presence(place.library, place.memory).look()
    return _writable(place.library)


def data_space(place: Place) -> Finding:
    """Whether more space is free on the data folder's disk than is to stay free."""
    return _space(place.data, place.reserve_bytes)


def library_space(place: Place) -> Finding:
    """The same for the library's disk."""
    return _space(place.library, place.reserve_bytes)


def backups(place: Place) -> Finding:
    """How old the newest backup in the data folder is."""
    if not place.data.exists():
        return skipped("There is nothing to back up yet.")
    folder, made = place.data / BACKUPS, backups_made(place.data)
    if not made:
        return warning(f"There is none in {folder}.", BACK_UP).on_page(*BACK_UP_HERE)
    age = place.clock.now() - datetime.fromtimestamp(max(made), UTC)
    told = f"{plural(len(made), 'backup')}, the newest one {_ago(age)}."
    return warning(told, BACK_UP).on_page(*BACK_UP_HERE) if age > OLD else ok(told)


def backups_made(data: Path) -> list[float]:
    """When each backup in the data folder was made."""
    folder = data / BACKUPS
    return [path.stat().st_mtime for path in folder.iterdir() if _is_backup(path)] if folder.exists() else []


def _is_backup(path: Path) -> bool:
    """Whether it is one: a folder with its manifest, or the one file of a database that a downgrade or reset kept."""
    return path.suffix == ".db" or (path / MANIFEST).exists()


def _ago(age: timedelta) -> str:
    return f"{plural(age.days, 'day')} old" if age.days > 0 else "of today"


def _writable(folder: Path) -> Finding:
    if not folder.exists():
        return _not_yet(folder)
    try:
        _try_to_write(folder)
    except OSError as refused:
        return error(f"{folder} cannot be written: {refused.strerror or refused}.", _RIGHTS)
    return ok(f"{folder}.")


def _not_yet(folder: Path) -> Finding:
    above = _nearest(folder)
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        return error(f"{folder} does not exist, and cannot be made in {above}.", _RIGHTS)
    return skipped(f"{folder} does not exist yet: it is made when it is needed.")


def _try_to_write(folder: Path) -> None:
    """Write a file that has no name, or loses it at once, and is gone when it is closed."""
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        file.write(_BLOCK)
        os.fsync(file.fileno())


def _space(folder: Path, reserve: int) -> Finding:
    free = shutil.disk_usage(_nearest(folder)).free
    told = f"{size(free)}; {size(reserve)} are to stay free."
    if free < reserve:
        return error(told, _SPACE)
    return warning(told, _SPACE) if free < 2 * reserve else ok(told)


def _nearest(folder: Path) -> Path:
    """The folder itself, or the nearest one above it that exists."""
    return next(each for each in (folder, *folder.parents) if each.exists())
