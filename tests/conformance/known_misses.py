"""The list of real cases that are read otherwise than stated, `docs/known-misses.md`: it may only shrink.

A case is listed by the beginning of the SHA-256 of its name, so that the list holds nothing of the recordings.
"""

import hashlib
from functools import cache
from pathlib import Path

import pytest

from tests.conformance.scores import count

FOLDERS = {"tricky": "dois", "curated": "dois", "odd": "dois", "counts": "csvs", "exports": "csvs"}
"""The folders of the suites that are not named after theirs."""
LIST = Path(__file__).parents[2] / "docs" / "known-misses.md"


def settle(suite: str, case: str, miss: str | None) -> None:
    """Fail for a miss that is not listed, and for a listed case that is none any more; `miss` says what is wrong."""
    count(FOLDERS.get(suite, suite), right=miss is None)
    mark = mark_of(case)
    listed = mark in listed_in(suite)
    if miss and not listed:
        pytest.fail(f"{suite} {mark} ({case!r}): {miss}")
    if listed and not miss:
        pytest.fail(f"{suite} {mark} ({case!r}) is no miss any more: remove it from {LIST.name}")


def mark_of(case: str) -> str:
    """The name of a case in the list."""
    return hashlib.sha256(case.encode()).hexdigest()[:12]


@cache
def listed_in(suite: str) -> frozenset[str]:
    """The marks of the known misses of a suite."""
    rows = [[cell.strip() for cell in line.strip("| \n").split("|")] for line in LIST.read_text("utf-8").splitlines()]
    return frozenset(row[1] for row in rows if len(row) == 3 and row[0] == suite and row[2])
