"""Files on their way into the library, and a note for each attempt until its outcome is in the log.

A crash may come between a file and its event. The note outlives it: it tells the attempt, and the path at which its
file was about to be stored, so that nobody has to search the library for it.
"""

import os
import re
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from domain.errors import InvalidValue
from infrastructure.library.disk import make_folders

_ATTEMPT = re.compile(r"[A-Za-z0-9_-]{1,100}")
_NOTE = ".note"


class Incoming:
    """The folder of staged files, `<attempt>.part` and what is made of them, and of notes, `<attempt>.note`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, attempt: str) -> Path:
        """Where the file of an attempt is fetched to."""
        if not _ATTEMPT.fullmatch(attempt):
            raise InvalidValue("attempt", attempt, "letters and digits")
        return self._folder / f"{attempt}.part"

    def begin(self, attempt: str) -> Path:
        """Note the attempt; the path for its file. The note outlives the process, and since `intend` the power too."""
        path, note = self.path(attempt), self._note(attempt)
        if not note.exists():
            make_folders(self._folder)
            note.touch()
        return path

    def intend(self, attempt: str, target: str) -> None:
        """Note, durably, where the file of an attempt will be stored, or is until it is removed.

        Its note may be gone: others settle the attempts of a process that stood still for long, and that goes on.
        """
        make_folders(self._folder)
        with self._note(attempt).open("w", encoding="utf-8") as file:
            file.write(target)
            file.flush()
            os.fsync(file.fileno())

    def intended(self, attempt: str) -> str | None:
        """Where the attempt's file was about to be stored: "" if it never was, None where there is no note."""
        try:
            return self._note(attempt).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None

    def settle(self, attempt: str) -> None:
        """Remove the note."""
        self._note(attempt).unlink(missing_ok=True)

    def unsettled(self) -> tuple[str, ...]:
        """The noted attempts."""
        return tuple(path.stem for path in self._paths() if path.suffix == _NOTE)

    def files(self, attempts: Collection[str]) -> list[Path]:
        """The staged files of the attempts."""
        return [path for path in self._paths() if path.suffix != _NOTE and path.name.partition(".")[0] in attempts]

    def older(self, before: datetime) -> list[Path]:
        """The staged files that nobody has written to since the moment."""
        return [path for path in self._paths() if path.suffix != _NOTE and _is_older(path, before)]

    def _note(self, attempt: str) -> Path:
        return self.path(attempt).with_suffix(_NOTE)

    def _paths(self) -> list[Path]:
        return sorted(self._folder.iterdir()) if self._folder.is_dir() else []


def _is_older(path: Path, before: datetime) -> bool:
    try:
        return path.stat().st_mtime < before.timestamp()
    except FileNotFoundError:
        return False
