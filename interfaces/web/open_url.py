"""Links into a library's link resolver: a paper as an OpenURL (ANSI/NISO Z39.88-2004, key/encoded-value format)."""

from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

from application.queries import PaperRow

_VERSION = (
    ("url_ver", "Z39.88-2004"),
    ("ctx_ver", "Z39.88-2004"),
    ("rfr_id", "info:sid/scipaperloader"),
    ("rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"),
    ("rft.genre", "article"),
)
LONGEST = 300
"""Characters of a field: resolvers and proxies refuse addresses that are too long."""


def resolver_address(prefix: str, paper: PaperRow) -> str | None:
    """The address at which the resolver tells where the paper is to be had; None without a resolver."""
    if not prefix:
        return None
    joint = "&" if urlsplit(prefix).query else "" if prefix.endswith("?") else "?"
    return f"{prefix.rstrip('&')}{joint}{urlencode([*_VERSION, *_of(paper)])}"


def _of(paper: PaperRow) -> Iterator[tuple[str, str]]:
    for scheme, value in (("doi", paper.doi), ("pmid", paper.pmid)):
        if value:
            yield "rft_id", f"info:{scheme}/{value}"
    known = (
        ("rft.atitle", paper.title),
        ("rft.jtitle", paper.journal),
        ("rft.issn", (paper.issn or "").partition(" ")[0]),
        ("rft.date", str(paper.year) if paper.year else ""),
        ("rft.au", (paper.authors or "").partition(";")[0].strip()),
    )
    yield from ((name, value[:LONGEST]) for name, value in known if value)
