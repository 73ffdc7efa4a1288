"""The jobs of one hour as marks along its minutes."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen

from application.outlook import RECENT
from application.queries import HourRow, JobFilter, JobRow, Jobs, JobStatus

MOST = 1_000
"""Jobs of an hour that are drawn."""
WIDE, GAP = 1200.0, 14.0
"""The width of the hour, and the height of a mark with what is around it."""
COLUMNS = 60
TICKS = 4


@frozen(kw_only=True)
class Mark:
    """A job in the picture. `row` counts the marks of the same minute, from the ground."""

    job: JobRow
    x: float
    row: int
    clock: str


@frozen(kw_only=True)
class Timeline:
    """An hour: its marks, where the present moment is (None outside of it), and the clock at its ticks."""

    hour: HourRow
    marks: tuple[Mark, ...]
    now: float | None
    clocks: tuple[str, ...]
    day: str
    more: int
    wide: float = WIDE

    @property
    def rows(self) -> int:
        """How many marks stand above one another at most."""
        return max((mark.row + 1 for mark in self.marks), default=1)

    @property
    def tall(self) -> float:
        """The height of the picture."""
        return GAP * max(self.rows, 3)

    def y(self, mark: Mark) -> float:
        """The middle of a mark."""
        return self.tall - GAP * (mark.row + 0.5)


def timeline_of(jobs: Jobs, now: datetime, stream: str | None) -> Timeline | None:
    """The hour of this stream, by default the one that runs; None where it was not planned."""
    hour = jobs.hour(stream) if stream else _present(jobs, now)
    if hour is None:
        return None
    found = jobs.page(JobFilter(hour=hour.stream), limit=MOST, ascending=True)
    zone = ZoneInfo(hour.timezone)
    quarters = [hour.start + (hour.end - hour.start) * place / TICKS for place in range(TICKS + 1)]
    return Timeline(
        hour=hour,
        marks=tuple(_marks(hour, found, zone)),
        now=_x(hour, now) if hour.start <= now < hour.end else None,
        clocks=tuple(f"{one.astimezone(zone):%H:%M}" for one in quarters),
        day=f"{hour.start.astimezone(zone):%a %-d %b}",
        more=max(0, hour.queued - len(found)),
    )


def _present(jobs: Jobs, now: datetime) -> HourRow | None:
    return next((hour for hour in jobs.hours(now - RECENT) if hour.start <= now < hour.end), None)


def _marks(hour: HourRow, found: Sequence[JobRow], zone: ZoneInfo) -> Iterator[Mark]:
    """A mark where each job began, or is due to."""
    stacked = Counter[int]()
    for job in sorted(found, key=lambda one: (_moment(one, hour), one.id)):
        moment = _moment(job, hour)
        column = min(COLUMNS - 1, int(_x(hour, moment) / WIDE * COLUMNS))
        x = (column + 0.5) * WIDE / COLUMNS
        yield Mark(job=job, x=round(x, 1), row=stacked[column], clock=f"{moment.astimezone(zone):%H:%M:%S}")
        stacked[column] += 1


def _moment(job: JobRow, hour: HourRow) -> datetime:
    if job.status is JobStatus.PLANNED:
        return job.due or hour.start
    return job.started_at or job.due or hour.start


def _x(hour: HourRow, moment: datetime) -> float:
    share = max(timedelta(), min(hour.end - hour.start, moment - hour.start)) / (hour.end - hour.start)
    return round(WIDE * share, 1)
