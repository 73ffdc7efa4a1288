"""What the log tells of a paper up to a position: read with few queries, however much happened to it."""

from collections.abc import Sequence

from attrs import frozen

from application.attempts import ABOUT_COPIES, FACTS
from application.ports.event_log import EventLog, Recorded
from domain import paper
from domain import paper_events as happened
from domain.events import Event
from interfaces.web.views.paper_timeline import newest

MANY = 2_000
"""Facts that are read at most."""
_STORING = (happened.Downloaded, happened.Doubted, happened.FileAttached, happened.FileReplaced)


@frozen(kw_only=True)
class History:
    """The paper's stream up to a position, as far as its page needs it. Events are in order."""

    state: paper.Paper
    """Fields, identifiers and copies; the rest is in the paper's row."""
    facts: Sequence[Recorded]
    """What says who told the fields and identifiers, and why copies are blocked."""
    recent: Sequence[Recorded]
    """The newest events, whatever they are."""
    before: int | None
    """Where the page of events before the recent ones begins, None where there is none."""
    stored: Recorded | None
    """What brought the file that the paper has."""

    def last(self, *kinds: type[Event]) -> Recorded | None:
        """The newest of the recent events of some kinds."""
        return next((one for one in reversed(self.recent) if isinstance(one.event, kinds)), None)


def history(log: EventLog, paper_id: str, until: int, *, with_file: bool) -> History:
    """Read it; what brought the file only where there is one."""
    stream = paper.stream_of(paper_id)
    facts = log.newest(stream, limit=MANY, until=until, types=_types(FACTS))[::-1]
    about_copies = log.newest(stream, limit=1, until=until, types=_types(ABOUT_COPIES))
    stored = log.newest(stream, limit=1, until=until, types=_types(_STORING)) if with_file else ()
    recent, before = newest(log, paper_id, until)
    known = {one.position: one.event for one in (*facts, *about_copies)}
    return History(
        state=paper.DECIDER.fold(event for _, event in sorted(known.items(), key=lambda one: one[0])),
        facts=facts,
        recent=recent,
        before=before,
        stored=stored[0] if stored else None,
    )


def _types(kinds: Sequence[type[Event]]) -> tuple[str, ...]:
    return tuple(kind.TYPE for kind in kinds)
