"""The server processes of this installation, as they noted themselves in the data folder: no database is needed."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from enum import StrEnum
from typing import Protocol

from attrs import frozen


class Role(StrEnum):
    """What a process is there for."""

    RUN = "run"
    DEMO = "demo"
    RELOADER = "run --reload"
    """Starts a server, and starts it anew when the source changes."""


class Life(StrEnum):
    """What can be seen of a process that noted itself."""

    LIVES = "lives"
    FROZEN = "frozen"
    """It lives, and was stopped by a signal."""
    ENDED = "ended"
    """It ended without taking its note away; its number may be another process's by now."""
    ELSEWHERE = "elsewhere"
    """It noted itself on another machine, where it cannot be seen."""


@frozen(kw_only=True)
class ServerProcess:
    """A process, what it noted, and what can be seen of it. `started` is in seconds since 1970."""

    pid: int
    started: float
    host: str
    role: str
    port: int
    version: str
    life: Life

    @property
    def lives(self) -> bool:
        """Whether it is on this machine and has not ended."""
        return self.life in {Life.LIVES, Life.FROZEN}


class Ending(StrEnum):
    """How the end of a process went."""

    ENDED = "ended"
    """In good order."""
    KILLED = "killed"
    """It did not obey in time."""
    GONE = "gone"
    """It had ended before."""
    REFUSED = "refused"
    """It is another user's."""
    REMAINS = "remains"
    """Not even the system could end it: it waits for a disk, as a rule."""


class Processes(Protocol):
    """Notes of the server processes."""

    def noted(self, role: Role, port: int) -> AbstractContextManager[object]:
        """While entered, this process is noted. A fault of the disk is no fault of the server: it is only told."""
        ...

    def all(self) -> Sequence[ServerProcess]:
        """Every process that noted itself, those first that start others; nothing is changed."""
        ...

    def end(self, process: ServerProcess) -> Ending:
        """End the very process that noted itself here, politely at first; never another one with its number."""
        ...
