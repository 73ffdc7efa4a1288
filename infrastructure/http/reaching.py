"""Whether a host can be reached at all, over each family of addresses: for people who look for a fault."""

from collections.abc import Sequence
from ipaddress import ip_address

import httpcore2

from infrastructure.http.addresses import AddressGate
from infrastructure.http.connecting import Backend
from infrastructure.http.exchange import Exchange
from infrastructure.http.resolving import Resolve, resolve_within, system_resolver
from infrastructure.http.trouble import Trouble


def resolved(host: str, port: int, seconds: float, resolve: Resolve = system_resolver) -> Sequence[str]:
    """The addresses of a host. Raises Trouble."""
    return resolve_within(resolve, host, port, seconds)


def connect(host: str, port: int, addresses: Sequence[str], gate: AddressGate | None, seconds: float) -> None:
    """Open a connection to one of the addresses and close it, by the same way as every other. Raises Trouble.

    Without a gate every address is taken: for the proxy that the operator configured.
    """
    backend = Backend(gate, lambda *_: addresses, resolve_seconds=seconds)
    with Exchange(seconds).running():
        try:
            backend.connect_tcp(host, port, seconds).close()
        except httpcore2.TimeoutException as error:
            raise Trouble("timeout", "no connection in time") from error
        except httpcore2.NetworkError as error:
            reason = next((part for part in error.args if part), type(error).__name__)
            raise Trouble("network_error", f"no connection ({reason})") from error


def of_family(addresses: Sequence[str], version: int) -> list[str]:
    """Those of IPv4 or IPv6."""
    return [address for address in addresses if ip_address(address).version == version]
