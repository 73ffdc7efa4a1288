"""The child process of the PDF check: `python -P -m infrastructure.library.check_child`.

Reads {"what", "path", "limits"} frames from standard input, answers each with {"facts"}, {"pixels"} or {"unreadable"}
on standard output, and ends when its input does. What a file makes it do ends in its own death, and only there.
"""

import base64
import math
import os
import sys
from pathlib import Path
from typing import Any

from attrs import asdict

from infrastructure.library import frames
from infrastructure.library.drawing import draw
from infrastructure.library.extraction import extract
from infrastructure.library.facts import READY, Facts, Limits, Unreadable
from infrastructure.library.pixels import Pixels


def main() -> None:
    """Serve until the parent is gone."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not come between the frames.
    os.dup2(2, 1)
    frames.write(answers, READY)
    while True:
        try:
            request = frames.read(requests)
        except frames.BrokenFrame:
            return
        frames.write(answers, _answer(request))


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    limits = Limits(**request["limits"])
    confine(limits)
    path = Path(request["path"])
    found = draw(path) if request["what"] == "draw" else extract(path, limits)
    relax()
    return _told(found)


def _told(found: Facts | Pixels | Unreadable) -> dict[str, Any]:
    if isinstance(found, Pixels):
        return {"pixels": {**asdict(found), "data": base64.b64encode(found.data).decode("ascii")}}
    return {"facts" if isinstance(found, Facts) else "unreadable": asdict(found)}


if sys.platform == "win32":

    def confine(limits: Limits) -> None:
        """Windows has no such limits; the parent's deadline holds there too."""

    def relax() -> None:
        """Nothing was set."""

else:
    import resource
    import signal

    def confine(limits: Limits) -> None:
        """Let the kernel end this process when the next file needs more than the limits.

        The alarm also ends a process whose parent died while a file was being parsed. The death signal of Linux
        (prctl PR_SET_PDEATHSIG) would come when the parent's *thread* ends, in the midst of another thread's check.
        """
        _lower(resource.RLIMIT_AS, limits.memory_bytes)
        _lower(resource.RLIMIT_FSIZE, 0)
        _lower(resource.RLIMIT_CORE, 0)
        used = resource.getrusage(resource.RUSAGE_SELF)
        _lower(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime) + limits.cpu_seconds)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(math.ceil(limits.wall_seconds) + 1)

    def relax() -> None:
        """Cancel the alarm: waiting for the next file takes as long as it takes."""
        signal.alarm(0)

    def _lower(limit: int, value: int) -> None:
        _, hard = resource.getrlimit(limit)
        resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


if __name__ == "__main__":
    main()
