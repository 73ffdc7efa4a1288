"""Telling what came instead of the file: a bot wall, a cookie wall, a login, a page that says “not found”.

Article pages load captcha scripts, link to logins and offer papers for sale without being walls. So headers and
addresses are asked first, a page that describes an article is none, and words count where they make up the page.
"""

import re
from collections.abc import Mapping
from html import unescape

from infrastructure.publishers.wall_signs import (
    ADDRESSES,
    BOT,
    FOR_SALE,
    HEADERS,
    MARKUP,
    SMALL_PAGE_MARKUP,
    TITLES,
    WORDS,
    Signs,
)

OK = 200
READ = 300_000
"""Bytes of a page that are looked at."""
_MOST_TEXT = 4_000
"""Characters; a page that says more is no wall by its words alone."""

_ARTICLE = re.compile(
    r"<meta\s[^>]{0,300}?(?:name|property)\s*=\s*[\"']?(?:bepress_)?(?:citation_(?:pdf_url|title|doi)|eprints\.title|dc\.title|prism\.doi)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(r"<title[^>]{0,200}>(.{0,1000}?)</title", re.IGNORECASE | re.DOTALL)
_LINKS_PDF = re.compile(r"\bhref\s*=\s*[\"']?[^\"'>]{0,500}pdf", re.IGNORECASE)
_NOT_TEXT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]{0,5000}>")


def classify(url: str, status: int, headers: Mapping[str, str], body: bytes, content_type: str = "") -> str | None:
    """The cause that an answer stands for, a name of domain.causes; None where it is no wall that is known here.

    `url` is the address after all redirects, `headers` have lower-case names. What the status alone says is not judged.
    """
    if any(pattern.search(headers.get(name, "")) for name, pattern in HEADERS):
        return BOT
    if body.startswith(b"%PDF-") or content_type.startswith(("image/", "audio/", "video/")):
        return None
    page = body[:READ].decode("utf-8", "replace").replace("\0", "")
    if status == OK and _ARTICLE.search(page):
        return None
    return _first(ADDRESSES, url) or _first(MARKUP, page) or _of_small_page(page)


def _of_small_page(page: str) -> str | None:
    text = visible_text(page)
    if len(text) > _MOST_TEXT:
        return None
    title = _clean(found[1]) if (found := _TITLE.search(page)) else ""
    if cause := _first(TITLES, title):
        return cause
    return None if _LINKS_PDF.search(page) else _first(SMALL_PAGE_MARKUP, page) or _first(WORDS, text)


def offers_for_money(body: bytes) -> bool:
    """Whether a page, of an article too, offers the paper for money or to members: why it names no file."""
    return bool(FOR_SALE.search(visible_text(body[:READ].decode("utf-8", "replace"))))


def visible_text(page: str) -> str:
    """The text of a page without its markup, with single blanks."""
    return _clean(_NOT_TEXT.sub(" ", page))


def _clean(markup: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", markup)).split())


def _first(signs: Signs, text: str) -> str | None:
    return next((cause for cause, pattern in signs.items() if pattern.search(text)), None)
