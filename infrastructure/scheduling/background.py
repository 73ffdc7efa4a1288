"""Imports in the background, on APScheduler's threads."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from domain.errors import SciPaperLoaderError

IMPORTS_AT_ONCE = 2
PAUSE = timedelta(seconds=15)
"""Before an import goes on that a transient error broke off."""

Work = Callable[[str], object]

logger = structlog.get_logger(__name__)


class BackgroundImports:
    """Runs imports by their id; each one at most once at a time. `run` works through an import, `undo` takes it back.

    One that a transient error broke off, a busy database for one, goes on after a pause. What was asked for already
    and has not ended is not asked for again.
    """

    def __init__(self, run: Work, pause: timedelta = PAUSE, *, undo: Work) -> None:
        self._work, self._pause = {"import": run, "undo": undo}, pause
        self._lock, self._known = threading.Lock(), set[str]()
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(IMPORTS_AT_ONCE)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def start(self) -> None:
        """Begin to run what is asked for."""
        self._scheduler.start()

    def stop(self) -> None:
        """Wait for what runs, and take nothing new; what has not begun is taken up at the next start."""
        if self._scheduler.running:
            self._scheduler.remove_all_jobs()  # a job that is handed out during the shutdown makes its thread crash
            self._scheduler.shutdown(wait=True)

    def start_import(self, import_id: str) -> None:
        """Work through the import soon."""
        self._add("import", import_id, datetime.now(UTC))

    def start_undo(self, import_id: str) -> None:
        """Take the import back soon: beside a run of it that ends at its next batch."""
        self._add("undo", import_id, datetime.now(UTC))

    def every(self, pause: timedelta, action: Callable[[], object]) -> None:
        """Do something again and again, never twice at a time."""
        self._scheduler.add_job(action, trigger="interval", seconds=pause.total_seconds())

    def _add(self, kind: str, import_id: str, at: datetime) -> None:
        name = f"{kind} {import_id}"
        with self._lock:
            if name in self._known:
                return
            self._known.add(name)
        self._scheduler.add_job(self._guarded, trigger="date", run_date=at, args=[kind, import_id])

    def _run(self, kind: str, import_id: str) -> None:
        try:
            self._work[kind](import_id)
        finally:
            with self._lock:
                self._known.discard(f"{kind} {import_id}")

    def _guarded(self, kind: str, import_id: str) -> None:
        try:
            self._run(kind, import_id)
        except Exception as error:  # the import stays unfinished and is taken up again
            logger.exception("work on an import failed", kind=kind, import_id=import_id)
            if isinstance(error, SciPaperLoaderError) and error.transient:
                self._add(kind, import_id, datetime.now(UTC) + self._pause)
            raise
