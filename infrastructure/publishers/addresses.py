"""Addresses as pages write them, made absolute; those that lead nowhere on the web are dropped."""

import html
import re
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit, urlunsplit

LONGEST = 2_000
"""Characters of an address that is believed to be one."""
_BROKEN = re.compile(r"[\x00-\x1f\x7f\\]")
_LINE_BREAKS = re.compile(r"[\t\r\n]+")
_NO_MATTER = frozenset({"download", "needaccess", "role"})
"""Parameters that change how a file is shown, not which one it is."""


def absolute(base: str, written: str | None) -> str | None:
    """The http or https address that `written` means on a page at `base`, without fragment; None where it is none."""
    cleaned = _LINE_BREAKS.sub("", html.unescape(written or "")).strip().replace(" ", "%20")
    if not cleaned or len(cleaned) > LONGEST or cleaned.startswith("#"):
        return None
    try:
        joined = urldefrag(urljoin(base, cleaned)).url
        parts = urlsplit(joined)
        good = parts.scheme in ("http", "https") and parts.hostname and not parts.username and parts.port != 0
    except ValueError:
        return None
    return joined if good and len(joined) <= LONGEST and not _BROKEN.search(joined) else None


def host_of(url: str) -> str:
    """The host in lower case without `www.`, "" where there is none."""
    try:
        return (urlsplit(url).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""


def path_of(url: str) -> str:
    """The path of an address that `absolute` made."""
    return urlsplit(url).path


def last_part(url: str) -> str:
    """What follows the last slash of the path, with the parameters."""
    parts = urlsplit(url)
    return f"{parts.path.rstrip('/').rpartition('/')[2]}?{parts.query}"


def file_key(url: str) -> str:
    """What tells files apart in an address: not the scheme, nor the parameters of how it is shown."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    kept = urlencode([(name, value) for name, value in query if name.lower() not in _NO_MATTER])
    return urlunsplit(("", parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/"), kept, ""))
