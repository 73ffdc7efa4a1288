"""Papers in addresses: by id, or by DOI, whose slashes may be encoded or not."""

from urllib.parse import quote, unquote

COLLECTIONS = ("/api/v1/papers/", "/papers/")
MANY = tuple(f"{start}actions" for start in COLLECTIONS)
"""Addresses of what is done with many papers: no paper is called so."""
PARTS = frozenset({"events", "file", "picture"})
"""What follows a paper's name: /api/v1/papers/10.1234/abc/events."""
ACTIONS = frozenset(
    {"process", "retry", "revert", "exclude", "reinstate", "unavailable", "requested", "file/accept", "file/reject"}
)
"""What follows it where something is to be done."""
LONGEST = 2
"""Segments of the longest of them."""


def one_segment(path: str, raw_path: bytes | None, method: str = "GET") -> str:
    """The path with a paper's name as one, still encoded segment, as the routes need it; other paths as they are.

    The server has decoded `path`; `raw_path` tells encoded slashes from plain ones, with or without a query.
    """
    start = next((start for start in COLLECTIONS if path.startswith(start)), None)
    if start is None or path.startswith(tuple(f"{many}/" for many in MANY)):
        return path
    raw = raw_path.decode("latin-1").partition("?")[0] if raw_path else quote(path)
    if not raw.startswith(start):  # some other letter is encoded
        raw = quote(path)
    segments = raw.removeprefix(start).split("/")
    parts = ACTIONS if method == "POST" else PARTS
    named, part = _parted(segments, parts)
    return f"{start}{quote(unquote('/'.join(named)), safe='')}{part}"


def _parted(segments: list[str], parts: frozenset[str]) -> tuple[list[str], str]:
    """The segments of the name, and what follows it with its slash; the longest part that there is."""
    for count in range(min(LONGEST, len(segments) - 1), 0, -1):
        named, part = segments[:-count], "/".join(segments[-count:])
        if part in parts and not _is_prefix_only(named):
            return named, f"/{part}"
    return segments, ""


def _is_prefix_only(segments: list[str]) -> bool:
    """Whether these are a DOI's prefix without its suffix: then what follows is the suffix, whatever it looks like."""
    return len(segments) == 1 and segments[0].startswith("10.") and "%2f" not in segments[0].lower()


def plain(segment: str) -> str:
    """The name in a segment that `one_segment` made."""
    return unquote(segment)


def segment(name: str) -> str:
    """The name as a segment of an address."""
    return quote(name, safe="")
