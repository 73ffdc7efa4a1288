"""`status`, `papers`, `paper`: looking at what there is."""

from collections.abc import Iterator, Sequence

import click
from rich.table import Table

from application.exporting import event_record, record
from application.forecasting import done_at
from application.formats import local, moment, number, plural, shortened
from application.job_wording import counted
from application.outlook import Outlook, outlook
from application.queries import PaperFilter, PaperSort, collection_named
from application.records import outlook_record
from application.reporting import report
from application.standing import standing
from application.wording import sentence
from domain.causes import CAUSES
from domain.errors import DoesNotExist
from domain.paper import stream_of
from domain.pipeline import Status
from domain.scraper import ScraperStatus
from interfaces.cli.shared import application, as_json, console, print_json, printable
from interfaces.container import Container

_NO_SERVER = "No server runs on this data folder: nothing happens by itself until `scipaperloader run`."
LOOK = "Check its id or DOI, or look for it with `scipaperloader papers --q`."


@click.command()
@as_json
def status(as_json: bool) -> None:
    """Print the counts of the papers, what the scraper does, what comes next, and where the log stands."""
    from interfaces.bootstrap import processes_of

    with application() as app:
        stands, painted = outlook(app.forecasting), app.scheduling.painted().schedule
        found = report(app.log, app.papers, app.imports, stands.status)
        alive = any(one.lives for one in processes_of(app.settings).all())
    if as_json:
        print_json({**found.as_dict(), "schedule": outlook_record(stands), "server_here": alive})
        return
    for name, count in found.papers.items():
        click.echo(f"{name:>12} {number(count):>9}")
    running = plural(found.imports_running, "import runs", "imports run")
    click.echo(f"The scraper is {found.scraper}; {running}; the log stands at {number(found.position)}.")
    if stands.status is ScraperStatus.RUNNING and not alive:
        click.echo(_NO_SERVER)
    for line in _prospects(stands, painted.timezone):
        click.echo(printable(line))


def _prospects(stands: Outlook, timezone: str) -> Iterator[str]:
    """What the scraper does and will do."""
    switched = stands.switched
    if switched.at is not None:
        why = f": {switched.reason}" if switched.reason else ""
        yield f"The switch was used {moment(switched.at)} by {switched.by}{why}."
    if stands.hour is not None:
        yield f"This hour, until {local(stands.hour.end, timezone)}: {counted(stands.hour.jobs)}."
    yield f"Jobs: {number(stands.planned)} planned, {number(stands.running)} running."
    if stands.pauses:
        yield "Paused by the schedule: its volume, or every weight, is 0. Next run: never."
    elif (following := stands.preview.next_hour) is not None:
        most = plural(following.quota, "paper")
        yield f"Next hour: {local(following.hour.start, timezone)} ({timezone}), at most {most}."
    yield done_at(stands.preview, timezone)
    yield from stands.preview.basis


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
        print_json({"papers": [record(row) for row in page.papers], "after": page.after, "count": count})
        return
    table = Table("Status", "DOI", "Title", "Cause", box=None, pad_edge=False)
    for row in page.papers:
        named = row.doi or row.pmid or row.pmcid or row.arxiv or ""
        table.add_row(row.status.value, named, printable(shortened(row.title or "", 80)), row.cause or "")
    console().print(table)
    click.echo(
        f"{len(page.papers)} of {plural(count, 'paper')}." + (f" Next page: --after {page.after}" if page.after else "")
    )


def collection_id(app: Container, name: str | None) -> str | None:
    """The id of the collection of this name. Raises DoesNotExist."""
    return None if name is None else collection_named(name, app.imports).id


@click.command()
@click.argument("name", metavar="ID-OR-DOI")
@as_json
def paper(name: str, as_json: bool) -> None:
    """Show one paper with its history."""
    with application() as app:
        row = app.papers.find(name)
        if row is None:
            raise DoesNotExist(f"The paper “{name}”", remedy=LOOK)
        history = app.log.stream(stream_of(row.id))
    if as_json:
        print_json({**record(row), "events": [event_record(one) for one in history]})
        return
    stands = standing(row)
    click.echo(f"{printable(row.title or 'Untitled')}\n{row.doi or row.id}: {row.status.value}")
    click.echo(printable(f"{stands.sentence} {stands.action}".strip()))
    for one in history:
        click.echo(f"{one.recorded_at:%Y-%m-%d %H:%M:%S} UTC  {printable(sentence(one))}")


COMMANDS = (status, papers, paper)
