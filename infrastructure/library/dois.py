"""DOIs and other identifiers in the text of a PDF, broken and decorated as they come."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from domain.identifiers import Identifier, Scheme

_BREAK = "\u00ad"
_LINE_END_HYPHEN = re.compile("[-\u2010\u2011][ \t]*\r?\n[ \t]*|[\u0002\ufffe][ \t]*(?:\r?\n)?[ \t]*")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_GAP = rf"[\s{_BREAK}]*"
_END = (
    r"(?:/(?:e?pdf|full|abstract)(?![a-z0-9]))?(?!(?!https?:|www\.)[a-z0-9])"
    rf"(?![-_/{_BREAK}]+\s*[a-z0-9]|[-._/:;()<>+]+[a-z0-9])"
)
"""What follows does not make the identifier longer: `/pdf` belongs to an address, `.s1` to another DOI."""
_AFTER = re.compile(_END)
_ANY_DOI = re.compile(r"(?<![\d.])10\.\d{4,9}/[a-z0-9!#$%&()*+./:;<=>?@_~-]{1,200}")
_VERSION = re.compile(r"[./-]?v\d{1,2}$")

_NO_PAPERS = ("10.13039/", "10.5061/", "10.5281/", "10.6084/", "10.17605/", "10.17632/", "10.7910/", "10.1594/")
"""Registrants of funders, data and code (Crossref, DataCite): their DOIs on a paper are not the paper's."""
_A_JOURNAL = "/(issn)"
"""Wiley's DOIs of whole journals have this form."""


@lru_cache(maxsize=256)
def prepared(text: str) -> str:
    """The text in which identifiers are searched: one case, one dash, hyphens at line ends marked."""
    marked = _LINE_END_HYPHEN.sub(_BREAK, text)
    return _DASHES.sub("-", unicodedata.normalize("NFKC", marked).lower())


def names(text: str, identifier: Identifier) -> bool:
    """Whether prepared text names the paper. Breaks and blanks inside do not matter; a longer identifier is another."""
    if identifier.scheme is Scheme.DOI:
        if "/" not in text:
            return False
        if _stands(text, identifier.value.lower()):
            return True
    return _pattern(identifier).search(text) is not None


def _stands(text: str, doi: str) -> bool:
    """Whether the DOI is there unbroken, as nearly always: to look for it costs less than to compile its pattern."""
    start = text.find(doi)
    while start >= 0:
        before, end = text[max(start - 1, 0) : start], start + len(doi)
        if not (before.isdigit() or before == ".") and _AFTER.match(text, end):
            return True
        start = text.find(doi, end)
    return False


@lru_cache(maxsize=256)
def _pattern(identifier: Identifier) -> re.Pattern[str]:
    value = identifier.value.lower()
    match identifier.scheme:
        case Scheme.DOI:
            return re.compile(r"(?<![\d.])" + _spaced(value) + _END)
        case Scheme.ARXIV:
            return re.compile(rf"arxiv[\s.:]*(?:org/(?:abs|pdf)/)?{_spaced(value)}(?:v\d+)?(?!\d)")
        case Scheme.PMCID:
            return re.compile(rf"(?<![a-z0-9]){_spaced(value)}(?!\d)")
        case Scheme.PMID:
            return re.compile(rf"(?<![a-z0-9])pmid[\s:]*{_spaced(value)}(?!\d)")


def _spaced(value: str) -> str:
    dashed = (f"[-{_BREAK}]" if char == "-" else re.escape(char) for char in _DASHES.sub("-", value))
    return _GAP.join(dashed)


def other_dois(text: str, ours: tuple[str, ...]) -> Iterator[str]:
    """The DOIs of other papers in prepared text. A part, a version or a cut form of one of `ours` is none."""
    stems = [_stem(doi.lower()) for doi in ours]
    for found in _ANY_DOI.finditer(text):
        doi = found[0].rstrip(".,;:)(<>-_/?&")
        related = any(_is_part(_stem(doi), stem) or _is_part(stem, doi) for stem in stems)
        if "/" in doi and not related and not doi.startswith(_NO_PAPERS) and _A_JOURNAL not in doi:
            yield doi


def _is_part(longer: str, shorter: str) -> bool:
    """Whether the longer DOI goes on where the shorter one ends, and not in the midst of a number or word."""
    return longer.startswith(shorter) and not longer[len(shorter) : len(shorter) + 1].isalnum()


def registrant(doi: str) -> str:
    """The part before the slash: who registered the DOI."""
    return doi.partition("/")[0]


def _stem(doi: str) -> str:
    return _VERSION.sub("", doi)
