"""Timing pairs of our way and the floor, in turn, so that a machine's bad moment hits both."""

import statistics
import time
from collections.abc import Callable

from attrs import frozen
from rich.console import Console
from rich.table import Table

console = Console(width=150, highlight=False)


@frozen(kw_only=True)
class Figure:
    """A measured pair in units a second or in milliseconds; `bound` is the ratio that must not be passed."""

    name: str
    ours: str
    floor: str
    ratio: float | None = None
    bound: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the ratio is within its bound."""
        return self.bound is None or self.ratio is None or self.ratio <= self.bound


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
    return Figure(
        name=name,
        ours=f"{count / mine:,.0f} {unit}",
        floor=f"{count / theirs:,.0f} {unit}",
        ratio=statistics.median(one / other for one, other in pairs),
        bound=bound,
    )


def show(figures: list[Figure]) -> bool:
    """Print the table; whether every bound was kept."""
    table = Table("figure", "ours", "floor", "times the floor", "bound", box=None, pad_edge=False)
    for one in figures:
        ratio = f"{one.ratio:.2f}" if one.ratio is not None else ""
        bound = f"{one.bound:g}" if one.bound is not None else ""
        table.add_row(one.name, one.ours, one.floor, ratio, bound if one.kept else f"{bound}  PASSED")
    console.print(table)
    return all(one.kept for one in figures)
