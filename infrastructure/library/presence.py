"""Is the library's folder there, and is it the one that it was?

A disk that is not mounted leaves an empty folder behind. What is written into it fills the wrong disk, and is hidden
when the right one comes back. So the library leaves a marker in its folder and remembers what is in it.
"""

import json
import os
import secrets
from pathlib import Path

from application.ports.library import LibraryUnavailable
from infrastructure.library.disk import make_folders, sync_folder

MARKER = ".scipaperloader-library"


class Presence:
    """Knows the folder by its marker; `memory`, a file outside of the folder, makes it known after a restart too."""

    def __init__(self, folder: Path, memory: Path | None = None) -> None:
        self._folder = folder
        self._memory = memory
        self._known: str | None = None

    def assure(self) -> None:
        """Raise LibraryUnavailable where the folder is not the one that it was; at first use, make and mark it."""
        if self._known is None:
            self._known = self._remembered() or self._first_use()
        self._compare(self._known)

    def look(self) -> bool:
        """Whether there is a library already; nothing is made.

        Raises LibraryUnavailable where the folder is not the one that it was.
        """
        known = self._known or self._remembered()
        if known is not None:
            self._compare(known)
        return known is not None

    def _compare(self, known: str) -> None:
        marker = self._marker()
        if marker != known:
            what = "has no marker" if marker is None else "has the marker of another library"
            raise LibraryUnavailable(
                f"The folder {self._folder} {what} ({MARKER}): it is not the library that it was.",
                remedy=f"Mount its disk.{self._way_to_begin_anew()}",
            )

    def _way_to_begin_anew(self) -> str:
        return f" If the library begins anew in this folder, remove {self._memory}." if self._memory else ""

    def _marker(self) -> str | None:
        try:
            return (self._folder / MARKER).read_text(encoding="ascii", errors="replace").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _first_use(self) -> str:
        make_folders(self._folder)
        if self._marker() is None:
            self._mark(secrets.token_hex(16))
        marker = self._marker() or ""
        self._remember(marker)
        return marker

    def _mark(self, identity: str) -> None:
        """Make the marker with its content in one step, unless another process has just made it."""
        draft = self._folder / f"{MARKER}.{identity}"
        try:
            _write(draft, identity)
            _give_name(draft, self._folder / MARKER)
            sync_folder(self._folder)
        finally:
            draft.unlink(missing_ok=True)

    def _remembered(self) -> str | None:
        known = self._memories().get(self._key())
        return known if isinstance(known, str) else None

    def _remember(self, marker: str) -> None:
        if self._memory:
            make_folders(self._memory.parent)
            draft = self._memory.with_name(f"{self._memory.name}.{secrets.token_hex(4)}")
            _write(draft, json.dumps({**self._memories(), self._key(): marker}, indent=1))
            draft.replace(self._memory)
            sync_folder(self._memory.parent)

    def _memories(self) -> dict[str, object]:
        try:
            kept = json.loads(self._memory.read_text(encoding="utf-8")) if self._memory else {}
        except (FileNotFoundError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def _key(self) -> str:
        return os.fspath(self._folder.absolute())


def _give_name(draft: Path, name: Path) -> None:
    try:
        name.hardlink_to(draft)
    except FileExistsError:
        return
    except OSError:  # a disk without hard links
        draft.rename(name)


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
