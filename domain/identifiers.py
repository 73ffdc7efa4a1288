"""Identifiers of papers: every common spelling, and the one normal form of each.

Facts: DOI syntax from the DOI Handbook (doi.org/doi-handbook, ISO 26324: case does not matter in ASCII), registrants of
four digits and more; arXiv ids from info.arxiv.org/help/arxiv_identifier.html; ISSN check digit from ISO 3297.

Policies where sources differ. A DOI may hold letters of any script (the Handbook admits them; few agencies do), in NFC;
typographic dashes become hyphens, invisible characters go. Brackets, braces and the like are kept: they are legal, so
nothing is ever dropped from inside a DOI. A blank inside is mended only where a word without digits ends in “.” or “/”.
Percent-encoding is decoded once. Everything here takes time linear in its input.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from enum import StrEnum
from urllib.parse import quote, unquote

from attrs import frozen


class Scheme(StrEnum):
    """Who gave the identifier; strongest first when two disagree about a paper."""

    DOI = "doi"
    PMID = "pmid"
    PMCID = "pmcid"
    ARXIV = "arxiv"


@frozen
class Identifier:
    """A normalised identifier: the same work has the same value, however it was spelled."""

    scheme: Scheme
    value: str


MAX_CELL = 2048
"""Longest text, in characters, that is parsed as one identifier."""
MAX_DOI = 1024
"""Longest DOI in characters; real ones stay below 300."""
MAX_TEXT = 1_000_000
"""Characters of a text that are searched for identifiers."""

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63"
_SLASHES = "\u2044\u2215"
_INVISIBLE = (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF)
_CHARACTERS: Mapping[int, str | None] = {
    **{0xFF00 + low: chr(0x20 + low) for low in range(1, 95)},
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **dict.fromkeys(map(ord, _SLASHES), "/"),
    **dict.fromkeys(_INVISIBLE),
}
_ENTITY = re.compile(r"&(?:amp;)*((?:lt|gt|quot|apos|nbsp|amp|#\d{1,6}|#x[0-9a-f]{1,5});)", re.IGNORECASE)
_LATEX = (
    ("{\\textunderscore}", "_"), ("\\textunderscore", "_"), ("{\\_}", "_"), ("\\_", "_"), ("{\\textless}", "<"),
    ("{\\textgreater}", ">"), ("\\textless", "<"), ("\\textgreater", ">"), ("$<$", "<"), ("$>$", ">"),
    ("\\%", "%"), ("\\#", "#"), ("\\&", "&"),
)  # fmt: skip
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff]")

_PLAIN_DOI = re.compile(
    r"\s*(?:https?://(?:dx\.)?doi\.org/|doi:\s?)?(10\.\d{4,9}/[A-Za-z0-9_-](?:[\w.()/-]*[A-Za-z0-9])?)\s*",
    re.IGNORECASE | re.ASCII,
)
_TOKEN = re.compile(r"\s+|(?=https?://)", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://)?((?:[a-z0-9_-]+\.){1,8}[a-z]{2,})(?::\d+)?/", re.IGNORECASE)
_PREFIX = re.compile(r"(?<![0-9])(?<![0-9]\.)10\.\d{4,9}(?:\.\d{1,9}){0,4}/")
_END = re.compile(
    r"""[\s|]                                               # never part of a DOI in use
    | ["'](?=[\s>,;)\]}"']|$)                               # the end of a quotation
    | <(?=/|https?:|(?:a|b|br|div|em|i|li|p|script|span|strong|sub|sup|td|u)[\s>/])   # markup, not a SICI
    | [;,&<](?=(?:doi:?|https?:|10\.\d{4,9}/))              # the next DOI of a list
    | https?://""",
    re.IGNORECASE | re.VERBOSE,
)
_BLANK_IN_PREFIX = re.compile(r"(\S{0,40}?)10\s?\.\s?(\d{4,9})\s?(/\S+)")
_BLANK_IN_SUFFIX = re.compile(
    r"(\S{0,60}?10\.\d{4,9}/)((?:[a-z._-]{0,40}[._-])?|[a-z]{1,40}(?=\s\.))\s([^\d\s]{0,40}\d[\w.();:/-]*)",
    re.IGNORECASE,
)
_BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}
_OPENED = {opening: closing for closing, opening in _BRACKETS.items()}
_JUNK = frozenset(".,;:!?'\"*…«»“”„‘’\u2039\u203a\\/\ufffd")  # fmt: skip
_PAGE = re.compile(
    r"(?:/(?:abs|abstract|asset|citations?|downloads?|epdf|epub|figures|full|full-?text|html?|meta|pdf|pdfdirect|references"
    r"|summary|suppl_file|suppl|tables|-/dcsupplemental)(?:/.*)?|;jsessionid=.*"
    r"|(?:\.(?:abstract|figures-only|full|full-text|html?|long|pdf|short|suppl|supplementary-material|xml))+)$",
    re.IGNORECASE,
)
_VERSIONED = re.compile(r"(10\.(?:48550/arxiv\..{9,20}|1101/[\d.]{6,20}|64898/[\d.]{6,20}))v\d{1,3}")
_DOI_HOST = re.compile(r"(?:[a-z0-9-]+\.)*(?:doi\.[a-z0-9-]+(?:\.[a-z]+)?)", re.IGNORECASE)
_A_YEAR = re.compile(r"(?:19|20)\d\d")
_SHORT_DOI = re.compile(
    r"(?:(?:https?://)?(?:[a-z]+\.){0,2}doi\.(?:[a-z]+\.)?[a-z]{2,4}/(?:urn:doi:)?10/|(?:https?://)?(?:www\.|dx\.)?doi\.org/(?=\w{4})"
    r"|/?(?:urn:)?doi:10/|(?P<bare>/?10/))([a-z0-9]{3,7})",
    re.IGNORECASE,
)


