"""Notices: what people did lately, each with a sentence and a way back where there is one. All of it from the log."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import evolve, frozen

from application.act_wording import bulk_text
from application.activity import Activity, ActivityFilter
from application.activity_groups import grouped
from application.bulk import ActingInBulk
from application.formats import number
from application.handling import PROGRAM
from application.kinds import KINDS, ORDINARY, Group, level_of
from application.ports.event_log import EventLog, Recorded
from application.queries import Papers
from application.undoing import Undoing
from application.wording import sentence
from domain import bulk, importing, paper
from domain.paper_events import Reverted
from domain.pipeline import REVERTS_FIRST

SHOWN = 30
"""Notices of a page."""
AROUND = 2_000
"""Positions around an event within which the others of the same click are looked for."""
TOGETHER = 3
"""Events of a click that are told one by one."""
PAGE, PAGES = 500, 12
"""Events of one look into the log, and looks before a page of notices is given as it is."""
MOST_NEWS = 99
"""Notices that are counted; there may be more."""

_GROUPS = frozenset({Group.SCHEDULE, Group.SCRAPER, Group.SETTINGS})
ACTED = (
    *(name for name, kind in KINDS.items() if kind.group in _GROUPS and name != "hour.planned"),
    *(f"import.{word}" for word in ("started", "cancelled", "undo_started", "undone")),
    *(f"bulk.{word}" for word in ("started", "ended")),
    *(f"paper.{word}" for word in ("excluded", "reinstated", "requested", "marked_unavailable", "merged", "reverted")),
    *(f"paper.{word}" for word in ("doubt_settled", "file_attached", "file_replaced", "file_removed", "reopened")),
    "paper.identifier_corrected",
    "collection.renamed",
)
"""Types of what people do."""


@frozen(kw_only=True)
class Notice:
    """What one click did. `undo` says what taking it back does, "" where that is not possible (any more).

    `paper` and `title` tell the one paper that it was about; `bulk` the bulk, and `running` whether that goes on.
    """

    position: int
    correlation: str
    at: datetime
    actor: str
    text: str
    undo: str = ""
    paper: str | None = None
    title: str = ""
    bulk: str | None = None
    running: bool = False


@frozen(kw_only=True)
class NoticePage:
    """Notices, newest first; `before` is the position at which the next page begins, None at the end."""

    notices: tuple[Notice, ...]
    before: int | None


@frozen(kw_only=True)
class Notices:
    """Questions about what people did."""

    log: EventLog
    papers: Papers
    activity: Activity
    bulks: ActingInBulk
    undoing: Undoing

    def at(self, position: int) -> Notice | None:
        """The notice of what a person did at a position of the log; None where that was nobody."""
        found = self.log.read(position - 1, 1) if position > 0 else ()
        if not found or found[0].actor == PROGRAM.name:
            return None
        return self._notice(found[0])

    def latest(self, before: int | None = None, limit: int = SHOWN) -> NoticePage:
        """The latest notices, or those before a position."""
        which, start = ActivityFilter(kinds=ACTED, by_people=True), before
        found, seen = list[Notice](), set[str]()
        for _ in range(PAGES):
            page = self.activity.page(which, limit=PAGE, before=before, descending=True)
            for one in page.events:
                if len(found) == limit:
                    return NoticePage(notices=tuple(found), before=one.position + 1)
                if one.correlation not in seen:
                    seen.add(one.correlation)
                    found += self._unless_shown(one, start)
            if not page.more:
                return NoticePage(notices=tuple(found), before=None)
            before, which = page.reached, evolve(which, besides=tuple(seen))  # a bulk may have many more events
        return NoticePage(notices=tuple(found), before=before)

    def _unless_shown(self, one: Recorded, start: int | None) -> list[Notice]:
        """The notice, unless a later event of the same click put it on a page before."""
        notice = self._notice(one)
        return [notice] if start is None or notice.position < start else []

    def news(self, after: int) -> int:
        """How many notices there are since a position, at most MOST_NEWS and one."""
        page = self.activity.page(ActivityFilter(kinds=ACTED, by_people=True), limit=1_000, after=after)
        return min(len({one.correlation for one in page.events}), MOST_NEWS + 1)

    def of_bulk(self, bulk_id: str) -> Notice:
        """The notice of a bulk. Raises DoesNotExist."""
        self.bulks.find(bulk_id)
        return self._of_bulk(self.log.stream(bulk.stream_of(bulk_id)))

    def _notice(self, one: Recorded) -> Notice:
        if began := self.log.stream(bulk.stream_of(one.correlation)):
            return self._of_bulk(began)
        around = self.activity.page(
            ActivityFilter(correlation=one.correlation, level=ORDINARY),
            limit=PAGE,
            after=max(one.position - AROUND, 0),
            before=one.position + AROUND,
        )
        return self._of_click(around.events or (one,))

    def _of_click(self, events: Sequence[Recorded]) -> Notice:
        told = _telling(events)
        name = _paper_of(told)
        row = self.papers.find(name) if name else None
        back = [one for one in told if name or not one.stream.startswith(paper.STREAM)][-1:]
        label = self.undoing.label(back[0]) if back else ""
        return Notice(
            position=(back if label else told)[-1].position,
            correlation=told[-1].correlation,
            at=told[-1].recorded_at,
            actor=told[0].actor,
            text=_joined(told) if len(told) <= TOGETHER else grouped(told)[0].line,
            undo=label,
            paper=name,
            title=((row.title or row.doi) if row else None) or name or "",
        )

    def _of_bulk(self, records: Sequence[Recorded]) -> Notice:
        last = records[-1]
        state = self.bulks.find(last.correlation)
        running = self.bulks.is_running(last.correlation)
        undone = self.bulks.undone_by(last.correlation) is not None
        text = bulk_text(state, running=running, done=0 if running else self.bulks.done_so_far(last.correlation))
        return Notice(
            position=last.position,
            correlation=last.correlation,
            at=last.recorded_at,
            actor=records[0].actor,
            text=f"{text} This was undone." if undone else text,
            undo="" if running else self.undoing.label(last),
            bulk=last.correlation,
            running=running,
        )


def _telling(events: Sequence[Recorded]) -> list[Recorded]:
    """The events of a click that say what it was, in order; what only made room for another one is left out."""
    if undone := [one for one in events if isinstance(one.event, importing.UndoStarted | importing.Undone)]:
        return undone[-1:]  # its papers are told by their number
    worth = [one for one in events if level_of(one.event).is_at_least(ORDINARY)] or list(events)
    rest = [one for one in worth if not (isinstance(one.event, Reverted) and one.event.why in REVERTS_FIRST)]
    return rest or worth


def _joined(events: Sequence[Recorded]) -> str:
    """The sentences; the last words of one may be a person's own, without a full stop."""
    *before, last = map(sentence, events)
    return " ".join([*(text if text.endswith((".", "!", "?")) else f"{text}." for text in before), last])


def _paper_of(events: Iterable[Recorded]) -> str | None:
    """The one paper that all of them are about."""
    streams = {one.stream for one in events}
    name = streams.pop() if len(streams) == 1 else ""
    return name.removeprefix(paper.STREAM) if name.startswith(paper.STREAM) else None


def news_text(count: int) -> str:
    """How many notices are new, as it stands on the bell."""
    return f"{MOST_NEWS}+" if count > MOST_NEWS else number(count)
