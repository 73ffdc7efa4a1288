"""Commands on many papers at once, in processes of their own that are killed at a point."""

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from attrs import asdict

from application import planning, reverting
from application.controlling import Controlling
from application.handling import Actor, order
from application.planning import Planning
from application.queries import JobFilter
from application.reverting import Reverting
from application.running_jobs import RunningJobs
from domain import schedule
from infrastructure.clock import SystemClock
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models.job_queries import SqlJobs
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from infrastructure.stop_file import FolderStopFile
from tests.contract.processes import started
from tests.crash.points import At, arm
from tests.databases import address

NINE = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
IDA = Actor(name="Ida", is_person=True)
WEIGHTS = tuple(float(number) for number in range(24))
VOLUME = 4_711


def log_of(database: Database) -> SqlEventLog:
    """The log of a database."""
    return SqlEventLog(database, SystemClock(), READ_MODELS)


def plan(database: Database) -> int:
    """Plan the hour from nine to ten; returns how many papers were queued."""
    log, jobs = log_of(database), SqlJobs(database)
    handler = Planning(log=log, papers=SqlPapers(database), jobs=jobs, reverting=Reverting(log=log), new_seed=lambda: 7)
    return handler.plan(NINE)


def save_schedule(database: Database) -> object:
    """Change weights and volume in one command."""
    wanted = (schedule.ChangeWeights(weights=WEIGHTS), schedule.ChangeVolume(volume=VOLUME))
    return order(log_of(database), schedule.DECIDER, schedule.STREAM, wanted, IDA, "change the schedule")


def revoke_everything(database: Database) -> int:
    """Revoke every open job; returns how many."""
    log, jobs, back, clock = log_of(database), SqlJobs(database), Reverting(log=log_of(database)), SystemClock()
    stop_file = FolderStopFile(Path("nowhere"))
    controlling = Controlling(log=log, jobs=jobs, reverting=back, stop_file=stop_file, clock=clock)
    running = RunningJobs(
        log=log, jobs=jobs, controlling=controlling, reverting=back, clock=clock, download=lambda *_, **__: None
    )
    return running.revoke_all(JobFilter(), IDA)


WORK: Mapping[str, Callable[[Database], object]] = {
    "plan": plan,
    "save the schedule": save_schedule,
    "revoke everything": revoke_everything,
}


def do(url: str, work: str, batch: int, at: dict[str, Any] | None) -> None:
    """Do the work, so many papers in an append; of a process of its own."""
    planning.BATCH = reverting.BATCH = batch
    if at:
        arm(At(**at))
    with closing(Database(url)) as database:
        WORK[work](database)


def done_by_another(database: Database, work: str, batch: int, at: At | None = None) -> int:
    """Let another process do the work; returns its exit code, negative for a signal."""
    with started(do, address(database), work, batch, at and asdict(at)) as process:
        process.join(timeout=60)
        assert process.exitcode is not None
        return process.exitcode
