"""Papers for reference managers: BibTeX, RIS and CSL-JSON, one paper after the other. Pure.

The path of a paper's file is relative to the library's folder: a list that lies there, or in the archive of the files,
brings its files along.
"""

import base64
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from application.queries import PaperRow
from application.work_types import ARTICLE, work_type
from domain.authors import family_name, given_names

_AUTHORS = "; "
"""Between the names in a row."""
_ENDS = re.compile(r"[\s\x00-\x1f\x7f\x85\u2028\u2029]+")
_UNWANTED = frozenset({"Cc", "Cs"})
_NO_KEY = re.compile(r"[^a-z0-9]+")
_SMALL_WORDS = frozenset(
    {
        "a",
        "an",
        "the",
        "on",
        "of",
        "in",
        "and",
        "der",
        "die",
        "das",
        "ein",
        "eine",
        "le",
        "la",
        "les",
        "un",
        "une",
        "el",
    }
)
_LATEX: Mapping[int, str] = str.maketrans({
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    **{sign: f"\\{sign}" for sign in "%&$#_"},
})  # fmt: skip
_ENCODED = str.maketrans({sign: f"%{ord(sign):02X}" for sign in "{}\\"})
_ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "\\:;"})
_LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x7f\x85\u2028\u2029"}


def one_line(text: str | None) -> str:
    """The text without line ends and controls: no value begins a new field, or a new entry."""
    tidy = _ENDS.sub(" ", text or "").strip()
    return tidy if tidy.isprintable() else "".join(char for char in tidy if unicodedata.category(char) not in _UNWANTED)


def authors_of(paper: PaperRow) -> list[str]:
    """The names of the authors."""
    return [name for name in map(one_line, (paper.authors or "").split(_AUTHORS)) if name]


def cite_key(paper: PaperRow) -> str:
    """The key by which a text cites the paper: family name, year, first word of the title, and letters of its own.

    The letters come from the paper's id. So the key is the same in every export, whatever else is in it, and no list
    of the keys that are taken has to be kept.
    """
    family = _of_key(family_name(next(iter(authors_of(paper)), "")))
    words = filter(None, map(_of_key, one_line(paper.title).split()))
    first = next((word for word in words if word not in _SMALL_WORDS), "")
    own = base64.b32encode(hashlib.sha256(paper.id.encode()).digest()).decode().lower()
    told = "".join((family[:40], str(paper.year or ""), first[:40]))
    return f"{told}-{own[:6]}" if family and first else f"{told or 'paper'}-{own[:16]}"


def _of_key(text: str) -> str:
    return _NO_KEY.sub("", unicodedata.normalize("NFKD", text).lower())


def address_of(paper: PaperRow) -> str:
    """Where the paper is found: by its DOI, or where its file came from."""
    if paper.doi:
        return f"https://doi.org/{one_line(paper.doi)}"
    if paper.arxiv:
        return f"https://arxiv.org/abs/{one_line(paper.arxiv)}"
    return one_line(paper.file_url)


def bibtex(papers: Iterable[PaperRow]) -> Iterator[str]:
    """One entry of BibTeX for each paper, in UTF-8. `file` is what JabRef and Zotero read."""
    for paper in papers:
        fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _bibtex_fields(paper).items() if value)
        yield f"@{work_type(paper.type).bibtex}{{{cite_key(paper)},\n{fields}}}\n\n"


def _bibtex_fields(paper: PaperRow) -> dict[str, str]:
    kind = work_type(paper.type)
    journal = "booktitle" if kind.within else "journal" if kind is ARTICLE else "howpublished"
    publisher = {"phdthesis": "school", "techreport": "institution"}.get(kind.bibtex, "publisher")
    return {
        "author": " and ".join(map(_bibtex_name, authors_of(paper))),
        "title": _latex(paper.title),
        journal: _latex(paper.journal),
        "year": str(paper.year or ""),
        publisher: _latex(paper.publisher),
        "issn": _latex(", ".join((paper.issn or "").split())),
        "doi": _as_it_is(paper.doi),
        "url": _as_it_is(address_of(paper)),
        "pmid": _as_it_is(paper.pmid),
        "pmcid": _as_it_is(paper.pmcid),
        "eprint": _as_it_is(paper.arxiv),
        "archiveprefix": "arXiv" if paper.arxiv else "",
        "file": f":{_path(paper.file_path)}:PDF" if paper.file_path else "",
    }


