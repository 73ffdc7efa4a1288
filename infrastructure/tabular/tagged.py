"""Files of tagged lines as entries: RIS, MEDLINE (.nbib), Web of Science (.ciw, .isi, .txt) and EndNote (.enw).

They are parsed here, line by line, because they must be read in a stream and in spite of faults: rispy 0.10 and the
like take the whole file into memory and stop at the first line that is not as it should be.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from infrastructure.tabular import reasons
from infrastructure.tabular.entries import Entry, Fields, Reading
from infrastructure.tabular.grammars import Grammar
from infrastructure.tabular.limits import Limits
from infrastructure.tabular.mapping import RAW

_JOINED = frozenset({"title", "journal", "publisher"})


def read_tagged(grammar: Grammar, lines: Iterator[str], limits: Limits) -> Reading:
    """Read the entries of a file of tagged lines."""
    return Reading(format=grammar.format, entries=_entries(grammar, lines, limits))


class _Open:
    """An entry while its lines come in. `values`: by tag, each in the parts that its lines hold."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.raw = ""
        self.size = 0
        self.values: dict[str, list[list[str]]] = {}
        self.tag = ""

    def keep(self, line: str) -> None:
        """Count a line, and remember it as it stood if it is one of the first."""
        self.size += len(line)
        if len(self.raw) < RAW:
            self.raw += line

    def begin(self, tag: str, value: str) -> None:
        """A line with a tag."""
        self.tag = tag
        self.values.setdefault(tag, []).append([value.strip()])

    def go_on(self, text: str, *, listing: bool) -> None:
        """A line without a tag."""
        if listing and self.tag:
            self.values[self.tag].append([text])
        elif self.tag:
            self.values[self.tag][-1].append(text)

    def texts(self) -> dict[str, list[str]]:
        """The values by tag."""
        return {tag: [" ".join(parts).strip() for parts in values] for tag, values in self.values.items()}


def _entries(grammar: Grammar, lines: Iterator[str], limits: Limits) -> Iterator[Entry]:
    entry: _Open | None = None
    for number, line in enumerate(lines, 1):
        found = grammar.tag.match(line)
        tag = found[1] if found else None
        if entry and (_ends(grammar, entry, tag, line)):
            if tag == grammar.last:
                entry.keep(line)
            yield _finished(grammar, entry, limits)
            entry = None
        if found and tag not in (grammar.last, "EF", "FN", "VR") and entry is None:
            entry = _Open(number)
        if entry and entry.size <= limits.entry:
            _take(grammar, entry, line, found)
    if entry:
        yield _finished(grammar, entry, limits)


def _ends(grammar: Grammar, entry: _Open, tag: str | None, line: str) -> bool:
    return (
        (tag is not None and tag == grammar.last)
        or (tag == grammar.first and tag in entry.values)
        or (grammar.blank and not line.strip())
    )


def _take(grammar: Grammar, entry: _Open, line: str, found: re.Match[str] | None) -> None:
    entry.keep(line)
    if found:
        entry.begin(found[1], found[2] or "")
    elif text := line.strip():
        entry.go_on(text, listing=grammar.listing)


def _finished(grammar: Grammar, entry: _Open, limits: Limits) -> Entry:
    if entry.size > limits.entry:
        return Entry(entry.line, entry.raw, {}, reasons.too_long(limits.entry))
    values = entry.texts()
    reason = reasons.of_text("".join(map("".join, values.values())))
    return Entry(entry.line, entry.raw, _fields(grammar, values), reason)


def _unmarked(cell: str, mark: str | None) -> str:
    """The cell without its mark, “10.1000/a [doi]”; nothing where it has to have the mark and has not."""
    if mark is None:
        return cell
    return cell.partition(" [")[0] if mark in cell else ""


def _fields(grammar: Grammar, values: Mapping[str, Sequence[str]]) -> Fields:
    fields = {}
    for name, tags in grammar.fields.items():
        cells = [_unmarked(cell, grammar.marked.get(tag)) for tag in tags for cell in values.get(tag, ())]
        if name == "author":
            cells = list(next((values[tag] for tag in tags if tag in values), ()))
        elif name in _JOINED and grammar.listing:
            cells = [" ".join(cells)]
        fields[name] = cells
    return fields
