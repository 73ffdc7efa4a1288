"""Dropped files without durability."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from application.ports.dropped import Waiting
from application.ports.uploads import Upload, UploadTooLarge


class FakeDropped:
    """Stand-in for application.ports.dropped.Dropped, in a folder that the test gives."""

    def __init__(self, folder: Path, limit: int = 100_000_000) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._limit = folder, limit
        self._waiting: dict[str, Waiting] = {}

    def keep(self, chunks: Iterable[bytes]) -> Upload:
        """Write the content."""
        content = b"".join(chunks)
        if len(content) > self._limit:
            raise UploadTooLarge(self._limit)
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._folder / sha256
        path.write_bytes(content)
        return Upload(sha256=sha256, size=len(content), path=path)

    def remember(self, waiting: Waiting) -> None:
        """Let it wait."""
        self._waiting[waiting.sha256] = waiting

    def waiting(self) -> Sequence[Waiting]:
        """Those that wait."""
        return sorted(self._waiting.values(), key=lambda one: (one.dropped_at, one.name, one.sha256))

    def find(self, sha256: str) -> Waiting | None:
        """One that waits."""
        return self._waiting.get(sha256)

    def path(self, sha256: str) -> Path:
        """The file."""
        path = self._folder / sha256
        if len(sha256) != 64 or not path.exists():
            raise FileNotFoundError(path)
        return path

    @contextmanager
    def lend(self, sha256: str) -> Iterator[Path]:
        """A copy of it."""
        lent = self.path(sha256).with_suffix(".lent")
        lent.write_bytes(self.path(sha256).read_bytes())
        try:
            yield lent
        finally:
            lent.unlink(missing_ok=True)

    def forget(self, sha256: str) -> None:
        """Remove it."""
        self._waiting.pop(sha256, None)
        with suppress(FileNotFoundError):
            self.path(sha256).unlink()

    def release(self, sha256: str) -> None:
        """Remove it unless it waits."""
        if sha256 not in self._waiting:
            self.forget(sha256)
