"""The end of the log, watched: one tailer for a process, shared by every stream."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from application.ports.event_log import EventLog

PAUSE = 0.5
"""Seconds between two looks at the log."""

logger = structlog.get_logger(__name__)


class Tailer:
    """Polls the head of the log while somebody waits. Used on one event loop; `close` may be called from anywhere."""

    def __init__(self, log: EventLog, pause: float = PAUSE) -> None:
        self._log, self._pause = log, pause
        self._position = 0
        self._waiting = 0
        self._moved = asyncio.Event()
        self._closed = asyncio.Event()
        self._close: Callable[[], object] = self._closed.set

    @property
    def position(self) -> int:
        """The end of the log when it was last looked at."""
        return self._position

    @property
    def closed(self) -> bool:
        """Whether streams should end."""
        return self._closed.is_set()

    async def run(self) -> None:
        """Watch until closed."""
        loop = asyncio.get_running_loop()
        self._close = lambda: loop.call_soon_threadsafe(self._closed.set)
        while not self.closed:
            if self._waiting:
                await self._look()
            await _within(self._pause, self._closed.wait())
        self._wake()

    def close(self) -> None:
        """End every stream soon. Safe in other threads and in signal handlers."""
        self._close()

    async def wait(self, position: int, patience: float) -> bool:
        """Wait until the log goes beyond the position, at most so many seconds; whether it does."""
        self._waiting += 1
        try:
            deadline = asyncio.get_running_loop().time() + patience
            while self._position <= position and not self.closed:
                rest = deadline - asyncio.get_running_loop().time()
                if rest <= 0 or not await _within(rest, self._moved.wait()):
                    break
        finally:
            self._waiting -= 1
        return self._position > position

    async def _look(self) -> None:
        try:
            position = (await asyncio.to_thread(self._log.head)).position
        except Exception as error:  # noqa: BLE001 (whatever it was, the next look finds what was missed)
            logger.warning("the log could not be read", error=str(error))
            return
        if position != self._position:
            self._position = position
            self._wake()

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()


async def _within(seconds: float, waiting: Awaitable[object]) -> bool:
    """Whether it ended within so many seconds."""
    try:
        await asyncio.wait_for(waiting, seconds)
    except TimeoutError:
        return False
    return True
