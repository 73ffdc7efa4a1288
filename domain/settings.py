"""Settings that are changed at run time and kept in the log: modules, sources, and what a person changed."""

from collections.abc import Collection, Sequence

from attrs import evolve as changed
from attrs import frozen

from domain.deciding import Decider
from domain.errors import CommandRefused, InvalidValue
from domain.events import Event, event
from domain.pipeline import MODULES
from domain.sources import SOURCES, in_order

STREAM = "settings"


@event("settings.module_toggled")
class ModuleToggled(Event):
    """A module was switched on or off."""

    module: str
    enabled: bool


@event("settings.source_toggled")
class SourceToggled(Event):
    """A source was switched on or off."""

    source: str
    enabled: bool


@event("settings.sources_reordered")
class SourcesReordered(Event):
    """The sources are asked in another order."""

    order: tuple[str, ...]


@event("settings.changed")
class Changed(Event):
    """A setting of the installation was changed; `value` is None for a secret, which is told nowhere."""

    name: str
    value: str | None


@frozen(kw_only=True)
class Settings:
    """State; at first every module and every source is on."""

    off: frozenset[str] = frozenset()
    sources_off: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()

    def runs(self, module: str) -> bool:
        """Whether the module is on."""
        return module not in self.off

    def asks(self, source: str) -> bool:
        """Whether the source is on."""
        return source not in self.sources_off

    def ordered(self, sources: Collection[str]) -> tuple[str, ...]:
        """The sources, on or off, in the order in which they are asked."""
        return in_order(sources, self.order)


class LastSource(CommandRefused):
    """One source must stay on: without any, every paper would count as one that nobody knows."""

    remedy = "Switch the module “locate” off instead: then nothing is searched for."

    def __init__(self, source: str) -> None:
        super().__init__(f"“{source}” is the only source that is on.")
        self.source = source


@frozen(kw_only=True)
class ToggleModule:
    """Switch a module on or off."""

    module: str
    enabled: bool


@frozen(kw_only=True)
class TellChange:
    """Tell that a setting of the installation has changed."""

    name: str
    value: str | None


@frozen(kw_only=True)
class ToggleSource:
    """Switch a source on or off; `known` are all that there are."""

    source: str
    enabled: bool
    known: tuple[str, ...] = tuple(SOURCES)


@frozen(kw_only=True)
class ReorderSources:
    """Ask the sources in this order; those that it leaves out come after them, in the order that they have.

    `known` are all that there are.
    """

    order: tuple[str, ...]
    known: tuple[str, ...] = tuple(SOURCES)


Command = ToggleModule | ToggleSource | ReorderSources | TellChange


def decide(command: Command, settings: Settings) -> Sequence[Event]:
    """The events that the command causes; none where nothing changes. Raises CommandRefused."""
    match command:
        case TellChange():
            return (Changed(name=command.name, value=command.value),)
        case ToggleModule():
            return _toggle(command, settings)
        case ToggleSource():
            return _toggle_source(command, settings)
        case ReorderSources():
            return _reorder(command, settings)


def _toggle(command: ToggleModule, settings: Settings) -> Sequence[Event]:
    if command.module not in MODULES:
        raise InvalidValue("module", command.module, "one of " + ", ".join(MODULES))
    if settings.runs(command.module) == command.enabled:
        return ()
    return (ModuleToggled(module=command.module, enabled=command.enabled),)


def _toggle_source(command: ToggleSource, settings: Settings) -> Sequence[Event]:
    _check_source(command.source, command.known)
    if settings.asks(command.source) == command.enabled:
        return ()
    if not command.enabled and not any(settings.asks(name) for name in command.known if name != command.source):
        raise LastSource(command.source)
    return (SourceToggled(source=command.source, enabled=command.enabled),)


def _reorder(command: ReorderSources, settings: Settings) -> Sequence[Event]:
    for name in command.order:
        _check_source(name, command.known)
    if len(set(command.order)) < len(command.order):
        raise InvalidValue("order", " ".join(command.order), "each source once")
    before = settings.ordered(command.known)
    after = in_order(before, command.order)
    return (SourcesReordered(order=after),) if after != before else ()


def _check_source(name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        raise InvalidValue("source", name[:100], "one of " + ", ".join(known))


def evolve(settings: Settings, event: Event) -> Settings:
    """The settings after the event."""
    match event:
        case ModuleToggled():
            return changed(settings, off=_switched(settings.off, event.module, on=event.enabled))
        case SourceToggled():
            return changed(settings, sources_off=_switched(settings.sources_off, event.source, on=event.enabled))
        case SourcesReordered():
            return changed(settings, order=event.order)
        case _:
            return settings


def _switched(off: frozenset[str], name: str, *, on: bool) -> frozenset[str]:
    return off - {name} if on else off | {name}


DECIDER: Decider[Command, Settings] = Decider(initial=Settings(), decide=decide, evolve=evolve)
