"""Who works, and what was left by those that do not any more."""

from collections.abc import Sequence
from datetime import timedelta

from application.formats import listed, plural
from application.health import Finding, ok, warning
from application.planning import AHEAD
from domain.pipeline import Status
from infrastructure.health.place import Place
from infrastructure.read_models.import_queries import SqlImports
from infrastructure.workers import Process

QUIET = timedelta(minutes=1)
"""An import of which nothing was heard for so long is not being worked on, unless a server is."""
TAKEN_UP = "The server takes it up when it starts: `scipaperloader run`."
PUT_BACK = (
    "The next start puts them back: `scipaperloader run`, or `scipaperloader work`. "
    "If a server runs, see `scipaperloader diagnose diagnose-scraper`."
)


def instances(place: Place) -> Finding:
    """Which processes are at work on the database."""
    found = _processes(place)
    living = [process for process in found if process.lives]
    if not living:
        return ok("No process is at work.")
    told = f"{plural(len(living), 'process is', 'processes are')} at work: {listed([_named(one) for one in living])}."
    if place.opening.database.is_sqlite and not all(process.is_here for process in living):
        return warning(
            f"{told} One of them on another machine.",
            "SQLite's locks do not hold over a network: stop the others, or use PostgreSQL.",
        )
    return ok(told)


def imports(place: Place) -> Finding:
    """Whether imports were begun that nobody works on."""
    model = SqlImports(place.opening.database)
    unfinished = [row for name in model.unfinished() if (row := model.find(name))]
    if not unfinished:
        return ok("None is unfinished.")
    told = plural(len(unfinished), "import is", "imports are") + " unfinished"
    quiet = all(row.updated_at < place.clock.now() - QUIET for row in unfinished)
    if quiet and not any(process.lives for process in _processes(place)):
        names = listed([f"“{row.filename}”" for row in unfinished[:3]])
        return warning(f"{told}, and nobody works on them: {names}.", TAKEN_UP)
    return ok(f"{told} and worked on.")


def transit(place: Place) -> Finding:
    """Whether papers are in the hands of processes that have ended, or planned for an hour that is over."""
    held = [one for one in place.papers.in_transit() if one.status is Status.PROCESSING]
    living = place.workers.living()  # asked afterwards: who claims is at work before
    left = [one for one in held if one.worker not in living]
    over, planned = len(too_late(place)), len(place.jobs.planned())
    told = [f"{plural(len(left), 'paper is', 'papers are')} in the hands of a process that has ended"] if left else []
    told += [f"{plural(over, 'job is', 'jobs are')} planned for an hour that is over"] if over else []
    if told:
        return warning(f"{listed(told)}.", PUT_BACK)
    told = [f"{plural(len(held), 'paper is', 'papers are')} being worked on"] if held else []
    told += [f"{plural(planned, 'job is', 'jobs are')} planned"] if planned else []
    return ok(f"{listed(told)}." if told else "None is in work.")


def too_late(place: Place) -> Sequence[str]:
    """The papers of the jobs that no hour is for any more."""
    now = place.clock.now()
    return place.jobs.over(now, beyond=now + AHEAD)


def leases(place: Place) -> Finding:
    """Whether processes have ended whose leases have not."""
    dead = [process for process in _processes(place) if not process.lives]
    if not dead:
        return ok("None is of a process that has ended.")
    told = f"{plural(len(dead), 'process has', 'processes have')} ended without giving its lease back"
    return warning(
        f"{told}: {listed([_named(one) for one in dead])}.",
        "Nothing is to be done: it ends by itself within 20 seconds, and a server takes back what the process had.",
        processes=[process.pid for process in dead],
    )


def _processes(place: Place) -> tuple[Process, ...]:
    return place.workers.processes()


def _named(process: Process) -> str:
    return f"process {process.pid} on {process.host}"
