"""Readable names for files, safe on every disk."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from string import Formatter

from application.file_names import LONGEST, safe
from domain.authors import family_name
from domain.errors import SciPaperLoaderError
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from infrastructure.library.text import plain

DEFAULT_PATTERN = "{author}_{year}_{title}"
_MARKED = re.compile(r"_([0-9a-f]{8})\.pdf")

_FIELDS: Mapping[str, Callable[[Metadata, Mapping[Scheme, str]], str]] = {
    "author": lambda paper, _: family_name(next(iter(paper.authors), "")) or "unknown",
    "authors": lambda paper, _: _authors(paper.authors),
    "year": lambda paper, _: str(paper.year) if paper.year else "undated",
    "title": lambda paper, _: plain(paper.title or "") or "untitled",
    "journal": lambda paper, _: plain(paper.journal or "") or "no journal",
    "publisher": lambda paper, _: paper.publisher or "no publisher",
    "type": lambda paper, _: paper.type or "no type",
    "doi": lambda _, ids: ids.get(Scheme.DOI, "no doi"),
    "pmid": lambda _, ids: ids.get(Scheme.PMID, "no pmid"),
    "pmcid": lambda _, ids: ids.get(Scheme.PMCID, "no pmcid"),
    "arxiv": lambda _, ids: ids.get(Scheme.ARXIV, "no arxiv number"),
}


class InvalidPattern(SciPaperLoaderError):
    """The pattern of files' names cannot be used."""

    remedy = f"Use these fields, in folders with “/” between them: {', '.join(f'{{{name}}}' for name in _FIELDS)}."

    def __init__(self, pattern: str, reason: str) -> None:
        super().__init__(f"The pattern “{pattern}” {reason}.")
        self.pattern, self.reason = pattern, reason


def mark(attempt: str) -> str:
    """The eight hexadecimal digits by which a stored file tells its attempt."""
    return hashlib.sha256(attempt.encode()).hexdigest()[:8]


def mark_of(name: str) -> str | None:
    """The mark in the name of a stored file, None in names that are not ours."""
    found = _MARKED.search(name[-len("_00000000.pdf") :])
    return found[1] if found else None


def check_pattern(pattern: str) -> None:
    """Raise InvalidPattern where a file could not be named by it."""
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError as error:
        raise InvalidPattern(pattern, f"has unequal braces ({error})") from None
    for _, field, form, conversion in parts:
        if field is not None and (field not in _FIELDS or form or conversion):
            raise InvalidPattern(pattern, f"has a field that is not known: {{{field}}}")
    if not all(component.strip(" .") for component in pattern.split("/")):
        raise InvalidPattern(pattern, "has an empty folder or name")


def file_path(
    pattern: str, attempt: str, metadata: Metadata, identifiers: Iterable[Identifier] = (), *, number: int = 1
) -> str:
    """The relative path of an attempt's file: folders and name by the pattern, the mark, `.pdf`.

    `number` above 1 makes it another path, for the case that the first one is taken.
    """
    return marked_path(pattern, mark(attempt), metadata, identifiers, number=number)


def marked_path(
    pattern: str, digits: str, metadata: Metadata, identifiers: Iterable[Identifier] = (), *, number: int = 1
) -> str:
    """As `file_path`, for the mark itself."""
    ids = {identifier.scheme: identifier.value for identifier in identifiers}
    *folders, name = pattern.split("/")
    ending = f"_{digits}.pdf" if number == 1 else f"-{number}_{digits}.pdf"
    stem = _component(name, metadata, ids, LONGEST - len(ending))
    return "/".join([*(_component(folder, metadata, ids, LONGEST) for folder in folders), stem + ending])


def _component(pattern: str, metadata: Metadata, ids: Mapping[Scheme, str], longest: int) -> str:
    filled = "".join(
        literal + (_FIELDS[field](metadata, ids) if field else "")
        for literal, field, _, _ in Formatter().parse(pattern)
    )  # fmt: skip
    return safe(filled, longest)


def _authors(authors: tuple[str, ...]) -> str:
    """Up to three family names, as a citation gives them."""
    families = [family_name(author) for author in authors]
    if len(families) > 3:
        return f"{families[0]} et al"
    return " ".join(families) or "unknown"
