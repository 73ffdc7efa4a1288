"""Pictures of first pages, drawn once and kept in a folder."""

import re
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from application.ports.library import CheckerUnavailable
from infrastructure.library.pixels import Pixels, png

KEPT_BYTES = 256 * 1024 * 1024
"""How much the folder holds; beyond it the oldest pictures go."""
LOOK_EVERY = 50
"""Pictures between two looks at how much there is."""
AT_ONCE = 2
"""Pages that are drawn at a time: the check of what comes in needs the processes too."""
PATIENCE = 5.0
"""Seconds that a request waits for its turn."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


class KeptPictures:
    """Adapter of application.ports.pictures.Pictures; `draw` gives the pixels, None for a file that has none.

    A file that cannot be drawn is remembered by an empty picture, so that it is tried once.
    """

    def __init__(self, folder: Path, draw: Callable[[Path], Pixels | None], *, kept_bytes: int = KEPT_BYTES) -> None:
        self._folder, self._draw, self._kept_bytes = folder, draw, kept_bytes
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._made = 0

    def possible(self, sha256: str) -> bool:
        """See the port."""
        return not self._known(sha256, empty=True)

    def kept(self, sha256: str) -> bytes | None:
        """See the port."""
        try:
            return self._place(sha256).read_bytes() or None if self._known(sha256, empty=False) else None
        except OSError:
            return None

    def drawn(self, path: Path, sha256: str) -> bytes | None:
        """See the port."""
        if not self.possible(sha256) or not self._turns.acquire(timeout=PATIENCE):
            return None
        try:
            return self.kept(sha256) or self._new(path, sha256)
        finally:
            self._turns.release()

    def _known(self, sha256: str, *, empty: bool) -> bool:
        """Whether there is a picture, or the empty one of a file that cannot be drawn."""
        try:
            return bool(_SHA256.fullmatch(sha256)) and (self._place(sha256).stat().st_size == 0) is empty
        except OSError:
            return False

    def _new(self, path: Path, sha256: str) -> bytes | None:
        try:
            pixels = self._draw(path)
        except CheckerUnavailable:
            return None
        picture = png(pixels) if pixels else b""
        with suppress(OSError):  # a picture that cannot be kept is drawn again
            self._keep(picture, sha256)
        return picture or None

    def _keep(self, picture: bytes, sha256: str) -> None:
        if not _SHA256.fullmatch(sha256):
            return
        place = self._place(sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f"{place.stem}.{secrets.token_hex(4)}.part")
        try:
            draft.write_bytes(picture)
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)
        self._made += 1
        if self._made % LOOK_EVERY == 1:
            self._make_room()

    def _make_room(self) -> None:
        """Remove the oldest pictures until the folder holds no more than it may."""
        found = [(path.stat(), path) for path in self._folder.glob("*/*")]
        size = sum(stat.st_size for stat, _ in found)
        for stat, path in sorted(found, key=lambda one: one[0].st_mtime):
            if size <= self._kept_bytes:
                return
            path.unlink(missing_ok=True)
            size -= stat.st_size

    def _place(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}.png"
