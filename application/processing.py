"""Processing one chosen paper at once, outside of the schedule, because a person wants it."""

from collections.abc import Callable

from attrs import frozen
from uuid_utils import uuid7

from application.acting import Acting
from application.controlling import Controlling, EmergencyStopped, ModuleOff, modules
from application.handling import Actor, load, on_record
from application.ports.event_log import EventLog, Origin
from application.ports.library import Library
from domain import paper
from domain.acts import Act, Action
from domain.errors import DoesNotExist, NotAllowed
from domain.paper import Paper
from domain.pipeline import ALLOWED, DOWNLOAD, LOCATE, Status
from domain.scraper import ScraperStatus

Step = Callable[..., Status | None]
_REOPENS = frozenset({Status.UNAVAILABLE, Status.FAILED})
PROCESSES = ALLOWED["start processing"] | _REOPENS
"""In which statuses a paper can be processed at once."""


@frozen(kw_only=True)
class Processing:
    """The handler that leads one paper through the pipeline in the caller's thread."""

    log: EventLog
    library: Library
    controlling: Controlling
    locate: Step
    download: Step

    def retry(self, name: str, actor: Actor) -> Status:
        """Send a paper through the pipeline again, in its turn; returns its status. Raises CommandRefused.

        A doubtful file goes with that. It is noted before, so that recovering removes it after a crash.
        """
        Acting(log=self.log, library=self.library).act(name, Act(action=Action.RETRY), actor)
        return self._status(name)

    def check(self, name: str, actor: Actor) -> None:
        """Refuse what `process` would: an emergency stop, a paper that nothing can be done for, a module that is off.

        Raises EmergencyStopped, DoesNotExist, NotAllowed, ModuleOff; a person's refusal is recorded.
        """
        origin = Origin(command="process", actor=actor.name, correlation=str(uuid7()))
        with on_record(self.log, paper.stream_of(name), origin, actor):
            if self.controlling.status() is ScraperStatus.EMERGENCY_STOPPED:
                raise EmergencyStopped
            state, on = self._load(name), modules(self.log)
            if state.status not in PROCESSES:
                raise NotAllowed("process", "the paper", str(state.status))
            if off := [one.name for one in (LOCATE, DOWNLOAD) if not on.runs(one.name)]:
                raise ModuleOff(off[0])

    def process(self, name: str, actor: Actor) -> Status:
        """Locate the paper if need be, and download it; returns its status then. Raises what `check` does."""
        self.check(name, actor)
        if self._status(name) in _REOPENS:
            self.retry(name, actor)
        if self._resting(name) in LOCATE.takes:
            self.locate(name, by_hand=True, actor=actor)
        if self._resting(name) in DOWNLOAD.takes:
            self.download(name, by_hand=True, actor=actor)
        return self._status(name)

    def _load(self, name: str) -> Paper:
        state, _ = load(self.log, paper.DECIDER, paper.stream_of(name))
        if state.status is None:
            raise DoesNotExist(f"The paper “{name}”")
        return state

    def _status(self, name: str) -> Status:
        status = self._load(name).status
        assert status is not None  # noqa: S101 (checked when it was loaded)
        return status

    def _resting(self, name: str) -> Status:
        return self._load(name).resting
