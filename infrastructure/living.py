"""Whether a process still lives: its number alone is given to another one sooner or later, so its start counts too."""

import socket
from contextlib import suppress
from pathlib import Path

import psutil

DRIFT = 2.0
"""By how much the start of one process may seem to change: in seconds, that is as much as a clock is put right by."""

_STATE, _BIRTH = 0, 19
"""Where a line of /proc tells the state and the birth, after the name."""
_REMAINS = ("Z", "X")


def host() -> str:
    """The name of this machine."""
    return socket.gethostname()


def machine() -> str:
    """What sees the same processes under the same numbers: a machine since its start, or one container on it.

    It begins with the name of the machine, and a space. Names alone do not tell: containers may share one.
    """
    parts = [host()]
    if psutil.LINUX:
        with suppress(OSError):
            parts.append(Path("/proc/sys/kernel/random/boot_id").read_text().strip())
        with suppress(OSError):
            parts.append(str(Path("/proc/self/ns/pid").readlink()))
    return " ".join(parts)


def started(pid: int) -> float:
    """When the process began, in seconds since 1970, as the clock shows it now; 0 where there is none, or its remains.

    It is another moment after the clock was put right: see `birth`.
    """
    try:
        process = psutil.Process(pid)
        return 0.0 if process.status() == psutil.STATUS_ZOMBIE else float(round(process.create_time(), 2))
    except psutil.Error:
        return 0.0


def birth(pid: int) -> float | None:
    """When the process began, in the machine's own count, which no clock changes; None where `started` is 0.

    It compares within one `machine`. Where the system has no such count it is the time of the clock.
    """
    if not psutil.LINUX:
        return started(pid) or None
    try:
        line = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    told = line.rpartition(b")")[2].decode().split()
    return None if told[_STATE] in _REMAINS else float(told[_BIRTH])


def is_same(one: float, other: float) -> bool:
    """Whether two starts are those of one process."""
    return abs(one - other) < DRIFT
