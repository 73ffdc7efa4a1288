"""The file among a page's links, by their words: taken only where it is the only one of its kind.

A page links many files that are not the paper: supplements, references, forms, other articles. So places and words
that stand for those are left out first, and what remains counts only if it is one file (JabRef's rule).
"""

import re
from collections.abc import Callable, Iterable, Iterator

from attrs import frozen
from selectolax.lexbor import LexborHTMLParser, LexborNode

from infrastructure.publishers.addresses import absolute, file_key, host_of, last_part, path_of
from infrastructure.publishers.link_words import (
    ASIDES,
    BAD_ADDRESS,
    BAD_WORDS,
    ELSEWHERE,
    FILE_NAME,
    FULL_TEXT,
    MARKS,
    WORDS,
)
from infrastructure.publishers.page import Candidate
from infrastructure.publishers.platforms.catalogue import PLATFORMS
from infrastructure.publishers.rules import behind_viewer

_MOST_ANCHORS = 5_000
_TITLES = ("title", "aria-label", "data-tooltip", "download")
_MARKS = tuple(dict.fromkeys((*(mark for one in PLATFORMS for mark in one.marks), *MARKS)))
_DEEPEST = 30
"""Elements around a link that are looked at."""


@frozen(kw_only=True)
class _Link:
    url: str
    label: str
    titles: tuple[str, ...]
    same_host: bool

    @property
    def is_pdf(self) -> bool:
        return path_of(self.url).lower().endswith(".pdf") or "filename=" in self.url.lower()


def files(tree: LexborHTMLParser, base: str, url: str, title: str | None) -> Iterator[Candidate]:
    """The link to the file, where the first kind of links that the page has leads to one file only."""
    marked = (node for selector in _MARKS for node in tree.css(selector))
    links = _links(tree.css("a[href]")[:_MOST_ANCHORS], base, url)
    kinds = [("marked by the platform", _links(marked, base, url))]
    kinds += [(kind, [link for link in links if fits(link, title or "")]) for kind, fits in _KINDS]
    kind, found = next(((kind, found) for kind, found in kinds if found), ("", []))
    if len({file_key(link.url) for link in found}) == 1:
        yield Candidate(url=found[0].url, found_by=f"link {kind}")


def _links(nodes: Iterable[LexborNode], base: str, url: str) -> list[_Link]:
    return [link for node in nodes if (link := _link(node, base, url))]


def _link(node: LexborNode, base: str, url: str) -> _Link | None:
    target = absolute(base, node.attributes.get("href"))
    if target is None or file_key(target) == file_key(url):
        return None
    target = behind_viewer(target) or target
    label = " ".join(node.text()[:500].split())
    titles = tuple((node.attributes.get(name) or "")[:500] for name in _TITLES)
    said = " ".join((last_part(target), label, *titles))
    if BAD_ADDRESS.search(target) or BAD_WORDS.search(said) or _is_elsewhere(node):
        return None
    return _Link(url=target, label=label, titles=titles, same_host=host_of(target) == host_of(url))


def _is_elsewhere(node: LexborNode | None) -> bool:
    for _ in range(_DEEPEST):
        if node is None or node.tag in ("body", "html", "main"):
            return False
        if node.tag == "footer":
            return True
        names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
        if len(names) > 1 and ELSEWHERE.search(names):
            return True
        node = node.parent
    return False


def _is_labelled(link: _Link, _title: str) -> bool:
    return any(_says_pdf(text) for text in (link.label, *link.titles))


def _says_pdf(text: str) -> bool:
    words = re.findall(r"\w+", ASIDES.sub(" ", text.lower()))
    return "pdf" in words and WORDS.issuperset(words)


def _is_file_name(link: _Link, _title: str) -> bool:
    label = ASIDES.sub(" ", link.label).strip()
    return link.same_host and link.is_pdf and bool(FILE_NAME.fullmatch(label))


def _is_full_text(link: _Link, title: str) -> bool:
    named = bool(title) and link.label.lower() == title.lower()
    return link.same_host and link.is_pdf and (named or bool(FULL_TEXT.search(link.label)))


_KINDS: tuple[tuple[str, Callable[[_Link, str], bool]], ...] = (
    ("labelled PDF", _is_labelled),
    ("named like a file", _is_file_name),
    ("called the full text", _is_full_text),
)
