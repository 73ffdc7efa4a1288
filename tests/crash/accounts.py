"""Papers of a town that are ready to be downloaded in an hour, and the account of what became of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from attrs import define, field, frozen

from application.handling import execute
from application.ports.event_log import EventLog, Recorded
from domain import hour, paper, schedule, scraper
from domain import paper_events as happened
from domain.copies import Copy
from domain.events import Event
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.paper_commands import Register
from domain.scraper import Action
from infrastructure.simulation.papers import Paper
from tests.contract.making import everything
from tests.crash.town import Town
from tests.plans import ORIGIN, Yard

ENDS: tuple[type[Event], ...] = (
    happened.CopiesLocated,
    happened.NotLocated,
    happened.Downloaded,
    happened.Doubted,
    happened.Failed,
)
"""Outcomes that count as an attempt."""
UNCOUNTED: tuple[type[Event], ...] = (happened.Deferred, happened.Reverted)


def located(town: Town) -> list[str]:
    """Make every paper of the world known and located; returns their ids. Nothing is planned by itself."""
    with town.log() as log:
        yard, papers = Yard(log), {f"p{paper.number}": paper for paper in town.web.world.papers}
        yard.registered({name: _registration(one) for name, one in papers.items()})
        yard.located({name: _copy(town, one) for name, one in papers.items()})
        execute(log, schedule.DECIDER, schedule.STREAM, (schedule.ChangeVolume(volume=0),), ORIGIN)
    return list(papers)


def _registration(one: Paper) -> Register:
    return Register(identifiers=(Identifier(Scheme.DOI, one.doi.lower()),), metadata=Metadata(title=one.title))


def _copy(town: Town, one: Paper) -> Copy:
    (spot,) = one.spots
    return Copy(url=town.web.url(spot.host, spot.file), source="unpaywall")


def due_now(town: Town, papers: Iterable[str]) -> str:
    """Start the scraper, and plan an hour that begins now with a job for each paper, all due at once."""
    now = datetime.now(UTC)
    with town.log() as log:
        stream = Yard(log).plan(now.replace(second=0, microsecond=0), dict.fromkeys(papers, now - timedelta(seconds=1)))
        execute(log, scraper.DECIDER, scraper.STREAM, (scraper.Command(action=Action.START),), ORIGIN)
    return stream


@frozen(kw_only=True)
class Account:
    """What became of the papers: downloads by attempt, attempts to download by paper, and why papers went back."""

    downloads: Mapping[str, int]
    attempts: Mapping[str, int]
    reverted: Mapping[str, int]


@define
class _Story:
    """A paper as its events go by."""

    running: str | None = None
    tokens: set[str] = field(factory=set)
    downloads: "Counter[str]" = field(factory=Counter)
    downloading: int = 0
    counted: int = 0
    reverted: "Counter[str]" = field(factory=Counter)

    def take(self, event: Event) -> None:
        """See that the event follows, and count it."""
        if isinstance(event, happened.ProcessingStarted):
            assert self.running is None, "an attempt began beside another one"
            assert event.attempt not in self.tokens, "a token was used twice"
            self.running = event.attempt
            self.tokens.add(event.attempt)
            self.downloading += event.module == "download"
        elif isinstance(event, ENDS):
            assert self.running is not None, f"{event.TYPE} belongs to no attempt"
            self.downloads[self.running] += isinstance(event, happened.Downloaded)
            self.counted += 1
            self.running = None
        elif isinstance(event, UNCOUNTED):
            if isinstance(event, happened.Reverted):
                self.reverted[event.why] += 1
            self.running = None


def account_of(town: Town) -> Account:
    """See that every attempt ended once and was counted once, and that no hour took more than its quota."""
    with town.log() as log:
        records = everything(log)
        stories: dict[str, _Story] = defaultdict(_Story)
        for record in records:
            if record.stream.startswith(paper.STREAM):
                stories[record.stream].take(record.event)
        _check_attempts(log, stories)
        _check_quotas(records)
    return Account(
        downloads={token: count for story in stories.values() for token, count in story.downloads.items() if count},
        attempts={stream.removeprefix(paper.STREAM): story.downloading for stream, story in stories.items()},
        reverted=sum((story.reverted for story in stories.values()), Counter()),
    )


def _check_attempts(log: EventLog, stories: Mapping[str, _Story]) -> None:
    for stream, records in log.streams(list(stories)).items():
        state = paper.DECIDER.fold(record.event for record in records)
        assert state.attempts == stories[stream].counted
        assert [record.version for record in records] == list(range(1, len(records) + 1))
        assert max(stories[stream].downloads.values(), default=0) <= 1


def _check_quotas(records: Iterable[Recorded]) -> None:
    """What is planned anew after a pause is the same job: it is due at the same moment."""
    planned: dict[str, set[tuple[str, datetime]]] = defaultdict(set)
    quotas: dict[str, int] = {}
    for record in records:
        if isinstance(record.event, hour.Planned):
            assert record.stream not in quotas
            quotas[record.stream] = record.event.quota
        if isinstance(record.event, happened.Queued) and record.event.hour:
            planned[record.event.hour].add((record.stream, record.event.due))
    assert all(len(jobs) <= quotas[stream] for stream, jobs in planned.items())
