"""`import`: take in a list of papers."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from application.formats import listed, number, plural, shortened
from application.import_wording import missing_columns
from application.importing import Preview, Request
from application.ports.tabular import FIELDS, IGNORE, FileForm, Mapped
from application.ports.uploads import Upload
from domain.collection import MAX_NAME, tidy
from domain.importing import Counts, Import, OnDuplicate
from interfaces.cli.shared import application, as_json, is_terminal, person, print_json, printable
from interfaces.container import Container

CHUNK = 1 << 20


@click.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--collection", metavar="NAME", help="The collection; default: the name of the file.")
@click.option(
    "--on-duplicate",
    type=click.Choice([one.value for one in OnDuplicate]),
    default=OnDuplicate.FILL.value,
    show_default=True,
    help="What to do with the metadata of papers that are known.",
)
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="COLUMN=FIELD",
    callback=lambda *given: _mapping(given[-1]),
    help=f"What a column of a table is: {', '.join(FIELDS)}, or {IGNORE}. May be repeated.",
)
@click.option("--dry-run", is_flag=True, help="Tell what would happen; change nothing.")
@as_json
@click.pass_context
def import_(
    ctx: click.Context,
    /,
    file: Path,
    collection: str | None,
    on_duplicate: str,
    mapping: Mapped,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take in the papers of FILE: CSV, TSV, a list of DOIs, BibTeX, RIS, .nbib or Web of Science text."""
    with application() as app:
        upload = _keep(app, file)
        if dry_run:
            preview = app.importing.preview(upload, OnDuplicate(on_duplicate), mapping)
            _print_preview(preview, _missing(app, upload, mapping), as_json)
            return
        request = Request(
            filename=file.name,
            collection=collection if collection is not None else _collection(file),
            on_duplicate=OnDuplicate(on_duplicate),
            mapping=mapping,
            actor=person(),
        )
        accepted = app.importing.accept(upload, request)
        missing = _missing(app, upload, mapping)
        before = app.imports.find(accepted.import_id)
        try:
            with _progress(accepted.form.rows) as progress:
                state = app.importing.run(accepted.import_id, form=accepted.form, progress=progress)
        except KeyboardInterrupt:
            click.echo("What was taken in is kept. Import the same file once more, and it goes on.", err=True)
            raise
    if as_json:
        print_json(
            {"id": accepted.import_id, "repeated": accepted.repeated, "status": state.status, **_counts(state.counts)}
        )
    else:
        if accepted.repeated:
            click.echo(_REPEATED[before is not None and before.status == "running"])
        _print_form(accepted.form, missing)
        click.echo(_sentence(state.counts))
        click.echo(
            f"Import {accepted.import_id}. See its papers with: scipaperloader papers --import {accepted.import_id}"
        )
    ctx.exit(0 if state.status == "completed" else 1)


_REPEATED = {
    False: "This file is in this collection already. What became of it then:",
    True: "The import of this file was interrupted; it goes on where it stood.",
}


def _collection(file: Path) -> str:
    """A name that a collection can have, made of the file's."""
    return tidy(printable(file.stem))[:MAX_NAME] or "List"


def _mapping(given: Iterable[str]) -> Mapped:
    """Columns and fields; a heading may have signs of equality in it, a field has none."""
    pairs = [one.rpartition("=") for one in given]
    if wrong := [whole for whole, (column, sign, _) in zip(given, pairs, strict=True) if not (column and sign)]:
        raise click.BadParameter(f"“{printable(wrong[0])}” is not COLUMN=FIELD.")
    return tuple((column, field.strip()) for column, _, field in pairs)


def _keep(app: Container, file: Path) -> Upload:
    def chunks() -> Iterator[bytes]:
        with file.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                yield chunk

    return app.uploads.keep(chunks())


def _counts(counts: Counts) -> dict[str, int]:
    return {
        "rows": counts.rows,
        "registered": counts.registered,
        "known": counts.known,
        "duplicates": counts.duplicates,
        "updated": counts.updated,
        "rejected": counts.rejected,
    }


def _sentence(counts: Counts) -> str:
    return (
        f"{plural(counts.rows, 'row')}: {plural(counts.registered, 'new paper')}, {number(counts.known)} known before "
        f"({number(counts.updated)} updated), {plural(counts.duplicates, 'duplicate')} in the file, "
        f"{number(counts.rejected)} rejected."
    )


def _missing(app: Container, upload: Upload, mapping: Mapped) -> str:
    """Which fields of the papers no column was found for."""
    return missing_columns(app.importing.glimpse(upload, mapping).columns, "Name it with --map COLUMN=FIELD")


def _print_form(form: FileForm, missing: str) -> None:
    vendor = f" from {form.vendor}" if form.vendor else ""
    click.echo(f"Read as {form.format}{vendor}, {form.encoding}.")
    if form.columns:
        used = listed([f"{printable(shortened(name, 40))} ({field})" for name, field in form.columns])
        click.echo(f"Columns that are used: {used}.")
    for note in filter(None, (*form.notes, missing)):
        click.echo(printable(note))


def _print_preview(preview: Preview, missing: str, as_json: bool) -> None:
    if as_json:
        rejected = [{"row": row.row, "line": row.line, "reason": row.reason} for row in preview.rejected]
        print_json({"dry_run": True, "format": preview.form.format, **_counts(preview.counts), "rejections": rejected})
        return
    _print_form(preview.form, missing)
    click.echo(f"Dry run, nothing was changed. {_sentence(preview.counts)}")
    for row in preview.rejected:
        click.echo(f"  line {row.line}: {printable(row.reason)}")


@contextmanager
def _progress(rows: int) -> Iterator[Callable[[Import], None] | None]:
    if not is_terminal():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("importing", total=rows)
        yield lambda state: bar.update(task, completed=state.recorded)


COMMANDS = (import_,)
