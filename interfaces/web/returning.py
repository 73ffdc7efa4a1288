"""Going back to where a person was: the address of a page of ours, and never another one."""

from urllib.parse import parse_qsl, urlencode, urlsplit

TOLD = "told"
"""The field of an address that names what has just happened by its position in the log."""
LONGEST = 4_000
"""Characters of an address that is gone back to."""


def own_address(text: str, default: str) -> str:
    """The address, without what was told there, if it is a page of ours; else the default.

    Browsers take two slashes, and a backslash for one, for the beginning of another host's address.
    """
    told = text.strip()
    if not told.startswith("/") or told[1:2] in {"/", "\\"} or len(told) > LONGEST or not told.isprintable():
        return default
    return untold(told)


def untold(address: str) -> str:
    """The address without the field that names what has just happened."""
    parts = urlsplit(address)
    pairs = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != TOLD]
    return parts._replace(scheme="", netloc="", query=urlencode(pairs)).geturl() or "/"
