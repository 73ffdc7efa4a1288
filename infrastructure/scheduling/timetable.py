"""The planned jobs of this hour on APScheduler, which calls each at its moment."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from apscheduler.executors.debug import DebugExecutor
from apscheduler.executors.pool import BasePoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from domain.errors import SciPaperLoaderError
from infrastructure.scheduling.pool import DaemonPool

BEAT = 10
"""Seconds between two signs of life of the scheduler's thread."""
SILENCE = 60.0
"""Seconds without one after which it is taken for dead, and replaced."""

logger = structlog.get_logger(__name__)


class _OnPool(BasePoolExecutor):  # type: ignore[misc]  # it has no types
    """APScheduler's executor over a pool of ours."""

    def __init__(self, pool: DaemonPool) -> None:
        super().__init__(pool)


class SchedulerTimetable:
    """Adapter of application.ports.timetable.Timetable. `run` runs a job by its id, on one of `hands` threads.

    A job is known from the moment it is set until it has run: it cannot be set a second time while it waits for a
    thread or runs.
    """

    def __init__(self, run: Callable[[int], object], hands: int, silence: float = SILENCE) -> None:
        self._run, self._silence = run, silence
        self._pool = DaemonPool(hands, "jobs")
        self._lock = threading.Lock()
        self._known: dict[int, datetime] = {}
        self._beaten_at = time.monotonic()
        self._scheduler = self._new_scheduler()

    def start(self) -> None:
        """Begin to call what is set."""
        self._beat()
        self._scheduler.start()

    def stop(self) -> None:
        """Call nothing more; what runs is left to end by itself."""
        self._pool.shutdown(wait=False)
        if self._scheduler.running:
            self._scheduler.remove_all_jobs()  # a job that is handed out during the shutdown makes its thread crash
            self._scheduler.shutdown(wait=False)

    def set(self, due: Mapping[int, datetime]) -> None:
        """See the port."""
        self._watch()
        with self._lock:
            gone = [job for job, moment in self._known.items() if due.get(job) != moment]
        for job in gone:
            self._forget(job)
        with self._lock:
            new = {job: moment for job, moment in due.items() if job not in self._known}
            self._known |= new
        for job, moment in new.items():
            self._scheduler.add_job(self._guarded, trigger="date", run_date=moment, args=[job], id=f"job {job}")

    def clear(self) -> None:
        """See the port."""
        self.set({})
        if given_up := self._pool.abandon():
            logger.info("jobs that run were given up", threads=given_up)

    def _forget(self, job: int) -> None:
        try:
            self._scheduler.remove_job(f"job {job}")
        except JobLookupError:  # it waits for a thread or runs: it asks by itself whether it may
            return
        with self._lock:
            self._known.pop(job, None)

    def _guarded(self, job: int) -> None:
        try:
            self._run(job)
        except SciPaperLoaderError as error:
            logger.warning("a job was broken off", job=job, error=str(error))
        except Exception:  # its paper was put off, or is taken back by the next pass
            logger.exception("a job failed", job=job)
        finally:
            with self._lock:
                self._known.pop(job, None)

    def _new_scheduler(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": _OnPool(self._pool), "own thread": DebugExecutor()},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        scheduler.add_job(self._beat, trigger="interval", seconds=BEAT, id="beat", executor="own thread")
        return scheduler

    def _beat(self) -> None:
        self._beaten_at = time.monotonic()

    def _watch(self) -> None:
        """Replace a scheduler whose thread is dead or hangs. A job that runs still is found to be running."""
        if not self._scheduler.running or time.monotonic() - self._beaten_at < self._silence:
            return
        logger.error("the scheduler gave no sign of life and is replaced", seconds=self._silence)
        with self._lock:
            self._known.clear()
        self._scheduler = self._new_scheduler()
        self.start()
