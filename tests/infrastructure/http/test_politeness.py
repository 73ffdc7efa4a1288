"""Leases, gaps and the circuit breaker, as pure functions."""

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from domain.causes import CAUSES
from infrastructure.http.politeness import (
    OUTCOMES,
    REFUSALS,
    RESTS,
    HostState,
    Outcome,
    as_of,
    claimed,
    judged,
    settled,
)

NOW = 1_000_000.0


def claim(state: HostState, holder: str = "a", now: float = NOW, latest: float = NOW + 30) -> HostState:
    return claimed(state, now=now, holder=holder, gap=2.0, hold=60.0, latest=latest)


def settle(state: HostState, outcome: Outcome = Outcome.ANSWERED, **more: float) -> HostState:
    now, retry_after = more.get("now", NOW), more.get("retry_after")
    return settled(state, now=now, holder="a", outcome=outcome, gap=2.0, retry_after=retry_after)


def test_a_free_host_is_leased_at_once() -> None:
    assert claim(HostState()) == HostState(holder="a", busy_until=NOW + 60, next_at=NOW + 2, seen_at=NOW)


def test_a_leased_host_is_not_leased_again() -> None:
    taken = claim(HostState())
    assert claim(taken, "b") is taken


def test_a_lease_that_was_never_given_back_ends_by_itself() -> None:
    assert claim(claim(HostState()), "b", now=NOW + 60, latest=NOW + 90).holder == "b"


def test_a_lease_begins_after_the_gap() -> None:
    waiting = HostState(next_at=NOW + 5)
    assert claim(waiting).busy_until == NOW + 5 + 60
    assert claim(waiting, latest=NOW + 4) is waiting


def test_the_gap_counts_from_the_end_of_the_answer() -> None:
    state = settle(claim(HostState()), now=NOW + 10)
    assert (state.next_at, state.holder, state.busy_until) == (NOW + 12, "", 0.0)


def test_what_the_server_asks_for_wins_over_a_shorter_gap() -> None:
    assert settle(claim(HostState()), retry_after=120.0).next_at == NOW + 120


def test_a_longer_pause_is_not_shortened_by_a_later_answer() -> None:
    assert settle(HostState(next_at=NOW + 500)).next_at == NOW + 500


def test_a_late_holder_does_not_end_the_lease_of_another() -> None:
    other = claim(HostState(), "b")
    assert settle(other, Outcome.REFUSED).holder == "b"
    assert settle(other, Outcome.REFUSED).failures == 1


def test_five_refusals_in_a_row_make_a_host_rest_and_a_sixth_longer() -> None:
    state = HostState()
    for _ in range(REFUSALS - 1):
        state = judged(state, Outcome.REFUSED, NOW)
    assert state.rests_until == 0
    state = judged(state, Outcome.REFUSED, NOW)
    assert state.rests_until == NOW + RESTS[0]
    state = judged(state, Outcome.REFUSED, NOW + 60)
    assert state.rests_until == NOW + 60 + RESTS[1]


def test_a_challenge_counts_threefold() -> None:
    state = judged(judged(HostState(), Outcome.CHALLENGED, NOW), Outcome.CHALLENGED, NOW)
    assert state.rests_until == NOW + RESTS[0]


def test_a_success_forgets_the_refusals_and_lowers_the_level_by_one() -> None:
    assert judged(HostState(failures=4, level=3), Outcome.ANSWERED, NOW) == HostState(failures=0, level=2)
    assert judged(HostState(), Outcome.ANSWERED, NOW) == HostState()


def test_what_tells_nothing_changes_nothing() -> None:
    state = HostState(failures=4, level=2)
    assert judged(state, Outcome.UNCLEAR, NOW) == state


@given(st.lists(st.sampled_from(Outcome), max_size=60))
def test_no_rest_is_longer_than_the_longest(outcomes: list[Outcome]) -> None:
    state = HostState()
    for outcome in outcomes:
        state = judged(state, outcome, NOW)
        assert 0 <= state.level < len(RESTS)
        assert 0 <= state.failures < REFUSALS
        assert state.rests_until <= NOW + RESTS[-1]


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_clock_set_back_leaves_every_wait_as_long_as_it_was(wait: float, rest: float, back: float) -> None:
    state = HostState(next_at=NOW + wait, rests_until=NOW + rest, busy_until=NOW + wait, seen_at=NOW)
    seen = as_of(state, NOW - back)
    assert abs((seen.next_at - (NOW - back)) - wait) < 1e-3
    assert abs((seen.rests_until - (NOW - back)) - rest) < 1e-3
    assert as_of(state, NOW + back) == evolve(state, seen_at=NOW + back)


def test_every_cause_with_an_outcome_is_one_that_exists() -> None:
    assert set(OUTCOMES) <= set(CAUSES)
