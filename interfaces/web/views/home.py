"""How things stand: whether it works, when it will be done and on what that is based, and what needs a person."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from attrs import frozen

from application.activity import ActivityFilter
from application.divisions import CollectionStands
from application.first_steps import FirstSteps
from application.formats import plural
from application.kinds import ORDINARY
from application.outlook import Outlook, outlook
from application.ports.tasks import Task, TaskStatus
from application.queries import ImportRow
from application.reporting import Report, report
from application.scheduling import Painted
from application.tallies import SiteTally
from application.throughput import (
    BEHIND,
    QUARTER,
    HourDone,
    bounds_of,
    done_by_day,
    hours_around,
    hours_done,
    last_days,
)
from domain import scraper
from domain.importing import ImportStatus
from domain.local_hours import DAY
from domain.scraper import ScraperStatus
from interfaces.container import Container
from interfaces.web.views.charts import HoursChart, hours_chart, share
from interfaces.web.views.feed import Entry, entries
from interfaces.web.views.home_figures import Figure, figures
from interfaces.web.views.home_health import Health, Notice, health, notices
from interfaces.web.views.home_reasons import ReasonLine, reasons

LOOKED_AT = 100
"""Events of which the latest entries are made."""
SHOWN = 10
HOSTS = 8
COLLECTIONS = 12
"""Collections that are shown; the others are counted."""
TASKS = 20
"""Tasks that are looked through for those that run."""


@frozen(kw_only=True)
class Day:
    """What was done on a day, and its share of the best one."""

    day: date
    done: int
    share: float


@frozen(kw_only=True)
class Site:
    """A site that papers wait for, its share of the one that most wait for, and how it has answered so far."""

    host: str
    papers: int
    share: float
    tally: SiteTally | None


@frozen(kw_only=True)
class Steps:
    """The first steps, what the schedule takes a day, and whether a person hid them."""

    steps: FirstSteps
    volume: int
    hidden: bool

    @property
    def shown(self) -> bool:
        """Until all are done, unless a person hid them."""
        return not self.hidden and self.steps.next is not None


@frozen(kw_only=True)
class HomeView:
    """The home page."""

    position: int
    report: Report
    stands: Outlook
    painted: Painted
    now: datetime
    total: int
    steps: Steps
    notices: tuple[Notice, ...]
    figures: tuple[Figure, ...]
    hours: tuple[HourDone, ...]
    chart: HoursChart
    days: tuple[Day, ...]
    reasons: tuple[ReasonLine, ...]
    sites: tuple[Site, ...]
    imports: tuple[ImportRow, ...]
    tasks: tuple[Task, ...]
    collections: tuple[CollectionStands, ...]
    health: Health
    activities: tuple[Entry, ...]
    most_collections: int = COLLECTIONS

    @property
    def counts(self) -> Mapping[str, int]:
        """Papers by status."""
        return self.report.papers

    @property
    def timezone(self) -> str:
        """The zone of the schedule's clocks."""
        return self.painted.schedule.timezone

    @property
    def rests_until(self) -> datetime | None:
        """Until when the schedule takes nothing, while the switch is on: the beginning of the next hour that does."""
        preview = self.stands.preview
        first = preview.hours[0] if preview.hours else None
        if self.stands.status is not ScraperStatus.RUNNING or first is None or first.quota or first.papers:
            return None
        return preview.next_hour.hour.start if preview.next_hour else None

    @property
    def behind(self) -> tuple[HourDone, ...]:
        """The hours that are over."""
        return self.hours[:BEHIND]

    @property
    def ahead(self) -> tuple[HourDone, ...]:
        """The present hour and those to come."""
        return self.hours[BEHIND:]

    @property
    def told_hours(self) -> str:
        """What the chart of the hours shows, in words."""
        done, failed = (sum(getattr(one, name) for one in self.behind) for name in ("done", "failed"))
        quota, expected = sum(one.quota for one in self.behind), sum(one.expected for one in self.ahead)
        behind = f"In the last {len(self.behind)} hours {plural(done, 'paper was', 'papers were')} done"
        ahead = f"in the next {len(self.ahead)} hours {expected} are expected."
        return f"{behind} and {failed} failed, of at most {quota} planned; {ahead}"


