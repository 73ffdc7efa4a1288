"""The planned jobs of this hour on APScheduler, which calls each at its moment."""

import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

import structlog
from apscheduler.executors.debug import DebugExecutor
from apscheduler.executors.pool import BasePoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from attrs import define

from domain.errors import SciPaperLoaderError
from infrastructure.scheduling.pool import DaemonPool

BEAT = 10
"""Seconds between two signs of life of the scheduler's thread."""
SILENCE = 60.0
"""Seconds without one after which it is taken for dead, and replaced."""

logger = structlog.get_logger(__name__)


class _OnPool(BasePoolExecutor):  # type: ignore[misc]  # it has no types
    """APScheduler's executor over a pool of ours, which outlives the scheduler."""

    def __init__(self, pool: DaemonPool) -> None:
        super().__init__(pool)

    def shutdown(self, wait: bool = True) -> None:
        """Leave the pool alone."""


@define(eq=False, kw_only=True)
class _Call:
    """A job that was set. Only the call that is known of a job may run it: all others come from the past."""

    job: int
    moment: datetime
    runs: bool = False


class SchedulerTimetable:
    """Adapter of application.ports.timetable.Timetable. `run` runs a job by its id, on one of `hands` threads.

    A job is known from the moment it is set until it has run, or until it is set no more before it runs, be it that
    it waits for a thread: it cannot be set a second time before.
    """

    def __init__(self, run: Callable[[int], object], hands: int, silence: float = SILENCE) -> None:
        self._run, self._silence = run, silence
        self._pool = DaemonPool(hands, "jobs")
        self._lock = threading.Lock()
        self._known: dict[int, _Call] = {}
        self._scheduler = self._new_scheduler()
        self._beaten_at = time.monotonic()

    def start(self) -> None:
        """Begin to call what is set."""
        self._beat(self._scheduler)
        self._scheduler.start()

    def stop(self) -> None:
        """Call nothing more; what runs is left to end by itself."""
        self._forget_all()
        if self._scheduler.running:
            _end(self._scheduler)
        self._pool.shutdown(wait=False)

    def set(self, due: Mapping[int, datetime]) -> None:
        """See the port."""
        self._watch()
        for call in self._forgotten(due):
            with suppress(JobLookupError):  # it waits for a thread, and finds there that it is not known any more
                self._scheduler.remove_job(_name(call))
        for job, moment in due.items():
            self._add(_Call(job=job, moment=moment))

    def clear(self) -> None:
        """See the port."""
        self.set({})
        if given_up := self._pool.abandon():
            logger.info("jobs that run were given up", threads=given_up)

    def _forgotten(self, due: Mapping[int, datetime]) -> list[_Call]:
        """Forget what does not run and is set no more, or for another moment; returns that."""
        with self._lock:
            gone = [call for call in self._known.values() if not call.runs and due.get(call.job) != call.moment]
            for call in gone:
                del self._known[call.job]
        return gone

    def _forget_all(self) -> None:
        with self._lock:
            self._known.clear()

    def _add(self, call: _Call) -> None:
        with self._lock:
            if call.job in self._known:
                return
            self._known[call.job] = call
        try:
            self._scheduler.add_job(
                self._guarded, trigger="date", run_date=call.moment, args=[call], id=_name(call), replace_existing=True
            )
        except Exception:
            self._ended(call)
            raise

    def _guarded(self, call: _Call) -> None:
        with self._lock:
            if self._known.get(call.job) is not call:
                return
            call.runs = True
        try:
            self._run(call.job)
        except SciPaperLoaderError as error:
            logger.warning("a job was broken off", job=call.job, error=str(error))
        except Exception:  # its paper was put off, or is taken back by the next pass
            logger.exception("a job failed", job=call.job)
        finally:
            self._ended(call)

    def _ended(self, call: _Call) -> None:
        with self._lock:
            if self._known.get(call.job) is call:
                del self._known[call.job]

    def _new_scheduler(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": _OnPool(self._pool), "own thread": DebugExecutor()},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": sys.maxsize},
        )
        scheduler.add_job(
            self._beat, trigger="interval", seconds=BEAT, args=[scheduler], id="beat", executor="own thread"
        )
        return scheduler

    def _beat(self, scheduler: BackgroundScheduler) -> None:
        if scheduler is self._scheduler:  # one that was replaced may wake up again
            self._beaten_at = time.monotonic()

    def _watch(self) -> None:
        """Replace a scheduler whose thread is dead or hangs. A job that runs still is found to be running."""
        if not self._scheduler.running or time.monotonic() - self._beaten_at < self._silence:
            return
        logger.error("the scheduler gave no sign of life and is replaced", seconds=self._silence)
        old, self._scheduler = self._scheduler, self._new_scheduler()
        self._forget_all()
        threading.Thread(target=_end, args=(old,), name="end of a scheduler", daemon=True).start()
        self.start()


def _name(call: _Call) -> str:
    return f"job {call.job}"


def _end(scheduler: BackgroundScheduler) -> None:
    """End a scheduler; waits for its thread, for ever where that hangs for ever."""
    scheduler.remove_all_jobs()  # a job that is handed out during the shutdown makes its thread crash
    scheduler.shutdown(wait=False)
