"""The page of a paper: where it stands, what happened to it, what is known of it. Its parts are in paper_*.py."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import quote, urlencode

from attrs import frozen

from application.as_of import Moment, at, paper_then
from application.attempts import ABOUT_COPIES, FACTS
from application.ports.event_log import Recorded
from application.queries import ImportRow, PaperRow
from application.standing import Standing, standing
from application.wording import place, sentence
from domain import paper
from domain import paper_events as happened
from domain.identifiers import Scheme
from domain.pipeline import Status
from interfaces.container import Container
from interfaces.web.addresses import web_address
from interfaces.web.views.paper_copies import KnownCopy, known_copies
from interfaces.web.views.paper_file import STORING, FileView, file_view
from interfaces.web.views.paper_metadata import ADDRESSES, MetadataView, metadata_view
from interfaces.web.views.paper_timeline import FAILED, Timeline, newest, timeline

MANY = 2_000
"""Events of a kind that are read at most."""
_FACTS, _ABOUT_COPIES = (tuple(kind.TYPE for kind in kinds) for kinds in (FACTS, ABOUT_COPIES))


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
    position = log.head().position
    then = at(asked.as_of, log) if asked.as_of.strip() else None
    present = row.file_sha256
    if then is not None:
        row = paper_then(log, row.id, then.position)
    until, stream = (then.position if then else position), paper.stream_of(row.id)
    facts = log.newest(stream, limit=MANY, until=until, types=_FACTS)[::-1]
    newest_copies = log.newest(stream, limit=1, until=until, types=_ABOUT_COPIES)
    recent, further = newest(log, row.id, until)
    state = paper.DECIDER.fold(one.event for one in _in_order(facts, newest_copies))
    copies = known_copies(state, facts, recent)
    imports = tuple(container.imports.of_paper(row.id))
    stored = log.newest(stream, limit=1, until=until, types=STORING) if row.file_path else ()
    aside = next((one for one in reversed(recent) if isinstance(one.event, _SETS_ASIDE)), None)
    return PaperView(
        paper=row,
        then=then,
        standing=standing(
            row,
            due=_due(recent),
            places=[place(one.copy.url) for one in copies if not one.blocked],
            switch=None if then else container.controlling.status(),
            aside=sentence(aside) if aside else "",
        ),
        places=tuple(_places(row, recent)) if row.status in _MISSED else (),
        timeline=_timeline(container, row.id, until, asked, recent, further),
        copies=copies,
        metadata=metadata_view(state, facts, imports),
        file=file_view(row, stored, container.library, container.pictures, is_present=row.file_sha256 == present),
        imports=imports,
        merged_into=state.merged_into,
        asked=asked,
        position=position,
    )


def _timeline(
    container: Container, paper_id: str, until: int, asked: Asked, recent: Sequence[Recorded], further: int | None
) -> Timeline:
    """The page of the timeline that is asked for; the newest one was read already."""
    first = asked.before is None or asked.before > until
    if not first or asked.only_failed:
        last = until if first or asked.before is None else max(asked.before - 1, 0)
        recent, further = newest(container.log, paper_id, last, only_failed=asked.only_failed)
    return timeline(recent, further, first=first, only_failed=asked.only_failed)


def _in_order(facts: Sequence[Recorded], others: Sequence[Recorded]) -> list[Recorded]:
    return sorted({one.position: one for one in (*facts, *others)}.values(), key=lambda one: one.position)


def _due(recent: Sequence[Recorded]) -> datetime | None:
    """The moment of the newest plan."""
    return next((one.event.due for one in reversed(recent) if isinstance(one.event, happened.Queued)), None)


_SETS_ASIDE = (happened.Excluded, happened.Withdrawn, happened.Merged)
_MISSED = frozenset({Status.FAILED, Status.UNAVAILABLE, Status.DOUBTFUL})


def _places(row: PaperRow, recent: Sequence[Recorded]) -> Iterator[tuple[str, str]]:
    if row.doi:
        yield "Open the publisher's page", ADDRESSES[Scheme.DOI] + quote(row.doi)
    tries = (one.event.url for one in reversed(recent) if isinstance(one.event, happened.CandidateTried))
    if address := web_address(next(tries, None)):
        yield "Open the last address tried", address
