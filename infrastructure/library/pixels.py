"""Pixels, and PNG files made of them (ISO/IEC 15948).

The process that draws a page may be taken over by it; pixels are all that it can send.
"""

import struct
import zlib

from attrs import frozen

WIDTH, HEIGHT = 560, 800
"""No picture is wider or higher."""
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TRUECOLOUR, _DEPTH = 2, 8


@frozen(kw_only=True)
class Pixels:
    """Rows of pixels from the top, three bytes each: red, green, blue."""

    width: int
    height: int
    data: bytes

    @property
    def possible(self) -> bool:
        """Whether there can be such a picture."""
        inside = 0 < self.width <= WIDTH and 0 < self.height <= HEIGHT
        return inside and len(self.data) == self.width * self.height * 3


def png(pixels: Pixels) -> bytes:
    """The pixels as a file."""
    line = pixels.width * 3
    # Each line says by which filter it was written; 0 is none.
    lines = b"".join(b"\0" + pixels.data[start : start + line] for start in range(0, len(pixels.data), line))
    header = struct.pack(">IIBBBBB", pixels.width, pixels.height, _DEPTH, _TRUECOLOUR, 0, 0, 0)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(lines, 6)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
