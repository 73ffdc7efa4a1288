"""`verify`, `rebuild`, `backup`, `restore`: proofs, repairs and copies."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import click

from application.formats import moment, plural, size
from application.ports.maintenance import Files, Progress, VerifyReport
from application.ports.tasks import Report, Tasks
from interfaces.bootstrap import backups, restores
from interfaces.cli.shared import application, as_json, is_terminal, loaded, print_json


@click.command()
@click.option("--expect", metavar="POSITION:HASH", help="An anchor noted earlier: finds a rewritten or cut log.")
@as_json
@click.pass_context
def verify(ctx: click.Context, expect: str | None, as_json: bool) -> None:
    """Check the chain of the log, the read models against a replay, and the files against their checksums."""
    with application() as app, shown_progress() as progress:
        report = app.maintenance.verify(expect, progress)
    if as_json:
        print_json(_record(report))
    else:
        _print(report)
    ctx.exit(1 if report.faults else 0)


@click.command()
@click.argument("model", required=False)
@as_json
def rebuild(model: str | None, as_json: bool) -> None:
    """Rebuild MODEL, or every read model, from the log; a running server goes on."""
    with application() as app, shown_progress() as shown, _noted(app.tasks, shown) as progress:
        names = app.maintenance.rebuild(model, progress)
    if as_json:
        print_json({"rebuilt": list(names)})
        return
    click.echo(f"Rebuilt: {', '.join(names)}.")


@click.command()
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of backups; default: in the data folder.",
)
@click.option(
    "--files",
    type=click.Choice([one.value for one in Files]),
    default=Files.LINK.value,
    show_default=True,
    help="The library's files: left out, as hard links on the same disk, or copied.",
)
@click.option("--keep", type=click.IntRange(min=1), help="How many backups stay in the folder; older ones are removed.")
@click.option("--secrets", is_flag=True, help="Keep the settings file as it is, with its secrets.")
@as_json
def backup(into: Path | None, files: str, keep: int | None, secrets: bool, as_json: bool) -> None:
    """Back up database, settings and files into a new folder; a running server goes on."""
    with backups(loaded().settings) as tool, shown_progress() as progress:
        made = tool.make(into, Files(files), keep=keep, secrets=secrets, progress=progress)
    if as_json:
        print_json(
            {
                "folder": str(made.folder),
                "anchor": made.anchor,
                "files": made.files,
                "bytes": made.size,
                "faults": list(made.faults),
                "removed": [str(path) for path in made.removed],
            }
        )
        return
    for fault in made.faults:
        click.echo(f"FAULT: {fault}.", err=True)
    click.echo(f"Wrote {made.folder}: {plural(made.files, 'file')} of papers, {size(made.size)} in all.")
    for path in made.removed:
        click.echo(f"Removed {path}.")
    click.echo(f"Anchor: {made.anchor}")


_IN_PLACE_OF = "This puts the backup in the place of what is in {}, which is kept aside. Go on?"


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--without-files", is_flag=True, help="Restore the database only; the library stays as it is.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
@click.pass_context
def restore(ctx: click.Context, folder: Path, without_files: bool, yes: bool, as_json: bool) -> None:
    """Put the backup FOLDER in the place of what is there, which is kept aside, and verify the outcome."""
    settings = loaded().settings
    if not yes:
        click.confirm(_IN_PLACE_OF.format(settings.data), abort=True, err=as_json)
    with restores(settings) as tool, shown_progress() as progress:
        done = tool.restore(folder, files=not without_files, progress=progress)
    if as_json:
        print_json({"made_at": done.made_at, "kept": list(done.kept), **_record(done.report)})
    else:
        click.echo(f"The backup of {moment(datetime.fromisoformat(done.made_at))} is in place.")
        for place in done.kept:
            click.echo(f"What was there before is kept in {place}.")
        _print(done.report)
    ctx.exit(1 if done.report.faults else 0)


def _record(report: VerifyReport) -> dict[str, object]:
    return {
        "anchor": report.anchor,
        "events": report.events,
        "files": report.files,
        "faults": list(report.faults),
    }


def _print(report: VerifyReport) -> None:
    for fault in report.faults:
        click.echo(f"FAULT: {fault}.")
    verdict = f"{len(report.faults)} faults" if report.faults else "everything is in order"
    click.echo(f"{report.events} events and {report.files} files were checked: {verdict}.")
    click.echo(f"Anchor: {report.anchor}")


@contextmanager
def _noted(tasks: Tasks, shown: Progress | None) -> Iterator[Progress]:
    """Notes each model's progress as a task of its own, beside what is shown here."""
    reports: dict[str, Report] = {}
    with ExitStack() as running:

        def tell(name: str, done: int, whole: int) -> None:
            if name not in reports:
                running.close()  # the model before is done
                reports[name] = running.enter_context(tasks.run("rebuild", name))
            reports[name](done, whole)
            if shown:
                shown(name, done, whole)

        yield tell


@contextmanager
def shown_progress() -> Iterator[Progress | None]:
    """A progress bar on a terminal, nothing elsewhere."""
    if not is_terminal():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    tasks: dict[str, TaskID] = {}
    with Bar(console=Console(stderr=True), transient=True) as bar:

        def show(name: str, done: int, whole: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name)
            bar.update(tasks[name], completed=done, total=whole)

        yield show


COMMANDS = (verify, rebuild, backup, restore)
