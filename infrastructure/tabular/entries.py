"""What the parsers of all formats hand over: entries one by one, and what the file was found to be."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from attrs import frozen

from application.ports.tabular import Mapped

Fields = Mapping[str, Sequence[str]]
"""Cells by field: doi, pmid, pmcid, arxiv, extra, url, title, author (one each), authors (a cell of several), …"""

_SAMPLE_LINES, _SAMPLE_CHARACTERS = 400, 500_000


class Entry(NamedTuple):
    """One entry as it was parsed: with its fields, or with the reason why it has none. `line` is its first, 1 first."""

    line: int
    raw: str
    fields: Fields
    reason: str | None = None


@frozen(kw_only=True)
class Reading:
    """A file while it is read. `entries` runs through it once and raises FileRefused for faults of the whole file."""

    format: str
    entries: Iterator[Entry]
    vendor: str | None = None
    columns: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    mapping: Mapped = ()


def take_sample(lines: Iterator[str]) -> tuple[list[str], Iterator[str]]:
    """The first lines, and all of them again."""
    sample: list[str] = []
    size = 0
    for line in lines:
        sample.append(line)
        size += len(line)
        if len(sample) >= _SAMPLE_LINES or size > _SAMPLE_CHARACTERS:
            break
    return sample, chain(sample, lines)
