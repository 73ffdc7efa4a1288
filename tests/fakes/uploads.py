"""Uploads without durability."""

import hashlib
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from application.ports.uploads import Upload, UploadTooLarge


class FakeUploads:
    """Stand-in for application.ports.uploads.Uploads, in a folder that the test gives."""

    def __init__(self, folder: Path, limit: int = 100_000_000) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._limit = folder, limit

    def keep(self, chunks: Iterable[bytes]) -> Upload:
        """Write the content."""
        content = b"".join(chunks)
        if len(content) > self._limit:
            raise UploadTooLarge(self._limit)
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._folder / sha256
        path.write_bytes(content)
        return Upload(sha256=sha256, size=len(content), path=path)

    def path(self, sha256: str) -> Path:
        """The file."""
        path = self._folder / sha256
        if not path.exists():
            raise FileNotFoundError(path)
        return path

    def use(self, sha256: str) -> Upload:
        """The file, as new."""
        path = self.path(sha256)
        os.utime(path)
        return Upload(sha256=sha256, size=path.stat().st_size, path=path)

    def unused_since(self, before: datetime) -> Sequence[str]:
        """Files that were used last before the moment."""
        return sorted(path.name for path in self._folder.iterdir() if path.stat().st_mtime < before.timestamp())

    def discard(self, sha256: str, before: datetime) -> bool:
        """Remove it."""
        if sha256 not in self.unused_since(before):
            return False
        (self._folder / sha256).unlink()
        return True
