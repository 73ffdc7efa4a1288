"""The page of a paper: where it stands, what happened to it, what is known of it. Its parts are in paper_*.py."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote, urlencode

from attrs import frozen

from application.as_of import Moment, at, paper_then
from application.ports.event_log import EventLog
from application.publishers import Publisher
from application.queries import ImportRow, PaperRow
from application.standing import Standing, standing
from application.wording import place, sentence
from domain import paper_events as happened
from domain.identifiers import Scheme
from domain.pipeline import Status
from domain.scraper import ScraperStatus
from interfaces.container import Container
from interfaces.web.addresses import web_address
from interfaces.web.views.paper_copies import KnownCopy, known_copies
from interfaces.web.views.paper_file import FileView, file_view
from interfaces.web.views.paper_history import History, history
from interfaces.web.views.paper_metadata import ADDRESSES, MetadataView, metadata_view
from interfaces.web.views.paper_timeline import FAILED, Timeline, newest, timeline


@frozen(kw_only=True)
class Asked:
    """What the address asks for: the state as of a position, a page of the timeline, only what failed."""

    as_of: str = ""
    before: int | None = None
    only_failed: bool = False


@frozen(kw_only=True)
class PaperView:
    """The page of a paper. `then` is the moment that it shows, None for now."""

    paper: PaperRow
    then: Moment | None
    standing: Standing
    places: tuple[tuple[str, str], ...]
    """Where a person may look for what the program did not get: text and address of links."""
    timeline: Timeline
    copies: tuple[KnownCopy, ...]
    metadata: MetadataView
    publisher: Publisher | None
    """For whom its DOI was registered."""
    file: FileView | None
    imports: tuple[ImportRow, ...]
    merged_into: str | None
    asked: Asked
    position: int

    @property
    def name(self) -> str:
        """What the paper is called."""
        return self.paper.title or self.paper.doi or "Untitled paper"

    @property
    def address(self) -> str:
        """The address of the page, which shows the same again."""
        return self.at(before=self.asked.before, only_failed=self.asked.only_failed)

    def at(self, *, before: int | None = None, only_failed: bool = False) -> str:
        """The address of another page of the timeline."""
        wanted = {
            "as_of": self.then and self.then.position,
            "shown": FAILED if only_failed else None,
            "before": before,
        }
        query = urlencode({name: value for name, value in wanted.items() if value is not None})
        return f"/papers/{self.paper.id}" + (f"?{query}" if query else "")


def paper_view(container: Container, row: PaperRow, asked: Asked | None = None) -> PaperView:
    """The view of a paper. Raises InvalidValue for a moment that is none, DoesNotExist for one before the paper."""
    asked, log = asked or Asked(), container.log
    position, present = log.head().position, row.file_sha256
    then = at(asked.as_of, log) if asked.as_of.strip() else None
    if then is not None:
        row = paper_then(log, row.id, then.position)
    until = then.position if then else position
    told = history(log, row.id, until, with_file=row.file_path is not None)
    copies = known_copies(told.state, told.facts, told.recent, container.publishers.rules)
    imports = tuple(container.imports.of_paper(row.id))
    return PaperView(
        paper=row,
        then=then,
        standing=_standing(row, told, copies, None if then else container.controlling.status()),
        places=tuple(_places(row, told)) if row.status in _MISSED else (),
        timeline=_timeline(log, row.id, until, asked, told),
        copies=copies,
        metadata=metadata_view(told.state, told.facts, imports),
        publisher=container.publishers.rules.of_doi(row.doi) if row.doi else None,
        file=file_view(row, told.stored, container.library, container.pictures, is_present=row.file_sha256 == present),
        imports=imports,
        merged_into=told.state.merged_into,
        asked=asked,
        position=position,
    )


_SETS_ASIDE = (happened.Excluded, happened.Withdrawn, happened.Merged)
_MISSED = frozenset({Status.FAILED, Status.UNAVAILABLE, Status.DOUBTFUL})


def _standing(row: PaperRow, told: History, copies: Sequence[KnownCopy], switch: ScraperStatus | None) -> Standing:
    plan, aside = told.last(happened.Queued), told.last(*_SETS_ASIDE)
    return standing(
        row,
        due=plan.event.due if plan and isinstance(plan.event, happened.Queued) else None,
        places=[place(one.copy.url) for one in copies if not one.blocked],
        switch=switch,
        aside=sentence(aside) if aside else "",
    )


def _timeline(log: EventLog, paper_id: str, until: int, asked: Asked, told: History) -> Timeline:
    """The page of the timeline that is asked for; the newest one was read already."""
    first = asked.before is None or asked.before > until
    records, before = told.recent, told.before
    if not first or asked.only_failed:
        last = until if first or asked.before is None else max(asked.before - 1, 0)
        records, before = newest(log, paper_id, last, only_failed=asked.only_failed)
    return timeline(records, before, first=first, only_failed=asked.only_failed)


def _places(row: PaperRow, told: History) -> Iterator[tuple[str, str]]:
    if row.doi:
        yield "Open the publisher's page", ADDRESSES[Scheme.DOI] + quote(row.doi)
    tried = told.last(happened.CandidateTried)
    if tried and isinstance(tried.event, happened.CandidateTried) and web_address(tried.event.url):
        yield "Open the last address tried", tried.event.url