def parse_doi(text: str) -> str | None:
    """The DOI that a cell or an address holds, in lower case; None where there is none, or more than one."""
    if len(text) > MAX_CELL:
        return None
    if plain := _PLAIN_DOI.fullmatch(text):
        return _canonical(plain[1].lower()) if len(plain[1]) <= MAX_DOI else None
    if has_control_characters(text.strip()):
        return None
    found = find_dois(text)
    return found[0] if len(found) == 1 else None


def find_dois(text: str) -> tuple[str, ...]:
    """Every DOI in a text in the order of the text, each once, in lower case."""
    text = text[:MAX_TEXT]
    if "10" not in text and "doi" not in text.lower() and text.isascii():
        return ()
    found: dict[str, None] = {}
    tokens = _TOKEN.split(_mended(_plain(text)).strip())
    for token in tokens:
        if "10" not in token and "doi" not in token.lower():
            continue
        for doi in _in_token(token, alone=len(tokens) == 1):
            found.setdefault(doi)
    return tuple(found)


def doi_url(doi: str) -> str:
    """The address of a DOI at doi.org, percent-encoded so that all of the DOI arrives there."""
    prefix, _, suffix = doi.partition("/")
    dotted = any(segment in (".", "..", "") for segment in suffix.split("/"))
    return f"https://doi.org/{prefix}/{quote(suffix, safe=':()' if dotted else '/:()')}"


def has_control_characters(text: str) -> bool:
    """Whether a text holds control characters, line ends included; a tab is only a blank."""
    return bool(_CONTROL.search(text))


def _plain(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_CHARACTERS))
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape("&" + entity[1]), text)
    if "\\" in text or "$" in text:
        for escape, character in _LATEX:
            text = text.replace(escape, character)
    return text


def _mended(text: str) -> str:
    """The text without the blank inside its DOI, where it is one DOI and clearly goes on after the blank."""
    if len(text) > MAX_CELL:
        return text
    text = text.strip()
    if suffix := _BLANK_IN_SUFFIX.fullmatch(text):
        return "".join(suffix.groups())
    prefix = _BLANK_IN_PREFIX.fullmatch(text)
    return f"{prefix[1]}10.{prefix[2]}{prefix[3]}" if prefix else text


