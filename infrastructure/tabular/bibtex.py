"""BibTeX as entries: split here so that a file is read in a stream, each block then parsed by bibtexparser."""

import logging
import re
from collections.abc import Iterator, Mapping

from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.middlewares import LatexDecodingMiddleware
from bibtexparser.model import DuplicateFieldKeyBlock, Field
from bibtexparser.model import Entry as Block

from infrastructure.tabular import reasons
from infrastructure.tabular.entries import Entry, Fields, Reading
from infrastructure.tabular.limits import Limits

for _chatty in ("bibtexparser", "pylatexenc"):  # every fault becomes the reason of an entry instead
    logging.getLogger(_chatty).setLevel(logging.CRITICAL)

SIGN = re.compile(r"^[ \t]{0,80}@[ \t]{0,8}[A-Za-z]{1,40}[ \t]{0,8}[{(]", re.MULTILINE)
_START = re.compile(r"[ \t]{0,80}@[ \t]{0,8}([A-Za-z]{1,40})[ \t]{0,8}[{(]")
_NO_ENTRY = frozenset({"comment", "preamble", "string"})
_AND = re.compile(r" and ", re.IGNORECASE)
_BROKEN = "This BibTeX entry cannot be read: look for a missing comma, quote or brace."
_MOST_STRINGS = 10_000
_LONGEST_PROSE = 10_000
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "doi": ("doi",),
    "pmid": ("pmid",),
    "pmcid": ("pmcid", "pmc"),
    "arxiv": ("arxivid", "arxiv", "eprint"),
    "title": ("title",),
    "journal": ("journal", "journaltitle", "booktitle"),
    "issn": ("issn",),
    "year": ("year", "date"),
    "publisher": ("publisher",),
    "url": ("url",),
    "extra": ("note", "annote", "extra"),
}
_PROSE = ("title", "author", "journal", "journaltitle", "booktitle", "publisher")
_decoder = LatexDecodingMiddleware()


def read_bibtex(lines: Iterator[str], limits: Limits) -> Reading:
    """Read the entries of a BibTeX file."""
    return Reading(format="bibtex", entries=_entries(lines, limits))


def _entries(lines: Iterator[str], limits: Limits) -> Iterator[Entry]:
    strings: dict[str, str] = {}
    for line, kind, text in _blocks(lines, limits):
        if kind == "string" and len(strings) < _MOST_STRINGS:
            strings.update((string.key.lower(), string.value) for string in parse_string(text).strings)
        if kind in _NO_ENTRY:
            continue
        if len(text) > limits.entry:
            yield Entry(line, text, {}, reasons.too_long(limits.entry))
        else:
            yield from _parsed(line, text, strings)


def _blocks(lines: Iterator[str], limits: Limits) -> Iterator[tuple[int, str, str]]:
    """From each line that begins with “@word{” to the next: first line, word, text."""
    first, kind, block, size = 0, "", [""], 0
    for number, line in enumerate(lines, 1):
        if start := _START.match(line):
            if kind:
                yield first, kind, "".join(block)
            first, kind, block, size = number, start[1].lower(), [], 0
        if size <= limits.entry:
            block.append(line)
        size += len(line)
    if kind:
        yield first, kind, "".join(block)


def _parsed(line: int, text: str, strings: Mapping[str, str]) -> Iterator[Entry]:
    if reason := reasons.of_text(text):
        yield Entry(line, text, {}, reason)
        return
    library = parse_string(text)
    twice = [block.ignore_error_block for block in library.failed_blocks if isinstance(block, DuplicateFieldKeyBlock)]
    blocks = [*library.entries, *(block for block in twice if isinstance(block, Block))]
    for block in blocks:
        yield Entry(line, text, _fields(block, strings))
    if not blocks:
        yield Entry(line, text, {}, _BROKEN)


def _fields(block: Block, strings: Mapping[str, str]) -> Fields:
    values = {found.key.lower(): _value(found, strings) for found in block.fields}
    values |= {key: _prose(values[key]) for key in _PROSE if key in values}
    values["url"] = values.get("url", "").replace("\\", "")
    fields = {name: [values[key] for key in keys if key in values] for name, keys in _FIELDS.items()}
    fields["author"] = _AND.split(values.get("author", ""))
    fields["type"] = [block.entry_type]
    fields["extra"].append(block.key if not any(fields["doi"]) else "")
    return fields


def _value(found: Field, strings: Mapping[str, str]) -> str:
    value = str(found.value)
    return strings.get(value.lower(), value) if found.enclosing == "no-enclosing" else value


def _prose(value: str) -> str:
    r"""Text for people: `M{\"u}ller` as “Müller”, on one line."""
    if "\\" in value and len(value) <= _LONGEST_PROSE:
        decoded = _decoder.transform_entry(Block("article", "", [Field("title", value)]), Library())
        value = str(decoded.fields[0].value) if isinstance(decoded, Block) else value
    return " ".join(value.replace("{", "").replace("}", "").split())
