"""Timing pairs of our way and the floor, in turn, so that a machine's bad moment hits both."""

import statistics
import time
from collections.abc import Callable, Sequence

from attrs import frozen
from rich.console import Console
from rich.table import Table

PAGE = 100.0
"""Milliseconds in which 95 of 100 pages are to be there."""
console = Console(width=150, highlight=False)


@frozen(kw_only=True)
class Figure:
    """A measured pair in units a second or in milliseconds, and whether its bound is kept."""

    name: str
    ours: str
    floor: str
    ratio: float
    bound: str = ""
    kept: bool = True


def seconds(action: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def rates(
    name: str,
    count: int,
    ours: Callable[[], float],
    floor: Callable[[], float],
    *,
    runs: int = 3,
    bound: float | None = None,
    unit: str = "/s",
) -> Figure:
    """Medians of `runs` pairs; both functions return the seconds that `count` things took."""
    pairs = [(ours(), floor()) for _ in range(runs)]
    mine, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    return Figure(
        name=name,
        ours=f"{count / mine:,.0f} {unit}",
        floor=f"{count / theirs:,.0f} {unit}",
        ratio=ratio,
        bound=f"{bound:g} times" if bound else "",
        kept=bound is None or ratio <= bound,
    )


def waits(name: str, ours: Sequence[float], floor: Sequence[float], bound: float) -> Figure:
    """How long 95 of 100 take at most; all three in milliseconds."""
    mine, theirs = (statistics.quantiles(side, n=20)[-1] for side in (ours, floor))
    return Figure(
        name=name,
        ours=f"{mine:.0f} ms",
        floor=f"{theirs:.1f} ms",
        ratio=mine / theirs,
        bound=f"{bound:.0f} ms",
        kept=mine <= bound,
    )


def show(figures: list[Figure]) -> bool:
    """Print the table; whether every bound was kept."""
    table = Table("figure", "ours", "floor", "times the floor", "bound", box=None, pad_edge=False)
    for one in figures:
        table.add_row(
            one.name, one.ours, one.floor, f"{one.ratio:.2f}", one.bound if one.kept else f"{one.bound} BROKEN"
        )
    console.print(table)
    return all(one.kept for one in figures)
