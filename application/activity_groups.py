"""Events grouped by what caused them: one upload, one hour, one click, each with a line that says it all. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from attrs import frozen

from application.act_wording import bulk_text
from application.activity import told
from application.formats import listed, number, plural
from application.kinds import KINDS, ORDINARY, Level, level_of
from application.ports.event_log import Recorded
from application.wording import counts, sentence
from domain import bulk, hour, importing
from domain.importing import Counts

NAMED = 3
"""Kinds that a line names; the others are summed up."""
BURST = timedelta(minutes=15)
"""From the first of a run to the last that still belongs to it."""
FEW = 50
"""Groups of more events than this stand alone: a bulk, for one."""
PAPER = "paper."


@frozen(kw_only=True)
class ActivityGroup:
    """Events of one correlation, in the order of the page that they were on. `line` says what they are together.

    `level` is the highest one, `first` and `last` are positions. Where a page ends in the middle of a group, the next
    page has the rest of it.
    """

    correlation: str
    line: str
    level: Level
    actor: str
    began: datetime
    ended: datetime
    first: int
    last: int
    events: tuple[Recorded, ...]

    def as_dict(self) -> dict[str, object]:
        """The group as programs see it, opened."""
        return {
            "correlation": self.correlation,
            "text": self.line,
            "level": self.level.value,
            "actor": self.actor,
            "began": self.began.isoformat(),
            "ended": self.ended.isoformat(),
            "first": self.first,
            "last": self.last,
            "count": len(self.events),
            "kinds": dict(Counter(one.event.TYPE for one in self.events)),
            "events": [told(one) for one in self.events],
        }


def grouped(events: Iterable[Recorded]) -> tuple[ActivityGroup, ...]:
    """A page of events as groups, in the order in which the page comes to them."""
    members: dict[str, list[Recorded]] = {}
    for one in events:
        members.setdefault(one.correlation, []).append(one)
    return tuple(_group(correlation, some) for correlation, some in members.items())


def bursts(groups: Iterable[ActivityGroup]) -> tuple[ActivityGroup, ...]:
    """The groups, with those that soon follow each other and say the same of other papers as a single one.

    What a program does with paper after paper has a correlation for each; a reader sees how many there were.
    """
    runs: list[list[ActivityGroup]] = []
    open_runs: dict[tuple[object, ...], list[ActivityGroup]] = {}
    for group in groups:
        alike = _alike(group)
        run = open_runs.get(alike)
        if run is None or abs(run[0].ended - group.ended) > BURST:
            run = open_runs[alike] = []
            runs.append(run)
        run.append(group)
    return tuple(run[0] if len(run) == 1 else _joined(run) for run in runs)


def _alike(group: ActivityGroup) -> tuple[object, ...]:
    """What groups of one run have in common; only what happens to papers again and again is folded."""
    types = {one.event.TYPE for one in _telling(group.events)}
    if len(types) > 1 or not all(type_.startswith(PAPER) for type_ in types) or len(group.events) > FEW:
        return (group.correlation,)
    return (*types, group.actor, group.level)


def _joined(run: Sequence[ActivityGroup]) -> ActivityGroup:
    return _group(run[0].correlation, [one for group in run for one in group.events])


def _group(correlation: str, events: list[Recorded]) -> ActivityGroup:
    in_order = sorted(events, key=lambda one: one.position)
    return ActivityGroup(
        correlation=correlation,
        line=_line(in_order),
        level=max((level_of(one.event) for one in events), key=lambda level: level.weight),
        actor=in_order[0].actor,
        began=in_order[0].recorded_at,
        ended=in_order[-1].recorded_at,
        first=in_order[0].position,
        last=in_order[-1].position,
        events=tuple(events),
    )


def _line(events: Sequence[Recorded]) -> str:
    """What the events are together: an import, an hour, a bulk, or how many of which kind."""
    if line := _import_line(events) or _hour_line(events) or _bulk_line(events):
        return line
    telling = _telling(events)
    return sentence(telling[0]) if len(telling) == 1 else f"{_counted(telling)}."


def _telling(events: Sequence[Recorded]) -> Sequence[Recorded]:
    """Those that a line speaks of: the others are steps on the way, unless there is nothing else."""
    return [one for one in events if level_of(one.event).is_at_least(ORDINARY)] or events


def _import_line(events: Sequence[Recorded]) -> str:
    """The line of an import: its file, its rows, and what became of them as far as the events tell."""
    started = next((one.event for one in events if isinstance(one.event, importing.Started)), None)
    recorded = [one.event.counts for one in events if isinstance(one.event, importing.RowsRecorded)]
    if started is None and not recorded:
        return ""
    whole = Counts()
    for some in recorded:
        whole = whole.plus(some)
    if started is None:
        return f"Import: {plural(whole.rows, 'row')}, {counts(whole)}."
    start = f"Import of “{started.filename}” into “{started.collection_name}”: {plural(started.rows, 'row')}"
    return f"{start}, {counts(whole)}." if recorded else f"{start}."


def _hour_line(events: Sequence[Recorded]) -> str:
    return next((sentence(one) for one in events if isinstance(one.event, hour.Planned)), "")


def _bulk_line(events: Sequence[Recorded]) -> str:
    """What a bulk did; where only its beginning or its end is there, what that says."""
    own = [one for one in events if isinstance(one.event, bulk.Started | bulk.Ended)]
    if len(own) == 1 or not own:
        return sentence(own[0]) if own else ""
    state = bulk.DECIDER.fold(one.event for one in own)
    return bulk_text(state, running=False, done=state.changed)


def _counted(events: Sequence[Recorded]) -> str:
    """How many of which kind, the most frequent first; papers count once, however often it happened to them."""
    kinds: dict[str, list[Recorded]] = {}
    for one in events:
        kinds.setdefault(one.event.TYPE, []).append(one)
    often = sorted(kinds.values(), key=len, reverse=True)
    parts = [_so_many(some) for some in often[:NAMED]]
    rest = sum(len(some) for some in often[NAMED:])
    return listed([*parts, plural(rest, "other event")] if rest else parts)


def _so_many(events: Sequence[Recorded]) -> str:
    """15 papers were planned; 15 papers were planned (43 times), where there were more events than papers."""
    kind = KINDS[events[0].event.TYPE]
    if not kind.one.startswith("paper "):
        return plural(len(events), kind.one, kind.many)
    papers = len({one.stream for one in events})
    times = f" ({number(len(events))} times)" if papers < len(events) else ""
    return f"{plural(papers, kind.one, kind.many)}{times}"
