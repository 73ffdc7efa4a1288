"""`bulk`: the same done with many papers."""

from collections.abc import Sequence
from typing import Any

import click

from application.act_wording import ACT_WORDS, done_with, left_alone
from application.bulk import Order
from application.formats import plural
from application.queries import PaperFilter
from application.records import bulk_record, expected_papers_record
from domain.acts import Action, act
from domain.causes import CAUSES
from domain.pipeline import Status
from interfaces.cli.reading import collection_id
from interfaces.cli.shared import application, as_json, person, print_json, printable
from interfaces.cli.working import SIGNALLED, interruptible
from interfaces.container import Container

BROKEN_OFF = "Broken off before the end; what was done stays done. Give the command again for the rest."


@click.command()
@click.argument("action", type=click.Choice([one.value for one in Action]))
@click.option("--status", "statuses", multiple=True, type=click.Choice([one.value for one in Status]))
@click.option("--q", "text", default="", help="Words in title, authors, journal; or an identifier.")
@click.option("--cause", type=click.Choice(sorted(CAUSES)))
@click.option("--import", "import_id", metavar="ID")
@click.option("--collection", metavar="NAME")
@click.option("--all", "everything", is_flag=True, help="Every paper, without a filter.")
@click.option("--reason", "--note", "words", default="", help="Why, or where papers were asked for.")
@click.option("--dry-run", is_flag=True, help="Only tell what would happen.")
@as_json
@click.pass_context
def bulk(
    ctx: click.Context, /, action: str, everything: bool, words: str, dry_run: bool, as_json: bool, **which: Any
) -> None:
    """Do the same with every paper that matches; those that do not take it are left alone, and counted."""
    if not any(which.values()) and not everything:
        raise click.UsageError("Say which papers with the options; every paper is --all.")
    wanted = act(Action(action), words)
    with application() as app, interruptible(app) as received:
        order = Order(wanted=wanted, which=_filter(app, **which))
        if dry_run:
            _tell_expected(app, order, as_json)
            return
        begun = app.bulks.begin(order, person())
        state = app.bulks.run(begun.id, order, person())
        if as_json:
            print_json(bulk_record(app.bulks, begun.id))
        else:
            left = left_alone(state.skipped)
            click.echo(f"{done_with(wanted.action, state.changed)}.{f' {printable(left)}.' if left else ''}")
            if not state.complete:
                click.echo(BROKEN_OFF)
    ctx.exit(SIGNALLED + received[0] if received else 0 if state.complete else 1)


def _filter(
    app: Container,
    statuses: Sequence[str],
    text: str,
    cause: str | None,
    import_id: str | None,
    collection: str | None,
) -> PaperFilter:
    return PaperFilter(
        statuses=tuple(Status(one) for one in statuses),
        text=text,
        cause=cause,
        import_id=import_id,
        collection=collection_id(app, collection),
    )


def _tell_expected(app: Container, order: Order, as_json: bool) -> None:
    expected = app.bulks.expect(order)
    if as_json:
        print_json({"action": order.wanted.action, **expected_papers_record(expected), "dry_run": True})
        return
    click.echo(f"{plural(expected.matching, 'paper matches', 'papers match')}, {expected.changing} would change.")
    if left := left_alone(expected.skipped):
        click.echo(printable(f"{left}."))
    click.echo(ACT_WORDS[order.wanted.action].effect)


COMMANDS = (bulk,)
