"""Whatever is appended, in whatever order: a log in a database behaves like the log in memory."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Any

import attrs
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from application.ports.event_log import EventLog, IdentifierTaken, KeyReused, Origin, Recorded, Write, WrongVersion
from domain.events import Event
from domain.paper_events import IdentifierAdded, IdentifierCorrected, Registered
from domain.scraper import Paused
from infrastructure.log.memory import MemoryEventLog
from infrastructure.log.sql import SqlEventLog
from infrastructure.log.verify import verify_chain
from infrastructure.read_models.identifiers import Identifiers
from tests.contract.making import doi, origin
from tests.databases import Databases, fewer
from tests.fakes.clock import FakeClock

STREAMS = tuple(f"paper-{number}" for number in range(3))
DOIS = tuple(doi(number) for number in range(4))
KEYS = ("one", "two")

_dois = st.sampled_from(DOIS)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Paused, reason=st.text(max_size=3)),
    st.builds(Registered, identifiers=st.lists(_dois, max_size=2, unique=True).map(tuple)),
    st.builds(IdentifierAdded, identifier=_dois, source=st.just("s")),
    st.builds(IdentifierCorrected, wrong=_dois, right=_dois),
)
OFFSETS = st.sampled_from((0, 0, 0, 0, None, None, 1, -1, "new"))
"""How far the expected version is off; None where none is expected."""
WRITES = st.lists(st.tuples(st.sampled_from(STREAMS), OFFSETS, st.lists(EVENTS, max_size=3)), max_size=3)


class LogMachine(RuleBasedStateMachine):
    """Sends the same to two logs and compares what comes back."""

    def __init__(self, databases: Databases, kind: str) -> None:
        super().__init__()
        self.stack, self.clock = ExitStack(), FakeClock()
        self.database = self.stack.enter_context(databases.fresh(kind))
        self.model = MemoryEventLog(self.clock)
        self.log = SqlEventLog(self.database, self.clock, (Identifiers(),))

    @rule(wanted=WRITES, key=st.none() | st.sampled_from(KEYS), digest=st.sampled_from(("d1", "d1", "d2")))
    def append(self, wanted: list[tuple[str, Any, list[Event]]], key: str | None, digest: str) -> None:
        writes = list(self._writes(wanted))
        said = origin(key=key, digest=digest)
        assert _outcome(self.log, writes, said) == _outcome(self.model, writes, said)

    def _writes(self, wanted: list[tuple[str, Any, list[Event]]]) -> Iterator[Write]:
        versions = {name: len(self.model.stream(name)) for name in STREAMS}
        for name, offset, events in wanted:
            expected = 0 if offset == "new" else None if offset is None else max(0, versions[name] + offset)
            versions[name] += len(events)
            yield Write(stream=name, expected=expected, events=tuple(events))

    @rule(seconds=st.integers(-3, 3))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    @rule(after=st.integers(0, 12), limit=st.integers(1, 5))
    def read(self, after: int, limit: int) -> None:
        assert _alike(self.log.read(after, limit)) == _alike(self.model.read(after, limit))

    @rule(key=st.sampled_from(KEYS), digest=st.sampled_from(("d1", "d2")))
    def ask_for_a_key(self, key: str, digest: str) -> None:
        assert _told(lambda: self.log.done(key, digest)) == _told(lambda: self.model.done(key, digest))

    @rule(names=st.sets(st.sampled_from((*STREAMS, "unknown"))))
    def read_streams(self, names: set[str]) -> None:
        ours, theirs = self.log.streams(names), self.model.streams(names)
        assert {name: _alike(records) for name, records in ours.items()} == {
            name: _alike(records) for name, records in theirs.items()
        }

    @invariant()
    def they_end_alike(self) -> None:
        assert self.log.head().position == self.model.head().position
        assert self.log.papers_of(DOIS) == self.model.papers_of(DOIS)

    def teardown(self) -> None:
        with self.stack:
            assert _alike(self.log.read()) == _alike(self.model.read())
            assert verify_chain(self.database).faults == ()


def _outcome(log: EventLog, writes: Sequence[Write], said: Origin) -> Any:
    return _told(lambda: log.append(writes, said))


def _told(ask: Any) -> Any:
    """The answer, or the error with what it names; of several stale streams, any may be named."""
    try:
        return ask()
    except WrongVersion:
        return WrongVersion
    except KeyReused as error:
        return KeyReused, error.key
    except IdentifierTaken as error:
        return IdentifierTaken, frozenset(error.identifiers)


def _alike(records: Sequence[Recorded]) -> list[Recorded]:
    return [attrs.evolve(record, event_id="") for record in records]


@pytest.mark.parametrize(("kind", "share"), [("sqlite", 3), ("postgresql", 10)])
def test_a_log_in_a_database_behaves_like_the_log_in_memory(databases: Databases, kind: str, share: int) -> None:
    make: Any = partial(LogMachine, databases, kind)
    run_state_machine_as_test(make, settings=fewer(share))
