"""Long work beside the jobs, and what is due next."""

from application.formats import listed, moment, number, plural
from application.health import Finding, ok
from application.ports.tasks import Task, TaskStatus
from application.queries import ImportRow
from domain.pipeline import Status
from infrastructure.health.place import Place
from infrastructure.read_models.import_queries import SqlImports
from infrastructure.tasks import SqlTasks

SHOWN = 20
"""Tasks that are shown."""


def imports(place: Place) -> Finding:
    """The imports under way, and how far they are."""
    model = SqlImports(place.opening.database)
    found = [row for name in model.unfinished() if (row := model.find(name))]
    told = [f"“{row.filename}”: {number(row.recorded)} of {plural(row.rows, 'row')}" for row in found]
    return ok(f"{listed(told)}." if told else "None.", imports=[_import(row) for row in found])


def _import(row: ImportRow) -> dict[str, object]:
    names = ("id", "filename", "rows", "recorded", "status")
    moments = {name: getattr(row, name).isoformat() for name in ("started_at", "updated_at")}
    return {name: getattr(row, name) for name in names} | moments


def others(place: Place) -> Finding:
    """Rebuilds, exports and other long work: what runs, and what ran lately."""
    found = SqlTasks(place.opening.database, place.clock).recent(SHOWN)
    running = [task for task in found if task.status is TaskStatus.RUNNING]
    told = [f"{task.title}: {number(task.done)} of {number(task.whole)}" for task in running]
    return ok(f"{listed(told)}." if told else "None runs.", tasks=[_task(task) for task in found])


def _task(task: Task) -> dict[str, object]:
    names = ("id", "kind", "title", "done", "whole", "detail")
    moments = {name: getattr(task, name).isoformat() for name in ("started_at", "updated_at")}
    return {name: getattr(task, name) for name in names} | {"status": task.status.value} | moments


def next_due(place: Place) -> Finding:
    """When something is due next by itself."""
    job = min(place.jobs.planned().values(), default=None)
    waiting = (Status.NEW, Status.LOCATED, Status.FAILED, Status.UNAVAILABLE)
    paper = place.papers.next_due(waiting, place.clock.now())
    told = [f"a job at {moment(job)}"] if job else []
    told += [f"a paper that waits may be taken up at {moment(paper)}"] if paper else []
    facts = {"job": job.isoformat() if job else None, "paper": paper.isoformat() if paper else None}
    if not told:
        return ok("Nothing has a moment of its own.", **facts)
    words = listed(told)
    return ok(f"{words[:1].upper()}{words[1:]}.", **facts)
