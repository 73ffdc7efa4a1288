"""A ZIP archive as a stream: it never seeks, never compresses, and needs no more memory for more files.

Files are known before they are written, so that each stands behind its own size and checksum and every reader takes it.
What has to be listed at the end waits in a file meanwhile. Layout: APPNOTE.TXT 6.3.10 of PKWARE, sections 4.3 and 4.5.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import IO

from attrs import define, frozen

BLOCK = 256 * 1024
_LARGE, _MANY = 0xFFFF_FFFF, 0xFFFF
"""What a field of 32 bits, or of 16, says where the number stands in an extension (ZIP64)."""
_USUAL_VERSION, _ZIP64_VERSION = 20, 45
_UNIX = 3 << 8
_UTF8, _STORED = 1 << 11, 0
_READABLE = 0o100644 << 16
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")


class Altered(Exception):
    """A file is not what it was when it was looked at."""


@frozen(kw_only=True)
class Content:
    """What a file has: its size and the checksum of ZIP for its place in the archive, and its SHA-256."""

    size: int
    crc: int
    sha256: str


def content_of(source: IO[bytes]) -> Content:
    """The content of an open file, read once."""
    source.seek(0)
    size, crc, digest = 0, 0, hashlib.sha256()
    while block := source.read(BLOCK):
        size, crc = size + len(block), zlib.crc32(block, crc)
        digest.update(block)
    return Content(size=size, crc=crc, sha256=digest.hexdigest())


@define
class ZipStream:
    """An archive that is being written. `directory` is an empty file for what stands at the end."""

    moment: datetime
    directory: IO[bytes]
    offset: int = 0
    files: int = 0

    def add(self, name: str, source: IO[bytes], content: Content) -> Iterator[bytes]:
        """The bytes of one more file, read from its beginning. Raises Altered where it has another content by now."""
        encoded, at = name.encode(), self.offset
        yield self._counted(_local(encoded, content, self.moment))
        source.seek(0)
        left, crc = content.size, 0
        while left and (block := source.read(min(BLOCK, left))):
            left, crc = left - len(block), zlib.crc32(block, crc)
            yield self._counted(block)
        if left or crc != content.crc:
            raise Altered(name)
        self.directory.write(_central(encoded, content, self.moment, at))
        self.files += 1

    def end(self) -> Iterator[bytes]:
        """The bytes of the end: the list of the files."""
        at, size = self.offset, self.directory.tell()
        self.directory.seek(0)
        while block := self.directory.read(BLOCK):
            yield self._counted(block)
        if self.files >= _MANY or at >= _LARGE or size >= _LARGE:
            yield _end64(self.files, size, at, self.offset)
        files = min(self.files, _MANY)
        yield _END.pack(b"PK\5\6", 0, 0, files, files, min(size, _LARGE), min(at, _LARGE), 0)

    def _counted(self, data: bytes) -> bytes:
        self.offset += len(data)
        return data


def _local(name: bytes, content: Content, moment: datetime) -> bytes:
    large = content.size >= _LARGE
    extra = struct.pack("<2H2Q", 1, 16, content.size, content.size) if large else b""
    size = min(content.size, _LARGE)
    fixed = _LOCAL.pack(
        *(b"PK\3\4", _version(large=large), _UTF8, _STORED, *_stamp(moment)),
        *(content.crc, size, size, len(name), len(extra)),
    )  # fmt: skip
    return fixed + name + extra


def _central(name: bytes, content: Content, moment: datetime, at: int) -> bytes:
    numbers = [content.size, content.size] if content.size >= _LARGE else []
    numbers += [at] if at >= _LARGE else []
    extra = struct.pack(f"<2H{len(numbers)}Q", 1, 8 * len(numbers), *numbers) if numbers else b""
    size, version = min(content.size, _LARGE), _version(large=bool(numbers))
    fixed = _CENTRAL.pack(
        *(b"PK\1\2", _UNIX | version, version, _UTF8, _STORED, *_stamp(moment)),
        *(content.crc, size, size, len(name), len(extra), 0, 0, 0, _READABLE, min(at, _LARGE)),
    )  # fmt: skip
    return fixed + name + extra


def _end64(files: int, size: int, at: int, here: int) -> bytes:
    record = _END64.pack(
        *(b"PK\6\6", _END64.size - 12, _UNIX | _ZIP64_VERSION, _ZIP64_VERSION, 0, 0),
        *(files, files, size, at),
    )  # fmt: skip
    return record + _LOCATOR.pack(b"PK\6\7", 0, here, 1)


def _version(*, large: bool) -> int:
    return _ZIP64_VERSION if large else _USUAL_VERSION


def _stamp(moment: datetime) -> tuple[int, int]:
    """Time and date as MS-DOS had them: from 1980 on, in steps of two seconds."""
    day = (max(moment.year, 1980) - 1980) << 9 | moment.month << 5 | moment.day
    return moment.hour << 11 | moment.minute << 5 | moment.second // 2, day
