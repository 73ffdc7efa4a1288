"""Addresses that strangers gave."""

from urllib.parse import urlsplit


def web_address(url: str | None) -> str | None:
    """The URL if it may be a link; None for `javascript:` and the like, which strangers put into lists."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None
