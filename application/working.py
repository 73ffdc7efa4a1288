"""Working: locate and download whatever is due, now, with several hands, until nothing is left to do."""

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from attrs import define, field, frozen

from application.controlling import EmergencyStopped
from application.handling import PROGRAM, Actor
from application.ports.clock import Clock
from application.queries import PaperRow, Papers
from application.reopening import ENDS, Reopening
from domain.errors import SciPaperLoaderError
from domain.pipeline import DOWNLOAD, LOCATE, Status
from domain.scraper import ScraperStatus

__all__ = ["Done", "EmergencyStopped", "Remainder", "Working", "keep_working"]

WINDOW = 200
"""Due papers that are looked up at once."""
STARTS = (Status.LOCATED, Status.NEW)
"""What is taken up, nearest to its end first."""
PATIENCE = 1.0
"""Seconds between two looks for work while hands are busy."""
LAST_WORDS = 30.0
"""Seconds that steps under way have to end when the work is to stop; a thread that hangs is given up then."""

Step = Callable[[str], Status | None]


@frozen(kw_only=True)
class Done:
    """One step was taken: which paper, from which status to which; None where it was not ours."""

    paper: PaperRow
    status: Status | None


@frozen(kw_only=True)
class Remainder:
    """What `work` left: how many papers wait for a moment of their own, and when the first one's is."""

    waiting: int
    next_due: datetime | None


@define
class _Hands:
    """What is being worked on in this process, and what was found due."""

    running: dict[Future[Status | None], PaperRow] = field(factory=dict)
    due: dict[Status, list[PaperRow]] = field(factory=lambda: {status: [] for status in STARTS})
    crashed: set[str] = field(factory=set)
    """Papers on which a step crashed: left alone until the next run, or it would crash without end."""

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that are being downloaded from."""
        return frozenset(one.host for one in self.running.values() if one.status is Status.LOCATED and one.host)

    @property
    def papers(self) -> frozenset[str]:
        """The papers that are being worked on: what was looked up of them is out of date when their step ends."""
        return frozenset(one.id for one in self.running.values())

    def next(self, status: Status) -> PaperRow | None:
        """Take the first due paper whose host is free."""
        hosts = self.hosts
        for number, row in enumerate(self.due[status]):
            if status is not Status.LOCATED or row.host not in hosts:
                return self.due[status].pop(number)
        return None


@frozen(kw_only=True)
class Working:
    """Runs the modules on what is due. Other processes may do the same: a paper is claimed by its stream."""

    papers: Papers
    clock: Clock
    reopening: Reopening
    status: Callable[[], ScraperStatus]
    """The position of the switch."""
    locate: Step
    download: Step
    starts: tuple[Status, ...] = STARTS
    runs: Callable[[str], bool] = lambda _: True
    """Whether a module is switched on."""
    rests: Callable[[], datetime | None] = lambda: None
    """Until when nothing is taken up, because nothing out there answers."""
    hands: int = 4
    pool: Callable[[int], Executor] = ThreadPoolExecutor
    stop: Callable[[], bool] = lambda: False

    def work(self, patience: timedelta = timedelta(0), actor: Actor = PROGRAM) -> Iterator[Done | BaseException]:
        """Take steps until nothing is due within `patience`; yields each as it ends, a crash as its exception.

        Raises EmergencyStopped, and whatever makes every further step useless, a full disk for one.
        """
        hands = _Hands()
        pool = self.pool(self.hands)
        try:
            while not self.stop():
                self.check()
                self._hand_out(pool, hands)
                if len(hands.running) < self.hands and self.reopening.reopen(actor):
                    continue
                if hands.running:
                    yield from self._ended(hands)
                elif not self._rest(patience):
                    return
            yield from self._ended(hands, everything=True)
        finally:
            wait(hands.running, timeout=LAST_WORDS)
            pool.shutdown(wait=False)

    def check(self) -> None:
        """Raises EmergencyStopped."""
        if self.status() is ScraperStatus.EMERGENCY_STOPPED:
            raise EmergencyStopped

    def _hand_out(self, pool: Executor, hands: _Hands) -> None:
        for status in () if self.rests() else self.starts:
            module, step = (DOWNLOAD, self.download) if status is Status.LOCATED else (LOCATE, self.locate)
            if not self.runs(module.name):
                continue
            while len(hands.running) < self.hands and (row := self._next(hands, status)):
                hands.running[pool.submit(step, row.id)] = row

    def _next(self, hands: _Hands, status: Status) -> PaperRow | None:
        """A paper to take up: of those found due, else of those due now on hosts that are free."""
        if (row := hands.next(status)) is None:
            due = self.papers.due(status, self.clock.now(), WINDOW, besides=hands.hosts)
            hands.due[status] = [one for one in due if one.id not in hands.papers | hands.crashed]
            row = hands.next(status)
        return row

    def _ended(self, hands: _Hands, *, everything: bool = False) -> Iterator[Done | BaseException]:
        timeout = LAST_WORDS if everything else PATIENCE
        finished, _ = wait(
            hands.running, timeout=timeout, return_when="ALL_COMPLETED" if everything else FIRST_COMPLETED
        )
        for future in finished:
            row = hands.running.pop(future)
            error = future.exception()
            if error is None:
                yield Done(paper=row, status=future.result())
            elif isinstance(error, SciPaperLoaderError) and not error.transient:
                raise error
            else:
                hands.crashed.add(row.id)
                yield error

    def _rest(self, patience: timedelta) -> bool:
        """Wait for the next paper's moment if it is near; whether there is one."""
        now = self.clock.now()
        due = self.rests() or self.papers.next_due((*self.starts, *ENDS), now)
        if due is None or due > now + patience:
            return False
        self.clock.sleep(min((due - now).total_seconds() + 0.01, PATIENCE))
        return True

    def remainder(self) -> Remainder:
        """What waits for a moment of its own."""
        now = self.clock.now()
        due = self.papers.next_due((*self.starts, *ENDS), now)
        return Remainder(waiting=self.papers.waiting((*self.starts, *ENDS), now), next_due=due)


def keep_working(
    working: Working,
    pause: float,
    report: Callable[[BaseException], object],
    ended: Callable[[], bool] | None = None,
) -> None:
    """Work until the application has `ended`, with pauses of so many seconds when nothing is due or it may not work.

    What ends a run, a full disk for one, is looked at again after the pause; an emergency stop is no fault. `report`
    takes faults.
    """
    while not (ended or working.stop)():
        try:
            for step in working.work():
                if not isinstance(step, Done):
                    report(step)
        except EmergencyStopped:
            pass
        except Exception as error:  # noqa: BLE001 (whatever it was, the work goes on after the pause)
            report(error)
        working.clock.sleep(pause)
