"""Uploads without durability."""

import hashlib
from collections.abc import Iterable
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
