"""Whether a process still lives: its number alone is given to another one sooner or later, so its start counts too."""

import socket

import psutil

DRIFT = 2.0
"""Seconds by which the start time of one process seems to change when the clock is put right."""


def host() -> str:
    """The name of this machine."""
    return socket.gethostname()


def started(pid: int) -> float:
    """When the process began, in seconds since 1970; 0 where there is none, or only its remains."""
    try:
        process = psutil.Process(pid)
        return 0.0 if process.status() == psutil.STATUS_ZOMBIE else float(round(process.create_time(), 2))
    except psutil.Error:
        return 0.0


def is_same(one: float, other: float) -> bool:
    """Whether two start times are those of one process."""
    return abs(one - other) < DRIFT
