"""Broken HTTP: an answer that is promised in full, and how its sending goes wrong."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping

from attrs import frozen

_GARBAGE = bytes(range(128, 256)) * 4


@frozen
class Line:
    """The connection to a visitor. `pause` is the time between single bytes, in seconds."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    pause: float

    async def send(self, data: bytes) -> None:
        """Send, and return when the system has taken it all."""
        self.writer.transport.set_write_buffer_limits(high=0)
        self.writer.write(data)
        await self.writer.drain()


async def _cut_off(line: Line, head: bytes, body: bytes) -> None:
    """Closes properly in the middle: the length that was promised is not reached."""
    await line.send(head + body[: len(body) // 2])


async def _reset(line: Line, head: bytes, body: bytes) -> None:
    """Breaks the connection in the middle (RST)."""
    await line.send(head + body[: len(body) // 2])
    line.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.writer.transport.abort()


async def _stall(line: Line, head: bytes, body: bytes) -> None:
    """Stops in the middle, until the visitor gives up."""
    await line.send(head + body[: len(body) // 2])
    await line.reader.read()


async def _trickle(line: Line, head: bytes, body: bytes) -> None:
    """Sends the body byte by byte."""
    await line.send(head)
    for number in range(len(body)):
        await line.send(body[number : number + 1])
        await asyncio.sleep(line.pause)


async def _garbage(line: Line, _head: bytes, _body: bytes) -> None:
    """Sends what is no HTTP."""
    await line.send(_GARBAGE)


FAULTS: Mapping[str, Callable[[Line, bytes, bytes], Awaitable[None]]] = {
    "cut off": _cut_off,
    "reset": _reset,
    "stall": _stall,
    "trickle": _trickle,
    "garbage": _garbage,
}
"""The faults by name. After each the connection is closed."""
