"""Whether what is under way should end: asked all the time by whatever takes long."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from attrs import define, field

P = ParamSpec("P")
T = TypeVar("T")


@define(kw_only=True)
class Stopping:
    """Answers for the thread that asks: what the schedule began ends with the switch, what a person began does not."""

    ended: Callable[[], bool]
    """Whether the process is to end."""
    emergency: Callable[[], bool]
    halted: Callable[[], bool] = lambda: False
    """Whether nothing may leave the machine by itself."""
    _here: threading.local = field(factory=threading.local)

    def __call__(self) -> bool:
        """Whether to end now."""
        return self.ended() or self.emergency() or (getattr(self._here, "scheduled", False) and self.halted())

    def scheduled(self, step: Callable[P, T]) -> Callable[P, T]:
        """The step, as one that nobody asked for: it ends with the switch."""

        @wraps(step)
        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            with self._as_scheduled():
                return step(*args, **kwargs)

        return run

    @contextmanager
    def _as_scheduled(self) -> Iterator[None]:
        self._here.scheduled = True
        try:
            yield
        finally:
            self._here.scheduled = False
