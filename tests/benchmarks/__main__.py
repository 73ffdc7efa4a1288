"""`make bench`: print every figure beside its floor; exit with 1 where a bound is passed."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.benchmarks import downloads, finding, importing, jobs, lists, logs, overviews
from tests.benchmarks.figures import show


@click.command()
@click.option("--small", is_flag=True, help="Smaller sizes, for a quick look.")
def main(small: bool) -> None:
    """Measure on this machine; SQLite writes with synchronous=FULL."""
    tenth = 10 if small else 1
    with TemporaryDirectory(prefix="bench-") as folder:
        base = Path(folder)
        figures = [
            importing.imports(base, 100_000 // tenth),
            importing.clicks(base, 100_000 // tenth),
            logs.appends(base, 2_000 // tenth, 1),
            logs.appends(base, 50_000 // tenth, 100),
            logs.appends(base, 50_000 // tenth, 1_000),
            logs.commands(base, 2_000 // tenth),
            *logs.replays(base, 1_000_000 // tenth),
            *lists.pages(base, 100_000 // tenth),
            *finding.pages(base, 100_000 // tenth),
            *jobs.pages(base, 100_000 // tenth),
            *overviews.pages(base, 100_000 // tenth),
            downloads.downloads(base, 500 // tenth),
        ]
    sys.exit(0 if show(figures) else 1)


if __name__ == "__main__":
    main()
