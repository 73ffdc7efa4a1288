"""`events`: the activity log, looked through, followed, grouped, taken along."""

import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

import click

from application.activity import ActivityFilter, told
from application.activity_asking import ActivityQuery
from application.activity_export import EVENT_FORMATS, Exporting
from application.activity_groups import ActivityGroup, grouped
from application.formats import plural
from application.kinds import ORDINARY, Group, Level, level_of
from application.ports.event_log import Recorded
from application.wording import sentence
from interfaces.cli.shared import application, as_json, print_json, printable
from interfaces.container import Container

FOLLOW_SECONDS = 0.5
PAGE = 500
"""Events that are read at once, and that are grouped unless --limit says otherwise."""

_KIND = f"Only this kind: {', '.join(Group)}, or a type like paper.failed. May be repeated."


@click.command()
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help=_KIND)
@click.option("--without", multiple=True, metavar="KIND", help="Not this kind. May be repeated.")
@click.option("--level", type=click.Choice([one.value for one in Level]), default=Level.DETAIL.value, help="And above.")
@click.option("--paper", default="", metavar="ID-OR-DOI", help="Only events of this paper.")
@click.option("--import", "import_id", default="", metavar="ID", help="Only events of this import and its papers.")
@click.option("--collection", default="", metavar="NAME", help="Only events of this collection and its papers.")
@click.option("--actor", default="", metavar="NAME", help="Only what this person, or scipaperloader itself, did.")
@click.option("--correlation", default="", metavar="ID", help="Only what one upload, hour or click caused.")
@click.option("--since", default="", metavar="MOMENT", help="Not before this moment or date.")
@click.option("--until", default="", metavar="MOMENT", help="Not after this moment or date.")
@click.option("--text", default="", help="Only events whose stored data hold these words.")
@click.option("--after", default=0, help="Only events after this position.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many events.")
@click.option("--last", type=click.IntRange(min=1), help="Only the last so many events, oldest first.")
@click.option("--follow", is_flag=True, help="Go on with new events until interrupted.")
@click.option("--grouped", "in_groups", is_flag=True, help="One line for all that one upload, hour or click caused.")
@click.option("--format", "form", type=click.Choice(sorted(EVENT_FORMATS)), help="Write a table, or lines of JSON.")
@as_json
def events(
    after: int,
    limit: int | None,
    last: int | None,
    follow: bool,
    in_groups: bool,
    form: str | None,
    as_json: bool,
    **conditions: Any,
) -> None:
    """Print the event log, in words, as JSON lines or as a table."""
    if sum((follow, in_groups, form is not None)) > 1 or (form and as_json):
        raise click.UsageError("--follow, --grouped and --format exclude one another, and --format excludes --json.")
    if last and (after or limit):
        raise click.UsageError("--last excludes --after and --limit.")
    with application() as app:
        which = ActivityQuery(**conditions).resolved(app.papers, app.imports)
        after = _before_the_last(app, which, last) if last else after
        if form is not None:
            _write_file(app, which, form, after, limit)
        elif in_groups:
            _print_groups(app, which, after, limit or PAGE, as_json=as_json)
        else:
            for one in islice(_records(app, which, after, follow=follow), limit):
                _print_event(one, as_json=as_json)


def _records(app: Container, which: ActivityFilter, after: int, *, follow: bool) -> Iterator[Recorded]:
    while True:
        page = app.activity.page(which, limit=PAGE, after=after)
        yield from page.events
        after = page.reached
        if page.more:
            continue
        if not follow:
            return
        sys.stdout.flush()
        app.clock.sleep(FOLLOW_SECONDS)


def _before_the_last(app: Container, which: ActivityFilter, count: int) -> int:
    """The position after which the last so many events are."""
    before, more, left = None, True, count
    oldest = app.log.head().position + 1
    while more and left:
        page = app.activity.page(which, limit=min(left, PAGE), before=before, descending=True)
        left -= len(page.events)
        oldest = page.events[-1].position if page.events else oldest
        before, more = page.reached, page.more
    return oldest - 1


def _print_event(one: Recorded, *, as_json: bool) -> None:
    if as_json:
        print_json(told(one))
    else:
        moment = f"{one.recorded_at:%Y-%m-%d %H:%M:%S} UTC"
        click.echo(f"{one.position:>8}  {moment}  {_mark(level_of(one.event))}{printable(sentence(one))}")


def _mark(level: Level) -> str:
    """What stands before something that matters more than usual."""
    return f"{level.value}: " if level.weight > ORDINARY.weight else ""


def _print_groups(app: Container, which: ActivityFilter, after: int, limit: int, *, as_json: bool) -> None:
    found = list(islice(_records(app, which, after, follow=False), limit + 1))
    for group in grouped(found[:limit]):
        if as_json:
            print_json(group.as_dict())
        else:
            _print_group(group)
    if len(found) > limit:
        click.echo(f"Go on with --after {found[limit - 1].position}.", err=True)


def _print_group(group: ActivityGroup) -> None:
    place = f"{group.first}" if group.first == group.last else f"{group.first}-{group.last}"
    click.echo(f"{place:>15}  {group.began:%Y-%m-%d %H:%M:%S} UTC  {_mark(group.level)}{printable(group.line)}")
    if len(group.events) > 1:
        count = plural(len(group.events), "event")
        click.echo(f"{'':15}  {count}: --correlation {printable(group.correlation)}")


def _write_file(app: Container, which: ActivityFilter, form: str, after: int, limit: int | None) -> None:
    """The events to standard output, and the anchor of the log to standard error."""
    exporting = Exporting(activity=app.activity, log=app.log, tasks=app.tasks)
    head, lines = exporting.lines(which, EVENT_FORMATS[form], after=after, limit=limit)
    click.echo(f"Anchor: {head.position}:{head.hash}", err=True)
    for line in lines:
        click.echo(line, nl=False)


COMMANDS = (events,)
