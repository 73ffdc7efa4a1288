"""ScienceDirect: the file's address is in the data of the page's own program, not in a tag."""

import json
import re
from collections.abc import Iterator
from urllib.parse import urlencode

_PLACE = re.compile(r'"pdfDownload"\s*:\s*\{[^{}]{0,300}"urlMetadata"\s*:\s*(?=\{)')
_PATH = re.compile(r"\w[\w/]{0,100}")
_LONGEST = 2_000


def files(page: str) -> Iterator[str]:
    """The file's address, relative to the host, for a page whose reader may download it."""
    for place in _PLACE.finditer(page):
        try:
            told, _ = json.JSONDecoder().raw_decode(page[place.end() : place.end() + _LONGEST])
        except (ValueError, RecursionError):
            continue
        parts = [str(told.get(name) or "").strip("/") for name in ("path", "pii", "pdfExtension")]
        query = told.get("queryParams")
        if all(map(_PATH.fullmatch, parts)) and isinstance(query, dict):
            yield f"/{parts[0]}/{parts[1]}/{parts[2]}?{urlencode(query)}"
