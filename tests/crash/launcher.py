"""Runs the command line many times quickly: one process loads the application, and forks for each command.

What runs in the fork is the command line as it is, from its first line to its exit code.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil
from attrs import asdict, frozen

from tests.crash.points import At, arm

ROOT = Path(__file__).parents[2]
SECONDS = 60.0


@frozen
class Ended:
    """How a command ended: its exit code, negative for a signal, and what it printed."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """What it printed, where that is one JSON document."""
        return json.loads(self.out)


class Running:
    """A command that runs."""

    def __init__(self, launcher: "Launcher", pid: int, out: Path) -> None:
        self._launcher, self.pid, self._out = launcher, pid, out

    def signal(self, number: int) -> None:
        """Send a signal, unless the command has ended."""
        os.kill(self.pid, number)  # not reaped before `ended`, so the number is still its own

    def has_ended(self) -> bool:
        """Whether it ended; it stays to be asked for how."""
        return bool(psutil.Process(self.pid).status() == psutil.STATUS_ZOMBIE)

    def printed(self) -> str:
        """What it printed so far."""
        return self._out.with_suffix(".out").read_text(encoding="utf-8")

    def complained(self) -> str:
        """What it wrote to standard error so far."""
        return self._out.with_suffix(".err").read_text(encoding="utf-8")

    def is_stopped(self) -> bool:
        """Whether a signal froze it."""
        return bool(psutil.Process(self.pid).status() == psutil.STATUS_STOPPED)

    def ended(self) -> Ended:
        """Wait for its end."""
        code = self._launcher.ask({"wait": self.pid})
        out, err = (self._out.with_suffix(suffix).read_text(encoding="utf-8") for suffix in (".out", ".err"))
        return Ended(code, out, err)


class Launcher:
    """Starts commands with settings of their own; use it as a context. `loaded` are further modules to load once."""

    def __init__(self, folder: Path, settings: Mapping[str, str], *, loaded: Sequence[str] = ()) -> None:
        self._folder, self._count, self._loaded = folder, 0, loaded
        variables = {f"SCIPAPERLOADER_{name}": value for name, value in settings.items()}
        self._environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | variables

    def __enter__(self) -> "Launcher":
        self._folder.mkdir(parents=True, exist_ok=True)
        server = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from {__name__} import serve; serve()"
        self._server = subprocess.Popen(
            [sys.executable, "-P", "-c", server, *self._loaded],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=self._folder,
            env=self._environment,
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.close()
        self._server.wait(SECONDS)
        self._server.stdout.close()

    def start(self, *arguments: str, at: Sequence[At] = (), settings: Mapping[str, str] | None = None) -> Running:
        """Start a command, which sends itself signals `at` some moments; further settings are its own."""
        self._count += 1
        out = self._folder / f"{self._count:03}-{arguments[0]}"
        variables = {f"SCIPAPERLOADER_{name}": value for name, value in (settings or {}).items()}
        request = {"start": arguments, "out": str(out), "at": list(map(asdict, at)), "variables": variables}
        return Running(self, self.ask(request), out)

    def run(self, *arguments: str, at: Sequence[At] = (), settings: Mapping[str, str] | None = None) -> Ended:
        """Run a command to its end."""
        return self.start(*arguments, at=at, settings=settings).ended()

    def ask(self, request: object) -> int:
        """Ask the server; returns the number that it answers."""
        assert self._server.stdin
        assert self._server.stdout
        print(json.dumps(request), file=self._server.stdin, flush=True)
        return int(self._server.stdout.readline())


def serve() -> None:
    """The server: answers each line of standard input with a number, and kills what still runs at its end."""
    _load()
    for name in sys.argv[1:]:
        importlib.import_module(name)
    children: set[int] = set()
    for line in sys.stdin:
        request = json.loads(line)
        if "start" in request:
            pid = os.fork()
            if pid == 0:
                os.environ.update(request["variables"])
                for at in request["at"]:
                    arm(At(**at))
                _become(request["start"], Path(request["out"]))
            children.add(pid)
            print(pid, flush=True)
        else:
            _, status = os.waitpid(request["wait"], 0)
            children.discard(request["wait"])
            print(os.waitstatus_to_exitcode(status), flush=True)
    for pid in children:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _load() -> None:
    """Load everything that a command would load; nothing of it starts a thread or draws a random number."""

    import interfaces.bootstrap
    import interfaces.cli.main  # noqa: F401


def _become(arguments: Sequence[str], out: Path) -> None:
    from interfaces.cli.main import main

    for number, suffix in ((1, ".out"), (2, ".err")):
        handle = os.open(out.with_suffix(suffix), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, number)
        os.close(handle)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    code = 1
    try:
        main(list(arguments), prog_name="scipaperloader")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
