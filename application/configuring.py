"""What a person changed in the settings of the installation, told to the log."""

from collections.abc import Mapping

from application.handling import Actor, order
from application.ports.event_log import EventLog
from domain import settings
from domain.settings import TellChange


def tell_changes(log: EventLog, changes: Mapping[str, str | None], actor: Actor) -> int:
    """Append one event for each setting by its name, None standing for a secret; the position of the last."""
    commands = [TellChange(name=name, value=value) for name, value in changes.items()]
    return order(log, settings.DECIDER, settings.STREAM, commands, actor, "change settings").last
