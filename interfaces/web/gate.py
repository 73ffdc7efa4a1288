"""Who is served: this machine only, under a loopback name, and changes only from our own pages.

There are no accounts yet, so whoever reaches the server may do everything. Three things would let others in, and each
is refused: a peer that is not this machine; a Host that is no loopback name, because a page of a stranger can make its
own name lead to 127.0.0.1 (DNS rebinding) and would then count as same origin; and a reverse proxy on this machine,
whose visitors all seem to be local, and which its forwarding headers give away.

Changes are told apart by Fetch Metadata (w3.org/TR/fetch-metadata): a request that may change something has
`Sec-Fetch-Site: same-origin`, or no such header and an `Origin` that is ours. “same-site” is another port of this
machine, “none” is no form of ours. Browsers send one of the two headers with every such request, so one that has
neither comes from a program, which may use the API but not the pages. Requests that change nothing are served to
foreign sites as links only, never as parts of their pages.
"""

import ipaddress
import re
from collections.abc import Mapping
from typing import Literal

from attrs import frozen

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
API = "/api/"
NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
FORWARDED = re.compile(
    r"forwarded|via|x-forwarded(-.*)?|x-real-ip|x-original-(host|url|uri|forwarded.*)|x-(client|cluster-client)-ip"
    r"|true-client-ip|cf-connecting-ip|x-rewrite-url|x-host|x-proxyuser-ip|fastly-client-ip"
)
_AUTHORITY = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^:\[\]]+)(:\d{1,5})?", re.IGNORECASE)

Headers = Mapping[str, list[str]]
"""Values by name in lower case."""


@frozen(kw_only=True)
class Refusal:
    """Why a request is not served, and what its sender can do."""

    message: str
    remedy: str


NOT_LOCAL = Refusal(
    message="Only programs on the computer that runs SciPaperLoader are served.",
    remedy="Open this page in a browser on that computer, or reach it through an SSH tunnel.",
)
WRONG_NAME = Refusal(
    message="The server was called by a name that is not its own.",
    remedy="Open it as http://localhost or http://127.0.0.1, with its port.",
)
FORWARDING = Refusal(
    message="The request came through a proxy.",
    remedy="Open the page without a proxy: this installation has no accounts and is for one person on one computer.",
)
FOREIGN = Refusal(
    message="The request came from another web site.",
    remedy="Open the page of SciPaperLoader itself and repeat there what you wanted to do.",
)
NO_BROWSER = Refusal(
    message="The request does not tell where it comes from.",
    remedy="Use an up-to-date browser for the pages; programs use the interface under /api/v1.",
)


def refusal(method: str, path: str, scheme: str, peer: str | None, headers: Headers) -> Refusal | None:
    """Why the request is not served; None where it is."""
    host = headers.get("host", [])
    if not _is_loopback(peer):
        return NOT_LOCAL
    if any(FORWARDED.fullmatch(name.replace("_", "-")) for name in headers):
        return FORWARDING
    if len(host) != 1 or not is_own_name(host[0]):
        return WRONG_NAME
    site = _site(scheme, host[0], headers)
    return _embedded(site, headers) if method in SAFE else _changing(site, path)


def _is_loopback(peer: str | None) -> bool:
    try:
        address = ipaddress.ip_address(peer or "")
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def is_own_name(host: str) -> bool:
    """Whether the value of a Host header is a loopback name, with or without a port."""
    parts = _AUTHORITY.fullmatch(host.strip())
    return parts is not None and parts["name"].lower() in NAMES


Site = Literal["own", "foreign", "unknown"]


def _site(scheme: str, host: str, headers: Headers) -> Site:
    """Where the request was made."""
    fetched, origins = headers.get("sec-fetch-site", []), headers.get("origin", [])
    if fetched:
        return "own" if fetched == ["same-origin"] else "foreign"
    if origins:
        return "own" if [origin.lower() for origin in origins] == [f"{scheme}://{host.strip().lower()}"] else "foreign"
    return "unknown"


def _changing(site: Site, path: str) -> Refusal | None:
    if site == "own" or (site == "unknown" and path.startswith(API)):
        return None
    return FOREIGN if site == "foreign" else NO_BROWSER


def _embedded(site: Site, headers: Headers) -> Refusal | None:
    """Links lead here from anywhere; other sites' images, scripts, frames and fetches do not."""
    if site != "foreign" or headers.get("sec-fetch-site") == ["none"]:
        return None
    is_link = headers.get("sec-fetch-mode") == ["navigate"] and headers.get("sec-fetch-dest") == ["document"]
    return None if is_link else FOREIGN
