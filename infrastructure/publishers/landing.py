"""Reading a landing page: which paper it is about, and where its file may be.

The order of the ways follows what is known to work (Google Scholar's inclusion guidelines for the tags, and the
practice of other collectors): data of the few pages whose own programs know better, tags made for programs, links and
frames of type PDF, structured data, rules of single platforms for the page's address, and at last the words on links.
"""

import re
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser

from domain.identifiers import parse_doi
from infrastructure.publishers import anchors, bounces, structured
from infrastructure.publishers.addresses import absolute, file_key
from infrastructure.publishers.page import RULE, Candidate, LandingPage
from infrastructure.publishers.platforms.catalogue import of_address
from infrastructure.publishers.rules import behind_viewer, files_of_page

LARGEST_PAGE = 5_000_000
"""Bytes of a page that are read; the rest is ignored."""
MOST_CANDIDATES = 12
_FILE_TAGS = (
    "citation_pdf_url",
    "bepress_citation_pdf_url",
    "eprints.document_url",
    "wkhealth_pdf_url",
    "fulltext_pdf",
)
_DOI_TAGS = (
    "citation_doi", "bepress_citation_doi", "dc.identifier", "dc.identifier.doi", "prism.doi", "doi", "eprints.doi",
    "evt-doipage", "publication_doi",
)  # fmt: skip
_TITLE_TAGS = ("citation_title", "bepress_citation_title", "eprints.title", "dc.title", "og:title")
_FRAMES = (
    ('link[rel~="alternate"][type="application/pdf"]', "href"),
    ('embed[type="application/pdf"], embed#pdf', "src"),
    ('object[type="application/pdf"]', "data"),
    ('object[data*=".pdf" i]', "data"),
    ('iframe[src*="pdf" i]', "src"),
)
"""Elements that hold a file, with the attribute that names it."""
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")


def read_page(body: bytes, url: str) -> LandingPage:
    """Read the HTML at `url`, its address after all redirects. Never raises for what the page holds.

    A page made for the purpose can keep the parser busy for long: `infrastructure.publishers.isolated` bounds that.
    """
    if not body.strip() or body[:1024].lstrip().startswith(b"%PDF-"):
        return LandingPage()
    tree = LexborHTMLParser(body[:LARGEST_PAGE], encoding=True, scripting=True)
    base = _base(tree, url)
    tags = _tags(tree)
    title = _title(tree, tags)
    candidates = _distinct((*_told(tree, tags, base, url), *anchors.files(tree, base, url, title)), url)
    return LandingPage(
        candidates=candidates,
        continue_at=None if candidates else bounces.continuation(tree, base, url),
        dois=tuple(dict.fromkeys(doi for name in _DOI_TAGS for text in tags.get(name, ()) if (doi := parse_doi(text)))),
        title=title,
    )


def _base(tree: LexborHTMLParser, url: str) -> str:
    element = tree.css_first("base[href]")
    return (absolute(url, element.attributes.get("href")) if element else None) or url


def _tags(tree: LexborHTMLParser) -> dict[str, list[str]]:
    """The contents of the meta elements by their names in lower case, in the order of the page."""
    found: dict[str, list[str]] = {}
    for element in tree.css("meta[content]"):
        name = element.attributes.get("name") or element.attributes.get("property") or ""
        found.setdefault(name.strip().lower(), []).append(element.attributes.get("content") or "")
    return found


def _title(tree: LexborHTMLParser, tags: dict[str, list[str]]) -> str | None:
    element = tree.css_first("title")
    texts = [text for name in _TITLE_TAGS for text in tags.get(name, ())] + [element.text() if element else ""]
    return next((clean for text in texts if (clean := " ".join(_TAG.sub("", text[:2_000]).split()))), None)


def _told(tree: LexborHTMLParser, tags: dict[str, list[str]], base: str, url: str) -> Iterator[Candidate]:
    page, platform = tree.html or "", of_address(url)
    if platform and platform.data:
        yield from _resolved(url, platform.data(page), "page data")
    for name in _FILE_TAGS:
        yield from _resolved(base, tags.get(name, ()), name)
    yield from _resolved(base, (text for text in tags.get("dc.identifier", ()) if _is_file(text)), "dc.identifier")
    for selector, attribute in _FRAMES:
        written = (element.attributes.get(attribute) for element in tree.css(selector))
        yield from _resolved(base, written, selector.partition("[")[0])
    yield from _resolved(base, structured.files(tree), "json-ld")
    for name, file in files_of_page(url, page):
        yield from _resolved(url, (file,), f"{RULE} {name}")


def _resolved(base: str, written: Iterable[str | None], found_by: str) -> Iterator[Candidate]:
    """The addresses as candidates; that of a page which only shows the file is exchanged for the file's."""
    for address in written:
        if url := absolute(base, address):
            yield Candidate(url=behind_viewer(url) or url, found_by=found_by)


def _is_file(text: str) -> bool:
    return text.lower().startswith(("http://", "https://")) and text.lower().endswith(".pdf")


def _distinct(candidates: Iterable[Candidate], url: str) -> tuple[Candidate, ...]:
    """Each address once, without the page itself."""
    kept: dict[str, Candidate] = {}
    for candidate in candidates:
        kept.setdefault(file_key(candidate.url), candidate)
    kept.pop(file_key(url), None)
    return tuple(kept.values())[:MOST_CANDIDATES]
