"""Importing a list of papers: taking the file, working through it batch by batch, trying it out."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import count, islice
from typing import TypeVar

from attrs import define, evolve, field, frozen
from uuid_utils import uuid7

from application.handling import Actor, decided, digest, execute, load, on_record
from application.ports.event_log import EventLog, IdentifierTaken, Origin, Write, WrongVersion
from application.ports.tabular import FileForm, FileReader, FileRefused, Glimpse, Mapped, Record
from application.ports.uploads import Upload, Uploads
from application.queries import Imports
from application.sorting_out import Acquaintance, Newcomer, Outcome, Sorted, sort_out
from domain import collection as collecting
from domain import importing, paper
from domain.collection import Create
from domain.errors import DoesNotExist, NotAllowed
from domain.identifiers import Identifier
from domain.importing import Counts, Import, ImportStatus, OnDuplicate, RecordRows, Started
from domain.metadata import Metadata
from domain.paper_commands import AddIdentifier, Command, Reinstate, UpdateMetadata
from domain.paper_events import Registered

BATCH = 500
"""Rows of one transaction."""
RACES = 10
"""How often a batch is sorted out again because others registered one of its papers."""

SAMPLE = 20
"""Rows of each outcome that a preview shows."""

T = TypeVar("T")
Progress = Callable[[Import], None]


@frozen(kw_only=True)
class Request:
    """What a person wants imported."""

    filename: str
    collection: str
    on_duplicate: OnDuplicate = OnDuplicate.FILL
    mapping: Mapped = ()
    """What columns are to be taken for, where a person knows better."""
    actor: Actor


@frozen(kw_only=True)
class Accepted:
    """The import that answers a request; `repeated` where the same file was sent before."""

    import_id: str
    form: FileForm
    repeated: bool


@frozen(kw_only=True)
class Judged:
    """A record of a file and what would become of it; `paper` is the id of the known paper that it names."""

    record: Record
    outcome: Outcome
    paper: str | None


@frozen(kw_only=True)
class Preview:
    """What an import would do; nothing was changed."""

    form: FileForm
    counts: Counts
    rejected: tuple[importing.RejectedRow, ...]
    """The first rejected rows, at most 100."""
    samples: Mapping[Outcome, tuple[Judged, ...]]
    """The first records of each outcome, at most SAMPLE."""
    returning: int = 0
    """Known papers that were withdrawn because their import was undone, and would come back."""


@frozen(kw_only=True)
class Importing:
    """The handlers of imports, with the ports that they need."""

    log: EventLog
    reader: FileReader
    uploads: Uploads
    imports: Imports

    def accept(self, upload: Upload, request: Request) -> Accepted:
        """Start the import of a file that is on disk; `run` works through it. Raises FileRefused, CommandRefused.

        The same file into the same collection is accepted once, unless the earlier import ended without success.
        """
        collection = collecting.id_of(request.collection)
        origin = _origin("import", request.actor.name, upload.sha256)
        with on_record(self.log, collecting.stream_of(collection), origin, request.actor):
            return self._accept(upload, request, collection)

    def _accept(self, upload: Upload, request: Request, collection: str) -> Accepted:
        form = self.reader.inspect(upload.path, request.mapping)
        name = f"import:{upload.sha256}:{collection}:{request.on_duplicate}"
        if form.mapping:
            name += f":{digest(*sorted(form.mapping))}"
        for number in range(1, 1_000):
            key = f"{name}:{number}"
            if (accepted := self._earlier(key, form)) is None:
                return self._start(key, upload, form, collection, request)
            state, _ = load(self.log, importing.DECIDER, importing.stream_of(accepted.import_id))
            if state.status in {ImportStatus.RUNNING, ImportStatus.COMPLETED}:
                return accepted
        raise FileRefused("This file was imported and undone too often.", remedy="Change it, or its collection.")

    def _earlier(self, key: str, form: FileForm) -> Accepted | None:
        done = self.log.done(key, digest(key))
        if done is None:
            return None
        for record in self.log.read(done.first - 1, done.last - done.first + 1):
            if isinstance(record.event, Started):
                import_id = record.stream.removeprefix(importing.STREAM)
                return Accepted(import_id=import_id, form=form, repeated=True)
        raise DoesNotExist("The import")

    def _start(self, key: str, upload: Upload, form: FileForm, collection: str, request: Request) -> Accepted:
        import_id = str(uuid7())
        started = Started(
            collection=collection,
            collection_name=collecting.tidy(request.collection),
            filename=request.filename,
            sha256=upload.sha256,
            size=upload.size,
            format=form.format,
            encoding=form.encoding,
            rows=form.rows,
            on_duplicate=request.on_duplicate,
            vendor=form.vendor,
            columns=form.columns,
            notes=form.notes,
            mapping=form.mapping,
        )
        origin = _origin("import", request.actor.name, import_id, key=key, digest=digest(key))
        stream = importing.stream_of(import_id)
        writes = [decided(importing.DECIDER, stream, Import(), 0, (importing.Start(started=started),))]
        try:
            appended = self.log.append((*self._collection(collection, request.collection), *writes), origin)
        except WrongVersion:  # somebody else created the collection at the same moment
            appended = self.log.append(writes, origin)
        if appended.repeated and (accepted := self._earlier(key, form)):
            return accepted
        return Accepted(import_id=import_id, form=form, repeated=False)

    def _collection(self, collection: str, name: str) -> tuple[Write, ...]:
        """The write that creates the collection, unless it is there."""
        stream = collecting.stream_of(collection)
        state, version = load(self.log, collecting.DECIDER, stream)
        if state.name is not None:
            return ()
        return (decided(collecting.DECIDER, stream, state, version, (Create(name=name),)),)

    def run(
        self,
        import_id: str,
        *,
        form: FileForm | None = None,
        progress: Progress | None = None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Import:
        """Work through an import from where it stands, until its end or until `stop` says so; returns its state.

        `form` is what `accept` found, and spares another look at the file.
        """
        stream = importing.stream_of(import_id)
        state, version = load(self.log, importing.DECIDER, stream)
        if state.status is not ImportStatus.RUNNING:
            return state
        try:
            path = self.uploads.path(state.sha256)
            form = form or self.reader.inspect(path, state.mapping)
            skipped = islice(self.reader.records(path, form), state.recorded, None)
            for batch in _batches(skipped, BATCH):
                state, version = self._record(import_id, batch, state, version)
                if progress:
                    progress(state)
                if state.status is not ImportStatus.RUNNING or stop():
                    return state
        except (FileRefused, FileNotFoundError) as error:
            reason = error.message if isinstance(error, FileRefused) else "The uploaded file is gone."
            return self._end(import_id, importing.Refuse(reason=reason), state, version)
        return self._complete(import_id, state, version)

    def _complete(self, import_id: str, state: Import, version: int) -> Import:
        """Note the end. Papers that were withdrawn just when this import came to name them come back with it."""
        stream, origin = importing.stream_of(import_id), _origin("import", _PROGRAM, import_id)
        for _ in range(RACES):
            if state.status is not ImportStatus.RUNNING:
                break
            write = decided(importing.DECIDER, stream, state, version, (importing.Complete(),))
            try:
                self.log.append((*self._returns(self.imports.set_aside(import_id)), write), origin)
                return importing.DECIDER.fold(write.events, state)
            except WrongVersion:  # another process works on it too, or a person did something meanwhile
                state, version = load(self.log, importing.DECIDER, stream)
        return state

    def _returns(self, aside: Sequence[str]) -> list[Write]:
        """Writes that bring back those of the excluded papers that were withdrawn; a person's judgement stays."""
        writes = []
        for stream, records in self.log.streams([paper.stream_of(name) for name in aside]).items():
            state = paper.DECIDER.fold(record.event for record in records)
            if state.withdrawn:
                writes.append(decided(paper.DECIDER, stream, state, len(records), (Reinstate(),)))
        return writes

    def _end(self, import_id: str, command: importing.Command, state: Import, version: int) -> Import:
        stream, origin = importing.stream_of(import_id), _origin("import", _PROGRAM, import_id)
        try:
            write = decided(importing.DECIDER, stream, state, version, (command,))
            self.log.append((write,), origin)
            return importing.DECIDER.fold(write.events, state)
        except WrongVersion:  # another process works on it too, or a person cancelled it
            with suppress(NotAllowed):
                execute(self.log, importing.DECIDER, stream, (command,), origin)
            return load(self.log, importing.DECIDER, stream)[0]

    def _record(self, import_id: str, batch: Sequence[Record], state: Import, version: int) -> tuple[Import, int]:
        """Append a batch; one that another process recorded meanwhile is left alone. Returns state and version then.

        The stream is read again only where it is not what it was: it holds every paper of the import.
        """
        first, last = batch[0].row, batch[-1].row
        origin = _origin("import rows", _PROGRAM, import_id, key=f"import:{import_id}:{first}-{last}", digest="")
        stream = importing.stream_of(import_id)
        for attempt in range(RACES):
            if state.status is not ImportStatus.RUNNING or state.recorded >= last:
                return state, version
            try:
                writes = self._batch(import_id, batch, state)
                write = decided(importing.DECIDER, stream, state, version, (writes.command,))
                if not self.log.append((*writes.papers, write), origin).repeated:
                    return importing.DECIDER.fold(write.events, state), version + len(write.events)
            except (WrongVersion, IdentifierTaken):
                if attempt == RACES - 1:
                    raise
            state, version = load(self.log, importing.DECIDER, stream)
        raise AssertionError

    def _batch(self, import_id: str, batch: Sequence[Record], state: Import) -> "_Writes":
        taken = self.log.papers_of({identifier for record in batch for identifier in record.identifiers})
        members = self.imports.members(import_id, set(taken.values()))
        found = sort_out(batch, taken, members, lambda: str(uuid7()))
        returning = self._withdrawn(import_id, {known.paper for known in found.acquaintances})
        updates, updated = self._updates(found.acquaintances, state.on_duplicate, import_id, returning)
        return _Writes(
            papers=(*(_registration(newcomer, import_id) for newcomer in found.newcomers), *updates),
            command=_command(batch, found, updated),
        )

    def _withdrawn(self, import_id: str, papers: set[str]) -> frozenset[str]:
        """Which of the papers are set aside because their import was undone."""
        aside = self.imports.set_aside(import_id, papers) if papers else ()
        return frozenset(write.stream.removeprefix(paper.STREAM) for write in self._returns(aside))

    def _updates(
        self,
        acquaintances: Sequence[Acquaintance],
        on_duplicate: OnDuplicate,
        import_id: str,
        returning: Collection[str] = (),
    ) -> tuple[list[Write], int]:
        """Writes for known papers, and how many papers got other metadata. New identifiers are taken over always.

        Papers that were withdrawn come back.
        """
        telling = self._telling(acquaintances, on_duplicate)
        concerned = [known for known in acquaintances if known.identifiers or known.paper in {*telling, *returning}]
        streams = self.log.streams([paper.stream_of(known.paper) for known in concerned])
        writes, updated = [], 0
        for known in concerned:
            stream = paper.stream_of(known.paper)
            state = paper.DECIDER.fold(record.event for record in streams[stream])
            source = f"import {import_id}"
            commands: list[Command] = [Reinstate()] if known.paper in returning and state.withdrawn else []
            commands += [AddIdentifier(identifier=i, source=source) for i in known.identifiers]
            news = _NEWS[on_duplicate](state.metadata, known.metadata)
            if news.known():
                commands.append(UpdateMetadata(source=source, metadata=news))
                updated += 1
            write = decided(paper.DECIDER, stream, state, len(streams[stream]), commands)
            if write.events:
                writes.append(write)
        return writes, updated

    def _telling(self, acquaintances: Sequence[Acquaintance], on_duplicate: OnDuplicate) -> frozenset[str]:
        """The known papers of which the rows may tell something new."""
        if on_duplicate is OnDuplicate.SKIP:
            return frozenset()
        told = {known.paper: known.metadata.known().keys() for known in acquaintances}
        if on_duplicate is OnDuplicate.UPDATE or not told:
            return frozenset(told)
        unknown = self.imports.unknown(told)
        return frozenset(name for name, fields in told.items() if fields & unknown.get(name, frozenset()))

    def preview(self, upload: Upload, on_duplicate: OnDuplicate = OnDuplicate.FILL, mapping: Mapped = ()) -> Preview:
        """What importing the file would do to the library as it is now. Raises FileRefused, InvalidValues."""
        form = self.reader.inspect(upload.path, mapping)
        counts, returning = Counts(), 0
        rejected: list[importing.RejectedRow] = []
        samples: dict[Outcome, list[Judged]] = {outcome: [] for outcome in Outcome}
        for batch, found, before in self._tried(upload, form):
            known = [one for one in found.acquaintances if one.paper in before]
            _, updated = self._updates(known, on_duplicate, import_id="")
            counts = counts.plus(evolve(found.counts, updated=updated))
            returning += len(self._withdrawn("", before & set(found.members)))
            rejected.extend(found.rejected[: 100 - len(rejected)])
            for one in _judged(batch, found, before):
                if len(samples[one.outcome]) < SAMPLE:
                    samples[one.outcome].append(one)
        kept = {outcome: tuple(some) for outcome, some in samples.items()}
        return Preview(form=form, counts=counts, rejected=tuple(rejected), samples=kept, returning=returning)

    def glimpse(self, upload: Upload, mapping: Mapped = ()) -> Glimpse:
        """The columns and the first rows of a file. Raises FileRefused."""
        return self.reader.glimpse(upload.path, mapping)

    def judged(self, upload: Upload, mapping: Mapped = ()) -> Iterator[Judged]:
        """Every record of the file with what would become of it, streamed. Raises FileRefused, InvalidValues."""
        form = self.reader.inspect(upload.path, mapping)
        return (one for batch, found, before in self._tried(upload, form) for one in _judged(batch, found, before))

    def _tried(self, upload: Upload, form: FileForm) -> Iterator[tuple[Sequence[Record], Sorted, set[str]]]:
        """Each batch, what it would come to, and which of the papers that it names are in the library."""
        trial = _Trial()
        for batch in _batches(self.reader.records(upload.path, form), BATCH):
            present = self.log.papers_of({identifier for record in batch for identifier in record.identifiers})
            yield batch, trial.sort_out(batch, present), set(present.values())

    def sweep(self, before: datetime) -> int:
        """Remove uploads of checks that no import was made of, last used before a moment; returns how many."""
        old = self.uploads.unused_since(before)
        named = self.imports.uploaded(old) if old else frozenset()
        return sum(self.uploads.discard(sha256, before) for sha256 in old if sha256 not in named)


