"""Where uploaded files are kept while and after they are worked on."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from attrs import frozen

from domain.errors import SciPaperLoaderError


@frozen(kw_only=True)
class Upload:
    """A file that is on disk, fsynced. `size` in bytes."""

    sha256: str
    size: int
    path: Path


class UploadTooLarge(SciPaperLoaderError):
    """The file is larger than the limit, in bytes; nothing of it was kept."""

    remedy = "Split the list into several files."

    def __init__(self, limit: int, *, remedy: str | None = None) -> None:
        super().__init__(f"The file is larger than {limit // 1_000_000} MB.", remedy=remedy)
        self.limit = limit


class UploadNotKept(SciPaperLoaderError):
    """The disk refused the file; nothing of it was kept."""

    remedy = "Free some space on the disk of the data folder, and see that the folder can be written to."


class Uploads(Protocol):
    """Keeps uploads under the hash of their content."""

    def keep(self, chunks: Iterable[bytes]) -> Upload:
        """Store the content, durable on return. Raises UploadTooLarge, UploadNotKept; a half upload leaves nothing."""
        ...

    def path(self, sha256: str) -> Path:
        """The stored file. Raises FileNotFoundError."""
        ...

    def use(self, sha256: str) -> Upload:
        """A file that was kept before and is used again: it counts as new. Raises FileNotFoundError."""
        ...

    def unused_since(self, before: datetime) -> Sequence[str]:
        """The hashes of files that were kept, and used last, before a moment."""
        ...

    def discard(self, sha256: str, before: datetime) -> bool:
        """Remove a file unless it was used since the moment; whether it is gone by that."""
        ...
