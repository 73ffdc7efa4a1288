"""Jobs: what runs, the hour, long work, and the list."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from application.choosing_jobs import Choice
from application.job_wording import LABELS, MEANINGS
from application.outlook import SWITCH_LABELS, Switched, switched_now
from application.progress import Progress, in_order
from application.queries import OPEN_JOBS, CollectionRow, JobFilter, JobRow, JobStatus, PaperFilter
from application.underway_imports import running_imports
from domain.scraper import ScraperStatus
from interfaces.container import Container
from interfaces.web.asking_jobs import address_of
from interfaces.web.views.timeline import Timeline, timeline_of

PAGE = 50
LATELY = timedelta(hours=24)
ENDED = 5
"""Tasks that have ended that are shown."""


@frozen(kw_only=True)
class Tab:
    """A status to choose, with its number of jobs. `status` is None for all."""

    status: JobStatus | None
    count: int
    address: str
    chosen: bool


@frozen(kw_only=True)
class NowView:
    """What runs, in places that stay the same while it does (None for a free one), and the hour."""

    places: tuple[JobRow | None, ...]
    timeline: Timeline | None
    switched: Switched
    next_hour: datetime | None
    now: datetime
    address: str
    switch_labels: Mapping[str, str] = field(factory=lambda: {str(key): label for key, label in SWITCH_LABELS.items()})

    @property
    def running(self) -> int:
        """How many run."""
        return sum(place is not None for place in self.places)

    @property
    def is_on(self) -> bool:
        """Whether the scraper runs."""
        return self.switched.status is ScraperStatus.RUNNING


@frozen(kw_only=True)
class HourChoice:
    """A planned hour to choose."""

    stream: str
    label: str


@frozen(kw_only=True)
class ListView:
    """A page of the list. `matching` are the jobs that match, `listed` what was told of them when it was loaded."""

    choice: Choice
    rows: tuple[JobRow, ...]
    tabs: tuple[Tab, ...]
    matching: int
    listed: int
    open: int
    next: str | None
    here: str
    fresh: str
    labels: Mapping[str, str] = field(factory=lambda: {str(key): label for key, label in LABELS.items()})
    meanings: Mapping[str, str] = field(factory=lambda: {str(key): text for key, text in MEANINGS.items()})

    @property
    def news(self) -> int:
        """How many more jobs match than did when the list was loaded."""
        return self.matching - self.listed

    def action(self, job: JobRow, what: str) -> str:
        """The address of a form that does something with a job, and comes back to this list."""
        return address_of(self.choice, f"/jobs/{job.id}/{what}")

    @property
    def revoke_address(self) -> str:
        """The address of the form that revokes everything that matches."""
        return address_of(self.choice, "/jobs/revoke")


@frozen(kw_only=True)
class JobsView:
    """The page."""

    now: NowView
    tasks: tuple[Progress, ...]
    list: ListView
    hours: tuple[HourChoice, ...]
    collections: tuple[CollectionRow, ...]
    position: int
    revoked: int | None


def jobs_view(container: Container, choice: Choice, after: int | None, revoked: int | None = None) -> JobsView:
    """The page. Raises InvalidValue, DoesNotExist."""
    position = container.log.head().position
    collections = tuple(container.imports.collections())
    return JobsView(
        now=now_view(container, choice),
        tasks=tasks_view(container),
        list=list_view(container, choice, after, collections),
        hours=_hours(container, choice),
        collections=collections,
        position=position,
        revoked=revoked,
    )


def now_view(container: Container, choice: Choice, before: Sequence[int] = ()) -> NowView:
    """What happens now; `before` are the jobs in the places as the page has them, 0 in a free one."""
    now = container.clock.now()
    running = container.jobs.open(JobFilter(statuses=(JobStatus.RUNNING,)))
    places = _places(running, before, container.settings.hands)
    stream = container.choosing.filter(Choice(hour=choice.hour)).hour if choice.hour else None
    timeline, switched = timeline_of(container.jobs, now, stream), switched_now(container.controlling)
    following = None if timeline else container.forecasting.preview().next_hour
    fields = [*(("place", place.id if place else 0) for place in places), *([("hour", stream)] if stream else [])]
    return NowView(
        places=places,
        timeline=timeline,
        switched=switched,
        next_hour=following.hour.start if following else None,
        now=now,
        address="/jobs/now?" + "&".join(f"{name}={value}" for name, value in fields),
    )


def _places(running: Sequence[JobRow], before: Sequence[int], hands: int) -> tuple[JobRow | None, ...]:
    """Every job where it was; new ones in places that are free."""
    found = {job.id: job for job in sorted(running, key=lambda one: one.id)}
    places = [found.pop(number, None) for number in before]
    for job in found.values():
        if None in places:
            places[places.index(None)] = job
        else:
            places.append(job)
    while len(places) > hands and places[-1] is None:
        places.pop()
    return (*places, *(None for _ in range(hands - len(places))))


def tasks_view(container: Container) -> tuple[Progress, ...]:
    """Long work: all that runs, and what has ended last."""
    every = in_order(container.tasks.recent(), running_imports(container.imports))
    running = [one for one in every if one.is_running]
    return (*running, *[one for one in every if not one.is_running][:ENDED])


def list_view(
    container: Container, choice: Choice, after: int | None, collections: Sequence[CollectionRow]
) -> ListView:
    """A page of the list; jobs to come are listed with those first that are due first, others newest first."""
    which = _filter(container, choice, collections)
    if which.statuses == (JobStatus.PLANNED,):
        rows = container.jobs.coming(which, limit=PAGE + 1, after=after)
    else:
        ascending = bool(which.statuses) and set(which.statuses) <= set(OPEN_JOBS)
        rows = container.jobs.page(which, limit=PAGE + 1, after=after, ascending=ascending)
    following = rows[PAGE - 1].id if len(rows) > PAGE else None
    return _listed(container, choice, which, rows[:PAGE], following, after, None)


def fresh_list(
    container: Container, choice: Choice, jobs: Sequence[int], listed: int, following: int | None, after: int | None
) -> ListView:
    """The same jobs as they are now, in their order, whatever became of them."""
    which = _filter(container, choice, container.imports.collections())
    return _listed(container, choice, which, container.jobs.some(jobs), following, after, listed)


def _filter(container: Container, choice: Choice, collections: Sequence[CollectionRow]) -> JobFilter:
    """The filter. A collection that has every paper leaves nothing out, and looking into it would take long."""
    named = next((row for row in collections if choice.collection in {row.id, row.name}), None)
    if named is None:
        return container.choosing.filter(choice)
    which = container.choosing.filter(evolve(choice, collection=""))
    is_everything = named.papers >= container.papers.count(PaperFilter())
    return which if is_everything else evolve(which, collection=named.id)


def _listed(
    container: Container,
    choice: Choice,
    which: JobFilter,
    rows: Sequence[JobRow],
    following: int | None,
    after: int | None,
    listed: int | None,
) -> ListView:
    counts = container.jobs.by_status(which)
    matching = sum(counts.get(status, 0) for status in which.statuses or JobStatus)
    known = matching if listed is None else listed
    fields = "".join(f"&job={row.id}" for row in rows)
    fresh = address_of(choice, "/jobs/rows", listed=known, after=after, following=following)
    return ListView(
        choice=choice,
        rows=tuple(rows),
        tabs=_tabs(choice, which, counts),
        matching=matching,
        listed=known,
        open=sum(counts.get(status, 0) for status in OPEN_JOBS if status in (which.statuses or OPEN_JOBS)),
        next=address_of(choice, after=following) if following else None,
        here=address_of(choice),
        fresh=fresh + fields,
    )


def _tabs(choice: Choice, which: JobFilter, counts: Mapping[JobStatus, int]) -> tuple[Tab, ...]:
    shown = [status for status in JobStatus if counts.get(status) or status in (*which.statuses, *OPEN_JOBS)]
    everything = Tab(
        status=None,
        count=sum(counts.values()),
        address=address_of(evolve(choice, statuses=())),
        chosen=not which.statuses,
    )
    return (
        everything,
        *(
            Tab(
                status=status,
                count=counts.get(status, 0),
                address=address_of(evolve(choice, statuses=(status.value,))),
                chosen=status in which.statuses,
            )
            for status in shown
        ),
    )


def _hours(container: Container, choice: Choice) -> tuple[HourChoice, ...]:
    """The hours of the last day, newest first, and the one that is chosen."""
    found = [
        HourChoice(stream=row.stream, label=f"{row.start.astimezone(ZoneInfo(row.timezone)):%a %-d %b, %H:%M}")
        for row in reversed(container.jobs.hours(container.clock.now() - LATELY))
    ]
    if choice.hour and choice.hour not in {one.stream for one in found}:
        row = container.jobs.hour(container.choosing.filter(Choice(hour=choice.hour)).hour or "")
        label = f"{row.start.astimezone(UTC):%a %-d %b %Y, %H:%M} UTC" if row else choice.hour[:40]
        found.append(HourChoice(stream=choice.hour, label=label))
    return tuple(found)
