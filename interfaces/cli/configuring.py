"""`config`: every setting, its value, where it came from."""

import re

import click
from attrs import fields
from rich.table import Table
from typed_settings.types import SecretStr

from interfaces.cli.shared import as_json, console, loaded, print_json
from interfaces.settings import PREFIX, Settings

_PASSWORD = re.compile(r"(?<=://)([^/@:]*:).*@|([?&]password=)[^&]*")


@click.command()
@as_json
def config(as_json: bool) -> None:
    """Print every setting with its value and where it came from; secrets are masked."""
    found = loaded()
    rows = [
        (attribute.name, _shown(found.settings, attribute.name), found.origins.by_name[attribute.name], attribute)
        for attribute in fields(Settings)
    ]
    if as_json:
        print_json({name: {"value": value, "origin": origin} for name, value, origin, _ in rows})
        return
    table = Table("Setting", "Value", "From", "Meaning", box=None, pad_edge=False)
    for name, value, origin, attribute in rows:
        table.add_row(PREFIX + name.upper(), value or "–", origin, attribute.metadata.get("meaning", ""))
    console().print(table)


def _shown(settings: Settings, name: str) -> str:
    """The value without what is secret in it: addresses may hold passwords."""
    value = getattr(settings, name)
    if isinstance(value, SecretStr):  # as a string it is the secret itself
        return "***" if value else ""
    return _PASSWORD.sub(_masked, str(value))


def _masked(found: re.Match[str]) -> str:
    return f"{found[1]}***@" if found[1] is not None else f"{found[2]}***"


COMMANDS = (config,)
