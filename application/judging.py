"""Judging a doubtful file: a person looks at it and says whether it is the paper."""

from attrs import frozen
from uuid_utils import uuid7

from application.handling import Actor, on_record
from application.letting_go import Guard, execute_letting_go
from application.ports.event_log import Appended, EventLog, Origin
from application.ports.library import Library
from domain import paper
from domain.errors import NotAllowed
from domain.paper import Paper
from domain.paper_commands import SettleDoubt


@frozen(kw_only=True)
class Judging:
    """The handler of a person's verdict."""

    log: EventLog
    library: Library

    def accept(self, name: str, actor: Actor, *, sha256: str = "") -> Appended:
        """The file is the paper. `sha256` tells the file that was looked at: of another one nothing is said.

        Raises CommandRefused, which is recorded.
        """
        return self._settle(name, actor, sha256, "accept", accepted=True)

    def reject(self, name: str, actor: Actor, *, sha256: str = "") -> Appended:
        """The file is not the paper: it goes, its copy is not tried again, and the next copy is tried in its turn."""
        return self._settle(name, actor, sha256, "reject", accepted=False)

    def _settle(self, name: str, actor: Actor, sha256: str, command: str, *, accepted: bool) -> Appended:
        stream = paper.stream_of(name)
        origin = Origin(command=command, actor=actor.name, correlation=str(uuid7()))
        with on_record(self.log, stream, origin, actor):
            return execute_letting_go(
                self.log, self.library, stream, (SettleDoubt(accepted=accepted),), origin, _same(sha256, command)
            )


def _same(sha256: str, command: str) -> Guard:
    """Refuses to judge a file that came in place of the one that was looked at."""

    def check(state: Paper) -> None:
        if sha256 and state.file is not None and state.file.sha256 != sha256:
            raise NotAllowed(command, "the file", "another one by now", remedy="Look at it before you judge it.")

    return check
