"""How many recorded cases are read rightly, by folder: counted as the suites go, printed at the end of the run."""

from collections import Counter
from collections.abc import Iterator

_ALL: Counter[str] = Counter()
_RIGHT: Counter[str] = Counter()


def count(folder: str, *, right: bool) -> None:
    """Note that a case of a folder was read, and whether rightly."""
    _ALL[folder] += 1
    _RIGHT[folder] += right


def told() -> Iterator[str]:
    """A line for each folder."""
    width = max(map(len, _ALL), default=0)
    for folder, number in sorted(_ALL.items()):
        yield f"{folder:<{width}}  {_RIGHT[folder]:>6} of {number:>6} right"
