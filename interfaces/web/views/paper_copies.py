"""The copies of a paper that are known: where, in which version, and what came of each so far."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import frozen

from application.ports.event_log import Recorded
from application.publishers import Publisher, Rules
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
    publisher: Publisher | None
    """Whose site it is on."""
    blocked: str
    last: LastResult | None


def known_copies(
    state: Paper, facts: Iterable[Recorded], recent: Sequence[Recorded], rules: Rules
) -> tuple[KnownCopy, ...]:
    """The copies in the order of trying, the blocked ones last; results are those that are among recent events."""
    why = {
        same_place(one.event.url): one.event.cause for one in facts if isinstance(one.event, happened.CandidateBlocked)
    }
    results = _results(recent)
    copies = (*ranked(state.copies, blocked=state.blocked), *_blocked(state))
    return tuple(_known(copy, why, results, rules) for copy in copies)


def _blocked(state: Paper) -> list[Copy]:
    places = {same_place(url) for url in state.blocked}
    return [copy for copy in state.copies if same_place(copy.url) in places]


def _known(copy: Copy, why: dict[str, str], results: dict[str, LastResult], rules: Rules) -> KnownCopy:
    place = same_place(copy.url)
    return KnownCopy(
        copy=copy,
        publisher=rules.of_address(copy.url),
        blocked=cause_sentence(why[place]) if place in why else "",
        last=results.get(place),
    )


def _results(recent: Sequence[Recorded]) -> dict[str, LastResult]:
    """The last result of each address."""
    return dict(found for one in recent if (found := _result(one)))


def _result(one: Recorded) -> tuple[str, LastResult] | None:
    """What an event tells of a copy: what came of an address, or that the file came from there at last."""
    match one.event:
        case happened.CandidateTried(url=url, outcome=outcome):
            text, good = GOOD.get(outcome) or cause_sentence(outcome), outcome in GOOD
        case happened.Downloaded(copy=copy):
            url, text, good = copy.url, "The file came from here.", True
        case happened.Doubted(copy=copy):
            url, text, good = copy.url, "A file came from here that a person must judge.", False
        case _:
            return None
    return same_place(url), LastResult(text=text, moment=one.recorded_at, good=good)
