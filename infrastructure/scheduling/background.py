"""Imports in the background, on APScheduler's threads."""

from collections.abc import Callable

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import ConflictingIdError
from apscheduler.schedulers.background import BackgroundScheduler

IMPORTS_AT_ONCE = 2

logger = structlog.get_logger(__name__)


class BackgroundImports:
    """Runs imports by their id; each one at most once at a time. `run` works through an import."""

    def __init__(self, run: Callable[[str], object]) -> None:
        self._run = run
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
        """Work through the import soon. The job's id keeps a second request for it from running beside the first."""
        try:
            self._scheduler.add_job(self._guarded, args=[import_id], id=f"import {import_id}")
        except ConflictingIdError:
            return

    def _guarded(self, import_id: str) -> None:
        try:
            self._run(import_id)
        except Exception:  # the import stays unfinished and is taken up again at the next start
            logger.exception("import failed", import_id=import_id)
            raise
