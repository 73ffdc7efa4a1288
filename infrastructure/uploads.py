"""Uploaded files in a folder, named by the hash of their content."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from application.ports.uploads import Upload, UploadTooLarge


class FolderUploads:
    """Adapter of application.ports.uploads.Uploads; `limit` is in bytes."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder, self._limit = folder, limit

    def keep(self, chunks: Iterable[bytes]) -> Upload:
        """See the port."""
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".upload-", dir=self._folder)
        temporary = Path(name)
        try:
            sha256, size = self._write(handle, chunks)
            final = self.path(sha256)
            temporary.replace(final)
            _sync_folder(self._folder)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        return Upload(sha256=sha256, size=size, path=final)

    def _write(self, handle: int, chunks: Iterable[bytes]) -> tuple[str, int]:
        hashed, size = hashlib.sha256(), 0
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > self._limit:
                    raise UploadTooLarge(self._limit)
                hashed.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        return hashed.hexdigest(), size

    def path(self, sha256: str) -> Path:
        """See the port."""
        return self._folder / sha256


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
