"""Uploaded files in a folder, named by the hash of their content."""

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from application.ports.uploads import Upload, UploadNotKept, UploadTooLarge
from infrastructure.library.disk import make_folders, sync_folder

LEFTOVER_SECONDS = 86_400.0
"""After so long a temporary file is what a killed process left."""
_TEMPORARY = ".upload-"
_HASH = re.compile(r"[0-9a-f]{64}")


class FolderUploads:
    """Adapter of application.ports.uploads.Uploads; `limit` is in bytes, `remedy` what to do about what is larger."""

    def __init__(self, folder: Path, limit: int, *, remedy: str | None = None) -> None:
        self._folder, self._limit, self._remedy = folder, limit, remedy

    def keep(self, chunks: Iterable[bytes]) -> Upload:
        """See the port."""
        with self._disk():
            make_folders(self._folder)
            self._sweep()
            handle, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=self._folder)
        temporary = Path(name)
        try:
            sha256, size = self._write(handle, chunks)
            final = self._folder / sha256
            with self._disk():
                temporary.replace(final)
                sync_folder(self._folder)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        return Upload(sha256=sha256, size=size, path=final)

    def _write(self, handle: int, chunks: Iterable[bytes]) -> tuple[str, int]:
        hashed, size = hashlib.sha256(), 0
        with os.fdopen(handle, "wb", buffering=0) as file:
            for chunk in chunks:
                size += len(chunk)
                if size > self._limit:
                    raise UploadTooLarge(self._limit, remedy=self._remedy)
                hashed.update(chunk)
                with self._disk():
                    _write_all(file.fileno(), chunk)
            with self._disk():
                os.fsync(file.fileno())
        return hashed.hexdigest(), size

    def path(self, sha256: str) -> Path:
        """See the port."""
        path = self._folder / sha256
        if not path.is_file():
            raise FileNotFoundError(path)
        return path

    def use(self, sha256: str) -> Upload:
        """See the port."""
        path = self.path(sha256)
        os.utime(path)
        return Upload(sha256=sha256, size=path.stat().st_size, path=path)

    def unused_since(self, before: datetime) -> Sequence[str]:
        """See the port."""
        if not self._folder.is_dir():
            return []
        names = sorted(path.name for path in self._folder.iterdir() if _HASH.fullmatch(path.name))
        return [name for name in names if self._is_older(name, before)]

    def discard(self, sha256: str, before: datetime) -> bool:
        """See the port."""
        if not self._is_older(sha256, before):
            return False
        with suppress(OSError):
            (self._folder / sha256).unlink()
            return True
        return False

    def _is_older(self, name: str, before: datetime) -> bool:
        with suppress(OSError):
            return (self._folder / name).stat().st_mtime < before.timestamp()
        return False

    def _sweep(self) -> None:
        for path in self._folder.glob(f"{_TEMPORARY}*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - LEFTOVER_SECONDS:
                    path.unlink()

    @contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise UploadNotKept(f"{self._folder}: {error.strerror or error}.") from error


def _write_all(handle: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(handle, rest) :]
