"""How things stand."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from attrs import frozen

from application.outlook import Outlook, outlook
from application.ports.event_log import EventLog, Recorded
from application.queries import CollectionRow, ImportRow, Papers
from application.reporting import Report, report
from application.wording import sentence
from domain import paper_events as happened
from domain.events import Event
from domain.importing import ImportStatus, RowsRecorded
from domain.paper import STREAM
from interfaces.container import Container

LOOKED_AT = 200
"""Events among which the last ones worth telling are looked for."""
SHOWN = 8
NOISE: tuple[type[Event], ...] = (
    happened.ProcessingStarted,
    happened.CandidateTried,
    happened.CandidateBlocked,
    happened.Registered,
    happened.MetadataUpdated,
    happened.IdentifierAdded,
    RowsRecorded,
)
"""Events that are told on a paper's own page only."""


@frozen(kw_only=True)
class Activity:
    """Something that happened, and the paper it happened to."""

    position: int
    moment: datetime
    text: str
    paper: str | None
    title: str | None


@frozen(kw_only=True)
class HomeView:
    """The home page."""

    report: Report
    stands: Outlook
    timezone: str
    total: int
    running: tuple[ImportRow, ...]
    collections: tuple[CollectionRow, ...]
    activities: tuple[Activity, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """Papers by status."""
        return self.report.papers


def home_view(container: Container) -> HomeView:
    """The home page's view."""
    stands = outlook(container.forecasting)
    found = report(container.log, container.papers, container.imports, stands.status)
    return HomeView(
        report=found,
        stands=stands,
        timezone=container.scheduling.painted().schedule.timezone,
        total=sum(found.papers.values()),
        running=tuple(row for row in container.imports.page(limit=20) if row.status == ImportStatus.RUNNING),
        collections=tuple(container.imports.collections()),
        activities=tuple(_activities(container.log, container.papers, found.position)),
    )


def _activities(log: EventLog, papers: Papers, position: int) -> Iterator[Activity]:
    recent = log.read(max(position - LOOKED_AT, 0), LOOKED_AT)
    telling = [one for one in reversed(recent) if not isinstance(one.event, NOISE)]
    yield from (_activity(one, papers) for one in telling[:SHOWN])


def _activity(recorded: Recorded, papers: Papers) -> Activity:
    name = recorded.stream.removeprefix(STREAM) if recorded.stream.startswith(STREAM) else None
    row = papers.find(name) if name else None
    return Activity(
        position=recorded.position,
        moment=recorded.recorded_at,
        text=sentence(recorded),
        paper=row.id if row else None,
        title=(row.title or row.doi) if row else None,
    )
