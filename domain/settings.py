"""Settings that are changed at run time and kept in the log: which modules are on, and what a person changed."""

from collections.abc import Sequence

from attrs import frozen

from domain.deciding import Decider
from domain.errors import InvalidValue
from domain.events import Event, event
from domain.pipeline import MODULES

STREAM = "settings"


@event("settings.module_toggled")
class ModuleToggled(Event):
    """A module was switched on or off."""

    module: str
    enabled: bool


@event("settings.changed")
class Changed(Event):
    """A setting of the installation was changed; `value` is None for a secret, which is told nowhere."""

    name: str
    value: str | None


@frozen(kw_only=True)
class Settings:
    """State; at first every module is on."""

    off: frozenset[str] = frozenset()

    def runs(self, module: str) -> bool:
        """Whether the module is on."""
        return module not in self.off


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


Command = ToggleModule | TellChange


def decide(command: Command, settings: Settings) -> Sequence[Event]:
    """The events that the command causes; none where nothing changes. Raises InvalidValue."""
    if isinstance(command, TellChange):
        return (Changed(name=command.name, value=command.value),)
    return _toggle(command, settings)


def _toggle(command: ToggleModule, settings: Settings) -> Sequence[Event]:
    if command.module not in MODULES:
        raise InvalidValue("module", command.module, "one of " + ", ".join(MODULES))
    if settings.runs(command.module) == command.enabled:
        return ()
    return (ModuleToggled(module=command.module, enabled=command.enabled),)


def evolve(settings: Settings, event: Event) -> Settings:
    """The settings after the event."""
    if not isinstance(event, ModuleToggled):
        return settings
    return Settings(off=settings.off - {event.module} if event.enabled else settings.off | {event.module})


DECIDER: Decider[Command, Settings] = Decider(initial=Settings(), decide=decide, evolve=evolve)
