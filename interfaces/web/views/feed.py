"""Events as lines for people: groups of what belongs together, each with the papers that it is about."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from attrs import frozen

from application.activity_groups import ActivityGroup, bursts, grouped
from application.divisions import PaperNames
from application.kinds import KINDS, Level, level_of
from application.ports.event_log import Recorded
from application.wording import sentence
from domain import importing
from domain.paper import STREAM

LEVELS: Mapping[Level, str] = {
    Level.DETAIL: "Detail",
    Level.INFO: "",
    Level.WARNING: "Look at it",
    Level.ERROR: "Fault",
}


@frozen(kw_only=True)
class Line:
    """An event in words. `paper` and `name` tell the paper that it is about, `import_id` the import, if any."""

    position: int
    moment: datetime
    text: str
    level: Level
    kind: str
    actor: str
    correlation: str
    paper: str | None = None
    name: str = ""
    import_id: str | None = None


@frozen(kw_only=True)
class Entry:
    """A line of the feed: one event, or several that belong together, newest first."""

    position: int
    first: int
    moment: datetime
    began: datetime
    text: str
    level: Level
    actor: str
    correlation: str | None
    """None where they have different ones, and are alike only."""
    lines: tuple[Line, ...]

    @property
    def only(self) -> Line | None:
        """The event, where it is one."""
        return self.lines[0] if len(self.lines) == 1 else None


def entries(events: Iterable[Recorded], names: PaperNames) -> tuple[Entry, ...]:
    """Events, newest first, as entries; what their papers are called is looked up at once."""
    groups = bursts(grouped(events))
    told = names.of([paper for group in groups for one in group.events if (paper := paper_of(one))])
    return tuple(_entry(group, told) for group in groups)


def _entry(group: ActivityGroup, names: Mapping[str, str]) -> Entry:
    correlations = {one.correlation for one in group.events}
    return Entry(
        position=group.last,
        first=group.first,
        moment=group.ended,
        began=group.began,
        text=group.line,
        level=group.level,
        actor=group.actor,
        correlation=group.correlation if len(correlations) == 1 else None,
        lines=lines(group.events, names),
    )


def lines(events: Sequence[Recorded], names: Mapping[str, str]) -> tuple[Line, ...]:
    """The events in words."""
    return tuple(line(one, names) for one in events)


def line(recorded: Recorded, names: Mapping[str, str]) -> Line:
    """An event in words."""
    paper = paper_of(recorded)
    return Line(
        position=recorded.position,
        moment=recorded.recorded_at,
        text=sentence(recorded),
        level=level_of(recorded.event),
        kind=KINDS[recorded.event.TYPE].words,
        actor=recorded.actor,
        correlation=recorded.correlation,
        paper=paper if paper in names else None,
        name=names.get(paper, "") if paper else "",
        import_id=_after(importing.STREAM, recorded),
    )


def paper_of(recorded: Recorded) -> str | None:
    """The paper that the event is about."""
    return _after(STREAM, recorded)


def _after(prefix: str, recorded: Recorded) -> str | None:
    return recorded.stream.removeprefix(prefix) if recorded.stream.startswith(prefix) else None
