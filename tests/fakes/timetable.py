"""A timetable that calls its jobs when the test lets time pass, in the test's own thread."""

from collections.abc import Callable, Mapping
from datetime import datetime

from attrs import define, field

from tests.fakes.clock import FakeClock


@define
class FakeTimetable:
    """Stand-in for application.ports.timetable.Timetable: `run_due` calls what is due, in the order of the moments.

    A job is known from the moment it is set until it has run, as with the real one. What a job fails with is kept.
    """

    clock: FakeClock
    run: Callable[[int], object]
    faults: list[Exception] = field(factory=list)
    _waiting: dict[int, datetime] = field(factory=dict)
    _running: set[int] = field(factory=set)

    def set(self, due: Mapping[int, datetime]) -> None:
        """Make what is going to run equal to these."""
        self._waiting = {job: moment for job, moment in due.items() if job not in self._running}

    def clear(self) -> None:
        """Run nothing more."""
        self._waiting.clear()

    @property
    def next_due(self) -> datetime | None:
        """When the next job is due."""
        return min(self._waiting.values(), default=None)

    def run_due(self) -> None:
        """Call everything whose moment has come."""
        while (due := self.next_due) and due <= self.clock.now():
            job = min(self._waiting, key=lambda one: (self._waiting[one], one))
            del self._waiting[job]
            self._running.add(job)
            try:
                self.run(job)
            except Exception as error:  # noqa: BLE001 (the test looks at it)
                self.faults.append(error)
            finally:
                self._running.discard(job)