def _in_token(token: str, *, alone: bool) -> Iterator[str]:
    address = _ADDRESS.match(token)
    page = bool(address and not _DOI_HOST.fullmatch(address[1]))
    found = False
    for part in re.split(r"[?#]|(?<=[\w/])&(?=\w{1,30}=)", token) if address else (token,):
        decoded = _mended(_plain(unquote(part))) if "%" in part else part
        for doi in _scan(decoded, page=page):
            found = True
            yield doi
    if not found and (short := _short(token, alone=alone)):
        yield short


def _scan(text: str, *, page: bool) -> Iterator[str]:
    at = 0
    while start := _PREFIX.search(text, at):
        end = _END.search(text, start.end())
        at = end.start() if end else len(text)
        suffix = _trimmed(text[start.end() : at][: MAX_DOI + 1])
        if page:
            suffix = _trimmed(_PAGE.sub("", suffix))
        if doi := _finished(start[0] + suffix):
            yield doi


def _trimmed(suffix: str) -> str:
    """The suffix without punctuation at its end, and without brackets there that have no partner."""
    surplus = {closing: suffix.count(closing) - suffix.count(opening) for closing, opening in _BRACKETS.items()}
    end = len(suffix)
    while end:
        last = suffix[end - 1]
        if last in _OPENED:
            surplus[_OPENED[last]] += 1
        elif surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in _JUNK:
            break
        end -= 1
    return suffix[:end]


def _finished(doi: str) -> str | None:
    if (
        len(doi) > MAX_DOI
        or not doi.isprintable()
        or "\ufffd" in doi
        or not any(map(str.isalnum, doi[doi.index("/") :]))
    ):
        return None
    return _canonical(doi.lower() if doi.isascii() else doi.translate(_LOWER))


def _canonical(doi: str) -> str:
    if doi.startswith("10.1037//"):  # the APA registered its early DOIs with two slashes and serves them with one
        doi = "10.1037/" + doi[9:]
    versioned = _VERSIONED.fullmatch(doi)
    return versioned[1] if versioned else doi


def _short(token: str, *, alone: bool) -> str | None:
    """A short DOI (shortdoi.org); a bare “10/…” counts only where it is no fraction or month."""
    token = _trimmed(token[:80].replace("%2F", "/").replace("%2f", "/"))
    short = _SHORT_DOI.fullmatch(token)
    if not short or (short["bare"] and (not alone or _A_YEAR.fullmatch(short[2]))):
        return None
    return f"10/{short[2].lower()}"


