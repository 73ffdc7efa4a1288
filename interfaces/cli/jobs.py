"""`jobs`: what is planned, what runs, what became of it; and taking it back."""

from collections.abc import Sequence
from typing import Any

import click
from rich.table import Table

from application.choosing_jobs import Choice
from application.formats import moment, number, plural, seconds, shortened
from application.job_wording import counted, why
from application.ports.tasks import Task
from application.queries import ImportRow, JobRow, JobStatus
from application.records import import_record, job_record, task_records
from application.underway_imports import running_imports
from domain.errors import DoesNotExist
from domain.pipeline import MODULES
from interfaces.cli.shared import application, as_json, console, person, print_json, printable
from interfaces.cli.working import SIGNALLED, interruptible


def _which(command: Any) -> Any:
    """The options that say which jobs."""
    for option in (
        click.option("--module", type=click.Choice(list(MODULES)), help="Only jobs of this module."),
        click.option("--paper", metavar="ID-OR-DOI", help="Only jobs of this paper."),
        click.option("--hour", metavar="START", help="Only jobs of this hour: its start, or “now”."),
        click.option("--host", help="Only jobs whose paper comes from this host."),
        click.option("--collection", metavar="NAME", help="Only jobs of papers of this collection."),
        click.option("--status", "statuses", multiple=True, type=click.Choice([one.value for one in JobStatus])),
    ):
        command = option(command)
    return command


def _choice(which: dict[str, Any]) -> Choice:
    return Choice(**{name: value for name, value in which.items() if value is not None})


@click.group()
def jobs() -> None:
    """Look at jobs, take them back, run one now."""


@jobs.command(name="list")
@_which
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 500))
@click.option("--after", type=int, help="Go on after this job: the number that the page before printed.")
@as_json
def list_(limit: int, after: int | None, as_json: bool, **which: Any) -> None:
    """List jobs, newest first but planned ones by their moments, and the long work beside them."""
    with application() as app:
        wanted = app.choosing.filter(_choice(which))
        pages = app.jobs.coming if wanted.statuses == (JobStatus.PLANNED,) else app.jobs.page
        rows = pages(wanted, limit=limit + 1, after=after)
        counts, tasks, imports = app.jobs.by_status(wanted), app.tasks.recent(), running_imports(app.imports)
    following = rows[limit - 1].id if len(rows) > limit else None
    if as_json:
        print_json({
            "jobs": [job_record(row) for row in rows[:limit]],
            "after": following,
            "counts": {status.value: counts.get(status, 0) for status in JobStatus},
            "tasks": task_records(tasks),
            "imports": [import_record(row) for row in imports],
        })  # fmt: skip
        return
    _print(rows[:limit])
    click.echo(f"Jobs: {counted(counts)}." + (f" Next page: --after {following}" if following else ""))
    _print_beside(tasks, imports)


def _print(rows: Sequence[JobRow]) -> None:
    table = Table("Job", "Status", "Module", "Due", "Took", "Paper", "Why", box=None, pad_edge=False)
    for row in rows:
        due = moment(row.due) if row.due else "by hand" if row.by_hand else "at once"
        took = seconds(row.seconds) if row.seconds is not None else ""
        name = printable(shortened(row.title or row.doi or row.paper, 60))
        table.add_row(str(row.id), row.status, row.module, due, took, name, printable(why(row)))
    if rows:
        console().print(table)


def _print_beside(tasks: Sequence[Task], imports: Sequence[ImportRow]) -> None:
    for row in imports:
        click.echo(f"import “{printable(row.filename)}”: row {number(row.recorded)} of {number(row.rows)}")
    for task in tasks:
        done = f", {number(task.done)} of {number(task.whole)}" if task.whole else ""
        detail = f": {printable(task.detail)}" if task.detail else ""
        click.echo(f"{task.kind} “{printable(task.title)}”: {task.status}{done}{detail}")


@jobs.command()
@click.argument("ids", nargs=-1, type=int, metavar="[JOB]...")
@click.option("--all", "everything", is_flag=True, help="Every planned and running job that matches the options.")
@_which
@as_json
def revoke(ids: Sequence[int], everything: bool, as_json: bool, **which: Any) -> None:
    """Take back planned and running jobs: their papers go back to where they were."""
    choice = _choice(which)
    if bool(ids) == (everything or not choice.is_empty):
        raise click.UsageError("Name jobs, or say which with the options; every job is --all.")
    with application() as app:
        if ids:
            for job in ids:
                app.running_jobs.find(job)  # before any is revoked
            revoked = sum(app.running_jobs.revoke(job, person()) for job in ids)
        else:
            revoked = app.running_jobs.revoke_all(app.choosing.filter(choice), person())
    if as_json:
        print_json({"revoked": revoked})
        return
    click.echo(f"{plural(revoked, 'job was', 'jobs were')} revoked.")


@jobs.command()
@click.argument("job", type=int)
@as_json
@click.pass_context
def run(ctx: click.Context, job: int, as_json: bool) -> None:
    """Run a planned job now, and wait for its end."""
    with application() as app, interruptible(app) as received:
        actor = person()
        app.running_jobs.check(job, actor)
        with app.at_work():
            app.running_jobs.run_now(job, actor)
        found = app.jobs.find(job)
    if found is None:
        raise DoesNotExist(f"The job {job}")
    if as_json:
        print_json(job_record(found))
    else:
        outcome = f", the paper is {found.outcome}" if found.outcome else ""
        click.echo(f"Job {job}: {found.status}{outcome}. {why(found)}".strip())
    ctx.exit(SIGNALLED + received[0] if received else 0 if found.status is JobStatus.FINISHED else 1)


COMMANDS = (jobs,)
