"""The library in a folder."""

import errno
import os
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path, PurePosixPath

from application.ports.library import LibraryFull, LibraryUnavailable, Stored
from domain.identifiers import Identifier
from domain.metadata import Metadata
from infrastructure.library.disk import disk_faults, hash_and_sync, make_folders, sync_folder
from infrastructure.library.incoming import Incoming
from infrastructure.library.naming import DEFAULT_PATTERN, check_pattern, file_path, mark, mark_of
from infrastructure.library.presence import Presence

GIBIBYTE = 1024**3
_INCOMING = ".incoming"


class FolderLibrary:
    """Files in a folder, under names that a person can read; see the port. Safe for several threads and processes.

    `pattern` names the files (`naming.check_pattern`). `reserve_bytes` stay free on the disk; `free_bytes` tells how
    many are. `memory` is a file in another folder that remembers the library's marker over restarts.
    """

    def __init__(
        self,
        folder: Path,
        pattern: str = DEFAULT_PATTERN,
        *,
        reserve_bytes: int = GIBIBYTE,
        memory: Path | None = None,
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        check_pattern(pattern)
        self._folder = folder.absolute()
        self._pattern = pattern
        self._reserve_bytes = reserve_bytes
        self._free_bytes = free_bytes
        self._presence = Presence(self._folder, memory)
        self._incoming = Incoming(self._folder / _INCOMING)

    @property
    def folder(self) -> Path:
        """Where it is."""
        return self._folder

    @property
    def pattern(self) -> str:
        """What names its files."""
        return self._pattern

    def adopt(self, pattern: str) -> None:
        """Name files by another pattern from now on."""
        check_pattern(pattern)
        self._pattern = pattern

    def staging(self, attempt: str) -> Path:
        """A path on the library's disk for the file of an attempt."""
        with self.present():
            free = self._free_bytes(self._folder)
            if free < self._reserve_bytes:
                raise LibraryFull(
                    f"{free:,} bytes are free on the disk of {self._folder}, {self._reserve_bytes:,} are to stay free."
                )
            return self._incoming.begin(attempt)

    def store(self, staged: Path, attempt: str, metadata: Metadata, identifiers: Iterable[Identifier] = ()) -> Stored:
        """Put the file in its place; it and its name are on the disk on return."""
        with self.present():
            here = self._incoming.path(attempt)
            left_behind = [staged, here]
            try:
                _bring(staged, here)
                sha256, size = hash_and_sync(here)
                target = self._vacant(attempt, metadata, tuple(identifiers))
                left_behind.append(target)
                self._incoming.intend(attempt, self._relative(target))
                make_folders(target.parent)
                here.replace(target)
                sync_folder(target.parent)
            except BaseException:
                _remove_quietly(left_behind)
                raise
            return Stored(path=self._relative(target), sha256=sha256, size=size)

    def remove(self, path: str) -> None:
        """Remove a stored file; one that is not there is no error."""
        with self.present():
            self.place(path).unlink(missing_ok=True)

    def discard(self, attempts: Iterable[str], keep: Iterable[str] = ()) -> tuple[str, ...]:
        """Remove the attempts' staged files, and the stored ones, known by notes or else found by marks."""
        wanted, kept = dict.fromkeys(attempts), set(map(_normal, keep))
        if not wanted:
            return ()
        with self.present():
            staged = [self._relative(path) for path in self._incoming.files(wanted)]
            stored = [path for path in self._stored(wanted) if _normal(path) not in kept]
            return self._removed([*staged, *stored])

    def let_go(self, attempt: str, path: str) -> None:
        """Note that the stored file of an attempt is to be discarded."""
        with self.present():
            self._incoming.intend(attempt, path)

    def settle(self, attempt: str) -> None:
        """Forget an attempt. Where the library is not there the note stays, which does no harm."""
        with suppress(LibraryUnavailable), self.present():
            self._incoming.settle(attempt)

    def unsettled(self) -> tuple[str, ...]:
        """The attempts that were staged, stored or let go, and not settled."""
        with self.present():
            return self._incoming.unsettled()

    def sweep(self, before: datetime) -> tuple[str, ...]:
        """Remove staged files that nobody has written to since the moment."""
        with self.present():
            return self._removed([self._relative(path) for path in self._incoming.older(before)])

    def open(self, path: str) -> Path:
        """The file on disk."""
        with self.present():
            found = self.place(path)
            if found.is_symlink() or not found.is_file():
                raise LibraryUnavailable(f"The file {path} is missing.", remedy="Restore it, or fetch the paper again.")
            return found

    def files(self) -> Iterator[str]:
        """The stored files' paths: those whose names end in a mark."""
        with self.present():
            yield from self._walk()

    @contextmanager
    def present(self) -> Iterator[None]:
        """While entered, the folder is the library. Raises LibraryUnavailable, LibraryFull for faults of its disk."""
        with disk_faults(self._folder):
            self._presence.assure()
            yield

    def _vacant(self, attempt: str, metadata: Metadata, identifiers: tuple[Identifier, ...]) -> Path:
        """A path that nothing has: another attempt with the same mark and title is unlikely, not impossible."""
        for number in range(1, 1000):
            target = self._folder / file_path(self._pattern, attempt, metadata, identifiers, number=number)
            if not os.path.lexists(target):
                return target
        raise LibraryUnavailable(f"A thousand files have the name {target.name}.")

    def _stored(self, attempts: Iterable[str]) -> Iterator[str]:
        """The stored files of the attempts; one walk for all that have no note."""
        unknown: set[str] = set()
        for attempt in attempts:
            path = self._incoming.intended(attempt)
            if path is None:
                unknown.add(mark(attempt))
            elif mark_of(path) == mark(attempt) and self.place(path).is_file():
                yield path
        if unknown:
            yield from (path for path in self._walk() if mark_of(path) in unknown)

    def place(self, path: str) -> Path:
        """The path in the folder. Raises LibraryUnavailable where it leads out, by its steps or by links."""
        steps = PurePosixPath(path)
        plain = path and "\0" not in path and "\\" not in path and not steps.is_absolute() and ".." not in steps.parts
        found = self._folder / steps
        if not plain or not found.parent.resolve().is_relative_to(self._folder.resolve()):
            raise LibraryUnavailable(f"The path “{path}” leads out of the library.", remedy="Nothing was opened.")
        return found

    def _relative(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()

    def _walk(self) -> Iterator[str]:
        """The stored files' paths, each folder read once; links are not followed, hidden folders not entered."""
        folders = [""]
        while folders:
            prefix = folders.pop()
            with os.scandir(self._folder / prefix) as entries:
                for entry in entries:
                    path = f"{prefix}{entry.name}"
                    if mark_of(entry.name) and entry.is_file(follow_symlinks=False):
                        yield path
                    elif not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
                        folders.append(f"{path}/")

    def _removed(self, paths: Iterable[str]) -> tuple[str, ...]:
        gone = tuple(paths)
        for path in gone:
            (self._folder / path).unlink(missing_ok=True)
        return gone


def _bring(staged: Path, here: Path) -> None:
    """Move the file to the library's disk, if it is not there already."""
    if staged.absolute() == here:
        return
    make_folders(here.parent)
    try:
        staged.replace(here)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        shutil.copyfile(staged, here)
        staged.unlink()


def _remove_quietly(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _normal(path: str) -> str:
    """The path in the form in which it was given: some disks decompose accents (Apple's HFS+)."""
    return unicodedata.normalize("NFC", path)
