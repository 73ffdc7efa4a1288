"""Messages over a pipe: a length of four bytes, big-endian, then that many bytes of JSON."""

import json
import struct
from typing import IO, Any

LONGEST = 4 * 1024 * 1024
"""Bytes of a message; a longer one is no message."""
_LENGTH = struct.Struct(">I")


class BrokenFrame(Exception):
    """The other side is gone, or talks nonsense."""


def write(stream: IO[bytes], message: Any) -> None:
    """Send a message. Raises BrokenFrame where nobody reads."""
    data = json.dumps(message).encode()
    try:
        stream.write(_LENGTH.pack(len(data)) + data)
        stream.flush()
    except (OSError, ValueError) as error:
        raise BrokenFrame(str(error)) from error


def read(stream: IO[bytes]) -> Any:
    """The next message. Raises BrokenFrame at the end of the stream, and for what is no message."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > LONGEST:
        raise BrokenFrame(f"a message of {length} bytes")
    try:
        return json.loads(_exactly(stream, length))
    except (ValueError, RecursionError) as error:
        raise BrokenFrame(str(error)) from error


def _exactly(stream: IO[bytes], size: int) -> bytes:
    try:
        data = stream.read(size)
    except (OSError, ValueError) as error:
        raise BrokenFrame(str(error)) from error
    if len(data) < size:
        raise BrokenFrame("the stream ended")
    return data
