"""`status`, `papers`, `paper`, `events`, `export`: looking at what there is."""

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click
import msgspec
from application.wording import sentence
from rich.table import Table

from application.exporting import FORMATS
from application.handling import load
from application.ports.event_log import Recorded
from application.queries import PaperFilter, PaperRow, PaperSort
from domain import scraper
from domain.causes import CAUSES
from domain.errors import DoesNotExist
from domain.paper import stream_of
from domain.pipeline import Status
from interfaces.cli.shared import application, as_json, console, print_json
from interfaces.container import Container

FOLLOW_SECONDS = 0.5


@click.command()
@as_json
def status(as_json: bool) -> None:
    """Print the counts of the papers, the position of the switch, and where the log stands."""
    with application() as app:
        counts = app.papers.by_status(PaperFilter())
        switch, _ = load(app.log, scraper.DECIDER, scraper.STREAM)
        head = app.log.head()
        running = len(app.imports.unfinished())
    papers = {one.value: counts.get(one, 0) for one in Status}
    if as_json:
        print_json(
            {"papers": papers, "scraper": switch.status, "position": head.position, "imports": {"running": running}}
        )
        return
    for name, count in papers.items():
        click.echo(f"{name:>12} {count:>8,}")
    click.echo(f"The scraper is {switch.status}; {running} imports run; the log stands at {head.position:,}.")


@click.command()
@click.option("--status", "statuses", multiple=True, type=click.Choice([one.value for one in Status]))
@click.option("--q", "text", default="", help="Words in title, authors, journal; or an identifier.")
@click.option("--cause", type=click.Choice(sorted(CAUSES)))
@click.option("--import", "import_id", metavar="ID")
@click.option("--collection", metavar="NAME")
@click.option("--sort", type=click.Choice([one.value for one in PaperSort]), default="added", show_default=True)
@click.option("--limit", default=50, show_default=True)
@click.option("--after", help="The cursor that the page before printed.")
@as_json
def papers(
    statuses: Sequence[str],
    text: str,
    cause: str | None,
    import_id: str | None,
    collection: str | None,
    sort: str,
    limit: int,
    after: str | None,
    as_json: bool,
) -> None:
    """List papers."""
    with application() as app:
        which = PaperFilter(
            statuses=tuple(Status(one) for one in statuses),
            text=text,
            cause=cause,
            import_id=import_id,
            collection=collection_id(app, collection),
        )
        page = app.papers.page(which, PaperSort(sort), limit=limit, after=after)
        count = app.papers.count(which)
    if as_json:
        print_json({"papers": [plain(row) for row in page.papers], "after": page.after, "count": count})
        return
    table = Table("Status", "DOI", "Title", "Cause", box=None, pad_edge=False)
    for row in page.papers:
        table.add_row(row.status.value, row.doi or row.pmid or row.arxiv or "", _short(row.title), row.cause or "")
    console().print(table)
    click.echo(f"{len(page.papers)} of {count:,} papers." + (f" Next page: --after {page.after}" if page.after else ""))


def collection_id(app: Container, name: str | None) -> str | None:
    """The id of the collection of this name. Raises DoesNotExist."""
    if name is None:
        return None
    wanted = " ".join(name.split()).casefold()
    for row in app.imports.collections():
        if wanted in (row.name.casefold(), row.id):
            return row.id
    raise DoesNotExist(f"The collection “{name}”", remedy="`scipaperloader import` names the collections it makes.")


@click.command()
@click.argument("name", metavar="ID-OR-DOI")
@as_json
def paper(name: str, as_json: bool) -> None:
    """Show one paper with its history."""
    with application() as app:
        row = app.papers.find(name)
        if row is None:
            raise DoesNotExist(f"The paper {name}")
        history = app.log.stream(stream_of(row.id))
    if as_json:
        print_json({**plain(row), "events": [event_data(record) for record in history]})
        return
    click.echo(f"{row.title or 'Untitled'}\n{row.doi or row.id}: {row.status.value}")
    if row.cause:
        click.echo(f"{CAUSES[row.cause].sentence} {CAUSES[row.cause].action}")
    for record in history:
        click.echo(f"{record.recorded_at:%Y-%m-%d %H:%M:%S} UTC  {sentence(record)}")


@click.command()
@click.option("--after", default=0, help="Only events after this position.")
@click.option("--paper", "name", metavar="ID-OR-DOI", help="Only events of this paper.")
@click.option("--follow", is_flag=True, help="Go on with new events until interrupted.")
@as_json
def events(after: int, name: str | None, follow: bool, as_json: bool) -> None:
    """Print the event log, in words or as JSON lines."""
    with application() as app:
        stream = None
        if name is not None:
            row = app.papers.find(name)
            if row is None:
                raise DoesNotExist(f"The paper {name}")
            stream = stream_of(row.id)
        for record in _records(app, after, follow=follow):
            if stream in (None, record.stream):
                _print_event(record, as_json)


def _records(app: Container, after: int, *, follow: bool) -> Iterator[Recorded]:
    while True:
        records = app.log.read(after)
        yield from records
        if records:
            after = records[-1].position
        elif not follow:
            return
        else:
            sys.stdout.flush()
            app.clock.sleep(FOLLOW_SECONDS)


def _print_event(record: Recorded, as_json: bool) -> None:
    if as_json:
        print_json(event_data(record))
    else:
        click.echo(f"{record.position:>8}  {record.recorded_at:%Y-%m-%d %H:%M:%S} UTC  {sentence(record)}")


@click.command()
@click.option("--format", "form", type=click.Choice(sorted(FORMATS)), default="csv", show_default=True)
@click.option("--collection", metavar="NAME", help="Only the papers of this collection.")
def export(form: str, collection: str | None) -> None:
    """Write the papers with their files and causes to standard output."""
    with application() as app:
        which = PaperFilter(collection=collection_id(app, collection))
        for line in FORMATS[form](app.papers.all(which)):
            click.echo(line, nl=False)


def plain(row: PaperRow) -> dict[str, Any]:
    """A paper as JSON data."""
    found: dict[str, Any] = msgspec.to_builtins(row)
    return found


def event_data(record: Recorded) -> dict[str, Any]:
    """An event as JSON data: its envelope and, under `data`, its fields."""
    envelope: dict[str, Any] = msgspec.to_builtins(
        {name: getattr(record, name) for name in Recorded.__slots__ if name not in {"event", "__weakref__"}}
    )
    return {
        **envelope,
        "type": record.event.TYPE,
        "type_version": record.event.VERSION,
        "data": msgspec.to_builtins(record.event),
    }


def _short(text: str | None) -> str:
    return "" if text is None else text if len(text) <= 80 else text[:79] + "…"


COMMANDS = (status, papers, paper, events, export)
