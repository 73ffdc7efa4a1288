"""Reading a landing page in a process of its own.

HTML parsers are written in C and need time in the square of the depth of a page, and of the attributes of an element:
a page made for it would stop every thread of this process for hours, so another one reads it and may be ended.
"""

import json
import os
import resource
import subprocess
import sys
from contextlib import suppress
from typing import Any

import attrs

from infrastructure.publishers.landing import LARGEST_PAGE, read_page
from infrastructure.publishers.page import Candidate, LandingPage

SECONDS = 10.0
"""How long the reading of one page may take; a large real one takes half a second."""
MEMORY = 2_000_000_000
"""Bytes of address space of the process that reads."""


def read_isolated(body: bytes, url: str, *, seconds: float = SECONDS) -> LandingPage:
    """Read the HTML at `url`, its address after all redirects; an empty page where that took too long or failed."""
    command = [sys.executable, "-P", "-m", "infrastructure.publishers.isolated"]
    question = json.dumps(url).encode() + b"\n" + body[:LARGEST_PAGE]
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter and module
            command,
            input=question,
            capture_output=True,
            timeout=seconds,
            check=True,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        return _page(json.loads(child.stdout))
    except (subprocess.SubprocessError, OSError, ValueError):
        return LandingPage()


def _page(told: dict[str, Any]) -> LandingPage:
    candidates = tuple(Candidate(**candidate) for candidate in told["candidates"])
    return LandingPage(
        candidates=candidates, continue_at=told["continue_at"], dois=tuple(told["dois"]), title=told["title"]
    )


def main() -> None:
    """Answer one question from standard input on standard output, as JSON."""
    for limit, value in ((resource.RLIMIT_CPU, int(SECONDS) + 1), (resource.RLIMIT_AS, MEMORY)):
        with suppress(ValueError, OSError):  # not every system has every limit
            resource.setrlimit(limit, (value, value))
    url = json.loads(sys.stdin.buffer.readline())
    json.dump(attrs.asdict(read_page(sys.stdin.buffer.read(), url)), sys.stdout)


if __name__ == "__main__":
    main()
