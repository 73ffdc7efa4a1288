"""Whether moments are spread evenly: the test of Kolmogorov and Smirnov."""

import math
from collections.abc import Iterable

LEVEL = 1.628
"""The statistic times the square root of the count exceeds this once in a hundred times where chance is even."""


def distance(shares: Iterable[float]) -> float:
    """How far numbers are from being spread evenly over 0 to 1: the largest gap between the two distributions."""
    ordered = sorted(shares)
    count = len(ordered)
    gaps = [max((place + 1) / count - share, share - place / count) for place, share in enumerate(ordered)]
    return max(gaps)


def is_even(shares: Iterable[float]) -> bool:
    """Whether the numbers may come from even chance over 0 to 1."""
    known = list(shares)
    return distance(known) * math.sqrt(len(known)) < LEVEL
