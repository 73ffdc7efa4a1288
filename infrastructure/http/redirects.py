"""Addresses to ask, and where redirects may lead (RFC 9110, 10.2.2)."""

from collections.abc import Mapping

import httpx2

from infrastructure.http.redaction import own_values, without_values
from infrastructure.http.trouble import Trouble

Origin = tuple[str, str, int]
"""Scheme, host and port of an address."""
LONGEST_URL = 8_192
LAST_PORT = 65_535
SCHEMES = ("http", "https")
DEFAULT_PORTS = {"http": 80, "https": 443}
KEPT_HEADERS = frozenset({"accept", "accept-encoding", "accept-language", "referer", "user-agent"})
"""Headers that another origin may see; all others could hold a key."""


def address(text: str) -> httpx2.URL:
    """An address that can be asked: http or https, with a host, without a user. Raises Trouble."""
    try:
        url = httpx2.URL(text.strip()) if len(text) <= LONGEST_URL else None
    except (httpx2.InvalidURL, UnicodeError):
        url = None
    if url is None:
        raise Trouble("address_refused", "it is no valid address")
    return _askable(url)


def next_address(asked: httpx2.URL, location: str | None) -> httpx2.URL:
    """Where a redirect leads. Raises Trouble where that cannot be asked."""
    if location is None:
        raise Trouble("bad_response", "it redirects without saying where to")
    if len(location) > LONGEST_URL:
        raise Trouble("bad_response", f"it redirects to an address of {len(location)} characters")
    try:
        target = httpx2.URL(location.strip())
        target = target if target.scheme else asked.join(target)
    except (httpx2.InvalidURL, UnicodeError, ValueError):
        raise Trouble("bad_response", "it redirects to something that is no address") from None
    return _askable(target)


def same_origin(one: httpx2.URL, other: httpx2.URL) -> bool:
    """Whether what one may see the other may see too: same scheme, host and port, or the same host by https now."""
    if one.host != other.host:
        return False
    upgraded = (one.scheme, other.scheme) == ("http", "https") and port_of(one) == 80 and port_of(other) == 443
    return upgraded or (one.scheme, port_of(one)) == (other.scheme, port_of(other))


def headers_for_another_origin(headers: Mapping[str, str]) -> httpx2.Headers:
    """The headers without any that could hold a key."""
    return httpx2.Headers({name: value for name, value in headers.items() if name.lower() in KEPT_HEADERS})


def without_sent_secrets(target: httpx2.URL, sent: frozenset[str]) -> httpx2.URL:
    """The address without the user's own secrets, which the site before has put there."""
    query = target.query.decode("ascii")
    kept = without_values(query, sent)
    return target if kept == query else target.copy_with(query=kept.encode("ascii") or None)


def sent_secrets(asked: httpx2.URL) -> frozenset[str]:
    """The user's own secrets in an address."""
    return own_values(asked.query.decode("ascii"))


def _askable(url: httpx2.URL) -> httpx2.URL:
    if url.scheme not in SCHEMES:
        raise Trouble("address_refused", f"“{url.scheme[:20]}” is not http or https")
    if not url.host.removesuffix("."):
        raise Trouble("address_refused", "it names no host")
    if not 0 < port_of(url) <= LAST_PORT:
        raise Trouble("address_refused", f"there is no port {port_of(url)}")
    return url.copy_with(userinfo=b"", fragment=None, host=url.host.removesuffix("."))


def origin_of(url: httpx2.URL) -> Origin:
    """The origin of an address."""
    return url.scheme, url.host.removesuffix("."), port_of(url)


def port_of(url: httpx2.URL) -> int:
    """The port that an address means."""
    return DEFAULT_PORTS[url.scheme] if url.port is None else url.port
