"""A day on which the process is killed at one append after the other, just before it or just after it."""

import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import define

from application.queries import JobFilter
from domain.errors import CommandRefused
from domain.schedule import ChangeVolume
from domain.scraper import Action
from tests.databases import Databases
from tests.fakes.clock import FakeClock
from tests.simulation.audit import Audit, is_sound
from tests.simulation.installation import PERSON, Installation, Killed, Process
from tests.simulation.test_fortnights import LARGE

NOON, MINUTE, HOUR = datetime(2026, 7, 1, 12, tzinfo=UTC), timedelta(minutes=1), timedelta(hours=1)
STEP = 1 if LARGE else 3
"""The process is killed at every append, or at every third."""


@define
class Doom:
    """Ends a process when it was asked so many times."""

    left: int

    def __call__(self) -> None:
        self.left -= 1
        if not self.left:
            raise Killed


class Day:
    """An installation, and the process that is at work."""

    def __init__(self, installation: Installation, fate: Callable[[], object], moment: str) -> None:
        self.installation = installation
        self.process = installation.start()
        self.audit = Audit(self.process.log, installation.appended_at)
        self._fate, self._moment = fate, moment
        self._watch()

    def _watch(self) -> None:
        def fate(moment: str, _: object) -> None:
            if moment == self._moment:
                self._fate()

        self.process.log.fate = fate

    def do(self, action: Callable[[Process], object]) -> None:
        """Do something; where the process is killed at it, another one is started and does it again."""
        try:
            action(self.process)
        except Killed:
            self.process = self.installation.restart(self.process)
            self.do(action)
        except CommandRefused:  # it was done before the process was killed
            return

    def pass_time(self, by: timedelta) -> None:
        """Let time pass; a process that is killed is replaced."""
        until = self.installation.clock.now() + by
        while self.installation.clock.now() < until:
            self.installation.pass_time(min(until, self.installation.clock.now() + 5 * MINUTE), 5 * MINUTE)
            if not self.installation.processes:
                self.installation.lease.expires_at = None
                self.process = self.installation.start()
            self.audit.go_on()

    def go_by(self) -> None:
        """All that happens."""
        self.do(lambda process: process.change(ChangeVolume(volume=24 * 4)))
        self.do(lambda process: process.use(Action.START))
        self.pass_time(30 * MINUTE)
        self.do(lambda process: process.use(Action.PAUSE))
        self.do(lambda process: process.use(Action.RESUME))
        self.do(lambda process: process.processing.process("p000009", PERSON))
        self.pass_time(35 * MINUTE)
        self.do(lambda process: process.running_jobs.revoke_all(JobFilter(), PERSON))
        self.do(lambda process: process.use(Action.EMERGENCY_STOP))
        self.pass_time(10 * MINUTE)
        self.do(lambda process: process.use(Action.RESET))
        self.do(lambda process: process.use(Action.START))
        self.pass_time(50 * MINUTE)
        self.do(lambda process: process.use(Action.STOP))
        self.pass_time(MINUTE)


def appends() -> Iterator[int]:
    """At which append the process is killed."""
    number = 1
    while True:
        yield number
        number += STEP


@pytest.mark.case("X03")
@pytest.mark.case("X04")
@pytest.mark.case("X10")
@pytest.mark.case("X11")
@pytest.mark.case("X12")
@pytest.mark.timeout(1800 if LARGE else 120)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_wherever_it_is_killed_everything_goes_on(databases: Databases, moment: str) -> None:
    survived = 0
    for number in appends():
        doom = Doom(number)
        with databases.fresh("sqlite", synchronous="OFF") as database, tempfile.TemporaryDirectory() as folder:
            installation = Installation(database, Path(folder), FakeClock(NOON))
            installation.add_papers(12, located=True)
            installation.add_papers(3)
            day = Day(installation, doom, moment)
            day.go_by()
            day.audit.compare(database)
            assert not day.audit.in_transit()
            assert not installation.library.unsettled()
            stored = {state.file.path for state in day.audit.papers.values() if state.file}
            assert stored == set(installation.library.files())
            is_sound(database)
            if doom.left > 0:
                break
            survived += 1
    assert survived > 20 // STEP
