"""Dropped files in a folder: each under its hash, and beside those that wait a note of what is known of them."""

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from application.ports.dropped import Waiting
from application.ports.uploads import Upload, UploadNotKept
from infrastructure.library.disk import sync_folder
from infrastructure.uploads import LEFTOVER_SECONDS, FolderUploads

REMEDY = "Make the file smaller, or raise MAX_FILE_BYTES."
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NOTE, _LENT = ".json", ".lent-"


class FolderDropped:
    """Adapter of application.ports.dropped.Dropped; `limit` is in bytes of one file."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._uploads = FolderUploads(folder, limit, remedy=REMEDY)

    def keep(self, chunks: Iterable[bytes]) -> Upload:
        """See the port. What nobody waits for any more is swept."""
        self._sweep()
        return self._uploads.keep(chunks)

    def remember(self, waiting: Waiting) -> None:
        """See the port."""
        draft = self._folder / f".note-{secrets.token_hex(8)}"
        try:
            with self._disk():
                with draft.open("xb") as file:
                    file.write(msgspec.json.encode(waiting))
                    file.flush()
                    os.fsync(file.fileno())
                draft.replace(self._note(waiting.sha256))
                sync_folder(self._folder)
        finally:
            draft.unlink(missing_ok=True)

    def waiting(self) -> Sequence[Waiting]:
        """See the port."""
        notes = self._folder.glob(f"*{_NOTE}") if self._folder.is_dir() else ()
        found = [waiting for path in notes if (waiting := self.find(path.stem))]
        return sorted(found, key=lambda one: (one.dropped_at, one.name, one.sha256))

    def find(self, sha256: str) -> Waiting | None:
        """See the port. A note that cannot be read, or whose file is gone, is none."""
        with suppress(OSError, msgspec.MsgspecError):
            self.path(sha256)
            found = msgspec.json.decode(self._note(sha256).read_bytes(), type=Waiting)
            return found if found.sha256 == sha256 else None
        return None

    def path(self, sha256: str) -> Path:
        """See the port."""
        if not _SHA256.fullmatch(sha256):
            raise FileNotFoundError(sha256)
        return self._uploads.path(sha256)

    @contextmanager
    def lend(self, sha256: str) -> Iterator[Path]:
        """See the port. It is a hard link where the disk has such, else a copy."""
        kept = self.path(sha256)
        lent = self._folder / f"{_LENT}{secrets.token_hex(8)}"
        try:
            with self._disk():
                _link(kept, lent)
            yield lent
        finally:
            lent.unlink(missing_ok=True)

    def forget(self, sha256: str) -> None:
        """See the port."""
        if _SHA256.fullmatch(sha256):
            self._note(sha256).unlink(missing_ok=True)
            (self._folder / sha256).unlink(missing_ok=True)

    def release(self, sha256: str) -> None:
        """See the port."""
        if not self._note(sha256).exists():
            self.forget(sha256)

    def _note(self, sha256: str) -> Path:
        return self._folder / f"{sha256}{_NOTE}"

    def _sweep(self) -> None:
        """Remove what a killed process left: lent names, drafts of notes, files that never came to wait."""
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            waits = path.suffix == _NOTE or (_SHA256.fullmatch(path.name) and self._note(path.name).exists())
            with suppress(FileNotFoundError):
                if not waits and path.stat().st_mtime < time.time() - LEFTOVER_SECONDS:
                    path.unlink()

    @contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError as error:
            raise UploadNotKept(f"{self._folder}: {error.strerror or error}.") from error


def _link(kept: Path, lent: Path) -> None:
    try:
        lent.hardlink_to(kept)
    except FileNotFoundError:
        raise
    except OSError:  # a disk without hard links
        shutil.copyfile(kept, lent)
