"""One event: what it says in words, what belongs to it, and how it is stored."""

import json

from attrs import frozen

from application.activity import told
from application.kinds import GROUP_WORDS, KINDS
from application.ports.event_log import Recorded
from domain.errors import DoesNotExist
from interfaces.container import Container
from interfaces.web.views.feed import Line, line, paper_of


@frozen(kw_only=True)
class EventView:
    """The page of an event. `raw` is its JSON as programs get it."""

    line: Line
    recorded: Recorded
    group: str
    raw: str
    last: int
    """The end of the log."""


def event_view(container: Container, position: int) -> EventView:
    """The event at a position of the log. Raises DoesNotExist."""
    last = container.log.head().position
    if not 0 < position <= last:
        raise DoesNotExist(f"The event {position}", remedy=f"The log has the events 1 to {last}.")
    (recorded,) = container.log.read(position - 1, 1)
    paper = paper_of(recorded)
    return EventView(
        line=line(recorded, container.names.of([paper] if paper else [])),
        recorded=recorded,
        group=GROUP_WORDS[KINDS[recorded.event.TYPE].group],
        raw=json.dumps(told(recorded), indent=2, ensure_ascii=False),
        last=last,
    )
