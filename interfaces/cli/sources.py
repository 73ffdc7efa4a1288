"""`sources`: which services are asked for copies, and in which order."""

import click

from application.records import sources_record
from application.sourcing import Asked
from interfaces.cli.shared import application, as_json, person, print_json
from interfaces.container import Container

source = click.argument("name")


@click.group()
def sources() -> None:
    """Choose the services that are asked for copies, and their order."""


@sources.command(name="list")
@as_json
def list_(as_json: bool) -> None:
    """Show the sources in the order of asking, and which are on."""
    with application() as app:
        _tell(app, as_json)


@sources.command()
@source
@as_json
def on(name: str, as_json: bool) -> None:
    """Switch a source on."""
    _switch(name, True, as_json)


@sources.command()
@source
@as_json
def off(name: str, as_json: bool) -> None:
    """Switch a source off: it is asked no more, from the next search on."""
    _switch(name, False, as_json)


@sources.command()
@click.argument("names", nargs=-1, required=True)
@as_json
def order(names: tuple[str, ...], as_json: bool) -> None:
    """Ask these sources first, in this order; the others follow as they do now."""
    with application() as app:
        app.sourcing.reorder(names, person())
        _tell(app, as_json)


def _switch(name: str, enabled: bool, as_json: bool) -> None:
    with application() as app:
        app.sourcing.toggle(name, enabled, person())
        _tell(app, as_json)


def _tell(app: Container, as_json: bool) -> None:
    found = app.sourcing.sources(app.settings.configured)
    if as_json:
        print_json(sources_record(found))
        return
    for one in found:
        click.echo(f"{one.place}. {one.service.name:<16} {'on ' if one.on else 'off'} {_remark(one)}".rstrip())


def _remark(one: Asked) -> str:
    return "" if one.ready else f"skipped: {' and '.join(name.upper() for name in one.missing)} is not set"


COMMANDS = (sources,)