_PROGRAM = "scipaperloader"
_NEWS: Mapping[OnDuplicate, Callable[[Metadata, Metadata], Metadata]] = {
    OnDuplicate.FILL: Metadata.gaps,
    OnDuplicate.SKIP: lambda *_: Metadata(),
    OnDuplicate.UPDATE: Metadata.difference,
}
"""What is taken over from a row, beside what is known of its paper."""


@frozen(kw_only=True)
class _Writes:
    papers: tuple[Write, ...]
    command: RecordRows


@define
class _Trial:
    """What the batches before brought: identifiers, as hashes to save memory, and the papers that were named."""

    papers: dict[int, str] = field(factory=dict)
    named: set[str] = field(factory=set)

    def sort_out(self, batch: Sequence[Record], present: Mapping[Identifier, str]) -> Sorted:
        identifiers = {identifier for record in batch for identifier in record.identifiers}
        brought = {one: self.papers[hash(one)] for one in identifiers if hash(one) in self.papers}
        taken = brought | dict(present)
        numbers = count(len(self.named))
        found = sort_out(batch, taken, self.named & set(taken.values()), lambda: str(next(numbers)))
        told: tuple[Newcomer | Acquaintance, ...] = (*found.newcomers, *found.acquaintances)
        for one in told:
            self.papers.update((hash(identifier), one.paper) for identifier in one.identifiers)
        self.named.update(found.members)
        return found


def _judged(batch: Sequence[Record], found: Sorted, before: Collection[str]) -> Iterator[Judged]:
    for record, (outcome, name) in zip(batch, found.verdicts, strict=True):
        yield Judged(record=record, outcome=outcome, paper=name if name in before else None)


def _registration(newcomer: Newcomer, import_id: str) -> Write:
    event = Registered(
        identifiers=newcomer.identifiers, metadata=newcomer.metadata, import_id=import_id, row=newcomer.row
    )
    return Write(stream=paper.stream_of(newcomer.paper), expected=0, events=(event,))


def _command(batch: Sequence[Record], found: Sorted, updated: int) -> RecordRows:
    return RecordRows(
        first=batch[0].row,
        last=batch[-1].row,
        counts=evolve(found.counts, updated=updated),
        members=found.members,
        rejected=found.rejected,
    )


def _origin(command: str, actor: str, correlation: str, key: str | None = None, digest: str = "") -> Origin:
    return Origin(command=command, actor=actor, correlation=correlation, key=key, digest=digest)


def _batches(items: Iterable[T], size: int) -> Iterable[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
