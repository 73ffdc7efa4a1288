"""The copies of a paper that are known: where, in which version, and what came of each so far."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import frozen

from application.ports.event_log import Recorded
from application.wording import cause_sentence
from domain import paper_events as happened
from domain.causes import GOOD
from domain.copies import Copy, ranked, same_place
from domain.paper import Paper


@frozen(kw_only=True)
class LastResult:
    """What came of a copy when it was tried last."""

    text: str
    moment: datetime
    good: bool


@frozen(kw_only=True)
class KnownCopy:
    """A copy. `blocked` says why it is not tried again, "" where it may be; `last` is None where it was not tried."""

    copy: Copy
    blocked: str
    last: LastResult | None


def known_copies(state: Paper, facts: Iterable[Recorded], recent: Sequence[Recorded]) -> tuple[KnownCopy, ...]:
    """The copies in the order of trying, the blocked ones last; results are those that are among recent events."""
    why = {
        same_place(one.event.url): one.event.cause for one in facts if isinstance(one.event, happened.CandidateBlocked)
    }
    results = _results(recent)
    copies = (*ranked(state.copies, blocked=state.blocked), *_blocked(state))
    return tuple(_known(copy, why, results) for copy in copies)


def _blocked(state: Paper) -> list[Copy]:
    places = {same_place(url) for url in state.blocked}
    return [copy for copy in state.copies if same_place(copy.url) in places]


def _known(copy: Copy, why: dict[str, str], results: dict[str, LastResult]) -> KnownCopy:
    place = same_place(copy.url)
    return KnownCopy(copy=copy, blocked=cause_sentence(why[place]) if place in why else "", last=results.get(place))


def _results(recent: Sequence[Recorded]) -> dict[str, LastResult]:
    """The last result of each address, which a redirect does not change."""
    return {
        same_place(one.event.url): LastResult(
            text=GOOD.get(one.event.outcome) or cause_sentence(one.event.outcome),
            moment=one.recorded_at,
            good=one.event.outcome in GOOD,
        )
        for one in recent
        if isinstance(one.event, happened.CandidateTried)
    }
