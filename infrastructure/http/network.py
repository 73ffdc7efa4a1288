"""How this machine reaches the internet: proxies, the certificate authorities it trusts, the networks vouched for."""

import os
import ssl
from collections.abc import Iterable, Mapping
from ipaddress import ip_network
from pathlib import Path

import httpx2
from attrs import field, frozen

from domain.errors import SciPaperLoaderError
from infrastructure.http.addresses import Network, literal_address

PROXY_SCHEMES = ("http", "https")


class NetworkMisconfigured(SciPaperLoaderError):
    """A proxy, a certificate file or a network is written in a way that cannot be used."""

    def __init__(self, name: str, detail: str, remedy: str) -> None:
        super().__init__(f"{name} cannot be used: {detail}.", remedy=remedy)
        self.name, self.detail = name, detail


@frozen(kw_only=True)
class NetworkSettings:
    """What the operator says about the network. Addresses of proxies may hold a password: they are never printed."""

    http_proxy: str | None = field(default=None, repr=False)
    https_proxy: str | None = field(default=None, repr=False)
    no_proxy: tuple[str, ...] = ()
    """Hosts that are asked directly: names with all their subdomains, addresses, networks, or “*”."""
    ca_bundle: Path | None = None
    """A file or folder of authorities in PEM form, in place of the system's."""
    allowed: tuple[Network, ...] = ()
    """ALLOWED_NETWORKS: addresses that may be asked although they are not public."""


def network_from_environment(
    environ: Mapping[str, str], *, ca_bundle: Path | None = None, allowed: Iterable[Network] = ()
) -> NetworkSettings:
    """Read the variables that most programs know: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE and _DIR.

    The lower-case names win, as they do elsewhere. Raises NetworkMisconfigured.
    """
    bundle = environ.get("SSL_CERT_FILE") or environ.get("SSL_CERT_DIR")
    return NetworkSettings(
        http_proxy=_proxy(environ, "HTTP_PROXY"),
        https_proxy=_proxy(environ, "HTTPS_PROXY"),
        no_proxy=tuple(filter(None, (part.strip() for part in _variable(environ, "NO_PROXY").split(",")))),
        ca_bundle=ca_bundle or (Path(bundle) if bundle else None),
        allowed=tuple(allowed),
    )


def _variable(environ: Mapping[str, str], name: str) -> str:
    return (environ.get(name.lower()) or environ.get(name) or "").strip()


def _proxy(environ: Mapping[str, str], name: str) -> str | None:
    text = _variable(environ, name) or _variable(environ, "ALL_PROXY")
    if not text:
        return None
    text = text if "://" in text else f"http://{text}"
    if text.partition("://")[0].lower() not in PROXY_SCHEMES:
        raise NetworkMisconfigured(name, "its scheme is not http or https", "Name an HTTP proxy.")
    try:
        host = httpx2.URL(text).host
    except httpx2.InvalidURL:
        host = ""
    if not host or "%" in host:
        raise NetworkMisconfigured(name, "it is no address", "Write it as http://host:port.")
    return text


def tls_context(ca_bundle: Path | None) -> ssl.SSLContext:
    """Certificates are always checked, against the given authorities or the system's. Raises NetworkMisconfigured."""
    if ca_bundle is None:
        return httpx2.create_ssl_context(trust_env=False)
    try:
        if ca_bundle.is_dir():
            return ssl.create_default_context(capath=os.fspath(ca_bundle))
        return ssl.create_default_context(cafile=os.fspath(ca_bundle))
    except (OSError, ssl.SSLError) as error:
        remedy = "Give a readable file of certificates in PEM form."
        raise NetworkMisconfigured("SSL_CERT_FILE", f"{ca_bundle}: {error}", remedy) from error


def proxy_for(settings: NetworkSettings, scheme: str, host: str, port: int) -> str | None:
    """The proxy that a request goes through, or None where it goes directly."""
    if any(_matches(pattern, host, port) for pattern in settings.no_proxy):
        return None
    return settings.https_proxy if scheme == "https" else settings.http_proxy


def _matches(pattern: str, host: str, port: int) -> bool:
    pattern = pattern.lower()
    if pattern == "*":
        return True
    network = _network(pattern)
    if network is not None:
        address = literal_address(host)
        return address is not None and address in network
    name, _, wanted = pattern.partition(":")
    name = name.removeprefix("*").removeprefix(".").rstrip(".")
    host = host.rstrip(".")
    return wanted in ("", str(port)) and (host == name or host.endswith(f".{name}"))


def _network(pattern: str) -> Network | None:
    try:
        return ip_network(pattern.strip("[]"), strict=False)
    except ValueError:
        return None
