"""What a person does with one paper: exclude it, want it again, give it up, note that it was asked for elsewhere."""

from attrs import frozen
from uuid_utils import uuid7

from application.handling import Actor, on_record
from application.letting_go import execute_letting_go
from application.ports.event_log import Appended, EventLog, Origin
from application.ports.library import Library
from application.reversing import reverse_of
from domain import paper
from domain.acts import Act
from domain.paper_commands import Command


@frozen(kw_only=True)
class Acting:
    """The handler of acts on one paper."""

    log: EventLog
    library: Library

    def act(self, name: str, wanted: Act, actor: Actor) -> Appended:
        """Do it. A person's refused command is recorded. Raises CommandRefused.

        A paper in transit leaves it in the same decision, and its attempt ends without a result. A doubtful file that
        the paper has no more goes; it is noted before, so that recovering removes it after a crash.
        """
        stream = paper.stream_of(name)
        origin = Origin(command=wanted.action.value, actor=actor.name, correlation=str(uuid7()))
        return self._carry_out(stream, wanted.command, origin, actor)

    def take_back(self, name: str, correlation: str, actor: Actor) -> Appended:
        """Take back what was done with the paper under a correlation. Raises CommandRefused."""
        stream = paper.stream_of(name)
        origin = Origin(command="undo", actor=actor.name, correlation=str(uuid7()), causation=correlation)
        with on_record(self.log, stream, origin, actor):
            command = reverse_of(self.log.stream(stream), correlation)
        return self._carry_out(stream, command, origin, actor)

    def _carry_out(self, stream: str, command: Command, origin: Origin, actor: Actor) -> Appended:
        """Decide and append."""
        with on_record(self.log, stream, origin, actor):
            return execute_letting_go(self.log, self.library, stream, (command,), origin)