def _bibtex_name(author: str) -> str:
    """A name as BibTeX takes it apart: "Family, Given", or in braces where it is one name."""
    given = given_names(author)
    if not given or " and " in f" {author.lower()} ":
        return f"{{{_latex(author)}}}"
    return f"{_latex(family_name(author).replace(',', ' '))}, {_latex(given)}"


def _latex(text: str | None) -> str:
    return one_line(text).translate(_LATEX)


def _as_it_is(text: str | None) -> str:
    """A value that programs do not read as LaTeX: nothing in it may end the field."""
    return one_line(text).translate(_ENCODED)


def _path(path: str) -> str:
    """A path as `file` has it: signs between its parts are escaped, and braces that do not match."""
    escaped = one_line(path).translate(_ESCAPED)
    return escaped if _is_balanced(escaped) else escaped.translate(_LATEX)


def _is_balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0


def ris(papers: Iterable[PaperRow]) -> Iterator[str]:
    """One entry of RIS for each paper. `L1` is the file."""
    for paper in papers:
        lines = (f"{tag}  - {value}\r\n" for tag, value in _ris_fields(paper) if value)
        yield f"TY  - {work_type(paper.type).ris}\r\n{''.join(lines)}ER  - \r\n\r\n"


def _ris_fields(paper: PaperRow) -> Iterator[tuple[str, str]]:
    yield "ID", cite_key(paper)
    for author in authors_of(paper):
        given = given_names(author)
        yield "AU", f"{family_name(author)}, {given}" if given else author
    yield "TI", one_line(paper.title)
    yield "T2", one_line(paper.journal)
    yield "PY", str(paper.year or "")
    yield "PB", one_line(paper.publisher)
    for issn in (paper.issn or "").split():
        yield "SN", issn
    yield "DO", one_line(paper.doi)
    yield "UR", address_of(paper)
    yield "AN", one_line(paper.pmid)
    yield "C2", one_line(paper.pmcid)
    yield "L1", one_line(paper.file_path)


def csl(papers: Iterable[PaperRow]) -> Iterator[str]:
    """A list in CSL-JSON, one line for each paper. `note` names the file, for people; `custom` for programs."""
    before = "["
    for paper in papers:
        text = json.dumps(_csl_item(paper), ensure_ascii=False).translate(_LINE_ENDS)
        yield f"{before}\n{text}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def _csl_item(paper: PaperRow) -> dict[str, object]:
    item: dict[str, object] = {
        "id": cite_key(paper),
        "type": work_type(paper.type).csl,
        "title": one_line(paper.title),
        "author": [_csl_name(author) for author in authors_of(paper)],
        "issued": {"date-parts": [[paper.year]]} if paper.year else None,
        "container-title": one_line(paper.journal),
        "publisher": one_line(paper.publisher),
        "ISSN": ", ".join((paper.issn or "").split()),
        "DOI": one_line(paper.doi),
        "PMID": one_line(paper.pmid),
        "PMCID": one_line(paper.pmcid),
        "URL": address_of(paper),
        "note": f"file: {one_line(paper.file_path)}" if paper.file_path else None,
        "custom": _csl_custom(paper),
    }
    return {name: value for name, value in item.items() if value}


def _csl_name(author: str) -> dict[str, str]:
    given = given_names(author)
    return {"family": family_name(author), "given": given} if given else {"literal": author}


def _csl_custom(paper: PaperRow) -> dict[str, object]:
    told = {
        "paper": paper.id,
        "arxiv": paper.arxiv,
        "file": paper.file_path,
        "sha256": paper.file_sha256,
        "version": paper.version,
        "licence": paper.licence,
    }
    return {name: value for name, value in told.items() if value}
