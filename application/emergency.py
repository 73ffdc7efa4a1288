"""The emergency stop from outside of a server: whatever state the database is in, none is made or migrated."""

from collections.abc import Callable, Sequence

from attrs import frozen

from application.condition import Headline, headline
from application.controlling import Controlling, Effect, stop_order
from application.formats import plural
from application.handling import Actor
from application.health import Check, Finding, State, examine, in_time, ok
from application.ports.clock import Clock
from application.ports.stop_file import StopFile, StopOrder
from domain.scraper import Action, ScraperStatus

TELLING = 60.0
"""Seconds that the log has to take the stop, once the database has shown that it can be written."""


@frozen(kw_only=True)
class Outcome:
    """How the database was, what became of the switch, and why the log could not be told, "" where it was."""

    headline: Headline
    effect: Effect
    stop_file: str
    fault: str = ""


@frozen(kw_only=True)
class Emergency:
    """The handler. `checks` tell whether the log can be told; `controlling` is asked for only if it can."""

    stop_file: StopFile
    path: str
    """Where the stop file is."""
    clock: Clock
    checks: Sequence[Check]
    controlling: Callable[[], Controlling]

    def stop(self, reason: str, actor: Actor) -> Outcome:
        """Stop everything: first by the file, and then in the log, if it answers. Raises StopFileUnavailable."""
        return self.tell(self.write(reason, actor))

    def write(self, reason: str, actor: Actor) -> StopOrder:
        """Stop everything by the file alone; no database is asked. Raises StopFileUnavailable."""
        order = stop_order(reason, actor, self.clock.now())
        self.stop_file.write(order)
        return order

    def look(self) -> Headline:
        """How the database is; nothing is changed."""
        return headline(examine(self.checks))

    def tell(self, order: StopOrder) -> Outcome:
        """Tell the log what the stop file says, if it answers, and take everything back.

        The order is given again where somebody ended an earlier emergency meanwhile, and took its file away.
        """
        outcome = self._tell()
        while not self.stop_file.present():
            self.stop_file.write(order)
            outcome = self._tell()
        return outcome

    def _tell(self) -> Outcome:
        told: list[int] = []

        def record() -> Finding:
            told.append(self.controlling().record_emergency(anew=True))
            return ok("")

        found, fault = self._if_it_answers(record)
        effect = Effect(status=ScraperStatus.EMERGENCY_STOPPED, reverted=sum(told), told=not fault)
        return Outcome(headline=found, effect=effect, stop_file=self.path, fault=fault)

    def reset(self, actor: Actor) -> Outcome:
        """End the emergency, if the log answers."""
        effects: list[Effect] = []

        def reset() -> Finding:
            effects.append(self.controlling().use(Action.RESET, "", actor))
            return ok("")

        found, fault = self._if_it_answers(reset)
        stays = Effect(status=ScraperStatus.EMERGENCY_STOPPED, reverted=0, told=False)
        effect = effects[0] if effects and not fault else stays
        return Outcome(headline=found, effect=effect, stop_file=self.path, fault=fault)

    def _if_it_answers(self, act: Callable[[], Finding]) -> tuple[Headline, str]:
        """Do it in time, if the database can be written; returns how that is, and why it was not done."""
        found = self.look()
        if not found.is_ok:
            return found, found.sentence
        acted = in_time(Check(name="log", tested="The log", examine=act, seconds=TELLING))
        return found, acted.value if acted.state is State.ERROR else ""


def in_words(outcome: Outcome) -> list[str]:
    """What the emergency stop did, as sentences for a person."""
    lines = [f"Emergency stop: nothing leaves this machine any more, over restarts too: {outcome.stop_file} holds it."]
    if outcome.effect.told:
        back = plural(outcome.effect.reverted, "paper")
        lines.append(f"The log knows of it, and {back} in transit went back.")
    else:
        lines.append(f"The log could not be told: {outcome.fault}")
        lines.append("The next process that reaches the log tells it, and takes the papers back.")
    lines.append("It holds until `scipaperloader scraper reset`.")
    return lines
