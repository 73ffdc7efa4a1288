"""The simulated web alone: prints its settings as one line of JSON, and ends when its standard input does."""

import json
import sys
from pathlib import Path

import click

from infrastructure.simulation.server import ScholarlyWeb
from infrastructure.simulation.world import World


@click.command()
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same world.")
@click.option("--papers", default=200, show_default=True, help="Number of papers.")
@click.option("--delay", default=0.0, show_default=True, help="Seconds before every answer.")
@click.option("--list", "upload", type=click.Path(path_type=Path), help="Write the list of papers to this CSV file.")
def main(seed: int, papers: int, delay: float, upload: Path | None) -> None:
    """Serve a simulated scholarly web on loopback."""
    world = World(seed, papers)
    if upload is not None:
        upload.write_text(world.csv(), encoding="utf-8", newline="")
    with ScholarlyWeb(world, delay=delay) as web:
        click.echo(json.dumps(web.settings()))
        sys.stdin.read()


if __name__ == "__main__":
    main()
