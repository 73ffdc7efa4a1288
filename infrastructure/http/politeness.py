"""How a host is treated: one request at a time, a gap between two, and rest after repeated refusals. Pure.

Times are seconds since 1970.
"""

from collections.abc import Mapping
from enum import StrEnum

from attrs import evolve, frozen

REFUSALS = 5
"""Refusals in a row after which a host rests."""

RESTS = tuple(60.0 * minutes for minutes in (1, 5, 15, 30, 60, 180, 360, 720, 1440))
"""Seconds of rest: one step longer each time, one step shorter after each success."""


class Outcome(StrEnum):
    """What a request told about its host."""

    ANSWERED = "answered"
    UNCLEAR = "unclear"
    """Nothing: neither a refusal nor a proof that the host answers."""
    REFUSED = "refused"
    CHALLENGED = "challenged"


WEIGHTS: Mapping[Outcome, int] = {Outcome.REFUSED: 1, Outcome.CHALLENGED: 3}

OUTCOMES: Mapping[str, Outcome] = {
    "bot_challenge": Outcome.CHALLENGED,
    "cookie_wall": Outcome.REFUSED,
    "forbidden": Outcome.REFUSED,
    "network_error": Outcome.REFUSED,
    "rate_limited": Outcome.REFUSED,
    "server_error": Outcome.REFUSED,
    "timeout": Outcome.REFUSED,
    "address_refused": Outcome.UNCLEAR,
    "bad_response": Outcome.UNCLEAR,
    "disk_full": Outcome.UNCLEAR,
    "host_resting": Outcome.UNCLEAR,
    "tls_error": Outcome.UNCLEAR,
    "truncated": Outcome.UNCLEAR,
}
"""Causes of failure (domain.causes) and what they tell; all others mean that the host answered."""


@frozen(kw_only=True)
class HostState:
    """What is remembered of a host."""

    next_at: float = 0.0
    """No request before this moment."""
    busy_until: float = 0.0
    """End of the present lease, should its holder never give it back."""
    holder: str = ""
    failures: int = 0
    level: int = 0
    """Index into RESTS of the next rest."""
    rests_until: float = 0.0
    seen_at: float = 0.0
    """When this was written last."""

    @property
    def ready_at(self) -> float:
        """The moment from which on a request is polite."""
        return max(self.next_at, self.rests_until)


def as_of(state: HostState, now: float) -> HostState:
    """The state at this moment. A clock that was set back must not block a host: waits keep their length."""
    back = max(0.0, state.seen_at - now)
    return evolve(
        state,
        seen_at=now,
        next_at=state.next_at - back,
        busy_until=state.busy_until - back,
        rests_until=state.rests_until - back,
    )


def claimed(state: HostState, *, now: float, holder: str, gap: float, hold: float, latest: float) -> HostState:
    """The host leased to the holder from its next polite moment on; unchanged where that is not possible.

    A lease lasts `hold` seconds at most; it is not taken where it would begin after `latest`.
    """
    state_now = as_of(state, now)
    start = max(now, state_now.ready_at)
    if state_now.busy_until > now or start > latest:
        return state
    return evolve(state_now, holder=holder, busy_until=start + hold, next_at=start + gap)


def settled(
    state: HostState, *, now: float, holder: str, outcome: Outcome, gap: float, retry_after: float | None
) -> HostState:
    """The lease given back. Its holder's news count even where the lease was lost to another one."""
    state = judged(as_of(state, now), outcome, now)
    state = evolve(state, next_at=max(state.next_at, now + max(gap, retry_after or 0.0)))
    return evolve(state, holder="", busy_until=0.0) if state.holder == holder else state


def judged(state: HostState, outcome: Outcome, now: float) -> HostState:
    """The circuit breaker: refusals in a row make the host rest; the first one after a rest does so again."""
    if outcome is Outcome.ANSWERED:
        return evolve(state, failures=0, level=max(0, state.level - 1))
    failures = state.failures + WEIGHTS.get(outcome, 0)
    if failures < REFUSALS:
        return evolve(state, failures=failures)
    return evolve(
        state,
        failures=REFUSALS - 1,
        level=min(state.level + 1, len(RESTS) - 1),
        rests_until=max(state.rests_until, now + RESTS[state.level]),
    )
