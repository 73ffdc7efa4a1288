"""`library rename`: the names of stored files."""

import click

from application.formats import number, plural
from application.renaming import Planned
from interfaces.cli.shared import application, as_json, person, print_json, printable, somebody_answers


@click.group()
def library() -> None:
    """Look after the stored files."""


@library.command()
@click.option("--dry-run", is_flag=True, help="Tell what would be done, and do nothing.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@as_json
def rename(dry_run: bool, yes: bool, as_json: bool) -> None:
    """Give the stored files the names that NAME_PATTERN says now; a server may run meanwhile."""
    with application() as app:
        planned, renamed = app.renaming.plan(), None
        if not as_json:
            _tell(planned, app.settings.name_pattern)
        if planned.renaming and not dry_run:
            if not yes and somebody_answers():
                click.confirm("Rename them?", abort=True, err=True)
            renamed = app.renaming.run(person())
    if as_json:
        told = {"files": planned.files, "renaming": planned.renaming}
        told |= {"renamed": renamed.done, "left": renamed.left} if renamed else {}
        examples = [{"paper": one.paper, "path": one.old, "new": one.new} for one in planned.examples]
        print_json({**told, "examples": examples})
    elif renamed is not None:
        click.echo(f"{plural(renamed.done, 'file was', 'files were')} renamed.")
        if renamed.left:
            click.echo(f"{number(renamed.left)} could not be: run `scipaperloader verify`, then rename once more.")


def _tell(planned: Planned, pattern: str) -> None:
    what = f"{number(planned.renaming)} of {plural(planned.files, 'file')} would get another name"
    click.echo(f"By the pattern {printable(pattern)} {what}.")
    for move in planned.examples:
        click.echo(f"  {printable(move.old)}\n    -> {printable(move.new)}")


COMMANDS = (library,)
