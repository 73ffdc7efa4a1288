"""The way to the internet: proxies and trust, which are only looked at; names and routes, which ask the network."""

import time
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from attrs import frozen

from application.formats import listed
from application.health import Finding, error, ok, skipped, warning
from infrastructure.health.place import Place
from infrastructure.http.addresses import AddressGate, literal_address
from infrastructure.http.network import proxy_for, tls_context
from infrastructure.http.reaching import connect, of_family, resolved
from infrastructure.http.trouble import Trouble

NAME_SECONDS = 4.0
"""How long all names together may take."""
ROUTE_SECONDS = 1.5
"""How long a name, and then each connection, may take."""
ONLINE = "To ask the network, run `scipaperloader doctor --online`."
_NETWORK = "Look at the network's cable, router and firewall; behind an institution's proxy, set HTTPS_PROXY."
PORTS: Mapping[str, int] = {"http": 80, "https": 443}


@frozen(kw_only=True)
class Hop:
    """What is connected to: a source's host, or the proxy before it."""

    host: str
    port: int
    is_proxy: bool


def authorities(place: Place) -> Finding:
    """Whether the certificate authorities can be loaded. Raises NetworkMisconfigured."""
    bundle = place.network().ca_bundle
    tls_context(bundle)
    return ok(f"Those of {bundle}." if bundle else "Those of the system.")


def proxies(place: Place) -> Finding:
    """Which proxies are set, without their passwords. Raises NetworkMisconfigured."""
    network = place.network()
    named = {"http": network.http_proxy, "https": network.https_proxy}
    told = [f"{scheme} goes through {urlsplit(url).netloc.rpartition('@')[2]}" for scheme, url in named.items() if url]
    if not told:
        return ok("None is set: hosts are asked directly.")
    direct = f"; directly: {', '.join(network.no_proxy)}" if network.no_proxy else ""
    return ok(f"{listed(told)}{direct}.")


def names(place: Place) -> Finding:
    """Whether the names of the sources' hosts, or of the proxies before them, are resolved."""
    hosts = sorted({(hop.host, hop.port) for hop in _hops(place) if literal_address(hop.host) is None})
    if not hosts:
        return skipped("Nothing is asked by a name.")
    deadline = time.monotonic() + NAME_SECONDS
    failed: list[str] = []
    for host, port in hosts:
        try:
            resolved(host, port, max(0.0, deadline - time.monotonic()))
        except Trouble as trouble:
            failed.append(f"{host}: {trouble.detail}")
    if failed:
        return error(f"{'; '.join(failed)}.", "Look at the network, and at the name servers of this machine.")
    return ok(f"{listed([host for host, _ in hosts])}.")


def routes(place: Place) -> Finding:
    """Whether IPv4 and IPv6 lead to the first of the sources, or to the proxy before it."""
    hop = next(_hops(place))
    try:
        addresses = resolved(hop.host, hop.port, ROUTE_SECONDS)
    except Trouble as trouble:
        return error(f"{hop.host}: {trouble.detail}.", _NETWORK)
    gate = None if hop.is_proxy else AddressGate(place.network().allowed)
    broken = {version: _fault(hop, of_family(addresses, version), gate) for version in (4, 6)}
    return _verdict(hop.host, broken[4], broken[6])


def _fault(hop: Hop, addresses: list[str], gate: AddressGate | None) -> str:
    """Why the addresses cannot be connected to, "" where one can."""
    if not addresses:
        return "it has no such address"
    try:
        connect(hop.host, hop.port, addresses, gate, ROUTE_SECONDS)
    except Trouble as trouble:
        return trouble.detail
    return ""


def _verdict(host: str, four: str, six: str) -> Finding:
    if four and six:
        return error(f"{host} is not reached. By IPv4: {four}. By IPv6: {six}.", _NETWORK)
    if four:
        return warning(f"Only IPv6 leads to {host}. By IPv4: {four}.", "Many publishers have IPv4 only: look at it.")
    return ok(f"Only IPv4 leads to {host}, which is enough." if six else f"IPv4 and IPv6 lead to {host}.")


def _hops(place: Place) -> Iterator[Hop]:
    """Where the first connection for each source goes."""
    network = place.network()
    for url in place.services:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 443)
        proxy = proxy_for(network, parts.scheme, host, port)
        if proxy is None:
            yield Hop(host=host, port=port, is_proxy=False)
        else:
            through = urlsplit(proxy)
            yield Hop(host=through.hostname or "", port=through.port or PORTS[through.scheme], is_proxy=True)
