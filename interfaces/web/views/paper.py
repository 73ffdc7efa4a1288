"""One paper: where it stands, what happened to it, which copies are known."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal
from urllib.parse import quote

from attrs import frozen

from application.ports.event_log import Recorded
from application.queries import ImportRow, PaperRow
from application.standing import Standing, standing
from application.wording import SCHEMES, cause_sentence, sentence
from domain import paper, paper_events
from domain.causes import GOOD
from domain.copies import Copy, same_place
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.pipeline import Status
from interfaces.container import Container
from interfaces.web.addresses import web_address

Tone = Literal["good", "bad", "plain", "quiet"]
ADDRESSES = {
    Scheme.DOI: "https://doi.org/",
    Scheme.PMID: "https://pubmed.ncbi.nlm.nih.gov/",
    Scheme.PMCID: "https://www.ncbi.nlm.nih.gov/pmc/articles/",
    Scheme.ARXIV: "https://arxiv.org/abs/",
}


@frozen(kw_only=True)
class Moment:
    """An entry of the history."""

    position: int
    moment: datetime
    text: str
    tone: Tone
    actor: str


@frozen(kw_only=True)
class Try:
    """A URL that was tried, and what came of it."""

    moment: datetime
    tried: paper_events.CandidateTried
    outcome: str


@frozen(kw_only=True)
class KnownCopy:
    """A copy; `blocked` ones are not tried again."""

    copy: Copy
    blocked: bool


@frozen(kw_only=True)
class Named:
    """An identifier, and where it leads."""

    scheme: str
    value: str
    address: str


@frozen(kw_only=True)
class PaperView:
    """The page of a paper."""

    paper: PaperRow
    standing: Standing
    metadata: Metadata
    identifiers: tuple[Named, ...]
    history: tuple[Moment, ...]
    tries: tuple[Try, ...]
    copies: tuple[KnownCopy, ...]
    imports: tuple[ImportRow, ...]
    places: tuple[tuple[str, str], ...]
    """Where a person may look for what the program did not get: text and address of links."""
    checks: tuple[str, ...]
    position: int

    @property
    def name(self) -> str:
        """What the paper is called."""
        return self.paper.title or self.paper.doi or "Untitled paper"


def paper_view(container: Container, row: PaperRow) -> PaperView:
    """The view of a paper."""
    position = container.log.head().position
    records = container.log.stream(paper.stream_of(row.id))
    state = paper.DECIDER.fold(record.event for record in records)
    blocked = {same_place(url) for url in state.blocked}
    return PaperView(
        paper=row,
        standing=standing(row),
        metadata=state.metadata,
        identifiers=tuple(_named(identifier) for identifier in state.identifiers),
        history=tuple(_moment(record) for record in reversed(records)),
        tries=tuple(_tries(records)),
        copies=tuple(KnownCopy(copy=one, blocked=same_place(one.url) in blocked) for one in state.copies),
        imports=tuple(container.imports.of_paper(row.id)),
        places=tuple(_places(row, records)) if row.status in _MISSED else (),
        checks=_checks(records),
        position=position,
    )


def _named(identifier: Identifier) -> Named:
    return Named(
        scheme=SCHEMES[identifier.scheme],
        value=identifier.value,
        address=ADDRESSES[identifier.scheme] + quote(identifier.value),
    )


def _moment(record: Recorded) -> Moment:
    return Moment(
        position=record.position,
        moment=record.recorded_at,
        text=sentence(record),
        tone=_tone(record),
        actor=record.actor,
    )


_GOOD = (paper_events.Downloaded, paper_events.FileAttached, paper_events.CopiesLocated)
_BAD = (paper_events.Failed, paper_events.NotLocated, paper_events.FileLost, paper_events.Doubted)
_QUIET = (paper_events.ProcessingStarted, paper_events.MetadataUpdated, paper_events.CandidateBlocked)


def _tone(record: Recorded) -> Tone:
    event = record.event
    if isinstance(event, paper_events.CandidateTried):
        return "quiet"
    if isinstance(event, _GOOD):
        return "good"
    if isinstance(event, _BAD):
        return "bad"
    return "quiet" if isinstance(event, _QUIET) else "plain"


def _tries(records: Sequence[Recorded]) -> list[Try]:
    return [
        Try(moment=record.recorded_at, tried=event, outcome=_outcome(event))
        for record in reversed(records)
        if isinstance(event := record.event, paper_events.CandidateTried)
    ]


def _outcome(event: paper_events.CandidateTried) -> str:
    return GOOD.get(event.outcome) or cause_sentence(event.outcome)


_MISSED = frozenset({Status.FAILED, Status.UNAVAILABLE, Status.DOUBTFUL})


def _places(row: PaperRow, records: Sequence[Recorded]) -> Iterator[tuple[str, str]]:
    if row.doi:
        yield "Open the publisher's page", ADDRESSES[Scheme.DOI] + quote(row.doi)
    if (tries := _tries(records)) and web_address(tries[0].tried.url):
        yield "Open the last address tried", tries[0].tried.url


def _checks(records: Sequence[Recorded]) -> tuple[str, ...]:
    """What was seen in the file that is stored now."""
    for record in reversed(records):
        if isinstance(record.event, paper_events.Downloaded | paper_events.Doubted):
            return record.event.checks
    return ()
