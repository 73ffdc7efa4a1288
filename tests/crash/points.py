"""Moments in the work at which a process sends itself a signal: a kill there, or a stop, is no matter of luck.

What is there is wrapped in a process that was forked for one command. The program itself knows nothing of it, and
whoever renames one of these places sees `place` fail.
"""

import importlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from operator import attrgetter
from typing import Any

import psutil
from attrs import frozen

from infrastructure.database import Database


@frozen(kw_only=True)
class At:
    """When to send oneself the signal: at the `nth` time that the work comes to the point.

    Without a signal the name of the point is printed, so that others can wait for it. With `children` they are sent
    it instead.
    """

    point: str
    nth: int = 1
    number: int | None = signal.SIGKILL
    children: bool = False


@frozen
class _Place:
    """A function or method, and whether its beginning or its end is meant."""

    module: str
    name: str
    ends: bool


def _before(place: str) -> _Place:
    module, _, name = place.partition(":")
    return _Place(module, name, ends=False)


def _after(place: str) -> _Place:
    module, _, name = place.partition(":")
    return _Place(module, name, ends=True)


POINTS: Mapping[str, _Place] = {
    "the upload is kept": _after("infrastructure.uploads:FolderUploads.keep"),
    "everything is written, nothing committed": _after("infrastructure.log.sql:SqlEventLog._append"),
    "it is committed, nobody told": _after("infrastructure.log.sql:SqlEventLog.append"),
    "the job begins": _before("application.running_jobs:RunningJobs.run"),
    "the paper is claimed": _after("application.downloading:Downloading._claim"),
    "the name is resolved": _after("infrastructure.http.connecting:resolve_within"),
    "the headers are there": _before("infrastructure.http.travelling:receive"),
    "a piece of the body is written": _after("infrastructure.http.sinks:FileSink.write"),
    "the body is there": _after("infrastructure.http.sinks:FileSink.finish"),
    "the file is checked, not on disk": _before("infrastructure.library.store:hash_and_sync"),
    "the file is on disk, not in its place": _after("infrastructure.library.incoming:Incoming.intend"),
    "the file is in its place, not told": _after("infrastructure.library.store:FolderLibrary.store"),
    "the events are written, not the tables": _before("infrastructure.read_models.papers:Papers.apply"),
    "some tables are written": _after("infrastructure.read_models.papers:Papers.apply"),
    "the outcome is told, not settled": _before("infrastructure.library.store:FolderLibrary.settle"),
    "a file is about to be read by a child": _before("infrastructure.library.child:Child.read"),
    "a late result is dropped": _after("application.downloading:Downloading._take_back"),
    "a table is filled aside": _after("infrastructure.read_models.rebuild:_fill"),
    "a table is exchanged": _after("infrastructure.read_models.rebuild:_exchange"),
    "a line is exported": _after("application.exporting:record"),
    "papers went back": _after("application.reverting:Reverting._revert"),
}


def place(point: str) -> tuple[Any, str]:
    """The class or module, and the name of what is there in it."""
    found = POINTS[point]
    *inside, name = found.name.split(".")
    owner = importlib.import_module(found.module)
    owner = attrgetter(".".join(inside))(owner) if inside else owner
    getattr(owner, name)
    return owner, name


ARRIVAL = 0.1
"""Seconds within which a signal to oneself has arrived: a thread can go on for a moment after it was sent."""
_writing = threading.RLock()


def arm(at: At) -> None:
    """Send this process the signal at that moment.

    One that is to be frozen is so in no other thread's transaction: on SQLite nobody could write until it goes on.
    """
    if at.number == signal.SIGSTOP:
        Database.write = contextmanager(_held(Database.write))  # type: ignore[method-assign]
    owner, name = place(at.point)
    setattr(owner, name, _wrapped(getattr(owner, name), at, ends=POINTS[at.point].ends))


def _held(write: Callable[..., Any]) -> Callable[..., Iterator[Any]]:
    def held(database: Database) -> Iterator[Any]:
        with _writing, write(database) as connection:
            yield connection

    return held


def _wrapped(function: Callable[..., Any], at: At, *, ends: bool) -> Callable[..., Any]:
    lock, times = threading.Lock(), 0

    def come() -> None:
        nonlocal times
        with lock:
            times += 1
            if times != at.nth:
                return
        if at.number is None:
            print(at.point, flush=True)
        elif at.children:
            for child in psutil.Process().children():
                child.send_signal(at.number)
                child.wait()
        else:
            with _writing:
                os.kill(os.getpid(), at.number)
                time.sleep(ARRIVAL)

    @wraps(function)
    def armed(*arguments: Any, **named: Any) -> Any:
        if ends:
            result = function(*arguments, **named)
            come()
            return result
        come()
        return function(*arguments, **named)

    return armed
