"""Notes of the server processes: `processes/<number>.json` in the data folder."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import psutil
import structlog
from attrs import asdict, frozen

from application.ports.processes import Ending, Life, Role, ServerProcess
from infrastructure.living import birth, host, is_same, machine, started

NAME = "processes"
PATIENCE = 15.0
"""Seconds that a process has to end in good order."""
KILLING = 5.0
"""Seconds that the system has to end it."""
LOOK = 0.05
"""Seconds between two looks."""

logger = structlog.get_logger(__name__)


@frozen(kw_only=True)
class _Note:
    """What a process writes down about itself."""

    pid: int
    started: float
    host: str
    role: str
    port: int
    version: str
    machine: str = ""
    """See infrastructure.living; a note of an older version tells neither it nor `birth`."""
    birth: float = 0.0


class FolderProcesses:
    """Adapter of application.ports.processes.Processes. `version` is that of the program that notes itself."""

    def __init__(self, data: Path, version: str = "", *, patience: float = PATIENCE) -> None:
        self._folder, self._version, self._patience = data / NAME, version, patience

    @contextmanager
    def noted(self, role: Role, port: int) -> Iterator[None]:
        """See the port. Notes of processes that have ended are swept."""
        pid = os.getpid()
        note = _Note(
            pid=pid,
            started=started(pid),
            host=host(),
            role=role.value,
            port=port,
            version=self._version,
            machine=machine(),
            birth=birth(pid) or 0.0,
        )
        try:
            self._sweep()
            self._write(note)
        except OSError as error:
            logger.warning("the process could not be noted", error=str(error))
        try:
            yield
        finally:
            if os.getpid() == pid:  # not in a child that was forked meanwhile
                self._remove(pid)

    def _sweep(self) -> None:
        for process in self.all():
            if process.life is Life.ENDED:
                self._remove(process.pid)

    def _write(self, note: _Note) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        partial = self._folder / f"{note.pid}.partial"
        partial.write_bytes(msgspec.json.encode(note) + b"\n")
        partial.replace(self._path(note.pid))

    def _remove(self, pid: int) -> None:
        with suppress(OSError):
            self._path(pid).unlink(missing_ok=True)

    def _path(self, pid: int) -> Path:
        return self._folder / f"{pid}.json"

    def all(self) -> Sequence[ServerProcess]:
        """See the port."""
        found = [note for path in self._files() if (note := _read(path))]
        found.sort(key=lambda note: (note.role != Role.RELOADER, note.started))
        return [_seen(note) for note in found]

    def _files(self) -> list[Path]:
        try:
            return sorted(self._folder.glob("*.json"))
        except OSError:
            return []

    def end(self, process: ServerProcess) -> Ending:
        """See the port."""
        note = _read(self._path(process.pid))
        found = _process_of(note) if note is not None and note.started == process.started else None
        if found is None or process.pid == os.getpid():
            return Ending.GONE
        try:
            ending = _end(found, self._patience)
        except psutil.NoSuchProcess:
            ending = Ending.GONE
        except psutil.AccessDenied:
            return Ending.REFUSED
        if ending is not Ending.REMAINS:
            self._remove(process.pid)
        return ending


def _read(path: Path) -> _Note | None:
    """The note in a file; None where it is none, or is gone by now."""
    try:
        note = msgspec.json.decode(path.read_bytes(), type=_Note)
    except (OSError, msgspec.MsgspecError):
        return None
    return note if path.stem == str(note.pid) and note.pid > 0 else None


def _seen(note: _Note) -> ServerProcess:
    told = asdict(note, filter=lambda one, _: one.name not in {"machine", "birth"})
    return ServerProcess(**told, life=_life(note))


def _life(note: _Note) -> Life:
    if note.host != host():
        return Life.ELSEWHERE
    if not _is_there(note):
        return Life.ENDED
    with suppress(psutil.Error):
        if psutil.Process(note.pid).status() == psutil.STATUS_STOPPED:
            return Life.FROZEN
    return Life.LIVES


def _is_there(note: _Note) -> bool:
    """Whether the process with the number of this note is the one that wrote it."""
    if note.machine:
        began = birth(note.pid)
        return note.machine == machine() and began is not None and is_same(began, note.birth)
    seen = started(note.pid)
    return seen > 0 and is_same(seen, note.started)


def _process_of(note: _Note) -> psutil.Process | None:
    """The process itself, if it lives here; psutil sends it no signal once its number is another's."""
    with suppress(psutil.Error):
        found = psutil.Process(note.pid)
        if note.host == host() and _is_there(note):
            return found
    return None


def _end(process: psutil.Process, patience: float) -> Ending:
    process.send_signal(signal.SIGTERM)
    with suppress(psutil.NoSuchProcess):  # it has obeyed already
        process.send_signal(signal.SIGCONT)  # a frozen one wakes up, and obeys
    if _ends(process, patience):
        return Ending.ENDED
    with suppress(psutil.NoSuchProcess):
        process.send_signal(signal.SIGKILL)
    return Ending.KILLED if _ends(process, KILLING) else Ending.REMAINS


def _ends(process: psutil.Process, seconds: float) -> bool:
    """Whether it ends in time. One whose parent has not asked for its exit code has ended, too."""
    deadline = time.monotonic() + seconds
    while _runs(process):
        if time.monotonic() >= deadline:
            return False
        time.sleep(LOOK)
    return True


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