_ARXIV_ID = (
    r"(?:(?P<new>\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})|(?P<archive>[a-z]{2,8}(?:-[a-z]{2,4})?)(?:\.[a-z]{2})?/"
    r"(?P<number>\d{2}(?:0[1-9]|1[0-2])\d{3}))(?!\d)(?:v\d{1,3})?"
)
_ARXIV_MARK = r"(?:arxiv\s?:\s?|arxiv\.org/(?:abs|pdf|html|ps|format|e-print|src)/|10\.48550/arxiv\.)"
_ARXIV = re.compile(
    rf"(?:(?:https?://)?[\w./]{{0,40}}?{_ARXIV_MARK})?{_ARXIV_ID}(?:\.pdf)?(?:\s?\[[\w.-]{{2,20}}\])?", re.IGNORECASE
)
_ARXIV_IN_TEXT = re.compile(_ARXIV_MARK + _ARXIV_ID, re.IGNORECASE)
ARXIV_ARCHIVES = frozenset((
    "acc-phys", "adap-org", "alg-geom", "ao-sci", "astro-ph", "atom-ph", "bayes-an", "chao-dyn", "chem-ph",
    "cmp-lg", "comp-gas", "cond-mat", "cs", "dg-ga", "econ", "eess", "funct-an", "gr-qc", "hep-ex", "hep-lat",
    "hep-ph", "hep-th", "math", "math-ph", "mtrl-th", "nlin", "nucl-ex", "nucl-th", "patt-sol", "physics",
    "plasm-ph", "q-alg", "q-bio", "q-fin", "quant-ph", "solv-int", "stat", "supr-con",
))  # fmt: skip
"""Archives of the ids given before April 2007; some have been closed since."""
_PMID = re.compile(
    r"(?:(?:https?://)?(?:(?:www|pubmed)\.ncbi\.nlm\.nih\.gov/(?:pubmed/)?|europepmc\.org/(?:article|abstract)/med/)"
    r"|(?:info:pmid/|pmid\b|medline:|pubmed:|\[pmid\])[\s:-]{0,3})?0{0,2}([1-9]\d{0,7})(?:\.0)?/?(?:\s?\[pmid\])?",
    re.IGNORECASE,
)
_PMID_IN_TEXT = re.compile(
    r"(?:pmid[\s:-]{1,3}|pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/|europepmc\.org/(?:article|abstract)/med/"
    r"|info:pmid/)([1-9]\d{0,7})(?!\d)|(?<!\d)([1-9]\d{0,7})\s?\[pmid\]",
    re.IGNORECASE,
)
_PMCID = re.compile(
    r"(?:(?:https?://)?[\w.]{0,40}/[\w/]{0,40}/|pmcid[\s:]{0,3}|info:pmcid/)?(?:pmc)?\s?([1-9]\d{0,8})(?:\.\d)?/?"
    r"(?:\s?\[pmcid\])?",
    re.IGNORECASE,
)
_PMCID_IN_TEXT = re.compile(r"(?<![a-z0-9])pmc([1-9]\d{3,8})(?![a-z0-9])", re.IGNORECASE)
_ISSN = re.compile(r"(?<![\dx])(\d{4})-?(\d{3}[\dx])(?![\dx])", re.IGNORECASE)
_SHORTENED_ISSN = re.compile(r"\d{1,3}-?\d{3}[\dx]|\d{5,7}", re.IGNORECASE)


def parse_arxiv(text: str) -> str | None:
    """The arXiv id that a cell holds, without version and subject class: `2101.00001` or `hep-th/9901001`."""
    if len(text) > MAX_CELL:
        return None
    return _arxiv(_ARXIV.fullmatch(_plain(text).strip()))


def parse_pmid(text: str) -> str | None:
    """The PubMed id that a cell holds, in digits; a bare number is taken for one."""
    found = _PMID.fullmatch(_plain(text).strip()) if len(text) <= MAX_CELL else None
    return found[1] if found else None


def parse_pmcid(text: str) -> str | None:
    """The PubMed Central id that a cell holds, as `PMC1234567`; a bare number is taken for one."""
    found = _PMCID.fullmatch(_plain(text).strip()) if len(text) <= MAX_CELL else None
    return f"PMC{found[1]}" if found else None


def parse_issn(text: str) -> str | None:
    """The ISSN that a cell holds, as `1234-567X`; leading zeros that a spreadsheet ate are put back."""
    found = parse_issns(text)
    return found[0] if len(found) == 1 else None


def parse_issns(text: str) -> tuple[str, ...]:
    """Every ISSN of a cell whose check digit is right, each once."""
    text = _plain(text[:MAX_CELL])
    digits = [first + last for first, last in _ISSN.findall(text)]
    if not digits:
        digits = [
            piece.replace("-", "").zfill(8) for piece in re.split(r"[\s,;|]+", text) if _SHORTENED_ISSN.fullmatch(piece)
        ]
    return tuple(dict.fromkeys(f"{d[:4]}-{d[4:].upper()}" for d in digits if _issn_checks(d)))


def _issn_checks(digits: str) -> bool:
    values = [10 if digit in "xX" else int(digit) for digit in digits]
    return (
        10 not in values[:-1]
        and sum(weight * value for weight, value in zip(range(8, 0, -1), values, strict=True)) % 11 == 0
    )


