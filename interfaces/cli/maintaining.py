"""`verify`, `rebuild`, `backup`: proofs and repairs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from application.ports.maintenance import Progress
from application.ports.tasks import Report, Tasks
from interfaces.cli.databases import backup_path
from interfaces.cli.shared import application, as_json, is_terminal, print_json


@click.command()
@click.option("--expect", metavar="POSITION:HASH", help="An anchor noted earlier: finds a rewritten or cut log.")
@as_json
@click.pass_context
def verify(ctx: click.Context, expect: str | None, as_json: bool) -> None:
    """Check the chain of the log, the read models against a replay, and the files against their checksums."""
    with application() as app, _progress() as progress:
        report = app.maintenance.verify(expect, progress)
    if as_json:
        print_json(
            {"anchor": report.anchor, "events": report.events, "files": report.files, "faults": list(report.faults)}
        )
    else:
        for fault in report.faults:
            click.echo(f"FAULT: {fault}.")
        verdict = f"{len(report.faults)} faults" if report.faults else "everything is in order"
        click.echo(f"{report.events} events and {report.files} files were checked: {verdict}.")
        click.echo(f"Anchor: {report.anchor}")
    ctx.exit(1 if report.faults else 0)


@click.command()
@click.argument("model", required=False)
@as_json
def rebuild(model: str | None, as_json: bool) -> None:
    """Rebuild MODEL, or every read model, from the log; a running server goes on."""
    with application() as app, _progress() as shown, _noted(app.tasks, shown) as progress:
        names = app.maintenance.rebuild(model, progress)
    if as_json:
        print_json({"rebuilt": list(names)})
        return
    click.echo(f"Rebuilt: {', '.join(names)}.")


@click.command()
@click.option("--into", type=click.Path(path_type=Path), help="The file to write; default: in the data folder.")
@as_json
def backup(into: Path | None, as_json: bool) -> None:
    """Copy the database consistently; a running server goes on."""
    with application() as app:
        target = into or backup_path(app.settings.data)
        anchor = app.maintenance.backup(target)
    if as_json:
        print_json({"file": str(target), "anchor": anchor})
        return
    click.echo(f"Wrote {target} (anchor {anchor}).")


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
def _progress() -> Iterator[Progress | None]:
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


COMMANDS = (verify, rebuild, backup)
