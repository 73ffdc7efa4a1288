"""The scraper: the switch. While it is not running, nothing leaves the machine by itself."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from attrs import frozen

from domain.deciding import Decider
from domain.errors import NotAllowed
from domain.events import Event, event

STREAM = "scraper"


class ScraperStatus(StrEnum):
    """Positions of the switch."""

    STOPPED = "stopped"
    RUNNING = "running"
    PAUSED = "paused"
    EMERGENCY_STOPPED = "emergency-stopped"


class Action(StrEnum):
    """What a person can do with the switch."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    EMERGENCY_STOP = "emergency-stop"
    RESET = "reset"


@event("scraper.started")
class Started(Event):
    """The scraper runs."""


@event("scraper.paused")
class Paused(Event):
    """The scraper rests; the plan of the hour stays."""

    reason: str = ""


@event("scraper.resumed")
class Resumed(Event):
    """The scraper goes on with its plan."""


@event("scraper.stopped")
class Stopped(Event):
    """The scraper is off; papers in transit go back."""

    reason: str = ""


@event("scraper.emergency_stopped")
class EmergencyStopped(Event):
    """Everything is off until a reset, over restarts too."""

    reason: str = ""


@event("scraper.reset")
class Reset(Event):
    """The emergency is over; the scraper is stopped."""


@frozen(kw_only=True)
class Scraper:
    """State of the switch."""

    status: ScraperStatus = ScraperStatus.STOPPED


@frozen(kw_only=True)
class Command:
    """Use the switch. `reason` is for pause, stop and emergency stop."""

    action: Action
    reason: str = ""


_S = ScraperStatus
ALLOWED: Mapping[Action, frozenset[ScraperStatus]] = {
    Action.START: frozenset({_S.STOPPED}),
    Action.PAUSE: frozenset({_S.RUNNING}),
    Action.RESUME: frozenset({_S.PAUSED}),
    Action.STOP: frozenset({_S.RUNNING, _S.PAUSED}),
    Action.EMERGENCY_STOP: frozenset({_S.STOPPED, _S.RUNNING, _S.PAUSED}),
    Action.RESET: frozenset({_S.EMERGENCY_STOPPED}),
}
"""In which positions an action is allowed."""

_AFTER: Mapping[type[Event], ScraperStatus] = {
    Started: _S.RUNNING,
    Paused: _S.PAUSED,
    Resumed: _S.RUNNING,
    Stopped: _S.STOPPED,
    EmergencyStopped: _S.EMERGENCY_STOPPED,
    Reset: _S.STOPPED,
}


def decide(command: Command, scraper: Scraper) -> Sequence[Event]:
    """The events that the command causes. Raises CommandRefused."""
    if scraper.status not in ALLOWED[command.action]:
        raise NotAllowed(command.action.value, "the scraper", scraper.status.value)
    match command.action:
        case Action.START:
            return (Started(),)
        case Action.PAUSE:
            return (Paused(reason=command.reason),)
        case Action.RESUME:
            return (Resumed(),)
        case Action.STOP:
            return (Stopped(reason=command.reason),)
        case Action.EMERGENCY_STOP:
            return (EmergencyStopped(reason=command.reason),)
        case Action.RESET:
            return (Reset(),)


def evolve(scraper: Scraper, event: Event) -> Scraper:
    """The switch after the event."""
    after = _AFTER.get(type(event))
    return Scraper(status=after) if after else scraper


DECIDER: Decider[Command, Scraper] = Decider(initial=Scraper(), decide=decide, evolve=evolve)
