"""The files of papers through everything that people and crashes do: the library holds what the log names, no more."""

import hashlib
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from attrs import define, field
from hypothesis import given, settings
from hypothesis import strategies as st

from application.acting import Acting
from application.attaching import Attaching, Gift
from application.judging import Judging
from application.ports.event_log import Appended, Origin, Write
from application.ports.library import Verdict
from application.recovering import Recovering
from domain.acts import Action, act
from domain.errors import CommandRefused
from infrastructure.log.memory import MemoryEventLog
from tests.application.desk import Desk, copy
from tests.fakes.clock import FakeClock
from tests.fakes.workers import FakeWorkers
from tests.simulation.installation import PERSON, Killed

PAPERS = 2
STEPS = ("download", "doubtful", "give", "give wrong", "accept", "reject", *Action)
DEATHS = (None, "before", "after")
Step = tuple[str, int, str | None]


class FatedLog(MemoryEventLog):
    """A log at whose next append of a person the process may end."""

    death: str | None = None

    def append(self, writes: list[Write], origin: Origin) -> Appended:  # type: ignore[override]
        death = self.death if origin.actor == PERSON.name else None
        if death == "before":
            raise Killed
        appended = super().append(writes, origin)
        if death == "after":
            raise Killed
        return appended


class NoTransit:
    """No paper is in transit: what a dead process left there is another test's affair."""

    def in_transit(self) -> tuple[()]:
        """None."""
        return ()


@define
class Town:
    """A desk, its papers, and the process that may die."""

    folder: Path
    desk: Desk = field(init=False)
    log: FatedLog = field(init=False)
    names: list[str] = field(factory=list)
    worker: int = 1
    given: int = 0

    def __attrs_post_init__(self) -> None:
        self.desk = Desk(self.folder / "library")
        self.log = FatedLog(FakeClock())
        self.desk.log = self.log
        self.names = [self.desk.located(*(copy(f"https://a.example/{n}/{i}") for i in range(9))) for n in range(PAPERS)]

    def take(self, step: Step) -> None:
        """Do one thing; where the process dies of it, the next one looks for what it left."""
        what, number, self.log.death = step
        try:
            with suppress(CommandRefused):
                self.doing(what)(self.names[number])
        except Killed:
            self.worker += 1
            self.recover()
        self.log.death = None

    def doing(self, what: str) -> Callable[[str], object]:
        """What is done to a paper."""
        judging = Judging(log=self.log, library=self.desk.library)
        others: dict[str, Callable[[str], object]] = {
            "download": lambda name: self.download(name, Verdict.RIGHT),
            "doubtful": lambda name: self.download(name, Verdict.DOUBTFUL),
            "give": lambda name: self.give(name, Verdict.RIGHT),
            "give wrong": lambda name: self.give(name, Verdict.WRONG),
            "accept": lambda name: judging.accept(name, PERSON),
            "reject": lambda name: judging.reject(name, PERSON),
        }
        acting = Acting(log=self.log, library=self.desk.library)
        return others.get(what) or (lambda name: acting.act(name, act(Action(what)), PERSON))

    def download(self, name: str, verdict: Verdict) -> None:
        """The program downloads the paper, if it may."""
        body = self.body(verdict)
        self.desk.fetcher.web = {one.url: body for one in self.desk.paper(name).copies}
        self.desk.downloading().download(name)

    def give(self, name: str, verdict: Verdict) -> None:
        """A person gives a file."""
        body = self.body(verdict)
        path = self.folder / "an upload"
        path.write_bytes(body)
        gift = Gift(path=path, name="mine.pdf", sha256=hashlib.sha256(body).hexdigest())
        attaching = Attaching(
            log=self.log, library=self.desk.library, checker=self.desk.checker, worker=f"worker-{self.worker}"
        )
        attaching.attach(name, gift, PERSON)

    def body(self, verdict: Verdict) -> bytes:
        """A new file."""
        self.given += 1
        cause = "wrong_document" if verdict is Verdict.WRONG else None
        return self.desk.file(verdict, cause, f"{self.given}".encode())

    def recover(self) -> None:
        """Another process looks for what the dead one left."""
        workers = FakeWorkers(f"worker-{self.worker}")
        Recovering(log=self.log, papers=NoTransit(), workers=workers, library=self.desk.library).recover()  # type: ignore[arg-type]

    def named(self) -> list[str]:
        """The files that the log names."""
        return sorted(file.path for name in self.names if (file := self.desk.paper(name).file))


steps = st.tuples(st.sampled_from(STEPS), st.integers(0, PAPERS - 1), st.sampled_from(DEATHS))


@settings(max_examples=150, deadline=None)
@given(st.lists(steps, max_size=14))
def test_the_library_holds_what_the_log_names_and_nothing_else(sequence: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        town = Town(Path(folder))
        for step in sequence:
            town.take(step)
            assert sorted(town.desk.library.files()) == town.named(), step
            assert town.desk.library.unsettled() == (), step
