"""Conducting: what every process does again and again, so that the world becomes what the log says.

Each pass looks at how things are and makes them as they should be, whatever was missed meanwhile: plans the hour, takes
back what is too late, and hands the jobs of this hour to the clock. Only the leading process does that; the others
watch, and take over.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from attrs import define

from application.controlling import Controlling, modules
from application.planning import Planning
from application.ports.clock import Clock
from application.ports.event_log import EventLog
from application.ports.leadership import Leadership
from application.ports.stop_file import StopFile
from application.ports.timetable import Timetable
from application.queries import Jobs
from application.recovering import Recovering
from application.reopening import Reopening
from domain.pipeline import DOWNLOAD, LOCATE
from domain.scraper import ScraperStatus

PASS = 1.0
"""Seconds between two passes."""
RECOVERY = timedelta(seconds=10)
"""Between two looks for papers of dead processes."""

HOUSE = timedelta(hours=1)
"""Between two looks for what nobody needs any more."""


@define(kw_only=True)
class Conducting:
    """One process's part in keeping things going. `conduct` is called by one thread; the rest may be asked by any."""

    log: EventLog
    jobs: Jobs
    planning: Planning
    controlling: Controlling
    recovering: Recovering
    leadership: Leadership
    timetable: Timetable
    stop_file: StopFile
    reopening: Reopening
    keep_house: Callable[[], object]
    report: Callable[[BaseException], object]
    """Takes what broke a pass off; the next one goes on."""
    clock: Clock
    leads: bool = False
    status: ScraperStatus = ScraperStatus.STOPPED
    locates: bool = False
    """Whether this process looks for copies of new papers now."""
    passed_at: datetime | None = None
    """When the last pass ended well."""
    _recovered_at: datetime | None = None
    _kept_house_at: datetime | None = None

    @property
    def paused(self) -> bool:
        """Whether the scraper is paused, as the last pass saw it."""
        return self.status is ScraperStatus.PAUSED

    def halted(self) -> bool:
        """Whether nothing may leave the machine by itself: asked all the time by what is under way."""
        return self.status is not ScraperStatus.RUNNING or self.stop_file.present()

    def conduct(self) -> None:
        """One pass. Never raises: what broke it off is reported, and the next pass goes on."""
        try:
            self._pass()
        except Exception as error:  # noqa: BLE001 (whatever it was, the next pass finds what was missed)
            self.report(error)
        else:
            self.passed_at = self.clock.now()

    def _pass(self) -> None:
        if self.stop_file.present():
            self._rest(ScraperStatus.EMERGENCY_STOPPED)
            self.controlling.record_emergency()
            return
        status = self.controlling.status()
        if status is not ScraperStatus.RUNNING:  # first of all: whatever fails below, nothing begins
            self._rest(status)
        self.leads = self.leadership.lead()
        if not self.leads:
            self._rest(status)
            return
        now = self.clock.now()
        self._clean_up(now)
        self.planning.lapse(now)
        if status is ScraperStatus.RUNNING:
            self._run(now)
        else:
            self.controlling.sweep(status)

    def _clean_up(self, now: datetime) -> None:
        """What is done now and then. Where it fails, a library that is gone for one, the pass goes on without it."""
        if _is_time(self._recovered_at, RECOVERY, now):
            self._recovered_at = now
            self._guarded(self.recovering.recover)
        if _is_time(self._kept_house_at, HOUSE, now):
            self._kept_house_at = now
            self._guarded(self.keep_house)

    def _guarded(self, action: Callable[[], object]) -> None:
        try:
            action()
        except Exception as error:  # noqa: BLE001 (whatever it was, the rest of the pass does not need it)
            self.report(error)

    def _run(self, now: datetime) -> None:
        on = modules(self.log)
        self.status, self.locates = ScraperStatus.RUNNING, on.runs(LOCATE.name)
        self.reopening.reopen()
        if on.runs(DOWNLOAD.name):
            self.planning.plan(now)
            self.timetable.set(self.jobs.planned())
        else:
            self.timetable.clear()

    def _rest(self, status: ScraperStatus) -> None:
        """Let nothing begin here; what runs sees it where it is halted."""
        self.status, self.locates = status, False
        self.timetable.clear()

    def keep_conducting(self, stopped: Callable[[], bool]) -> None:
        """Conduct until the application stops."""
        while not stopped():
            self.conduct()
            self.clock.sleep(PASS)
        self.timetable.clear()
        self.leadership.resign()


def _is_time(last: datetime | None, pause: timedelta, now: datetime) -> bool:
    """Whether the pause is over; also where the clock was put back."""
    return last is None or not timedelta() <= now - last < pause
