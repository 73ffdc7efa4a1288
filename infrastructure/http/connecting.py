"""Connections: only to addresses that were checked, and never longer than their exchange may take."""

import ssl
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import httpcore2

from infrastructure.http.addresses import AddressGate
from infrastructure.http.exchange import current
from infrastructure.http.resolving import Resolve, resolve_within, spread
from infrastructure.http.trouble import Trouble


class Stream(httpcore2.NetworkStream):
    """A connection whose every operation ends with the deadline of the exchange that it serves."""

    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there, b"" at the end."""
        exchange = current()
        data = self._inner.read(max_bytes, exchange.patience(timeout))
        exchange.count(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write everything."""
        self._inner.write(buffer, current().patience(timeout))

    def close(self) -> None:
        """Close the socket."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """Speak TLS from here on. Raises Trouble where the other side is not who it should be."""
        exchange = current()
        exchange.received = 0  # what a proxy said about the tunnel is no part of the answer
        try:
            return Stream(self._inner.start_tls(ssl_context, server_hostname, exchange.patience(timeout)))
        except httpcore2.ConnectError as error:
            raise _tls_trouble(error) from error

    def get_extra_info(self, info: str) -> Any:
        """What the inner stream knows."""
        return self._inner.get_extra_info(info)


def _tls_trouble(error: httpcore2.ConnectError) -> Trouble:
    reason = error.args[0] if error.args else error
    broken_off = not isinstance(reason, ssl.SSLError) or isinstance(reason, ssl.SSLEOFError)
    detail = getattr(reason, "verify_message", "") or getattr(reason, "reason", "") or str(reason)
    return Trouble("tls_error", f"no secure connection ({detail})", again=broken_off)


class Backend(httpcore2.NetworkBackend):
    """Opens connections. The name is resolved once; what is connected to is the address that was checked.

    Without a gate every address is taken: for the proxy that the operator configured.
    """

    def __init__(self, gate: AddressGate | None, resolve: Resolve, *, resolve_seconds: float) -> None:
        self._gate = gate
        self._resolve, self._resolve_seconds = resolve, resolve_seconds
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 (the pools set neither)
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        """Connect to the first address of the host that answers. Raises Trouble, and errors of httpcore2."""
        exchange = current()
        exchange.connected = True
        *others, last = self._addresses(host, port)
        for address in others:
            with suppress(httpcore2.ConnectError, httpcore2.ConnectTimeout):
                return self._open(address, port, exchange.patience(timeout))
        return self._open(last, port, exchange.patience(timeout))

    def _open(self, address: str, port: int, seconds: float) -> Stream:
        return Stream(self._sockets.connect_tcp(address, port, seconds))

    def _addresses(self, host: str, port: int) -> list[str]:
        found = resolve_within(self._resolve, host, port, current().patience(self._resolve_seconds))
        if self._gate is None:
            return list(found)
        return [str(address) for address in spread(self._gate.checked(found, port))]
