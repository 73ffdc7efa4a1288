"""Taking back what a person did, where the log allows it: by an ordinary command, decided on how things stand now."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from attrs import frozen

from application.acting import Acting
from application.bulk import ActingInBulk, Soon
from application.controlling import Controlling
from application.handling import Actor
from application.ports.event_log import EventLog, Recorded
from application.reversing import REVERSIBLE, ChangedSince, NotReversible, reverse_of
from application.scheduling import Scheduling
from application.sourcing import Sourcing
from application.undoing_imports import UndoingImports
from domain import bulk, importing, paper, schedule, scraper, settings
from domain.errors import CommandRefused, DoesNotExist
from domain.events import Event
from domain.paper_commands import Command, Exclude, MarkUnavailable, Reinstate, RemoveFile, Reopen
from domain.scraper import Action, ScraperStatus
from domain.sources import SOURCES, Service

_FIELDS: Mapping[type[Event], str] = {
    schedule.VolumeChanged: "volume",
    schedule.WeightsChanged: "weights",
    schedule.TimezoneChanged: "timezone",
    schedule.OrderChanged: "order",
}
"""Which part of the schedule an event changed."""

_PAPER_LABELS: Mapping[type[Command], str] = {
    Reinstate: "Reinstate it",
    Exclude: "Exclude it again",
    Reopen: "Back to where it was",
    MarkUnavailable: "Give it up again",
    RemoveFile: "Take the file back",
}
_IMPORTED = (importing.Completed, importing.Cancelled, importing.Refused)


@frozen(kw_only=True)
class Undoing:
    """The handler that takes back. Each way back is checked first (`label`), and again when it is gone (`undo`)."""

    log: EventLog
    acting: Acting
    bulks: ActingInBulk
    scheduling: Scheduling
    controlling: Controlling
    imports: UndoingImports
    services: Callable[[], Mapping[str, Service]] = lambda: SOURCES

    def label(self, done: Recorded) -> str:
        """What taking back the event would do, as a button says it; "" where it cannot be taken back any more."""
        try:
            return self._way(done).label(done)
        except CommandRefused:
            return ""

    def undo(self, position: int, actor: Actor, soon: Soon) -> int:
        """Take back what happened at a position; returns the position of what that caused. Raises CommandRefused."""
        found = self.log.read(position - 1, 1) if position > 0 else ()
        if not found:
            raise DoesNotExist("What should be taken back", remedy="Choose something from the notices.")
        return self._way(found[0]).undo(found[0], actor, soon)

    def _way(self, done: Recorded) -> "_Way":
        if isinstance(done.event, (bulk.Started, bulk.Ended)):
            return _Way(self._bulk_label, self._undo_bulk)
        if isinstance(done.event, _IMPORTED):
            return _Way(self._import_label, self._undo_import)
        if isinstance(done.event, REVERSIBLE):
            return _Way(self._paper_label, self._undo_paper)
        if type(done.event) in _FIELDS:
            return _Way(self._schedule_label, self._undo_schedule)
        if isinstance(done.event, settings.ModuleToggled):
            return _Way(self._module_label, self._undo_module)
        if isinstance(done.event, settings.SourceToggled):
            return _Way(self._source_label, self._undo_source)
        if isinstance(done.event, settings.SourcesReordered):
            return _Way(self._order_label, self._undo_order)
        if isinstance(done.event, scraper.Paused):
            return _Way(self._pause_label, self._undo_pause)
        raise NotReversible

    def _paper_label(self, done: Recorded) -> str:
        command = reverse_of(self.log.stream(done.stream), done.correlation)
        return _PAPER_LABELS[type(command)]

    def _undo_paper(self, done: Recorded, actor: Actor, _: Soon) -> int:
        return self.acting.take_back(done.stream.removeprefix(paper.STREAM), done.correlation, actor).last

    def _import_label(self, done: Recorded) -> str:
        if not self.imports.is_harmless(done.stream.removeprefix(importing.STREAM)):
            raise NotReversible  # on its own page, which tells first what becomes of its papers
        return "Undo the import"

    def _undo_import(self, done: Recorded, actor: Actor, soon: Soon) -> int:
        self._import_label(done)
        name = done.stream.removeprefix(importing.STREAM)
        position = self.imports.begin(name, actor)
        soon(lambda: self.imports.run(name))
        return position

    def _bulk_label(self, done: Recorded) -> str:
        self.bulks.undoing(done.correlation)
        if self.bulks.is_running(done.correlation) or not self.bulks.done_so_far(done.correlation):
            raise NotReversible
        return "Undo"

    def _undo_bulk(self, done: Recorded, actor: Actor, soon: Soon) -> int:
        return self.bulks.undo(done.correlation, actor, soon).position

    def _schedule_label(self, done: Recorded) -> str:
        self._former(done)
        return "Back to what it was"

    def _undo_schedule(self, done: Recorded, actor: Actor, _: Soon) -> int:
        self.scheduling.change(self._former(done), actor)
        return self._last(schedule.STREAM)

    def _former(self, done: Recorded) -> Mapping[str, Any]:
        """What the click changed, as it was before. Raises ChangedSince."""
        records = self.log.stream(schedule.STREAM)
        mine = [one for one in records if one.correlation == done.correlation]
        before = schedule.DECIDER.fold(one.event for one in _before(records, mine[0]))
        after, now = (
            schedule.DECIDER.fold(one.event for one in some)
            for some in (records[: records.index(mine[-1]) + 1], records)
        )
        fields = [_FIELDS[type(one.event)] for one in mine]
        if any(getattr(after, field) != getattr(now, field) for field in fields):
            raise ChangedSince("the schedule")
        return {field: _plain(getattr(before, field)) for field in fields}

    def _module_label(self, done: Recorded) -> str:
        return "Switch it on" if self._module_before(done) else "Switch it off"

    def _undo_module(self, done: Recorded, actor: Actor, _: Soon) -> int:
        before = self._module_before(done)
        self.scheduling.toggle(_toggled(done).module, before, actor)
        return self._last(settings.STREAM)

    def _module_before(self, done: Recorded) -> bool:
        """Whether the module was on. Raises ChangedSince."""
        event = _toggled(done)
        if self.scheduling.modules().runs(event.module) != event.enabled:
            raise ChangedSince(f"the module “{event.module}”")
        return not event.enabled

    def _source_label(self, done: Recorded) -> str:
        return "Switch it off" if self._switched(done).enabled else "Switch it on"

    def _undo_source(self, done: Recorded, actor: Actor, _: Soon) -> int:
        event = self._switched(done)
        self._sourcing.toggle(event.source, not event.enabled, actor)
        return self._last(settings.STREAM)

    def _switched(self, done: Recorded) -> settings.SourceToggled:
        """The switch of a source, if it is so still. Raises ChangedSince."""
        event = done.event
        assert isinstance(event, settings.SourceToggled)  # noqa: S101 (its way is chosen by its type)
        if self.scheduling.modules().asks(event.source) != event.enabled:
            raise ChangedSince(f"the source “{event.source}”")
        return event

    def _order_label(self, done: Recorded) -> str:
        self._former_order(done)
        return "Back to the order before"

    def _undo_order(self, done: Recorded, actor: Actor, _: Soon) -> int:
        self._sourcing.reorder(self._former_order(done), actor)
        return self._last(settings.STREAM)

    def _former_order(self, done: Recorded) -> Sequence[str]:
        """The order before. Raises ChangedSince."""
        event = done.event
        assert isinstance(event, settings.SourcesReordered)  # noqa: S101 (its way is chosen by its type)
        if self.scheduling.modules().order != event.order:
            raise ChangedSince("the order of the sources")
        before = _before(self.log.stream(settings.STREAM), done)
        return settings.DECIDER.fold(one.event for one in before).ordered(self._sourcing.known)

    @property
    def _sourcing(self) -> Sourcing:
        return Sourcing(log=self.log, services=self.services)

    def _pause_label(self, done: Recorded) -> str:
        if self._last(scraper.STREAM) != done.position or self.controlling.status() is not ScraperStatus.PAUSED:
            raise ChangedSince("the scraper")
        return "Resume"

    def _undo_pause(self, done: Recorded, actor: Actor, _: Soon) -> int:
        self._pause_label(done)
        self.controlling.use(Action.RESUME, "", actor)
        return self._last(scraper.STREAM)

    def _last(self, stream: str) -> int:
        return self.log.stream(stream)[-1].position


@frozen
class _Way:
    """A way back: what it would do, raising CommandRefused where it is closed; and going it."""

    label: Callable[[Recorded], str]
    undo: Callable[[Recorded, Actor, Soon], int]


def _toggled(done: Recorded) -> settings.ModuleToggled:
    assert isinstance(done.event, settings.ModuleToggled)  # noqa: S101 (its way is chosen by its type)
    return done.event


def _before(records: Sequence[Recorded], first: Recorded) -> Iterable[Recorded]:
    return (one for one in records if one.position < first.position)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else getattr(value, "value", value)
