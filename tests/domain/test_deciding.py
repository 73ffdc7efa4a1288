"""Folding."""

from hypothesis import given
from hypothesis import strategies as st

from domain import collection, hour, importing, paper, schedule, scraper
from domain.deciding import Decider
from domain.events import Event
from tests.strategies import EVENTS

DECIDERS = (collection.DECIDER, hour.DECIDER, importing.DECIDER, paper.DECIDER, schedule.DECIDER, scraper.DECIDER)
PASTS = st.lists(EVENTS, max_size=8)


def test_nothing_happened() -> None:
    assert all(decider.fold(()) == decider.initial for decider in DECIDERS)


@given(past=PASTS, cut=st.integers(0, 8), decider=st.sampled_from(DECIDERS))
def test_a_past_can_be_folded_in_parts(past: list[Event], cut: int, decider: Decider[object, object]) -> None:
    assert decider.fold(past[cut:], decider.fold(past[:cut])) == decider.fold(past)


@given(past=PASTS, decider=st.sampled_from(DECIDERS))
def test_any_past_can_be_folded_because_folding_never_validates(
    past: list[Event], decider: Decider[object, object]
) -> None:
    assert type(decider.fold(past)) is type(decider.initial)
    assert hash(decider.fold(past)) == hash(decider.fold(past))
