"""The quick fix: stop everything, and end this installation's own servers, so that they can be started anew."""

from collections.abc import Callable, Sequence

from attrs import frozen

from application.emergency import Emergency, Outcome
from application.handling import Actor
from application.ports.processes import Ending, Life, Processes, ServerProcess

WENT = frozenset({Ending.ENDED, Ending.KILLED, Ending.GONE})


@frozen(kw_only=True)
class Fixed:
    """What was done: the stop, what became of each process, and the reset, where it was wanted."""

    stopped: Outcome
    endings: Sequence[tuple[ServerProcess, Ending]]
    reset: Outcome | None = None

    @property
    def succeeded(self) -> bool:
        """Whether every process ended, and the reset, where it was wanted, was done."""
        ended = all(ending in WENT for _, ending in self.endings)
        return ended and (self.reset is None or self.reset.effect.told)


@frozen(kw_only=True)
class QuickFix:
    """The handler."""

    emergency: Emergency
    processes: Processes

    def living(self) -> list[ServerProcess]:
        """The servers that would be ended: those on this machine, recognised by number and start."""
        return [process for process in self.processes.all() if process.lives]

    def left_alone(self) -> list[ServerProcess]:
        """Servers of other machines: they cannot be seen from here."""
        return [process for process in self.processes.all() if process.life is Life.ELSEWHERE]

    def run(
        self,
        reason: str,
        actor: Actor,
        *,
        reset: bool = False,
        report: Callable[[ServerProcess, Ending], object] = lambda *_: None,
    ) -> Fixed:
        """Stop everything, end the servers, and tell the log afterwards if it did not answer before.

        Raises StopFileUnavailable, before any process is ended.
        """
        order = self.emergency.write(reason, actor)
        stopped = self.emergency.tell(order)
        endings = []
        for process in self.living():
            ending = self.processes.end(process)
            report(process, ending)
            endings.append((process, ending))
        if not stopped.effect.told and endings:
            stopped = self.emergency.tell(order)  # one of them may have held the database
        after = self.emergency.reset(actor) if reset else None
        return Fixed(stopped=stopped, endings=endings, reset=after)