def home_view(container: Container, kept: Sequence[str] = ()) -> HomeView:
    """The home page's view. `kept` is what a person said of the first steps."""
    now, position = container.clock.now(), container.log.head().position  # first: what happens from now on is news
    counts = container.divisions.statuses()
    stands = outlook(container.forecasting, counts)
    found = report(container.log, container.papers, container.imports, stands.status, counts)
    painted = container.scheduling.painted()
    timezone = painted.schedule.timezone
    imports = container.imports.page(limit=20)
    hours = _hours(container, stands, now, timezone)
    seen = health(container.glance, container.checkup, now)
    return HomeView(
        position=position,
        report=found,
        stands=stands,
        painted=painted,
        now=now,
        total=sum(found.papers.values()),
        steps=_steps(container, painted, kept, imported=bool(imports)),
        notices=notices(container.rests(), seen.results),
        figures=figures(counts, container.needs.counts(), _lately(container, now)),
        hours=hours,
        chart=hours_chart(hours, _over(hours, now)),
        days=_days(container, now, timezone),
        reasons=reasons(container.divisions.reasons()),
        sites=tuple(_sites(container)),
        imports=tuple(row for row in imports if row.status == ImportStatus.RUNNING),
        tasks=tuple(one for one in container.tasks.recent(TASKS) if one.status is TaskStatus.RUNNING),
        collections=tuple(container.divisions.collections()),
        health=seen,
        activities=_activities(container, position),
    )


def _over(hours: Sequence[HourDone], now: datetime) -> float:
    """How much of the present hour is over, from 0 to 1."""
    runs = next((one for one in hours if one.runs), None)
    return (now - runs.start) / (runs.end - runs.start) if runs else 0.0


def _hours(container: Container, stands: Outlook, now: datetime, timezone: str) -> tuple[HourDone, ...]:
    bounds = bounds_of(hours_around(now, timezone))
    planned = container.jobs.hours(bounds[0])
    return hours_done(container.tallies.ends(bounds), planned, stands.preview.hours, now)


def _sites(container: Container) -> Iterator[Site]:
    waiting = container.divisions.waiting(HOSTS)
    tallies = container.tallies.site([one.host for one in waiting])
    for one in waiting:
        yield Site(
            host=one.host,
            papers=one.papers,
            share=share(one.papers, waiting[0].papers),
            tally=tallies.get(one.host),
        )


def _lately(container: Container, now: datetime) -> Mapping[str, int]:
    """How attempts ended in the last day."""
    (found,) = container.tallies.ends((now - DAY, now + QUARTER))
    return found.ended


def _days(container: Container, now: datetime, timezone: str) -> tuple[Day, ...]:
    days, bounds = last_days(now, timezone)
    done = done_by_day(days, container.tallies.ends(bounds))
    most = max(done.values(), default=0)
    return tuple(Day(day=day, done=count, share=share(count, most, 100.0)) for day, count in done.items())


def _steps(container: Container, painted: Painted, kept: Sequence[str], *, imported: bool) -> Steps:
    started = container.log.newest(scraper.STREAM, limit=1, types=(scraper.Started.TYPE,))
    steps = FirstSteps(
        contact=bool(container.settings.contact_email),
        list=imported,
        schedule=painted.version > 0 or "schedule" in kept,
        start=bool(started),
    )
    return Steps(steps=steps, volume=painted.schedule.volume, hidden="hidden" in kept)


def _activities(container: Container, position: int) -> tuple[Entry, ...]:
    which = ActivityFilter(level=ORDINARY)
    page = container.activity.page(which, limit=LOOKED_AT, before=position + 1, descending=True)
    return entries(page.events, container.names)[:SHOWN]
