"""Which addresses may be connected to: the public internet, and the networks that the operator vouches for.

The registries of the IANA (RFC 6890 and its updates) are what `ipaddress` knows; what it calls global and yet
leads elsewhere is listed here.
"""

import re
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from infrastructure.http.trouble import Trouble

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

WEB_PORTS = frozenset({80, 443, 8080, 8443})
"""Ports that are asked on public addresses; institutional repositories do use the last two."""

NOT_PUBLIC: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "100.64.0.0/10",  # shared address space of carriers (RFC 6598)
        "168.63.129.16/32",  # the host of a virtual machine on Azure
        "192.0.0.0/24",  # protocol assignments (RFC 6890)
        "192.88.99.0/24",  # relays of 6to4 (RFC 7526)
        "::/96",  # IPv4-compatible (RFC 4291)
        "64:ff9b::/96",  # NAT64 (RFC 6052): an IPv4 address in disguise
        "64:ff9b:1::/48",  # NAT64, local use (RFC 8215)
        "2001::/23",  # protocol assignments, with Teredo
        "2002::/16",  # 6to4 (RFC 3056): an IPv4 address in disguise
        "3fff::/20",  # documentation (RFC 9637)
        "5f00::/16",  # segment routing (RFC 9602)
        "fec0::/10",  # site-local (RFC 3879)
    )
)
LOCAL_SUFFIXES = ("localhost", "local", "internal", "localdomain", "lan", "home.arpa")
"""Endings of names that only a local network knows (RFC 6761, 6762, 8375)."""

_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_][a-z0-9_-]{0,62})*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class AddressGate:
    """Judges where a request may go. `allowed` are the networks of ALLOWED_NETWORKS."""

    def __init__(self, allowed: Iterable[Network] = (), ports: Iterable[int] = WEB_PORTS) -> None:
        self._allowed = tuple(allowed)
        self._ports = frozenset(ports)

    def vouched(self, address: Address) -> bool:
        """Whether the address is inside of a network that the operator vouches for."""
        return any(address in network for network in self._allowed)

    def is_local(self, host: str) -> bool:
        """Whether a host is inside of a vouched network as far as its name alone tells."""
        address = _address_of(host)
        return address is not None and self.vouched(address)

    def checked(self, found: Iterable[str], port: int) -> tuple[Address, ...]:
        """The addresses of a name that may be connected to.

        One address that is not public spoils all, unless the operator vouches for one of them. Raises Trouble.
        """
        addresses = tuple(_plain(ip_address(text)) for text in found)
        vouched = tuple(address for address in addresses if self.vouched(address))
        if vouched:
            return vouched
        if not addresses or not all(map(is_public, addresses)):
            raise Trouble("address_refused", "its address is not on the public internet")
        self._check_port(port)
        return addresses

    def judge_unresolved(self, host: str, port: int) -> None:
        """Judge a host that a proxy will resolve: literal addresses and local names. Raises Trouble."""
        address = literal_address(host)
        if address is not None:
            self.checked((str(address),), port)
        elif is_local_name(host):
            raise Trouble("address_refused", "its name is known in a local network only")
        else:
            self._check_port(port)

    def _check_port(self, port: int) -> None:
        if port not in self._ports:
            raise Trouble("address_refused", f"port {port} is not a port of the web")


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet."""
    address = _plain(address)
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    return not any(address in network for network in NOT_PUBLIC)


def literal_address(host: str) -> Address | None:
    """The address that a host is, in any spelling that resolvers take (decimal, hexadecimal, octal, short), or None."""
    host = host.rstrip(".").removeprefix("[").removesuffix("]")
    try:
        return _plain(ip_address(host))
    except ValueError:
        pass
    if not _NUMBER.fullmatch(host.rpartition(".")[2]):
        return None
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError):
        raise Trouble("address_refused", "its host is neither a name nor an address") from None


def is_loopback(host: str) -> bool:
    """Whether a host is this very machine as far as its name alone tells."""
    address = _address_of(host)
    return address is not None and address.is_loopback


def _address_of(host: str) -> Address | None:
    return IPv4Address("127.0.0.1") if host.rstrip(".") == "localhost" else literal_address(host)


def is_local_name(host: str) -> bool:
    """Whether a name is known in a local network only: one label, or a special ending."""
    name = host.rstrip(".")
    return "." not in name or any(name == suffix or name.endswith(f".{suffix}") for suffix in LOCAL_SUFFIXES)


def check_host(host: str) -> None:
    """Refuse what is neither a name nor an address, in lower case, before anything is asked for it. Raises Trouble."""
    if ":" in host or (len(host) <= 254 and _NAME.fullmatch(host.removesuffix("."))):
        return
    raise Trouble("address_refused", "its host is neither a name nor an address")


def _plain(address: Address) -> Address:
    """An IPv4 address that is written as an IPv6 one (RFC 4291, 2.5.5.2) is judged as what it is."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
