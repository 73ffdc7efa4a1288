"""Where bodies go: into memory or into a file."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from application.ports.library import LibraryUnavailable
from infrastructure.http.trouble import Trouble

HEAD_SIZE = 4_096
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Sink(Protocol):
    """Takes a body piece by piece."""

    @property
    def size(self) -> int:
        """Number of bytes taken."""
        ...

    @property
    def head(self) -> bytes:
        """The first of them, at most 4096."""
        ...

    def write(self, piece: bytes) -> None:
        """Take the next piece."""
        ...

    def finish(self) -> None:
        """Nothing more comes."""
        ...

    def start_over(self) -> None:
        """Forget what was taken."""
        ...


class MemorySink:
    """Keeps a small body in `content`."""

    def __init__(self) -> None:
        self.start_over()

    @property
    def head(self) -> bytes:
        """The first bytes."""
        return bytes(self.content[:HEAD_SIZE])

    @property
    def size(self) -> int:
        """Number of bytes."""
        return len(self.content)

    def write(self, piece: bytes) -> None:
        """Append."""
        self.content += piece

    def finish(self) -> None:
        """Nothing to do."""

    def start_over(self) -> None:
        """Begin again with nothing."""
        self.content = bytearray()


class FileSink:
    """Writes into a file, not fsynced, made with the first piece. Raises Trouble (disk_full), LibraryUnavailable."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self.size, self.head = 0, b""

    def write(self, piece: bytes) -> None:
        """Append to the file."""
        with _translated(self._path):
            self._file = self._file or self._path.open("wb")
            self._file.write(piece)
        self.size += len(piece)
        if len(self.head) < HEAD_SIZE:
            self.head += piece[: HEAD_SIZE - len(self.head)]

    def finish(self) -> None:
        """Hand everything to the operating system."""
        file, self._file = self._file, None
        if file is not None:
            with _translated(self._path):
                file.close()

    def start_over(self) -> None:
        """Forget the file; the next piece begins it anew."""
        self.finish()
        self.size, self.head = 0, b""

    def discard(self) -> None:
        """Remove the file, whatever state it is in."""
        file, self._file = self._file, None
        if file is not None:
            with suppress(OSError):
                file.close()
        self._path.unlink(missing_ok=True)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in NO_SPACE:
            raise Trouble("disk_full", f"the file could not be written ({error.strerror})") from error
        remedy = "Look at the disk and at the rights of the library's folder."
        raise LibraryUnavailable(f"{path.parent} cannot be written: {error.strerror}.", remedy=remedy) from error
