"""Giving stored files other names, so that a crash at any moment leaves the file under the name that the log knows.

A file gets its second name (a hard link; a copy where the disk has none), then the log is told, then the first name
goes. A note in the folder `.renaming` tells of it from before the first step until after the last.
"""

import filecmp
import hashlib
import json
import os
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from application.ports.library import LibraryUnavailable
from application.ports.renaming import Move, RenamingAlready
from domain.identifiers import Identifier
from domain.metadata import Metadata
from infrastructure.library.disk import hash_and_sync, make_folders, sync_folder
from infrastructure.library.naming import check_pattern, mark_of, marked_path
from infrastructure.library.store import FolderLibrary

_NOTES, _LOCK = ".renaming", "lock"
_MOST_NUMBERS = 1_000


class FolderNames:
    """Adapter of application.ports.renaming.FileNames. Safe for several threads and processes."""

    def __init__(self, library: FolderLibrary) -> None:
        self._library = library
        self._folder = library.folder
        self._notes = self._folder / _NOTES

    @property
    def pattern(self) -> str:
        """See the port."""
        return self._library.pattern

    def wanted(
        self, path: str, metadata: Metadata, identifiers: Iterable[Identifier] = (), pattern: str | None = None
    ) -> str:
        """See the port."""
        pattern = self.pattern if pattern is None else pattern
        check_pattern(pattern)
        digits, named = mark_of(path), tuple(identifiers)
        if digits is None:
            return path
        for number in range(1, _MOST_NUMBERS):
            target = marked_path(pattern, digits, metadata, named, number=number)
            if _alike(target) == _alike(path):
                return path
            if self._is_free(target, path):
                return target
        return path

    @contextmanager
    def alone(self) -> Iterator[None]:
        """See the port. The lock ends with the process."""
        import fcntl

        with self._library.present():
            make_folders(self._notes)
            file = (self._notes / _LOCK).open("w")
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise RenamingAlready from error
            yield

    def begin(self, move: Move) -> None:
        """See the port."""
        source, target = self._library.open(move.old), self._library.place(move.new)
        with self._library.present():
            self._write_note(move)
            make_folders(target.parent)
            try:
                if not _is_same(source, target):
                    _link(source, target)
            except FileExistsError as error:  # not ours: nothing may come to it
                self._note(move.paper).unlink()
                raise LibraryUnavailable(f"Another file has the name {move.new}.", remedy="Try once more.") from error
            sync_folder(target.parent)

    def end(self, move: Move, keep: str | None) -> None:
        """See the port. No name goes before the one to keep is there."""
        with self._library.present():
            if keep is not None:
                self._assure(keep, move)
            for path in {move.old, move.new} - {keep}:
                if keep is None or _is_copy(self._library.place(path), self._library.place(keep)):
                    self._remove(path)
            self._note(move.paper).unlink(missing_ok=True)

    def unfinished(self) -> Sequence[Move]:
        """See the port."""
        with self._library.present():
            if not self._notes.is_dir():
                return ()
            return [move for path in sorted(self._notes.glob("*.note")) if (move := _read_note(path)) is not None]

    def _assure(self, keep: str, move: Move) -> None:
        kept = self._library.place(keep)
        other = self._library.place(move.old if keep == move.new else move.new)
        if not kept.is_file() and other.is_file():
            make_folders(kept.parent)
            _link(other, kept)
            sync_folder(kept.parent)

    def _remove(self, path: str) -> None:
        """Remove a name, and the folders that are empty then."""
        gone = self._library.place(path)
        gone.unlink(missing_ok=True)
        with suppress(OSError):  # one that is not empty
            for folder in gone.parents:
                if folder == self._folder:
                    break
                folder.rmdir()

    def _is_free(self, target: str, path: str) -> bool:
        """Whether nothing is there, or the same file: it got its second name before a crash."""
        there = self._library.place(target)
        return not os.path.lexists(there) or _is_same(self._library.place(path), there)

    def _note(self, paper: str) -> Path:
        return self._notes / f"{hashlib.sha256(paper.encode()).hexdigest()[:32]}.note"

    def _write_note(self, move: Move) -> None:
        make_folders(self._notes)
        with self._note(move.paper).open("w", encoding="utf-8") as file:
            json.dump({"paper": move.paper, "old": move.old, "new": move.new}, file)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(self._notes)


def _read_note(path: Path) -> Move | None:
    """What the note says; None for half a one, which was written before anything else was done."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Move(paper=told["paper"], old=told["old"], new=told["new"])
    except (ValueError, KeyError, TypeError, FileNotFoundError):
        return None


def _link(source: Path, target: Path) -> None:
    """Give the file a second name that nothing has yet."""
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:  # disks without links
        half = target.with_name(f"{target.name}.part")
        shutil.copyfile(source, half)
        hash_and_sync(half)
        half.replace(target)


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except FileNotFoundError:
        return False


def _is_copy(one: Path, other: Path) -> bool:
    """Whether both are the same file, or have the same content where the disk has no links."""
    try:
        return one.samefile(other) or filecmp.cmp(one, other, shallow=False)
    except FileNotFoundError:
        return False


def _alike(path: str) -> str:
    """The path as disks compare it that know no case and no forms of accents."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
