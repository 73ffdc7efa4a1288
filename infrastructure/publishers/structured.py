"""Files named in a page's structured data (JSON-LD, schema.org `encoding` and `associatedMedia`)."""

import json
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

_HOLDERS = ("encoding", "associatedMedia", "encodings")
_LARGEST = 500_000
_MOST_NODES = 20_000


def files(tree: LexborHTMLParser) -> Iterator[str]:
    """The `contentUrl` of every encoding of the page's works that is a PDF."""
    for script in tree.css('script[type="application/ld+json"]'):
        try:
            data = json.loads((script.text() or "")[:_LARGEST])
        except (ValueError, RecursionError):
            continue
        yield from _in(data)


def _in(data: object) -> Iterator[str]:
    waiting, seen = [data], 0
    while waiting and seen < _MOST_NODES:
        node, seen = waiting.pop(), seen + 1
        if isinstance(node, dict):
            for holder in _HOLDERS:
                yield from _urls(node.get(holder))
            waiting += [node[key] for key in ("@graph", "mainEntity") if key in node]
        elif isinstance(node, list):
            waiting += reversed(node)


def _urls(media: object) -> Iterator[str]:
    for entry in media if isinstance(media, list) else [media]:
        known = entry if isinstance(entry, dict) else {}
        url = known.get("contentUrl")
        if isinstance(url, str) and (known.get("encodingFormat") == "application/pdf" or url.lower().endswith(".pdf")):
            yield url
