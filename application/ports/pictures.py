"""Pictures of the first pages of stored files."""

from pathlib import Path
from typing import Protocol


class Pictures(Protocol):
    """Draws first pages. Never raises for what is in a file, nor where a picture cannot be kept."""

    def possible(self, sha256: str) -> bool:
        """Whether the file with this SHA-256 may have a picture: False where it is known that it cannot be drawn."""
        ...

    def kept(self, sha256: str) -> bytes | None:
        """The picture of the file, if it was drawn before."""
        ...

    def drawn(self, path: Path, sha256: str) -> bytes | None:
        """The picture as PNG of bounded size: the kept one, or a new one. None where there is none, now or ever.

        Raises OSError where there is no file that can be read.
        """
        ...