def _arxiv(found: re.Match[str] | None) -> str | None:
    if not found:
        return None
    if new := found["new"]:
        return new if len(new) == (9 if new < "1500" else 10) and new > "0704" else None
    archive = found["archive"].lower()
    return f"{archive}/{found['number']}" if archive in ARXIV_ARCHIVES else None


def identify(text: str) -> tuple[Identifier, ...]:
    """Every identifier in a text, each once, by scheme; a bare number is none."""
    text = text[:MAX_TEXT]
    dois = find_dois(text)
    whole = parse_arxiv(text)
    arxiv = (
        ([whole] if whole else [])
        + [_arxiv(found) for found in _ARXIV_IN_TEXT.finditer(text)]
        + [arxiv_of(doi) for doi in dois]
    )
    found = {
        **{Identifier(Scheme.DOI, doi): None for doi in dois},
        **{Identifier(Scheme.PMID, pmid[1] or pmid[2]): None for pmid in _PMID_IN_TEXT.finditer(text)},
        **{Identifier(Scheme.PMCID, f"PMC{pmcid[1]}"): None for pmcid in _PMCID_IN_TEXT.finditer(text)},
        **{Identifier(Scheme.ARXIV, value): None for value in arxiv if value},
    }
    return tuple(found)


def arxiv_of(doi: str) -> str | None:
    """The arXiv id of a DOI that arXiv gave, from its normal form."""
    return parse_arxiv(doi) if doi.startswith("10.48550/arxiv.") else None


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|m[aä]r|mai|okt|dez)[a-z]{0,6}\.?"
_KINDS = (
    ("formula", r"[=@].+|[+-][^\d].*"),
    ("rounded number", r"[+-]?\d+(?:[.,]\d+)?e[+-]?\d+"),
    ("date", r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[ t][\d:]+)?|\d{1,2}/\d{4}"),
    ("date", rf"\d{{1,2}}[ .-]?{_MONTH}(?:[ .-]\d{{2,4}})?|{_MONTH}[ .-]\d{{1,4}}"),
    ("ISBN", r"(?:isbn(?:-1[03])?:?\s?)?97[89](?:[ -]?\d){10}"),
    ("ISBN", r"isbn(?:-1[03])?:?\s?(?:[ -]?\d){9}[ -]?[\dx]|(?:\d-?){9}[\dx]"),
    ("ISSN", r"(?:e-?|p-?)?(?:issn:?\s?)?\d{4}-\d{3}[\dx]"),
    ("handle", r"(?:https?://)?hdl\.handle\.net/.+|hdl:.+|(?!10\.)[1-9]\d{1,5}(?:\.\d{1,9}){0,4}/[^/\s].*"),
    ("OpenAlex id", r"(?:https?://(?:api\.)?openalex\.org/(?:works/)?)?w\d{4,12}"),
    ("Scopus id", r"2-s2\.0-\d{8,12}"),
    ("Web of Science id", r"(?:wos|isi|bci|medline|zoorec|ppr):[a-z0-9]{8,20}"),
    ("PII", r"(?:pii:?\s?)?s?\d{4}-?\d{3}[\dx]\(\d\d\)\d{5}-?[\dx]"),
    ("URN", r"urn:\S+"),
    ("broken DOI", r"(?:.{0,40}doi\W{0,3})?1?0[./]\S*|.{0,40}doi\.org/?.*"),
    ("URL", r"(?:https?|ftp)://.+|www\.\S+"),
    ("number", r"[\d., ]+"),
)
_KIND_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)
_SCHEME_NAMES = {Scheme.DOI: "DOI", Scheme.PMID: "PMID", Scheme.PMCID: "PMCID", Scheme.ARXIV: "arXiv id"}


def kind_of(text: str) -> str | None:
    """What a cell seems to hold: “DOI”, “ISBN”, “handle”, “URL” …; None where it looks like nothing known."""
    text = _plain(text[:MAX_CELL]).strip()
    if found := identify(text):
        return _SCHEME_NAMES[found[0].scheme]
    return next((kind for kind, pattern in _KIND_PATTERNS if pattern.fullmatch(text)), None)
