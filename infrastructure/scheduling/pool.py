"""A pool of threads of which those that hang can be given up, and which never keep a process from ending."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

from attrs import define, field

P = ParamSpec("P")
T = TypeVar("T")
_Task = tuple["Future[Any]", Callable[[], Any]]


@define
class _Crew:
    """Threads that share a queue. A crew that was dismissed ends what it has in hand, and takes nothing new."""

    tasks: "SimpleQueue[_Task | None]" = field(factory=SimpleQueue)
    threads: list[threading.Thread] = field(factory=list)
    busy: int = 0


class DaemonPool(Executor):
    """An executor like the standard one, with daemon threads. `abandon` gives up the threads that are busy."""

    def __init__(self, max_workers: int, name: str = "pool") -> None:
        self._size, self._name = max_workers, name
        self._lock = threading.Lock()
        self._crew = _Crew()
        self._closed = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """See concurrent.futures.Executor."""
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is closed")
            self._crew.tasks.put((future, lambda: fn(*args, **kwargs)))
            if len(self._crew.threads) < self._size:
                self._hire(self._crew)
        return future

    def _hire(self, crew: _Crew) -> None:
        name = f"{self._name}-{len(crew.threads) + 1}"
        thread = threading.Thread(target=self._work, args=(crew,), name=name, daemon=True)
        crew.threads.append(thread)
        thread.start()

    def _work(self, crew: _Crew) -> None:
        while (task := crew.tasks.get()) is not None:
            future, run = task
            if not future.set_running_or_notify_cancel():
                continue
            with self._lock:
                crew.busy += 1
            try:
                result = run()
            except BaseException as error:  # noqa: BLE001 (it belongs to whoever asks for the result)
                future.set_exception(error)
            else:
                future.set_result(result)
            finally:
                with self._lock:
                    crew.busy -= 1

    def abandon(self) -> int:
        """Give up the threads that are busy; returns how many. What waits, and what comes, gets new threads."""
        with self._lock:
            before = self._crew
            if not before.busy or self._closed:
                return 0
            self._crew = _Crew()
            while (task := _next(before)) is not None:
                self._crew.tasks.put(task)
                if len(self._crew.threads) < self._size:
                    self._hire(self._crew)
            _dismiss(before)
            return before.busy

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """See concurrent.futures.Executor."""
        with self._lock:
            self._closed, crew = True, self._crew
            while cancel_futures and (task := _next(crew)) is not None:
                task[0].cancel()
            _dismiss(crew)
        if wait:
            for thread in crew.threads:
                thread.join()


def _next(crew: _Crew) -> _Task | None:
    try:
        return crew.tasks.get_nowait()
    except Empty:
        return None


def _dismiss(crew: _Crew) -> None:
    """Let each thread end when it has nothing in hand."""
    for _ in crew.threads:
        crew.tasks.put(None)
