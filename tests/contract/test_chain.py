"""The hash chain is the same for every log, and stays the same for ever."""

from collections.abc import Sequence
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports.event_log import EventLog
from infrastructure.log import numbering
from infrastructure.log.chain import GENESIS, link
from tests.contract.making import origin, write
from tests.fakes.clock import FakeClock

GOLDEN = "1cfb87c0c78c7a704060a57c3ee790864993f0d1ec83b2a1baf9561a564415bc"
"""The hash of the last event of the history below: were it another one, older logs could not be verified."""


@pytest.fixture(autouse=True)
def counted_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Events are numbered, so that two logs can be alike to the last byte."""
    numbers = count(1)
    monkeypatch.setattr(numbering, "uuid7", lambda: f"event-{next(numbers)}")


def test_the_same_history_has_the_same_hash_in_every_log(log: EventLog, clock: FakeClock) -> None:
    log.append([write("b", 1, expected=0), write("a", 2)], origin(key="k", digest="d"))
    clock.sleep(0.25)
    log.append([], origin())
    log.append([write("Ünïcödé", 1, first=7), write("a", 1)], origin(causation="x", actor="\N{GRINNING FACE}"))
    assert log.head().position == 5
    assert log.head().hash == GOLDEN


def test_the_beginning_is_the_same_for_ever() -> None:
    assert GENESIS == "80e90968d8ee28be7f70344bfdcaaec0bd8ed546190dfb4fc096beae2c4cf41c"


VALUES = st.lists(st.none() | st.text(max_size=4) | st.sampled_from(["~", "~,", "1:a,", "0:,", ","]), max_size=4)


@given(VALUES, VALUES)
def test_no_two_rows_read_alike(one: Sequence[str | None], other: Sequence[str | None]) -> None:
    assert (link(GENESIS, one) == link(GENESIS, other)) == (one == other)


@given(VALUES.filter(bool))
def test_the_hash_depends_on_the_hash_before(values: Sequence[str | None]) -> None:
    first = link(GENESIS, values)
    assert link(first, values) != first != link(GENESIS, [*values, None])
