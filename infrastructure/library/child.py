"""A warm child process that reads and draws PDFs, seen from its parent."""

import os
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import msgspec
from attrs import asdict, frozen

from domain.causes import CAUSES
from infrastructure.library import frames
from infrastructure.library.facts import READY, Facts, Limits, Unreadable
from infrastructure.library.pixels import Pixels

_KEPT = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "PYTHONPATH", "SYSTEMROOT", "TEMP", "TMPDIR")
"""Environment variables that a child gets; secrets are in others."""
_START_SECONDS = 60.0
_STOP_SECONDS = 2.0
_COMPLAINT_BYTES = 2000
_MOST_PAGES = 1_000_000


class ChildDied(Exception):
    """The process ended, hung (`hung`), or answered nonsense."""

    def __init__(self, reason: str, *, hung: bool = False) -> None:
        super().__init__(reason)
        self.hung = hung


@frozen(kw_only=True)
class _Answer:
    facts: Facts | None = None
    pixels: Pixels | None = None
    unreadable: Unreadable | None = None


class Child:
    """One process, used by one thread at a time. After ChildDied it is good for nothing but `stop`."""

    def __init__(self, command: Sequence[str]) -> None:
        self.read_files = 0
        self.complaint = ""
        """The last lines that the process wrote to its standard error."""
        # A session of its own, since an interrupt typed at the terminal is the parent's affair.
        self._process = subprocess.Popen(  # noqa: S603 - the command is ours
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, name="check-child-stderr", daemon=True)
        self._listener.start()

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def greet(self) -> None:
        """Wait until the process has loaded its libraries. Raises ChildDied."""
        with self._deadline(_START_SECONDS):
            if frames.read(_open(self._process.stdout)) != READY:
                raise ChildDied("it does not speak the protocol")

    def read(self, path: Path, limits: Limits) -> Facts | Unreadable:
        """What the process finds in the file. Raises ChildDied."""
        answer = self._ask("read", path, limits)
        if answer.facts and 0 < answer.facts.pages <= _MOST_PAGES:
            return answer.facts
        return _refusal(answer)

    def draw(self, path: Path, limits: Limits) -> Pixels | Unreadable:
        """The first page as the process draws it. Raises ChildDied."""
        answer = self._ask("draw", path, limits)
        return answer.pixels if answer.pixels and answer.pixels.possible else _refusal(answer)

    def _ask(self, what: str, path: Path, limits: Limits) -> _Answer:
        request = {"what": what, "path": os.fspath(path.absolute()), "limits": asdict(limits)}
        self.read_files += 1
        with self._deadline(limits.wall_seconds):
            frames.write(_open(self._process.stdin), request)
            message = frames.read(_open(self._process.stdout))
        return _understood(message)

    def stop(self, *, by_force: bool = False) -> None:
        """End the process: by the end of its input, else, or at once, by force."""
        with suppress(OSError):
            _open(self._process.stdin).close()
        try:
            self._process.wait(0 if by_force else _STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            with suppress(OSError):
                _open(stream).close()

    @contextmanager
    def _deadline(self, seconds: float) -> Iterator[None]:
        """Kill the process after so many seconds; its pipe ends then, which ends the reading."""
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            self._process.kill()

        timer = threading.Timer(seconds, expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        except frames.BrokenFrame as error:
            hung = expired.is_set()
            raise ChildDied(
                f"reading it took more than {seconds:g} s" if hung else self._last_words(), hung=hung
            ) from error
        finally:
            timer.cancel()

    def _last_words(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_SECONDS)
        return f"the process that read it died (code {self._process.returncode})"

    def _listen(self) -> None:
        errors = _open(self._process.stderr)
        tail = b""
        for line in iter(lambda: errors.readline(_COMPLAINT_BYTES), b""):
            tail = (tail + line)[-_COMPLAINT_BYTES:]
            self.complaint = tail.decode("utf-8", "replace")


def _open(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None, "every stream of the process is a pipe"  # noqa: S101
    return stream


def _understood(message: object) -> _Answer:
    """The answer, checked field by field: a process that was taken over may say anything."""
    try:
        return msgspec.convert(message, _Answer)
    except msgspec.ValidationError as error:
        raise ChildDied(f"it answered nonsense: {error}") from error


def _refusal(answer: _Answer) -> Unreadable:
    if answer.unreadable and answer.unreadable.cause in CAUSES:
        return answer.unreadable
    raise ChildDied("it answered what cannot be")
