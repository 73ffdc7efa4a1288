"""The switch, and what follows from it: jobs that run end, papers in transit go back."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from attrs import frozen
from uuid_utils import uuid7

from application.handling import PROGRAM, Actor, digest, execute, load, on_record
from application.ports.clock import Clock
from application.ports.event_log import EventLog, KeyReused, Origin
from application.ports.stop_file import StopFile, StopOrder
from application.queries import JobFilter, JobRow, Jobs, JobStatus
from application.reverting import Reverting
from domain import scraper, settings
from domain.errors import CommandRefused, NotAllowed, SciPaperLoaderError
from domain.paper_commands import PAUSE, Revert
from domain.records import clean
from domain.scraper import Action, Command, Scraper, ScraperStatus
from domain.settings import Settings


class EmergencyStopped(CommandRefused):
    """Nothing may leave the machine."""

    remedy = "When the emergency is over: scipaperloader scraper reset."

    def __init__(self) -> None:
        super().__init__("The scraper is under emergency stop.")


class ModuleOff(CommandRefused):
    """A module that is needed is switched off."""

    def __init__(self, module: str) -> None:
        super().__init__(
            f"The module “{module}” is switched off.", remedy=f"Switch it on: scipaperloader modules on {module}."
        )
        self.module = module


@frozen(kw_only=True)
class _Sweep:
    """Which open jobs may not be while the switch is so, and how their papers go back."""

    which: JobFilter
    command: Revert


_SWEEPS: Mapping[ScraperStatus, _Sweep] = {
    ScraperStatus.PAUSED: _Sweep(
        which=JobFilter(statuses=(JobStatus.RUNNING,), by_hand=False),
        command=PAUSE,
    ),
    ScraperStatus.STOPPED: _Sweep(which=JobFilter(by_hand=False), command=Revert(why="scraper stopped")),
    ScraperStatus.EMERGENCY_STOPPED: _Sweep(which=JobFilter(), command=Revert(why="emergency stop")),
}
"""While it is paused the plan of the hour stays; while it is stopped nothing is planned; a person's own attempts go on
unless there is an emergency."""


@frozen(kw_only=True)
class Effect:
    """What using the switch did: its position, and how many papers went back.

    `told` is False where the log does not answer: the stop file holds, and the log is told when it answers.
    """

    status: ScraperStatus
    reverted: int
    told: bool = True


@frozen(kw_only=True)
class Controlling:
    """The handler of the switch."""

    log: EventLog
    jobs: Jobs
    reverting: Reverting
    stop_file: StopFile
    clock: Clock

    def status(self) -> ScraperStatus:
        """The position of the switch: emergency-stopped wherever there is a stop file, whatever the log says."""
        if self.stop_file.present():
            return ScraperStatus.EMERGENCY_STOPPED
        return switch(self.log).status

    def use(self, action: Action, reason: str, actor: Actor) -> Effect:
        """Use the switch, and take back what may not go on. Raises CommandRefused, StopFileUnavailable."""
        if action is Action.EMERGENCY_STOP:
            return self._emergency_stop(reason, actor)
        if action is Action.RESET:
            self.record_emergency(anew=True)
            self.stop_file.remove()
        origin = Origin(command=f"scraper {action}", actor=actor.name, correlation=str(uuid7()))
        with on_record(self.log, scraper.STREAM, origin, actor):
            if action is not Action.RESET and self.stop_file.present():  # it holds here, whatever the log says
                self.record_emergency()
                raise NotAllowed(action.value, "the scraper", ScraperStatus.EMERGENCY_STOPPED.value)
            execute(self.log, scraper.DECIDER, scraper.STREAM, (Command(action=action, reason=reason),), origin)
        status = switch(self.log).status
        return Effect(status=status, reverted=self.sweep(status, origin))

    def _emergency_stop(self, reason: str, actor: Actor) -> Effect:
        """First the file, which holds at once and for every process; then the log, when it answers.

        Both again where somebody ended an earlier emergency meanwhile, and took its file away.
        """
        order = stop_order(reason, actor, self.clock.now())
        self.stop_file.write(order)
        effect = self._tell_emergency()
        while not self.stop_file.present():
            self.stop_file.write(order)
            effect = self._tell_emergency()
        return effect

    def _tell_emergency(self) -> Effect:
        try:
            return Effect(status=ScraperStatus.EMERGENCY_STOPPED, reverted=self.record_emergency(anew=True))
        except SciPaperLoaderError as error:
            if not error.transient:
                raise
            return Effect(status=ScraperStatus.EMERGENCY_STOPPED, reverted=0, told=False)

    def record_emergency(self, *, anew: bool = False) -> int:
        """Tell the log what the stop file says, once, and take everything back; returns how many papers went back.

        `anew` tells it again if the emergency was ended elsewhere since, while the file stayed.
        """
        order = self.stop_file.order()
        if order is None:
            return 0
        told = digest(order.actor, order.reason)
        origin = Origin(
            command="scraper emergency-stop",
            actor=order.actor,
            correlation=order.key,
            key=None if anew and self._was_told(order.key, told) else order.key,
            digest=told,
        )
        with suppress(CommandRefused, KeyReused):  # it was told before, by this process or another
            command = Command(action=Action.EMERGENCY_STOP, reason=order.reason)
            execute(self.log, scraper.DECIDER, scraper.STREAM, (command,), origin)
        return self.sweep(ScraperStatus.EMERGENCY_STOPPED, origin)

    def _was_told(self, key: str, told: str) -> bool:
        try:
            return self.log.done(key, told) is not None
        except KeyReused:  # somebody wrote another reason into the file
            return True

    def sweep(self, status: ScraperStatus, origin: Origin | None = None) -> int:
        """Take back every paper that may not be in transit while the switch is so; returns how many."""
        if (rule := _SWEEPS.get(status)) is None:
            return 0
        papers = [job.paper for job in self.jobs.open(rule.which)]
        if not papers:
            return 0
        because = origin or Origin(command="sweep", actor=PROGRAM.name, correlation=str(uuid7()))
        plain = Origin(command=because.command, actor=because.actor, correlation=because.correlation)
        return self.reverting.revert(papers, rule.command, plain)


def misplaced(status: ScraperStatus, jobs: Jobs) -> Sequence[JobRow]:
    """The open jobs that may not be while the switch is so: a sweep takes them back."""
    rule = _SWEEPS.get(status)
    return jobs.open(rule.which) if rule else ()


def stop_order(reason: str, actor: Actor, now: datetime) -> StopOrder:
    """What the stop file says when somebody stops everything."""
    return StopOrder(
        key=f"emergency stop {uuid7()}",
        actor=clean(actor.name),
        is_person=actor.is_person,
        at=now,
        reason=clean(reason),
    )


def switch(log: EventLog) -> Scraper:
    """The switch as the log has it."""
    state, _ = load(log, scraper.DECIDER, scraper.STREAM)
    return state


def modules(log: EventLog) -> Settings:
    """Which modules are on."""
    state, _ = load(log, settings.DECIDER, settings.STREAM)
    return state
