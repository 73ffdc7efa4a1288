"""The plan of this hour: whether there is one, and if not, why."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from attrs import frozen

from application.controlling import modules, switch
from application.formats import moment, number, plural
from application.health import Finding, error, ok, warning
from application.planning import current
from application.queries import PaperFilter
from domain import hour, scraper
from domain.local_hours import DAY, LocalHour, hour_at, hours_of
from domain.pipeline import DOWNLOAD, Status
from domain.quotas import quotas_of
from domain.schedule import Order, Schedule
from domain.scraper import ScraperStatus
from infrastructure.health.place import Place

SOON = timedelta(minutes=2)
"""So long after its start, or the scraper's, an hour may be without its plan."""
DAYS = 8
"""How far the next hour that takes papers is looked for."""
_TURN = {
    ScraperStatus.STOPPED: "Start it: `scipaperloader scraper start`.",
    ScraperStatus.PAUSED: "Let it go on: `scipaperloader scraper resume`.",
    ScraperStatus.EMERGENCY_STOPPED: "When the emergency is over: `scipaperloader scraper reset`.",
}
_PRESS = {
    ScraperStatus.STOPPED: "Press “Start”.",
    ScraperStatus.PAUSED: "Press “Resume”.",
    ScraperStatus.EMERGENCY_STOPPED: "When the emergency is over, press “Reset”.",
}


@frozen(kw_only=True)
class _Case:
    """What the plan depends on."""

    place: Place
    now: datetime
    schedule: Schedule
    hour: LocalHour
    quota: int


def plan(place: Place) -> Finding:
    """What keeps this hour from being planned; the first reason counts."""
    now, painted = place.clock.now(), current(place.log)
    present = hour_at(now, painted.timezone)
    quota = quotas_of(present.day, painted)[present]
    case = _Case(place=place, now=now, schedule=painted, hour=present, quota=quota)
    return next(found for look in _REASONS if (found := look(case)))


def _switched_off(case: _Case) -> Finding | None:
    present = case.place.stop_file.present()
    status = ScraperStatus.EMERGENCY_STOPPED if present else switch(case.place.log).status
    if status is ScraperStatus.RUNNING:
        return None
    told = f"The scraper is {status}: nothing is planned or downloaded by itself."
    return warning(told, _TURN[status]).on_page(_PRESS[status], "/scraper")


def _module_off(case: _Case) -> Finding | None:
    if modules(case.place.log).runs(DOWNLOAD.name):
        return None
    told = f"The module “{DOWNLOAD.name}” is off: nothing is planned or downloaded by itself."
    found = warning(told, f"Switch it on: `scipaperloader modules on {DOWNLOAD.name}`.")
    return found.on_page("Switch it on.", "/scraper#modules")


def _no_volume(case: _Case) -> Finding | None:
    if case.schedule.volume and any(case.schedule.weights):
        return None
    what = "volume is 0" if not case.schedule.volume else "weight of every hour is 0"
    found = warning(f"The {what}: no hour takes a paper.", "Change it: `scipaperloader schedule set`.")
    return found.on_page("Change it.", "/schedule")


def _no_quota(case: _Case) -> Finding | None:
    if case.quota:
        return None
    following = _next_hour(case)
    when = f" The next one that does begins at {moment(following)}." if following else ""
    return ok(f"This hour takes no paper.{when}")


def _next_hour(case: _Case) -> datetime | None:
    days = [case.hour.day + number_ * DAY for number_ in range(DAYS)]
    found = (
        one.start
        for day in days
        for one in hours_of(day, case.schedule.timezone)
        if one.start > case.now and quotas_of(day, case.schedule)[one]
    )
    return next(found, None)


def _planned(case: _Case) -> Finding | None:
    stream = hour.stream_of(case.hour.start)
    if not case.place.log.stream(stream):
        return None
    row = case.place.jobs.hour(stream)
    if row is None:  # the tables are behind the log, which another check tells
        return ok("It is planned.")
    told = f"{plural(row.queued, 'job was', 'jobs were')} planned for this hour, which takes {number(row.quota)}"
    counts = ", ".join(f"{number(count)} {status}" for status, count in row.jobs.items())
    if row.queued:
        return ok(f"{told}: {counts}.")
    return ok(f"{told}. {_waiting(case)}")


def _nothing_to_draw(case: _Case) -> Finding | None:
    if case.place.papers.drawable(case.now, Order.OLDEST, 1):
        return None
    return ok(_waiting(case))


def _waiting(case: _Case) -> str:
    """Why no paper can be drawn."""
    papers, located = case.place.papers, (Status.LOCATED,)
    ready = len(papers.drawable(case.now, Order.OLDEST, case.quota or 1))
    if ready:
        return "Papers are ready, and are planned while there is room."
    if waiting := papers.waiting(located, case.now):
        due = papers.next_due(located, case.now)
        when = f", the next one until {moment(due)}" if due else ""
        return f"No paper is ready: {plural(waiting, 'paper waits', 'papers wait')} for a moment of their own{when}."
    new = papers.count(PaperFilter(statuses=(Status.NEW,)))
    if new:
        return f"No paper is ready: for {plural(new, 'paper')} no copy is known yet."
    return "No paper is ready: there is nothing left to download."


def _soon(case: _Case) -> Finding | None:
    records = case.place.log.stream(scraper.STREAM)
    since = max(case.hour.start, records[-1].recorded_at if records else case.hour.start)
    return ok("It is planned within a minute.") if case.now - since < SOON else None


def _missing(case: _Case) -> Finding | None:
    return error(
        f"This hour takes {plural(case.quota, 'paper')} and papers are ready, but it has no plan.",
        "Look at “leader”: a server plans within a second. If one runs and does not, it hangs: "
        "`scipaperloader diagnose quick-fix` ends it.",
    )


_REASONS: Sequence[Callable[[_Case], Finding | None]] = (
    _switched_off,
    _module_off,
    _no_volume,
    _no_quota,
    _planned,
    _nothing_to_draw,
    _soon,
    _missing,
)
"""What can be the reason, in the order in which it counts; the last one always is."""
