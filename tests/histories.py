"""Random histories that the deciders allow: of papers, imports, collections and hours, batch by batch."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from attrs import define, field
from hypothesis import strategies as st

from application.ports.event_log import Write
from domain import collection as collecting
from domain import hour, importing, paper
from domain.causes import CAUSES
from domain.errors import CommandRefused
from domain.events import Event
from domain.identifiers import Identifier, Scheme
from domain.importing import Counts, RejectedRow
from domain.paper_commands import Queue, Register
from domain.paper_events import KNEW, SourceAnswer, identifier_changes
from domain.pipeline import ALLOWED, LOCATE, MODULES
from tests.strategies import PAPER_COMMAND_TYPES, records

DECIDERS: Mapping[str, Any] = {
    paper.STREAM: paper.DECIDER,
    importing.STREAM: importing.DECIDER,
    collecting.STREAM: collecting.DECIDER,
    hour.STREAM: hour.DECIDER,
}
PAPERS = tuple(f"p{number}" for number in range(3))
IMPORTS = tuple(f"i{number}" for number in range(2))
HOURS = tuple(f"{hour.STREAM}2026-03-01T1{number}:00Z" for number in range(2))
COLLECTIONS = tuple(f"c{number}" for number in range(2))

_IDENTIFIERS = st.sampled_from([Identifier(scheme, value) for scheme in (Scheme.DOI, Scheme.PMID) for value in "123"])
_MOMENTS_DUE = st.sampled_from([datetime(2026, 3, 1, 10, minute, tzinfo=UTC) for minute in (5, 35)])
_POOLS: Mapping[str, st.SearchStrategy[Any]] = {
    "identifiers": st.lists(_IDENTIFIERS, min_size=1, max_size=2, unique=True).map(tuple),
    "identifier": _IDENTIFIERS,
    "wrong": _IDENTIFIERS,
    "right": _IDENTIFIERS,
    "cause": st.sampled_from(sorted(CAUSES)),
    "outcome": st.sampled_from(("ok", *sorted(CAUSES))),
    "answers": st.lists(
        st.builds(SourceAnswer, source=st.just("arxiv"), said=st.sampled_from((*KNEW, "timeout"))), max_size=2
    ).map(tuple),
    "hour": st.none() | st.sampled_from(HOURS),
    "due": st.none() | _MOMENTS_DUE,
}


def _pools(kind: type[Any]) -> Mapping[str, st.SearchStrategy[Any]]:
    """The pools for a command: a job is always planned for a moment."""
    return {**_POOLS, "due": _MOMENTS_DUE} if kind is Queue else _POOLS


_PAPER_COMMANDS = {
    (module, kind.NAME): records(kind, module=st.just(module), **_pools(kind))
    for module in MODULES
    for kind in PAPER_COMMAND_TYPES
}
_ONWARD = frozenset(
    {"queue", "start processing", "record copies", "record download", "record doubt", "record failure", "settle doubt"}
)
"""Commands that lead a paper through the pipeline; chosen more often, or few papers would come far."""
_NAMES = st.sampled_from(("A review", "a  review", "Überblick ß", "x" * 200))


@define
class World:
    """The state of every stream so far, and the identifiers that papers have."""

    states: dict[str, Any] = field(factory=dict)
    versions: Counter[str] = field(factory=Counter)
    taken: frozenset[Identifier] = frozenset()
    members: dict[str, set[str]] = field(factory=lambda: defaultdict(set))

    def state(self, stream: str) -> Any:
        """The state of a stream."""
        return self.states.get(stream, _decider(stream).initial)

    def do(self, stream: str, command: Any) -> Write | None:
        """The write that the command causes, taken over; None where it is refused or causes nothing."""
        try:
            events = tuple(_decider(stream).decide(command, self.state(stream)))
        except CommandRefused:
            return None
        taken = _taken(self.taken, events)
        if not events or taken is None:
            return None
        write = Write(stream=stream, expected=self.versions[stream], events=events)
        self.states[stream] = _decider(stream).fold(events, self.state(stream))
        self.versions[stream] += len(events)
        self.taken = taken
        return write


def _decider(stream: str) -> Any:
    return next(decider for prefix, decider in DECIDERS.items() if stream.startswith(prefix))


def _taken(taken: frozenset[Identifier], events: Iterable[Event]) -> frozenset[Identifier] | None:
    for identifier, takes in (change for event in events for change in identifier_changes(event)):
        if takes and identifier in taken:
            return None
        taken = taken | {identifier} if takes else taken - {identifier}
    return taken


Draw = Callable[[st.SearchStrategy[Any]], Any]


def _of_paper(draw: Draw, world: World) -> Write | None:
    stream = paper.stream_of(draw(st.sampled_from(PAPERS)))
    state = world.state(stream)
    possible = [name for name, statuses in ALLOWED.items() if state.status in statuses] or [Register.NAME]
    onward = [name for name in possible if name in _ONWARD]
    name = draw(st.sampled_from(onward if onward and draw(st.integers(0, 3)) else possible))
    return world.do(stream, draw(_PAPER_COMMANDS[_module(state), name]))


def _module(state: paper.Paper) -> str:
    """The module that the paper is with, or that would take it."""
    fitting = (module.name for module in MODULES.values() if state.resting in module.takes)
    return state.module or next(fitting, LOCATE.name)


def _of_collection(draw: Draw, world: World) -> Write | None:
    stream = collecting.stream_of(draw(st.sampled_from(COLLECTIONS)))
    kind = collecting.Rename if world.versions[stream] else collecting.Create
    return world.do(stream, kind(name=draw(_NAMES)))


def _of_import(draw: Draw, world: World) -> Write | None:
    import_id = draw(st.sampled_from(IMPORTS))
    stream = importing.stream_of(import_id)
    status = world.state(stream).status
    if status is None:
        return world.do(stream, importing.Start(started=draw(records(importing.Started))))
    kinds = [kind for kind, statuses in importing.ALLOWED.items() if status in statuses]
    if not kinds:
        return None
    kind = draw(st.sampled_from(kinds))
    command = _rows(draw, world, import_id) if kind is importing.RecordRows else draw(records(kind))
    return world.do(stream, command)


def _rows(draw: Draw, world: World, import_id: str) -> importing.RecordRows:
    members = draw(st.sets(st.sampled_from(PAPERS))) - world.members[import_id]
    world.members[import_id] |= members
    first = world.state(importing.stream_of(import_id)).recorded + 1
    rejected = [draw(records(RejectedRow, row=st.just(first + n))) for n in range(draw(st.integers(0, 2)))]
    counts = Counts(registered=len(members), duplicates=draw(st.integers(1, 3)), rejected=len(rejected))
    last = first + counts.rows - 1
    return importing.RecordRows(
        first=first, last=last, counts=counts, members=tuple(sorted(members)), rejected=tuple(rejected)
    )


def _of_hour(draw: Draw, world: World) -> Write | None:
    quota = draw(st.integers(0, 5))
    counted = {"quota": st.just(quota), "count": st.integers(0, quota), "minutes": st.integers(1, hour.LONGEST)}
    return world.do(draw(st.sampled_from(HOURS)), draw(records(hour.Plan, **counted)))


_STEPS = (_of_paper,) * 7 + (_of_import,) * 2 + (_of_collection, _of_hour)


@st.composite
def histories(draw: Draw, batches: int = 15) -> list[list[Write]]:
    """Batches of writes, each legal after those before it."""
    world, history = World(), list[list[Write]]()
    for _ in range(draw(st.integers(1, batches))):
        steps = draw(st.lists(st.sampled_from(_STEPS), min_size=1, max_size=6))
        writes = [write for step in steps if (write := step(draw, world))]
        history.extend([writes] if writes else [])
    return history
