"""Attempts that this process has in hand, so that what its streams show beyond them can be taken back."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from attrs import define, field


@define
class Underway:
    """The tokens of the attempts that run here, from before their claim until after their outcome. Thread-safe."""

    _tokens: set[str] = field(factory=set)
    _lock: AbstractContextManager[object] = field(factory=threading.Lock)

    @contextmanager
    def holding(self, token: str) -> Iterator[None]:
        """Have an attempt in hand."""
        with self._lock:
            self._tokens.add(token)
        try:
            yield
        finally:
            with self._lock:
                self._tokens.discard(token)

    def __contains__(self, token: object) -> bool:
        """Whether the attempt is in hand."""
        with self._lock:
            return token in self._tokens
