"""The schedule: the form, what would happen with it, what happened so far, and who changed it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from attrs import field, frozen

from application.clock_changes import clock_changes
from application.forecasting import Preview
from application.formats import local
from application.outlook import SWITCH_LABELS, Switched, switched_now
from application.queries import HourRow, JobStatus
from application.schedule_history import Version, versions
from application.schedule_wording import DAYS, FIELDS, ORDERS, part_in_words
from application.scheduling import ChangedMeanwhile, Painted
from domain.errors import InvalidValues
from domain.forecast import Expected
from domain.local_hours import hour_at
from domain.presets import PRESETS, Preset
from domain.schedule import HOURS_OF_DAY, Order, Schedule, weight_of
from interfaces.container import Container
from interfaces.web.schedule_form import Typed, faults_by_field, filled_from, shown

LATELY = timedelta(hours=24)
SHOWN = 50
"""Changes that are listed."""
LEVELS = (0, 25, 50, 75, 100)
OTHERS = (JobStatus.REVOKED, JobStatus.STOPPED)
"""How jobs end that were taken back."""
TALL = 100.0
"""Height of a bar of 100."""


@frozen(kw_only=True)
class Bar:
    """A bar from the ground: its top and height, of TALL."""

    y: float
    height: float


def bar(value: float, most: float) -> Bar:
    """The bar of a value, where `most` is as tall as it gets."""
    height = round(TALL * value / most, 2) if most else 0.0
    return Bar(y=round(TALL - height, 2), height=height)


@frozen(kw_only=True)
class Cell:
    """An hour of the painted schedule. `share` is in percent of its day."""

    number: int
    day: str
    hour: int
    weight: str
    share: float
    bar: Bar
    is_now: bool
    fault: str


@frozen(kw_only=True)
class Ahead:
    """An hour to come in the chart: where it begins by the clocks of the schedule, and its two bars."""

    clock: str
    day: str
    quota: int
    papers: int
    outline: Bar
    bar: Bar


@frozen(kw_only=True)
class PreviewView:
    """What would happen with a schedule; nothing where the form has faults."""

    found: Preview | None
    timezone: str
    hours: tuple[Ahead, ...] = ()
    changes: tuple[str, ...] = ()
    is_saved: bool = True
    error: InvalidValues | None = None

    @property
    def done(self) -> str:
        """When the list is done, by the clocks of the schedule; "" for never."""
        return local(self.found.ends_at, self.timezone) if self.found and self.found.ends_at else ""

    @property
    def papers(self) -> int:
        """Papers of the next 24 hours."""
        return sum(hour.papers for hour in self.hours)

    @property
    def most(self) -> int:
        """What the fullest of these hours takes at most."""
        return max((hour.quota for hour in self.hours), default=0)

    @property
    def least(self) -> int:
        """What the emptiest of these hours takes at most."""
        return min((hour.quota for hour in self.hours[1:]), default=0)


@frozen(kw_only=True)
class Past:
    """An hour that was planned, and what became of its jobs. `runs` tells that it is the present one."""

    row: HourRow
    clock: str
    day: str
    runs: bool

    def count(self, *statuses: str) -> int:
        """How many of its jobs are in one of the statuses."""
        return sum(self.row.jobs.get(JobStatus(status), 0) for status in statuses)


@frozen(kw_only=True)
class Following:
    """The next hour that the schedule takes papers in, by its clocks."""

    clock: str
    day: str
    quota: int


@frozen(kw_only=True)
class TicksView:
    """The last hours and the next one, and who changed the schedule; `newer` are changes that the form lacks."""

    saved: Painted
    switched: Switched
    following: Following | None
    past: tuple[Past, ...]
    history: tuple[Version, ...]
    newer: tuple[Version, ...]
    seen: int
    switch_labels: Mapping[str, str] = field(factory=lambda: {str(key): label for key, label in SWITCH_LABELS.items()})

    @property
    def last(self) -> Past | None:
        """The hour that was planned last."""
        return self.past[0] if self.past else None


@frozen(kw_only=True)
class Difference:
    """A part of the schedule that somebody else changed, and that the form would change again."""

    name: str
    theirs: str
    yours: str


@frozen(kw_only=True)
class Conflict:
    """What somebody else changed meanwhile."""

    changes: tuple[Version, ...]
    differences: tuple[Difference, ...]


@frozen(kw_only=True)
class ScheduleView:
    """The page."""

    typed: Typed
    saved: Painted
    rows: tuple[tuple[Cell, ...], ...]
    faults: Mapping[str, str]
    is_changed: bool
    shown: tuple[str, ...]
    preview: PreviewView
    ticks: TicksView
    conflict: Conflict | None
    position: int
    timezones: tuple[str, ...]
    zone_is_untouched: bool
    """Whether the zone is still the first one, which nobody chose."""
    presets: tuple[Preset, ...] = PRESETS
    levels: tuple[int, ...] = LEVELS
    orders: Mapping[Order, str] = field(factory=lambda: ORDERS)


def schedule_view(
    container: Container, typed: Typed | None = None, conflict: ChangedMeanwhile | None = None
) -> ScheduleView:
    """The page with what the person has filled in, by default with what is saved."""
    position, saved = container.log.head().position, container.scheduling.painted()
    form = typed or filled_from(saved.schedule, saved.version)
    preview = preview_view(container, form, saved)
    faults, ticks = faults_by_field(preview.error), ticks_view(container, saved.version)
    return ScheduleView(
        typed=form,
        saved=saved,
        rows=tuple(_rows(form, faults, _now_at(form, saved.schedule, container.clock.now()))),
        faults=faults,
        is_changed=not preview.is_saved,
        shown=shown(saved.schedule.weights),
        preview=preview,
        ticks=ticks,
        conflict=_conflict(container, form, saved, conflict) if conflict else None,
        position=position,
        timezones=_timezones(),
        zone_is_untouched=not any(one.part == "timezone" for one in ticks.history),
    )


@cache
def _timezones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))


def _now_at(typed: Typed, saved: Schedule, now: datetime) -> int:
    """Which of the weights is that of the present hour."""
    try:
        hour = hour_at(now, typed.timezone)
    except (KeyError, ValueError, OSError):
        hour = hour_at(now, saved.timezone)
    return hour.hour + (HOURS_OF_DAY * hour.day.weekday() if typed.is_weekly else 0)


def _rows(typed: Typed, faults: Mapping[str, str], now: int) -> Sequence[tuple[Cell, ...]]:
    numbers = [_number(weight) for weight in typed.weights]
    most = max(TALL, *numbers) if numbers else TALL
    cells = [
        Cell(
            number=number,
            day=DAYS[number // HOURS_OF_DAY % len(DAYS)] if typed.is_weekly else "",
            hour=number % HOURS_OF_DAY,
            weight=weight,
            share=_share(numbers, number),
            bar=bar(numbers[number], most),
            is_now=number == now,
            fault=faults.get(weight_of(number), ""),
        )
        for number, weight in enumerate(typed.weights)
    ]
    return [tuple(cells[start : start + HOURS_OF_DAY]) for start in range(0, len(cells), HOURS_OF_DAY)]


def _number(weight: str) -> float:
    try:
        number = float(weight)
    except ValueError:
        return 0.0
    return number if 0 <= number < float("inf") else 0.0


def _share(numbers: Sequence[float], number: int) -> float:
    first = number // HOURS_OF_DAY * HOURS_OF_DAY
    return 100 * numbers[number] / (sum(numbers[first : first + HOURS_OF_DAY]) or 1)


def preview_view(container: Container, typed: Typed, saved: Painted | None = None) -> PreviewView:
    """What would happen with what the form is filled with."""
    before = saved or container.scheduling.painted()
    try:
        schedule = container.scheduling.imagined(typed.wanted(before.schedule))
    except InvalidValues as error:
        return PreviewView(found=None, timezone=before.schedule.timezone, is_saved=False, error=error)
    found = container.forecasting.preview(schedule)
    return PreviewView(
        found=found,
        timezone=schedule.timezone,
        hours=_ahead(found, schedule.timezone),
        changes=clock_changes(schedule.timezone, container.clock.now()),
        is_saved=schedule == before.schedule,
    )


def _ahead(found: Preview, timezone: str) -> tuple[Ahead, ...]:
    most = max((max(one.quota, one.papers + one.more) for one in found.hours), default=0)
    hours = []
    for one in found.hours:
        start = one.hour.start.astimezone(ZoneInfo(timezone))
        papers = one.papers + one.more
        hours.append(
            Ahead(
                clock=f"{start:%H:%M}",
                day=f"{start:%a %-d %b}",
                quota=one.quota,
                papers=papers,
                outline=bar(one.quota, most),
                bar=bar(papers, most),
            )
        )
    return tuple(hours)


def ticks_view(container: Container, seen: int) -> TicksView:
    """The last hours and the next one; `seen` is the version of the schedule that the page was made with."""
    now, saved = container.clock.now(), container.scheduling.painted()
    following = container.forecasting.preview(saved.schedule).next_hour
    made = versions(container.log)
    return TicksView(
        saved=saved,
        switched=switched_now(container.controlling),
        following=_following(following, saved.schedule.timezone) if following else None,
        past=tuple(_past(row, now, saved.schedule.timezone) for row in reversed(container.jobs.hours(now - LATELY))),
        history=tuple(made[:SHOWN]),
        newer=tuple(one for one in made if (one.change.version or 0) > seen),
        seen=seen,
    )


def _following(one: Expected, timezone: str) -> Following:
    start = one.hour.start.astimezone(ZoneInfo(timezone))
    return Following(clock=f"{start:%H:%M}", day=f"{start:%a %-d %b}", quota=one.quota)


def _past(row: HourRow, now: datetime, timezone: str) -> Past:
    start = row.start.astimezone(ZoneInfo(timezone))
    return Past(row=row, clock=f"{start:%H:%M}", day=f"{start:%a %-d %b}", runs=row.start <= now < row.end)


def _conflict(container: Container, typed: Typed, saved: Painted, error: ChangedMeanwhile) -> Conflict:
    """What others changed since the version that the person saw, and where the form differs from it now."""
    changes = versions(container.log, max(0, error.expected))
    return Conflict(changes=tuple(changes), differences=tuple(_differences(container, typed, saved)))


def _differences(container: Container, typed: Typed, saved: Painted) -> Sequence[Difference]:
    yours = container.scheduling.imagined(typed.wanted(saved.schedule))
    return [
        Difference(name=label, theirs=part_in_words(saved.schedule, part), yours=part_in_words(yours, part))
        for part, label in FIELDS.items()
        if getattr(saved.schedule, part) != getattr(yours, part)
    ]
