"""What columns and lines hold, told by their content where headings do not tell."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from statistics import median

from domain.identifiers import Scheme, identify, parse_arxiv, parse_doi
from infrastructure.tabular.cells import cleaned
from infrastructure.tabular.headings import may_hold_dois, may_hold_titles

ENOUGH = 0.6
"""Share of the cells, or lines, that must be identifiers."""
_LOOKED_AT = 100
_SHORTEST_TITLE, _LONGEST_TITLE, _LEAST_WORDS, _MOST_COMMAS = 15, 350, 3, 3
_DISTINCT = 0.9
"""Share of the titles that must differ from one another: journals come again."""
_SMALL = 0.25
"""Share of the words of titles that begin with no capital."""
_LONGEST = 1500
_HINT = re.compile(r"10[./]|doi|pmc|pmid|pubmed|arxiv", re.IGNORECASE)
_WHOLE_DOI = re.compile(
    r"[\"'<(]*(?:(?:https?://)?[\w.-]+/|(?:https?://)?(?:urn:|info:)?(?:doi[:./\s]*)?)10[./]", re.IGNORECASE
)
_PARTED = re.compile(r"[,\t|]|;(?!2\b)")
_PIECES = re.compile(r"[\s,;|]+")
_LABEL = re.compile(r"^(pmid|pmcid|pmc|arxiv|doi)\s*:\s+", re.IGNORECASE)
_BARE_PMID = re.compile(r"[1-9]\d{4,7}")


def scheme_of(cell: str) -> Scheme | None:
    """The scheme of the identifier that a cell gives; a bare number gives none."""
    if len(cell) > _LONGEST or not _HINT.search(cell):
        return None
    if parse_doi(cell):
        return Scheme.DOI
    schemes = {identifier.scheme for identifier in identify(cell)}
    return schemes.pop() if len(schemes) == 1 else None


def columns_by_content(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[Scheme, int]:
    """The leftmost column of each scheme whose cells are mostly identifiers of it."""
    found: dict[Scheme, int] = {}
    for at in range(max(map(len, rows), default=0)):
        if at < len(headings) and not may_hold_dois(headings[at]):
            continue
        cells = [cell for row in rows[:_LOOKED_AT] if at < len(row) and (cell := cleaned(row[at]))]
        for scheme, count in Counter(map(scheme_of, cells)).items():
            if scheme and count >= ENOUGH * len(cells):
                found.setdefault(scheme, at)
    return found


def title_column(headings: Sequence[str], rows: Sequence[Sequence[str]], besides: Collection[int]) -> int | None:
    """The column whose cells read like titles of papers, the longest ones where there are several."""
    rows, found = rows[:_LOOKED_AT], dict[int, float]()
    for at in range(max(map(len, rows), default=0)):
        if at in besides or (at < len(headings) and not may_hold_titles(headings[at])):
            continue
        cells = [cell for row in rows if at < len(row) and (cell := cleaned(row[at]))]
        if len(cells) >= ENOUGH * len(rows) and _read_like_titles(cells):
            found[at] = median(map(len, cells))
    return max(found, key=lambda at: (found[at], -at), default=None)


def _read_like_titles(cells: Sequence[str]) -> bool:
    """Whether cells are short sentences, hardly one like another, with words in small letters as names have few."""
    if len(set(cells)) < _DISTINCT * len(cells) or sum(map(_may_be_title, cells)) < ENOUGH * len(cells):
        return False
    words = [word for cell in cells for word in cell.split()]
    return sum(len(word) > 1 and word.islower() for word in words) >= _SMALL * len(words)


def _may_be_title(cell: str) -> bool:
    if not _SHORTEST_TITLE <= len(cell) <= _LONGEST_TITLE or "://" in cell or cell.count(",") > _MOST_COMMAS:
        return False
    letters = sum(map(str.isalpha, cell))
    return len(cell.split()) >= _LEAST_WORDS and letters > ENOUGH * len(cell) and cell.count(";") < _MOST_COMMAS


def holds_identifiers(at: int, rows: Iterable[Sequence[str]]) -> bool:
    """Whether any cell of a column names a work."""
    return any(at < len(row) and scheme_of(row[at]) for row in rows)


def stands_in_text(at: int, rows: Iterable[Sequence[str]]) -> bool:
    """Whether DOIs of a column stand in longer text somewhere."""
    return any(
        at < len(row) and not _WHOLE_DOI.match(cleaned(row[at])) and parse_doi(row[at][:_LONGEST]) for row in rows
    )


def is_list(lines: Sequence[str]) -> bool:
    """Whether lines are identifiers and nothing else, most of them; bare numbers count beside others."""
    lines = [line.strip() for line in lines if line.strip()]
    named = sum(map(bool, map(names_on, lines)))
    numbers = sum(map(bool, map(_BARE_PMID.fullmatch, lines)))
    return named > 0 and named + numbers >= ENOUGH * len(lines)


def is_list_of_numbers(lines: Sequence[str]) -> bool:
    """Whether lines are numbers as long as PubMed ids, most of them and the first."""
    lines = [line.strip() for line in lines if line.strip()]
    numbers = sum(map(bool, map(_BARE_PMID.fullmatch, lines)))
    return bool(lines) and bool(_BARE_PMID.fullmatch(lines[0])) and numbers >= ENOUGH * len(lines)


def names_on(line: str) -> tuple[str, ...]:
    """The identifiers of a line that holds nothing else, as they stand: one, or several of one scheme."""
    line = line.strip()
    if _is_one(line):
        return (line,)
    pieces = tuple(piece for piece in _PIECES.split(line) if piece)
    return pieces if len({scheme_of(piece) for piece in pieces}) == 1 and all(map(_is_one, pieces)) else ()


def _is_one(text: str) -> bool:
    text = _LABEL.sub(r"\1:", text.strip("\"',;"))
    if len(text) > _LONGEST or _PARTED.search(text):
        return False
    if _WHOLE_DOI.match(text):
        return " " not in text.split("10.", 1)[-1] and parse_doi(text) is not None
    return " " not in text and (scheme_of(text) is not None or parse_arxiv(text) is not None)
