"""The clock that calls the planned jobs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol


class Timetable(Protocol):
    """Runs jobs by their ids at their moments, each once. What is past is run at once."""

    def set(self, due: Mapping[int, datetime]) -> None:
        """Make what is going to run equal to these; jobs that run already are left alone."""
        ...

    def clear(self) -> None:
        """Run nothing more; what runs is left to end by itself, and its thread is given up."""
        ...
