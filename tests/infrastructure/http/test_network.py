"""Proxies and authorities out of the environment."""

from ipaddress import ip_network
from pathlib import Path

import pytest
import trustme

from infrastructure.http.network import (
    NetworkMisconfigured,
    NetworkSettings,
    network_from_environment,
    proxy_for,
    tls_context,
)


def test_the_usual_variables_are_read() -> None:
    network = network_from_environment(
        {
            "HTTP_PROXY": "proxy.example.org:3128",
            "HTTPS_PROXY": "http://u:p@secure.example.org:8080",
            "NO_PROXY": "localhost, .uni.example ,,10.0.0.0/8",
            "SSL_CERT_FILE": "/etc/ca.pem",
        },
        allowed=[ip_network("10.0.0.0/8")],
    )
    assert network == NetworkSettings(
        http_proxy="http://proxy.example.org:3128",
        https_proxy="http://u:p@secure.example.org:8080",
        no_proxy=("localhost", ".uni.example", "10.0.0.0/8"),
        ca_bundle=Path("/etc/ca.pem"),
        allowed=(ip_network("10.0.0.0/8"),),
    )


def test_lower_case_wins_and_all_proxy_fills_the_gaps() -> None:
    network = network_from_environment(
        {"http_proxy": "http://small:1", "HTTP_PROXY": "http://large:1", "ALL_PROXY": "http://all:1"}
    )
    assert (network.http_proxy, network.https_proxy) == ("http://small:1", "http://all:1")


def test_nothing_set_means_nothing_special() -> None:
    assert network_from_environment({}) == NetworkSettings()


def test_a_given_bundle_wins_over_the_environment() -> None:
    assert network_from_environment({"SSL_CERT_FILE": "/a"}, ca_bundle=Path("/b")).ca_bundle == Path("/b")


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "ftp://x", "http://[broken"])
def test_an_unusable_proxy_is_named(proxy: str) -> None:
    with pytest.raises(NetworkMisconfigured, match="HTTP_PROXY") as caught:
        network_from_environment({"HTTP_PROXY": proxy})
    assert caught.value.remedy


def test_a_password_of_a_proxy_is_not_printed() -> None:
    assert "hush" not in repr(network_from_environment({"HTTPS_PROXY": "http://me:hush@proxy:1"}))


@pytest.mark.parametrize(
    ("no_proxy", "host", "direct"),
    [
        ("*", "example.org", True),
        ("example.org", "example.org", True),
        ("example.org", "www.example.org", True),
        (".example.org", "example.org", True),
        ("*.example.org", "a.example.org", True),
        ("EXAMPLE.org", "example.org.", True),
        ("example.org", "badexample.org", False),
        ("example.org:443", "example.org", True),
        ("example.org:80", "example.org", False),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("127.0.0.1", "127.1", True),
        ("10.0.0.0/8", "ten.example.org", False),
        ("[::1]", "::1", True),
    ],
)
def test_no_proxy(no_proxy: str, host: str, direct: bool) -> None:
    network = network_from_environment({"HTTPS_PROXY": "http://proxy:1", "NO_PROXY": no_proxy})
    assert (proxy_for(network, "https", host, 443) is None) == direct


def test_each_scheme_has_its_own_proxy() -> None:
    network = NetworkSettings(http_proxy="http://plain:1")
    assert proxy_for(network, "http", "example.org", 80) == "http://plain:1"
    assert proxy_for(network, "https", "example.org", 443) is None


def test_a_bundle_replaces_the_authorities_of_the_system(tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    assert len(tls_context(tmp_path / "ca.pem").get_ca_certs()) == 1


@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_an_unusable_bundle_is_named(tmp_path: Path, content: bytes | None) -> None:
    bundle = tmp_path / "ca.pem"
    if content is not None:
        bundle.write_bytes(content)
    with pytest.raises(NetworkMisconfigured, match=r"ca\.pem"):
        tls_context(bundle)
