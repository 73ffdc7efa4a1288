"""Locating a paper: ask every source that serves it, and append what they know."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta

from attrs import Factory, define, field, frozen
from uuid_utils import uuid7

from application.handling import PROGRAM, Actor, decided, load
from application.merging import merging, same_work
from application.ports.clock import Clock
from application.ports.event_log import EventLog, IdentifierTaken, Origin, WrongVersion
from application.ports.sources import Finding, Source, SourceUnavailable
from application.putting_off import put_off
from application.reach import Reach
from application.underway import Underway
from domain import paper, settings
from domain.causes import next_try
from domain.copies import Copy, distinct
from domain.errors import CommandRefused, SciPaperLoaderError
from domain.identifiers import Identifier
from domain.metadata import NO_ARTICLES, Metadata
from domain.paper import Paper
from domain.paper_commands import (
    AddIdentifier,
    Command,
    Defer,
    Exclude,
    RecordAnswers,
    RecordCopies,
    RecordNoCopy,
    Revert,
    StartProcessing,
    UpdateMetadata,
)
from domain.paper_events import SourceAnswer
from domain.pipeline import LOCATE, Status
from domain.settings import Settings
from domain.sources import SOURCES

ASK_AGAIN = timedelta(minutes=5)
"""Pause after a source that gave no moment of its own could not be asked."""


@define
class _Knowledge:
    """What the sources told, in the order of asking."""

    copies: list[Copy] = field(factory=list)
    metadata: list[tuple[str, Metadata]] = field(factory=list)
    identifiers: list[tuple[str, Identifier]] = field(factory=list)
    known: bool = False
    open_from: list[datetime] = field(factory=list)
    silent: list[SourceUnavailable] = field(factory=list)
    answers: list[SourceAnswer] = field(factory=list)
    off: list[str] = field(factory=list)
    """Sources that serve the paper and are switched off."""

    @property
    def awaited(self) -> list[SourceUnavailable]:
        """Why sources were silent for which the paper may wait."""
        return [error for error in self.silent if error.is_awaited]

    def take(self, source: str, finding: Finding, seconds: float) -> None:
        said = "copies" if finding.copies else "known" if finding.known else "unknown"
        self.answers.append(SourceAnswer(source=source, said=said, seconds=seconds))
        self.known = self.known or finding.known
        self.open_from.extend([finding.open_from] if finding.open_from else [])
        self.copies.extend(finding.copies)
        self.metadata.append((source, finding.metadata))
        self.identifiers.extend((source, identifier) for identifier in finding.identifiers)

    def miss(self, error: SourceUnavailable, seconds: float) -> None:
        self.answers.append(SourceAnswer(source=error.source, said=error.cause, seconds=seconds))
        self.silent.append(error)


@define
class _Attempt:
    """A claimed paper: its state after the claim, and where the outcome goes."""

    stream: str
    token: str
    paper: Paper
    version: int
    origin: Origin


@frozen(kw_only=True)
class Locating:
    """The handler of the module `locate`."""

    log: EventLog
    sources: Sequence[Source]
    clock: Clock
    worker: str
    stop: Callable[[], bool] = lambda: False
    asked_today: Callable[[datetime], Mapping[str, int]] = lambda _: {}
    """How often each source was asked on the day, in UTC, of a moment."""
    underway: Underway = field(factory=Underway)
    reach: Reach = field(default=Factory(lambda self: Reach(self.clock), takes_self=True))

    def locate(self, paper_id: str, *, by_hand: bool = False, actor: Actor = PROGRAM) -> Status | None:
        """Locate one paper; returns its status, or None where somebody else has it."""
        token = str(uuid7())
        with self.underway.holding(token):
            attempt = self._claim(paper_id, token, by_hand, actor)
            return None if attempt is None else self._complete(attempt)

    def _claim(self, paper_id: str, token: str, by_hand: bool, actor: Actor) -> _Attempt | None:
        stream, origin = paper.stream_of(paper_id), _origin(actor)
        state, version = load(self.log, paper.DECIDER, stream)
        start = StartProcessing(module=LOCATE.name, worker=self.worker, attempt=token, by_hand=by_hand)
        try:
            claim = decided(paper.DECIDER, stream, state, version, (start,))
            self.log.append((claim,), origin)
        except (CommandRefused, WrongVersion):
            return None
        claimed = paper.DECIDER.fold(claim.events, state)
        return _Attempt(stream, token, claimed, version + len(claim.events), origin)

    def _complete(self, attempt: _Attempt) -> Status | None:
        try:
            knowledge = self._ask(attempt.paper.identifiers)
            if self.stop():
                return self._append(attempt, lambda _: (Revert(why="stop"),))
            return self._append(attempt, lambda state: _told(knowledge, state, self.clock.now()))
        except Exception:
            with suppress(SciPaperLoaderError):  # where that is not possible either, recovering does it later
                self._append(attempt, lambda _: (put_off("crashed", self.clock.now()),))
            raise

    def _ask(self, identifiers: tuple[Identifier, ...]) -> _Knowledge:
        """Ask the sources one after the other; identifiers that one tells help to ask the others, earlier ones too."""
        knowledge, known = _Knowledge(), list(identifiers)
        state, _ = load(self.log, settings.DECIDER, settings.STREAM)
        left = _ordered(self.sources, state)
        while not self.stop() and (source := next((one for one in left if one.serves(known)), None)):
            left.remove(source)
            if state.asks(source.name):
                self._ask_one(source, known, knowledge)
            else:
                knowledge.off.append(source.name)
        return knowledge

    def _ask_one(self, source: Source, known: list[Identifier], knowledge: _Knowledge) -> None:
        began = self.clock.now()
        try:
            self._check_budget(source.name, began)
            finding = source.find(known)
        except SourceUnavailable as error:
            knowledge.miss(error, self._since(began))
            if error.unreached:
                self.reach.missed(source.name)
            return
        if not finding.by_rule:
            self.reach.answered()
        knowledge.take(source.name, finding, self._since(began))
        known.extend(identifier for identifier in finding.identifiers if identifier not in known)

    def _since(self, began: datetime) -> float:
        return round(max(0.0, (self.clock.now() - began).total_seconds()), 3)

    def _check_budget(self, source: str, now: datetime) -> None:
        """Raise SourceUnavailable where the source was asked as often today, in UTC, as it allows."""
        service = SOURCES.get(source)
        if service is None or service.daily is None or self.asked_today(now).get(source, 0) < service.daily:
            return
        tomorrow = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time.min, UTC)
        raise SourceUnavailable(source, "budget_exhausted", "its requests of today are used up", until=tomorrow)

    def _append(self, attempt: _Attempt, commands: Callable[[Paper], Sequence[Command]]) -> Status | None:
        """Append while the attempt runs: the fence against late results. Returns the paper's status then.

        What others tell of the paper meanwhile, an import for one, does not end the attempt: it is decided again.
        """
        left_out: tuple[type[Command], ...] = ()
        while True:
            wanted = [one for one in commands(attempt.paper) if not isinstance(one, left_out)]
            write = decided(paper.DECIDER, attempt.stream, attempt.paper, attempt.version, wanted)
            try:
                self.log.append((write,), attempt.origin)
                return paper.DECIDER.fold(write.events, attempt.paper).status
            except IdentifierTaken as error:
                if self._merge(attempt, error.identifiers):
                    return Status.EXCLUDED
                left_out = (AddIdentifier,)  # the identifiers stay with the paper that has them
            except WrongVersion:
                pass
            attempt.paper, attempt.version = load(self.log, paper.DECIDER, attempt.stream)
            if attempt.paper.attempt != attempt.token:  # stopped or revoked: the result comes too late
                return None

    def _merge(self, attempt: _Attempt, taken: Sequence[Identifier]) -> bool:
        """Merge the paper into the one that has its identifiers; False where they are not known to be one work."""
        while (into := same_work(self.log, attempt.paper, taken)) is not None:
            try:
                self.log.append(merging(self.log, attempt.stream, attempt.paper, attempt.version, into), attempt.origin)
            except WrongVersion as error:
                if error.stream == attempt.stream:
                    return False
            else:
                return True
        return False


def _origin(actor: Actor) -> Origin:
    return Origin(command="locate", actor=actor.name, correlation=str(uuid7()))


def _ordered(sources: Sequence[Source], state: Settings) -> list[Source]:
    """The sources in the order in which they are to be asked."""
    by_name = {source.name: source for source in sources}
    return [by_name[name] for name in state.ordered(tuple(by_name))]


def _told(knowledge: _Knowledge, state: Paper, now: datetime) -> tuple[Command, ...]:
    """Everything that the sources told."""
    answers = (RecordAnswers(answers=tuple(knowledge.answers)),) if knowledge.answers else ()
    return (*answers, *_learned(knowledge, state), _outcome(knowledge, state, now))


def _set_aside(knowledge: _Knowledge, state: Paper) -> Exclude | None:
    """What is registered as something else than an article is not looked for, unless a person wanted it back.

    Where it is open it is fetched all the same: somebody put it on a list.
    """
    kinds = (NO_ARTICLES.get((told.type or "").lower()) for _, told in knowledge.metadata)
    if state.wanted_anyway or (kind := next(filter(None, kinds), None)) is None:
        return None
    return Exclude(reason=f"No article: it is registered as {kind}.")


def _learned(knowledge: _Knowledge, state: Paper) -> tuple[Command, ...]:
    """Metadata that fill gaps, and identifiers of schemes that the paper has none of."""
    commands: list[Command] = []
    metadata = state.metadata
    for source, told in knowledge.metadata:
        news = metadata.difference(metadata.filled(told))
        if news.known():
            commands.append(UpdateMetadata(source=source, metadata=news))
            metadata = metadata.filled(told)
    schemes = {identifier.scheme for identifier in state.identifiers}
    for source, identifier in knowledge.identifiers:
        if identifier.scheme not in schemes:
            schemes.add(identifier.scheme)
            commands.append(AddIdentifier(identifier=identifier, source=source))
    return tuple(commands)


def _outcome(knowledge: _Knowledge, state: Paper, now: datetime) -> Command:
    """Copies if there are any; else later, if a source that could know was silent; else none."""
    if copies := distinct(knowledge.copies):
        return RecordCopies(copies=copies)
    if aside := _set_aside(knowledge, state):
        return aside
    waiting = [error for error in knowledge.awaited if error.cause != "missing_credential"]
    if waiting:
        return Defer(until=_until(waiting, now), cause="source_unreachable")
    if knowledge.open_from:
        return RecordNoCopy(cause="embargoed", not_before=min(knowledge.open_from))
    cause = _cause(knowledge)
    return RecordNoCopy(cause=cause, not_before=next_try(cause, state.setbacks, now))


def _cause(knowledge: _Knowledge) -> str:
    if knowledge.awaited:
        return "missing_credential"
    if knowledge.off and not knowledge.answers:
        return "source_off"
    return "no_open_copy" if knowledge.known else "unknown_doi"


def _until(silent: Iterable[SourceUnavailable], now: datetime) -> datetime:
    return max(error.until or now + ASK_AGAIN for error in silent)
