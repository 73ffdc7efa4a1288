"""The same done with many papers: those that match a filter, listed ones, or those that an earlier bulk changed.

Each paper is decided alone, in batches of one append; those that do not take the action are counted by the reason. All
of it has one correlation, the bulk's id, by which a paper that has its event is known: so whatever was cut off can be
repeated, and changes nothing twice.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import islice, takewhile
from typing import TypeVar
from uuid import UUID, uuid5

from attrs import define, field, frozen
from uuid_utils import uuid7

from application import letting_go
from application.act_wording import title_of
from application.activity import Activity, ActivityFilter, all_events
from application.handling import TRIES, Actor, decided, execute, load, on_record
from application.ports.clock import Clock
from application.ports.event_log import EventLog, KeyReused, Origin, Recorded, Write, WrongVersion
from application.ports.library import Library
from application.ports.tasks import Report, Task, Tasks, TaskStatus
from application.queries import PaperFilter, Papers, PaperSort
from application.reversing import ChangedSince, NotReversible, reverse_of
from domain import bulk, paper
from domain.acts import REVERSE, Act, allowed
from domain.bulk import Bulk, BulkStatus, Skipped
from domain.errors import CommandRefused, DoesNotExist, InvalidValue, NotAllowed, SciPaperLoaderError
from domain.paper_commands import Command
from domain.records import clean

BATCH = 200
"""Papers of one append: at most two events each, and the log is locked for less than a tenth of a second."""
MOST_LISTED = 1_000
"""Papers that can be listed; more are named by a filter."""
SOON = timedelta(minutes=10)
"""How long a bulk may wait for a thread; one that nobody took up by then is broken off."""
KIND = "bulk"
"""What its task is called."""
UNKNOWN, CHANGED, BUSY = "unknown", "changed since", "busy"
"""Why a paper is left alone whatever its status: there is none, it was changed since, others change it all the time."""

T = TypeVar("T")
Soon = Callable[[Callable[[], object]], object]
"""Does something outside of the request."""


@frozen(kw_only=True)
class Order:
    """What to do, and with which papers: those that match, or listed ones. `told` is the filter as an address has it.

    `undoes` is the bulk whose papers are meant, and whose change is taken back.
    """

    wanted: Act
    which: PaperFilter | None = None
    papers: tuple[str, ...] = ()
    told: str = ""
    undoes: str | None = None

    def command_for(self, records: Sequence[Recorded]) -> Command:
        """The command on a paper with this stream. Raises CommandRefused."""
        return self.wanted.command if self.undoes is None else reverse_of(records, self.undoes)


@frozen(kw_only=True)
class Expected:
    """What a bulk would do now: how many papers match, how many would change, how many are left alone and why."""

    matching: int
    changing: int
    skipped: tuple[Skipped, ...] = ()


@frozen(kw_only=True)
class Begun:
    """A bulk that was begun. `position` is that of its first event; `repeated` where it was begun before."""

    id: str
    position: int
    papers: int
    repeated: bool


@define
class _Tally:
    """What became of the papers so far."""

    changed: int = 0
    skipped: Counter[str] = field(factory=Counter)

    @property
    def seen(self) -> int:
        """How many papers were looked at."""
        return self.changed + self.skipped.total()


@define
class _Batch:
    """What a batch would append, and what else became of its papers."""

    writes: list[Write] = field(factory=list)
    lost: list[letting_go.Held] = field(factory=list)
    """Files that their papers lose by that."""
    before: int = 0
    """Papers that this bulk changed when it ran before."""
    skipped: Counter[str] = field(factory=Counter)


@frozen(kw_only=True)
class ActingInBulk:
    """The handler of bulks."""

    log: EventLog
    papers: Papers
    library: Library
    activity: Activity
    tasks: Tasks
    clock: Clock
    stop: Callable[[], bool] = lambda: False
    """Whether the process is to end."""

    def expect(self, order: Order) -> Expected:
        """What the order would do now; nothing is changed."""
        if order.which is not None:
            counts = self.papers.by_status(order.which)
            found = {one: count for one, count in counts.items() if one in (order.which.statuses or counts)}
            takes = allowed(order.wanted.action)
            return _expected(
                sum(count for one, count in found.items() if one in takes),
                {one.value: count for one, count in found.items() if one not in takes},
            )
        tally = _Tally()
        for names in _batches(self._names(order), BATCH):
            decided_on = self._decide(names, order, "")
            tally.changed += len(decided_on.writes)
            tally.skipped += decided_on.skipped
        return _expected(tally.changed, tally.skipped)

    def begin(self, order: Order, actor: Actor, bulk_id: str = "") -> Begun:
        """Note that the bulk begins; `run` does it. The same id again begins nothing.

        Raises InvalidValue, KeyReused where the id was used for another order.
        """
        name = _uuid(bulk_id) if bulk_id else str(uuid7())
        stream, origin = bulk.stream_of(name), _origin(order.wanted.action, name, actor)
        _, version = load(self.log, bulk.DECIDER, stream)
        if not version:
            start = bulk.Start(
                action=order.wanted.action,
                words=order.wanted.words,
                papers=self._how_many(order),
                which=order.told,
                undoes=order.undoes,
            )
            with on_record(self.log, stream, origin, actor):
                execute(self.log, bulk.DECIDER, stream, (start,), origin)
        state, _ = load(self.log, bulk.DECIDER, stream)
        if version and not self._is_same(name, state, order):
            raise KeyReused(name)
        position = self.log.stream(stream)[0].position
        return Begun(id=name, position=position, papers=state.papers, repeated=bool(version))

    def _is_same(self, bulk_id: str, begun: Bulk, order: Order) -> bool:
        """Whether a bulk was begun with this order, as far as the log has it: of listed papers their number."""
        asked = (order.wanted.action, clean(order.wanted.words), clean(order.told), order.undoes)
        if asked != (begun.action, begun.words, begun.which, begun.undoes):
            return False
        if order.which is not None or order.undoes is not None:
            return True
        return len(set(order.papers)) == begun.papers and set(self.changed_by(bulk_id)) <= set(order.papers)

    def is_begun(self, bulk_id: str) -> bool:
        """Whether a bulk was begun with this id. Raises InvalidValue."""
        return bool(bulk_id and self.log.stream(bulk.stream_of(_uuid(bulk_id))))

    def start(self, order: Order, actor: Actor, soon: Soon, bulk_id: str = "") -> Begun:
        """Begin, and do it: few papers before this returns, more of them soon. Raises what `begin` does."""
        begun = self.begin(order, actor, bulk_id)
        if not begun.repeated:
            run = partial(self.run, begun.id, order, actor)
            _ = run() if begun.papers <= BATCH else soon(run)
        return begun

    def run(self, bulk_id: str, order: Order, actor: Actor) -> Bulk:
        """Do it, batch by batch, until every paper was looked at or the process is to end; returns what was done.

        What breaks it off is noted, and raised; what was done stays done.
        """
        stream, origin = bulk.stream_of(bulk_id), _origin(order.wanted.action, bulk_id, actor)
        state, _ = load(self.log, bulk.DECIDER, stream)
        tally, complete = _Tally(), False
        title = title_of(order.wanted.action, state.papers, undoes=order.undoes is not None)
        with self.tasks.run(KIND, title, bulk_id) as report:
            try:
                complete = self._work(bulk_id, order, origin, tally, report)
            finally:
                end = bulk.End(changed=tally.changed, skipped=tally.skipped, complete=complete)
                with suppress(SciPaperLoaderError):  # it has ended, or nothing can be appended: then that is told
                    execute(self.log, bulk.DECIDER, stream, (end,), origin)
        return load(self.log, bulk.DECIDER, stream)[0]

    def _work(self, bulk_id: str, order: Order, origin: Origin, tally: _Tally, report: Report) -> bool:
        """Whether it came to the end."""
        whole = load(self.log, bulk.DECIDER, bulk.stream_of(bulk_id))[0].papers
        for names in _batches(self._names(order), BATCH):
            if self.stop():
                return False
            self._act(names, order, origin, tally)
            report(min(tally.seen, whole), whole)
        return True

    def _how_many(self, order: Order) -> int:
        """How many papers are meant, without looking at each."""
        if order.undoes is not None:
            return self.done_so_far(order.undoes)
        return len(set(order.papers)) if order.which is None else self.papers.count(order.which)

    def _names(self, order: Order) -> Iterator[str]:
        """The papers, each once; of those that match a filter none that came after the first was asked for."""
        if order.undoes is not None:
            yield from self.changed_by(order.undoes)
        elif order.which is not None:
            newest = self.papers.page(order.which, PaperSort.ADDED, descending=True, limit=1).papers
            names = (row.id for row in self.papers.all(order.which))
            yield from takewhile(lambda name: name <= newest[0].id, names) if newest else ()
        else:
            yield from dict.fromkeys(order.papers)

    def _act(self, names: Sequence[str], order: Order, origin: Origin, tally: _Tally) -> None:
        """Do it with some papers at once, or with one after the other where others are at them too."""
        for _ in range(TRIES):
            batch = self._decide(names, order, origin.correlation)
            try:
                if batch.writes:
                    self.log.append(batch.writes, origin)
            except WrongVersion:
                continue
            for lost in batch.lost:
                letting_go.remove(self.library, lost)
            tally.changed += len(batch.writes) + batch.before
            tally.skipped += batch.skipped
            return
        if len(names) == 1:
            tally.skipped[BUSY] += 1
            return
        for name in names:
            self._act((name,), order, origin, tally)

    def _decide(self, names: Sequence[str], order: Order, correlation: str) -> _Batch:
        """What to append for some papers; without a correlation it is only tried out."""
        batch = _Batch()
        streams = self.log.streams([paper.stream_of(name) for name in names])
        for name in names:
            records = streams.get(paper.stream_of(name), ())
            if correlation and any(record.correlation == correlation for record in records):
                batch.before += 1
            elif reason := self._decide_one(name, records, order, batch, tried_out=not correlation):
                batch.skipped[reason] += 1
        return batch

    def _decide_one(
        self, name: str, records: Sequence[Recorded], order: Order, batch: _Batch, *, tried_out: bool
    ) -> str:
        """Add what is to be appended for one paper; returns why it is left alone, or ""."""
        state = paper.DECIDER.fold(record.event for record in records)
        try:
            command = order.command_for(records)
            write = decided(paper.DECIDER, paper.stream_of(name), state, len(records), (command,))
        except CommandRefused as error:
            return _reason(error)
        batch.writes.append(write)
        if not tried_out and (lost := letting_go.lost_by(records, write)) is not None:
            letting_go.note(self.library, lost)
            batch.lost.append(lost)
        return ""

    def changed_by(self, bulk_id: str) -> Iterator[str]:
        """The papers that a bulk changed, in the order in which it did."""
        begin = self.log.stream(bulk.stream_of(bulk_id))[0].position
        found = all_events(self.activity, ActivityFilter(correlation=bulk_id), after=begin)
        streams = dict.fromkeys(one.stream for one in found if one.stream.startswith(paper.STREAM))
        return (stream.removeprefix(paper.STREAM) for stream in streams)

    def find(self, bulk_id: str) -> Bulk:
        """The bulk as it is. Raises DoesNotExist."""
        state, _ = load(self.log, bulk.DECIDER, bulk.stream_of(bulk_id))
        if state.status is None:
            raise DoesNotExist("This action on many papers", remedy="Look into the notices, or the activity log.")
        return state

    def done_so_far(self, bulk_id: str) -> int:
        """How many papers it changed: as it told at its end, or as the log has it."""
        state = self.find(bulk_id)
        return state.changed if state.status is BulkStatus.ENDED else sum(1 for _ in self.changed_by(bulk_id))

    def undone_by(self, bulk_id: str) -> str | None:
        """The bulk that takes this one back, if it was begun."""
        name = _undoing(bulk_id)
        return name if self.log.stream(bulk.stream_of(name)) else None

    def undoing(self, bulk_id: str) -> Order:
        """The order that takes back what a bulk changed. Raises NotReversible, ChangedSince where it was done."""
        state = self.find(bulk_id)
        if state.action not in REVERSE:
            raise NotReversible
        if self.undone_by(bulk_id):
            raise ChangedSince("that")
        return Order(wanted=Act(action=REVERSE[state.action]), undoes=bulk_id)

    def undo(self, bulk_id: str, actor: Actor, soon: Soon) -> Begun:
        """Take back what a bulk changed, as `start` does it. Raises what `undoing` does, NotAllowed while it runs."""
        origin = _origin("undo", bulk_id, actor)
        with on_record(self.log, bulk.stream_of(bulk_id), origin, actor):
            order = self.undoing(bulk_id)
            if self.is_running(bulk_id):
                raise NotAllowed("undo", "the action", "running still", remedy="Wait for its end.")
        return self.start(order, actor, soon, _undoing(bulk_id))

    def is_running(self, bulk_id: str) -> bool:
        """Whether a process works on it, or will soon."""
        if self.find(bulk_id).status is not BulkStatus.RUNNING:
            return False
        if (task := self.task(bulk_id)) is not None:
            return task.status is TaskStatus.RUNNING
        begun = self.log.stream(bulk.stream_of(bulk_id))[0].recorded_at
        return self.clock.now() - begun < SOON

    def task(self, bulk_id: str) -> Task | None:
        """How far it is, where a process told that lately."""
        return next((one for one in self.tasks.recent() if one.id == bulk_id), None)


def listed(names: Iterable[str]) -> tuple[str, ...]:
    """Listed papers, each once. Raises InvalidValue where there are none, or too many."""
    papers = tuple(dict.fromkeys(names))
    if not 0 < len(papers) <= MOST_LISTED:
        raise InvalidValue("ids", len(papers), f"1 to {MOST_LISTED} papers; more are named by a filter")
    return papers


def _expected(changing: int, skipped: Mapping[str, int]) -> Expected:
    reasons = tuple(Skipped(why=why, papers=count) for why, count in sorted(skipped.items()) if count)
    return Expected(matching=changing + sum(skipped.values()), changing=changing, skipped=reasons)


def _reason(error: CommandRefused) -> str:
    """Why a paper is left alone: its status, or another reason."""
    match error:
        case ChangedSince():
            return CHANGED
        case DoesNotExist():
            return UNKNOWN
        case NotAllowed():
            return error.state.partition(" into ")[0]
        case _:
            return error.message


def _origin(action: str, bulk_id: str, actor: Actor) -> Origin:
    return Origin(command=f"bulk {action}", actor=actor.name, correlation=bulk_id)


def _uuid(name: str) -> str:
    try:
        return str(UUID(name))
    except ValueError as error:
        raise InvalidValue("id", name[:40], "a UUID") from error


def _undoing(bulk_id: str) -> str:
    """The id of the bulk that takes another one back: always the same, so that it is done once."""
    return str(uuid5(UUID(bulk_id), "undo"))


def _batches(items: Iterable[T], size: int) -> Iterable[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
