"""The scraper: its switch, its modules and sources, and how sites are treated."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from attrs import frozen

from application.hosts import HostRow, Manners
from application.outlook import Outlook, outlook
from application.queries import JobFilter, JobStatus, PaperFilter
from application.sourcing import Asked
from application.tallies import WINDOW, SourceTally
from domain import paper
from domain.copies import Copy, ranked
from domain.pipeline import DOWNLOAD, MODULES, Module, Status
from interfaces.container import Container
from interfaces.web.views.pipeline import TALL, WIDE, Drawing, Strip, drawing, statuses, strip

NEXT = 5
"""Papers of which it is told what would happen next."""
LOOKED_AT = 200
"""Planned jobs among which the next are looked for."""
SITES, MOST_SITES = 20, 200
"""Sites that are shown, and those that are shown where somebody asks for more."""
MOST_TEXT = 100
"""Characters of what sites are looked for by."""


@frozen(kw_only=True)
class ModuleView:
    """A module, whether it is on, and what it has in hand."""

    module: Module
    on: bool
    planned: int
    running: int
    takes: tuple[Status, ...]
    leaves: tuple[Status, ...]


@frozen(kw_only=True)
class SourceView:
    """A source, how it is used, and what came of it."""

    asked: Asked
    tally: SourceTally
    today: int
    """How often it was asked today, in UTC."""
    first: bool
    last: bool


@frozen(kw_only=True)
class SiteView:
    """A site, whose it is, and its last answers drawn."""

    row: HostRow
    publisher: str
    strip: Strip | None


@frozen(kw_only=True)
class NextPaper:
    """A paper, and the copies that would be tried, in order."""

    paper: str
    title: str | None
    copies: tuple[Copy, ...]


@frozen(kw_only=True)
class Drawings:
    """The pipeline drawn for wide pages and for narrow ones."""

    wide: Drawing
    tall: Drawing


@frozen(kw_only=True)
class ScraperView:
    """The page."""

    stands: Outlook
    counts: Mapping[Status, int]
    drawings: Drawings
    statuses: tuple[Status, ...]
    modules: tuple[ModuleView, ...]
    sources: tuple[SourceView, ...]
    sites: tuple[SiteView, ...]
    more_sites: bool
    every_site: bool
    manners: Manners
    hands: int
    text: str
    next: tuple[NextPaper, ...]
    at_random: bool
    position: int
    days: int = WINDOW.days

    def in_module(self, name: str) -> ModuleView:
        """The module with this name."""
        return next(one for one in self.modules if one.module.name == name)


def scraper_view(container: Container, text: str = "", *, every_site: bool = False) -> ScraperView:
    """The page's view; `text` narrows the sites down."""
    stands, now = outlook(container.forecasting), container.clock.now()
    text = text.strip()[:MOST_TEXT]
    following, at_random = _next(container)
    most = MOST_SITES if every_site else SITES
    sites = container.hosts.worst(text, most + 1)
    found = container.papers.by_status(PaperFilter())
    return ScraperView(
        stands=stands,
        counts={status: found.get(status, 0) for status in Status},
        drawings=_drawings(),
        statuses=(*statuses(), Status.EXCLUDED),
        modules=tuple(_modules(container)),
        sources=tuple(_sources(container, container.tallies.sources(now - WINDOW))),
        sites=tuple(_site(container, row) for row in sites[:most]),
        more_sites=len(sites) > most and not every_site,
        every_site=every_site,
        manners=container.politeness.manners(),
        hands=container.settings.hands,
        text=text,
        next=following,
        at_random=at_random,
        position=container.log.head().position,
    )


@cache
def _drawings() -> Drawings:
    return Drawings(wide=drawing(WIDE), tall=drawing(TALL))


def _modules(container: Container) -> Iterator[ModuleView]:
    state = container.scheduling.modules()
    for name, module in MODULES.items():
        planned, running = (
            container.jobs.count(JobFilter(statuses=(status,), module=name))
            for status in (JobStatus.PLANNED, JobStatus.RUNNING)
        )
        in_order = [status for status in statuses() if status in module.takes | module.leaves]
        yield ModuleView(
            module=module,
            on=state.runs(name),
            planned=planned,
            running=running,
            takes=tuple(status for status in in_order if status in module.takes),
            leaves=tuple(status for status in in_order if status in module.leaves),
        )


def _sources(container: Container, tallies: Mapping[str, SourceTally]) -> Iterator[SourceView]:
    found = container.sourcing.sources(container.settings.configured)
    today = container.tallies.asked(container.clock.now())
    for one in found:
        name = one.service.name
        yield SourceView(
            asked=one,
            tally=tallies.get(name, SourceTally(name=name)),
            today=today.get(name, 0),
            first=one.place == 1,
            last=one.place == len(found),
        )


def _site(container: Container, row: HostRow) -> SiteView:
    answers = [answer.value for answer in row.tally.recent] if row.tally else []
    publisher = container.publishers.rules.of_site(row.site)
    return SiteView(row=row, publisher=publisher.name if publisher else "", strip=strip(answers) if answers else None)


def _next(container: Container) -> tuple[tuple[NextPaper, ...], bool]:
    """What is tried next, and whether it is an example of what may be drawn at random."""
    jobs = container.jobs.page(JobFilter(statuses=(JobStatus.PLANNED,), module=DOWNLOAD.name), limit=LOOKED_AT)
    planned = sorted((job.due, job.paper) for job in jobs if job.due)[:NEXT]
    if planned:
        return tuple(_next_papers(container, [name for _, name in planned])), False
    rows = container.papers.due(Status.LOCATED, container.clock.now(), NEXT)
    return tuple(_next_papers(container, [row.id for row in rows])), bool(rows)


def _next_papers(container: Container, names: Sequence[str]) -> Iterator[NextPaper]:
    streams = container.log.streams([paper.stream_of(name) for name in names])
    for name in names:
        records = streams.get(paper.stream_of(name), ())
        state = paper.DECIDER.fold(record.event for record in records)
        yield NextPaper(paper=name, title=state.metadata.title, copies=ranked(state.copies, blocked=state.blocked))
