"""`make bench`: print every figure beside its floor; exit with 1 where a bound is passed."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.benchmarks import downloads, finding, importing, jobs, lists, logs, overviews
from tests.benchmarks.figures import Figure, show


@click.command()
@click.option("--small", is_flag=True, help="Smaller sizes, for a quick look.")
def main(small: bool) -> None:
    """Measure on this machine; SQLite writes with synchronous=FULL."""
    with TemporaryDirectory(prefix="bench-") as folder:
        figures = measured(Path(folder), 10 if small else 1)
    sys.exit(0 if show(figures) else 1)


def measured(base: Path, share: int) -> list[Figure]:
    """Every figure, at one part of so many of the full sizes."""
    return [
        importing.imports(base, 100_000 // share),
        importing.clicks(base, 100_000 // share),
        logs.appends(base, 2_000 // share, 1),
        logs.appends(base, 50_000 // share, 100),
        logs.appends(base, 50_000 // share, 1_000),
        logs.commands(base, 2_000 // share),
        *logs.replays(base, 1_000_000 // share),
        *lists.pages(base, 100_000 // share),
        *finding.pages(base, 100_000 // share),
        *jobs.pages(base, 100_000 // share),
        *overviews.pages(base, 100_000 // share),
        downloads.downloads(base, 500 // share),
    ]


if __name__ == "__main__":
    main()
