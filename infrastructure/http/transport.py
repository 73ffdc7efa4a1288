"""Requests out, answers in: a transport of httpx2 over connection pools that pass the address gate."""

import ssl
from collections.abc import Iterable, Iterator

import httpcore2
import httpx2

from infrastructure.http.addresses import AddressGate, check_host, is_loopback, literal_address
from infrastructure.http.connecting import Backend
from infrastructure.http.exchange import current
from infrastructure.http.network import NetworkSettings, proxy_for, tls_context
from infrastructure.http.redirects import port_of
from infrastructure.http.resolving import Resolve, system_resolver
from infrastructure.http.trouble import Trouble

KEPT_CONNECTIONS = 20
KEPT_SECONDS = 30.0


class GatedTransport(httpx2.BaseTransport):
    """Sends requests directly or through the operator's proxies. Thread-safe.

    A request must carry its time limits (“timeout” in its extensions) and be sent and read inside of a running
    Exchange. Raises Trouble only.
    """

    def __init__(
        self, network: NetworkSettings, *, resolve: Resolve = system_resolver, resolve_seconds: float = 10.0
    ) -> None:
        self._network = network
        self._gate = AddressGate(network.allowed)
        self._tls = tls_context(network.ca_bundle)
        self._to_proxies = Backend(None, resolve, resolve_seconds=resolve_seconds)
        self._direct = self._pool(Backend(self._gate, resolve, resolve_seconds=resolve_seconds))
        self._proxied = {url: self._proxy_pool(url) for url in {network.http_proxy, network.https_proxy} if url}

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request; the body of the answer is not read yet."""
        pool = self._pool_for(request.url)
        exchange = current()
        try:
            answer = self._send(pool, request)
            if exchange.received:
                return answer
            answer.close()  # what came is left over from an earlier answer
        except Trouble as trouble:
            if exchange.connected or trouble.cause not in ("network_error", "bad_response"):
                raise
        exchange.start_over()
        return self._send(pool, request)

    def close(self) -> None:
        """Close every connection."""
        for pool in (self._direct, *self._proxied.values()):
            pool.close()

    def judge(self, url: httpx2.URL) -> None:
        """Refuse what its name alone condemns, before anything is done for it. Raises Trouble."""
        host, port = _host_and_port(url)
        check_host(host)
        if self._proxy(url) is not None:
            self._gate.judge_unresolved(host, port)
        elif (literal := literal_address(host)) is not None:
            self._gate.checked((str(literal),), port)

    def _proxy(self, url: httpx2.URL) -> str | None:
        host, port = _host_and_port(url)
        if self._gate.is_local(host) and is_loopback(host):
            return None  # the proxy's loopback is another machine
        return proxy_for(self._network, url.scheme, host, port)

    def _pool_for(self, url: httpx2.URL) -> httpcore2.ConnectionPool:
        self.judge(url)
        proxy = self._proxy(url)
        return self._direct if proxy is None else self._proxied[proxy]

    def _send(self, pool: httpcore2.ConnectionPool, request: httpx2.Request) -> httpx2.Response:
        core = httpcore2.Request(
            method=request.method,
            url=_core_url(request.url),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        try:
            answer = pool.handle_request(core)
        except (Trouble, *_ERRORS) as error:
            if pool is not self._direct and current().connected:
                _drop_unfinished(pool, core.url.origin)
            if isinstance(error, Trouble):
                raise
            raise _trouble(error) from error
        current().in_body = True
        return httpx2.Response(answer.status, headers=answer.headers, stream=_Body(answer), request=request)

    def _pool(self, backend: Backend, proxy: httpcore2.Proxy | None = None) -> httpcore2.ConnectionPool:
        return httpcore2.ConnectionPool(
            ssl_context=self._tls,
            proxy=proxy,
            max_connections=None,
            max_keepalive_connections=KEPT_CONNECTIONS,
            keepalive_expiry=KEPT_SECONDS,
            network_backend=backend,
        )

    def _proxy_pool(self, url: str) -> httpcore2.ConnectionPool:
        proxy = httpx2.Proxy(url)
        context: ssl.SSLContext | None = self._tls if proxy.url.scheme == "https" else None
        return self._pool(
            self._to_proxies, httpcore2.Proxy(_core_url(proxy.url), auth=proxy.raw_auth, ssl_context=context)
        )


class _Body(httpx2.SyncByteStream):
    """The body of an answer as it comes, undecoded."""

    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._answer.iter_stream()
        except _ERRORS as error:
            raise _trouble(error) from error

    def close(self) -> None:
        self._answer.close()


def _host_and_port(url: httpx2.URL) -> tuple[str, int]:
    return url.raw_host.decode("ascii"), port_of(url)


def _core_url(url: httpx2.URL) -> httpcore2.URL:
    return httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


def _drop_unfinished(pool: httpcore2.ConnectionPool, origin: httpcore2.Origin) -> None:
    """Close what a failed handshake left: a tunnel through a proxy stays in the pool otherwise, in use for ever."""
    for connection in pool.connections:
        if connection.can_handle_request(origin) and not connection.is_idle():
            connection.close()


_ERRORS = (
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
    httpcore2.UnsupportedProtocol,
)


def _trouble(error: Exception) -> Trouble:
    exchange = current()
    if isinstance(error, httpcore2.TimeoutException):
        return Trouble("timeout", "it did not answer in time")
    if isinstance(error, httpcore2.NetworkError):
        return Trouble("network_error", f"the connection failed ({_reason(error)})", again=True)
    if isinstance(error, httpcore2.ProxyError):
        return Trouble("network_error", f"the proxy refused ({_reason(error)})")
    if isinstance(error, httpcore2.LocalProtocolError | httpcore2.UnsupportedProtocol):
        return Trouble("bad_response", f"the request cannot be written in HTTP ({_reason(error)})")
    if not exchange.ended:
        return Trouble("bad_response", f"its answer is no HTTP ({_reason(error)})")
    if exchange.in_body:
        return Trouble("truncated", "the connection ended before the file did", again=True)
    if exchange.received:
        return Trouble("bad_response", "the connection ended within the headers", again=True)
    return Trouble("network_error", "it closed the connection without an answer", again=True)


def _reason(error: BaseException) -> str:
    inner: Iterable[object] = error.args
    return next((str(getattr(part, "strerror", None) or part) for part in inner), type(error).__name__)
