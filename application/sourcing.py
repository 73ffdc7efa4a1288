"""Which sources are asked, and in which order: looking at it, and changing it."""

from collections.abc import Callable, Collection, Mapping, Sequence

from attrs import frozen

from application.handling import Actor, load, order
from application.ports.event_log import EventLog
from domain import settings
from domain.errors import InvalidValue
from domain.settings import ReorderSources, Settings, ToggleSource
from domain.sources import SOURCES, Service

UP, DOWN = "up", "down"


@frozen(kw_only=True)
class Asked:
    """A source, and how it is used. `place` counts from 1; `missing` are settings that it needs."""

    service: Service
    on: bool
    place: int
    missing: tuple[str, ...]

    @property
    def ready(self) -> bool:
        """Whether it has what it needs."""
        return not self.missing


@frozen(kw_only=True)
class Sourcing:
    """The handler of the sources."""

    log: EventLog
    services: Callable[[], Mapping[str, Service]] = lambda: SOURCES
    """The services that there are: those that the program knows, and the user's own."""

    @property
    def known(self) -> tuple[str, ...]:
        """The names of all sources."""
        return tuple(self.services())

    def sources(self, configured: Collection[str]) -> Sequence[Asked]:
        """Every source in the order of asking. `configured` are the names of the settings that are set."""
        state, services = self._state(), self.services()
        return [
            Asked(
                service=services[name],
                on=state.asks(name),
                place=place,
                missing=tuple(setting for setting in services[name].needs if setting not in configured),
            )
            for place, name in enumerate(state.ordered(tuple(services)), start=1)
        ]

    def toggle(self, source: str, enabled: bool, actor: Actor) -> int | None:
        """Switch a source on or off; the position of the event, None where it was so. Raises CommandRefused."""
        return self._do(actor, "switch source", ToggleSource(source=source, enabled=enabled, known=self.known))

    def reorder(self, names: Sequence[str], actor: Actor) -> int | None:
        """Ask these sources first, in this order. Raises InvalidValue."""
        return self._do(actor, "order sources", ReorderSources(order=tuple(names), known=self.known))

    def change(self, names: Sequence[str], switched: dict[str, bool], actor: Actor) -> int | None:
        """Both at once, or nothing where something is wrong. What is switched on is so before others go off."""
        known = self.known
        toggles = [ToggleSource(source=name, enabled=on, known=known) for name, on in switched.items()]
        toggles.sort(key=lambda one: not one.enabled)
        return self._do(actor, "change sources", *toggles, ReorderSources(order=tuple(names), known=known))

    def move(self, source: str, direction: str, actor: Actor) -> int | None:
        """Ask a source one place earlier (`up`) or later (`down`); at the end of the list nothing changes."""
        if direction not in (UP, DOWN):
            raise InvalidValue("direction", direction[:40], f"{UP} or {DOWN}")
        names = list(self._state().ordered(self.known))
        if source not in names:
            raise InvalidValue("source", source[:100], "one of " + ", ".join(names))
        here = names.index(source)
        there = min(max(here + (-1 if direction == UP else 1), 0), len(names) - 1)
        names.insert(there, names.pop(here))
        return self.reorder(names, actor)

    def _state(self) -> Settings:
        state, _ = load(self.log, settings.DECIDER, settings.STREAM)
        return state

    def _do(self, actor: Actor, name: str, *commands: settings.Command) -> int | None:
        appended = order(self.log, settings.DECIDER, settings.STREAM, commands, actor, name)
        return appended.last if appended.last >= appended.first else None
