"""`imports`: what became of lists; stopping one, and taking one back."""

import click
from rich.table import Table

from application.formats import moment, number, plural, shortened
from application.import_wording import staying_words, undo_sentence
from application.records import import_record, stakes_record
from domain.errors import DoesNotExist
from domain.importing import ImportStatus
from interfaces.cli.shared import application, as_json, console, person, print_json, printable
from interfaces.cli.working import SIGNALLED, interruptible
from interfaces.container import Container

import_id = click.argument("import_id", metavar="ID")
BROKEN_OFF = "Broken off before the end. A server goes on with it when it starts; or give the command again."


@click.group()
def imports() -> None:
    """Look at imports, stop one, take one back."""


@imports.command(name="list")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 500))
@click.option("--after", metavar="ID", help="Go on after this import: the id that the page before printed.")
@as_json
def list_(limit: int, after: str | None, as_json: bool) -> None:
    """List imports, newest first."""
    with application() as app:
        rows = app.imports.page(limit=limit + 1, after=after)
    following = rows[limit - 1].id if len(rows) > limit else None
    if as_json:
        print_json({"imports": [import_record(row) for row in rows[:limit]], "after": following})
        return
    table = Table("Id", "Status", "Rows", "New", "Known", "Rejected", "Begun", "List", box=None, pad_edge=False)
    for row in rows[:limit]:
        counts = (row.rows, row.counts.registered, row.counts.known, row.counts.rejected)
        name = printable(shortened(f"{row.filename} → {row.collection_name}", 80))
        table.add_row(row.id, row.status, *map(number, counts), moment(row.started_at), name)
    if rows:
        console().print(table)
    click.echo(f"Next page: --after {following}" if following else f"{plural(len(rows), 'import')}.")


@imports.command()
@import_id
@as_json
def cancel(import_id: str, as_json: bool) -> None:
    """Stop a running import. What was taken in before stays; `undo` takes that back too."""
    with application() as app:
        app.undoing_imports.cancel(import_id, person())
        _tell(app, import_id, as_json)


@imports.command()
@import_id
@click.option("--dry-run", is_flag=True, help="Only tell what would happen.")
@as_json
@click.pass_context
def undo(ctx: click.Context, import_id: str, dry_run: bool, as_json: bool) -> None:
    """Take an import back: papers that no other list names are set aside; their files stay in the library."""
    with application() as app, interruptible(app) as received:
        if app.imports.find(import_id) is None:
            raise DoesNotExist("This import", remedy="`scipaperloader imports list` shows those that there are.")
        stakes = app.undoing_imports.stakes(import_id)
        if dry_run:
            if as_json:
                print_json({"dry_run": True, **stakes_record(stakes)})
            else:
                click.echo(f"Dry run, nothing was changed. {undo_sentence(stakes)}")
                for words in staying_words(stakes):
                    click.echo(f"{words}.")
            return
        app.undoing_imports.begin(import_id, person())
        state = app.undoing_imports.run(import_id, stop=lambda: bool(received))
        _tell(app, import_id, as_json)
        if state.status is not ImportStatus.UNDONE:
            click.echo(BROKEN_OFF, err=True)
    ctx.exit(SIGNALLED + received[0] if received else 0 if state.status is ImportStatus.UNDONE else 1)


def _tell(app: Container, import_id: str, as_json: bool) -> None:
    row = app.imports.find(import_id)
    if row is None:
        raise DoesNotExist("This import")
    if as_json:
        print_json(import_record(row))
    else:
        click.echo(f"Import of “{printable(row.filename)}”: {row.status}.")


COMMANDS = (imports,)
