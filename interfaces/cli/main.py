"""The command `scipaperloader`."""

import click

from interfaces.cli import (
    acting_in_bulk,
    activity,
    attaching,
    carrying,
    configuring,
    databases,
    diagnosing,
    doctoring,
    exporting,
    importing,
    jobs,
    listing_imports,
    looking_back,
    maintaining,
    naming,
    painting,
    processing,
    publishers,
    reading,
    serving,
    sources,
    switching,
    working,
)
from interfaces.cli.shared import Group, with_data_dir


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="scipaperloader", prog_name="scipaperloader")
@with_data_dir
def main() -> None:
    """Find legal copies of the papers on your list and download them, politely, over days."""


for family in (
    serving,
    importing,
    listing_imports,
    working,
    processing,
    acting_in_bulk,
    attaching,
    reading,
    exporting,
    activity,
    looking_back,
    switching,
    painting,
    sources,
    publishers,
    jobs,
    maintaining,
    naming,
    carrying,
    databases,
    configuring,
    doctoring,
    diagnosing,
):
    for command in family.COMMANDS:
        main.add_command(command)
