"""Nature: while an article is unedited, its page names the manuscript, and that is the one file there is."""

import re
from collections.abc import Iterator

_MANUSCRIPT = re.compile(r"href\s*=\s*[\"']([^\"'<>]{0,100}/articles/[\w.-]{1,100}_reference\.pdf)[\"']", re.IGNORECASE)


def files(page: str) -> Iterator[str]:
    """The address of the accepted manuscript, where the page names it."""
    yield from (found[1] for found in _MANUSCRIPT.finditer(page))
