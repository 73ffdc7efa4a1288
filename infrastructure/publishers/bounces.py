"""Pages that only send the browser on: by meta refresh, by a form field, or by a line of script."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from infrastructure.publishers.addresses import absolute, file_key

LONGEST_WAIT = 30
"""Seconds; a page that refreshes later is meant to be read first."""
_MOST_TEXT = 400
"""Characters; a page that says more than that is no bounce, whatever its scripts do."""
_REFRESH = re.compile(r"\s*(\d{1,6})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?\s*([^\"'>]+)", re.IGNORECASE)
_SCRIPT = re.compile(
    r"""(?:^|[;{}\s.])(?:(?:window|document|self|top|parent)\s*\.\s*)?location(?:\s*\.\s*href)?
    \s*(?:=|\.\s*(?:replace|assign)\s*\()\s*["']([^"'\n]{1,2000})["']""",
    re.VERBOSE,
)


def continuation(tree: LexborHTMLParser, base: str, url: str) -> str | None:
    """Where the page sends a browser on to, None where it stays or would only load itself again."""
    for written in _targets(tree):
        target = absolute(base, written)
        if target and file_key(target) != file_key(url):
            return target
    return None


def _targets(tree: LexborHTMLParser) -> Iterator[str | None]:
    for meta in tree.css('meta[http-equiv="refresh" i]'):
        refresh = _REFRESH.match(meta.attributes.get("content") or "")
        if refresh and int(refresh[1]) <= LONGEST_WAIT:
            yield refresh[2].strip()
    for field in tree.css('input[name="redirectURL" i]'):
        value = field.attributes.get("value")
        yield _decoded(value) if value else None
    if _says_little(tree):
        for script in tree.css("script"):
            if move := _SCRIPT.search((script.text() or "")[:20_000]):
                yield move[1].replace("\\/", "/")


def _decoded(value: str) -> str:
    return unquote(value) if value.lower().startswith(("http%3a", "https%3a")) else value


def _says_little(tree: LexborHTMLParser) -> bool:
    body = tree.body
    if body is None:
        return True
    words = sum(len(node.text(deep=False).strip()) for node in body.css("*:not(script):not(style):not(noscript)"))
    return words <= _MOST_TEXT
