"""Names, addresses, TLS, proxies and connections that are used again."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from ipaddress import ip_address
from pathlib import Path

import pytest
import trustme
from attrs import evolve

from application.ports.fetcher import FetchFailed
from infrastructure.http.fetcher import HttpFetcher
from infrastructure.http.network import NetworkSettings
from infrastructure.http.resolving import spread
from tests.infrastructure.http.conftest import LOOPBACK, RUSHED, MakeFetcher
from tests.infrastructure.http.rawserver import CLOSE, RESET, RawServer, TinyProxy, answer, redirect, serving

HOST = "publisher.example.org"


class Resolver:
    """Answers with one list of addresses after the other, the last one again and again."""

    def __init__(self, *answers: list[str] | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        found = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(found, Exception):
            raise found
        return found


def failure(fetcher: HttpFetcher, url: str) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        fetcher.get(url)
    return caught.value


class TestNames:
    @pytest.mark.case("S07")
    def test_a_name_is_resolved_once_and_its_checked_address_is_asked(
        self, make_fetcher: MakeFetcher, server: RawServer
    ) -> None:
        server.on("/", answer(b"hello"))
        resolver = Resolver(["127.0.0.1"], ["10.0.0.1"])
        fetched, body = make_fetcher(resolve=resolver).get(server.url(host=HOST))
        assert (body, resolver.asked) == (b"hello", [HOST])
        assert server.requests[0].headers["host"] == f"{HOST}:{server.port}"
        assert fetched.url == server.url(host=HOST)

    @pytest.mark.case("S07")
    def test_a_name_that_turned_private_is_refused(self, make_fetcher: MakeFetcher, server: RawServer) -> None:
        server.on("/", answer(b"hello"), CLOSE)
        resolver = Resolver(["127.0.0.1"], ["10.0.0.1"])
        fetcher = make_fetcher(resolve=resolver)
        fetcher.get(server.url(host=HOST))
        assert failure(fetcher, server.url(host=HOST)).cause == "address_refused"

    @pytest.mark.case("S15")
    def test_a_kept_connection_stays_with_the_address_that_was_checked(
        self, make_fetcher: MakeFetcher, server: RawServer
    ) -> None:
        server.on("/", answer(b"hello"))
        fetcher = make_fetcher(resolve=Resolver(["127.0.0.1"], ["10.0.0.1"]))
        assert fetcher.get(server.url(host=HOST))[1] == fetcher.get(server.url(host=HOST))[1]
        assert server.connections == 1

    @pytest.mark.case("S06")
    @pytest.mark.parametrize("found", [["10.0.0.1"], ["8.8.8.8", "192.168.0.1"], ["::ffff:169.254.169.254"], ["::1"]])
    def test_private_addresses_of_names_are_refused(self, make_fetcher: MakeFetcher, found: list[str]) -> None:
        assert failure(make_fetcher(resolve=Resolver(found)), f"http://{HOST}/").cause == "address_refused"

    @pytest.mark.case("S01")
    @pytest.mark.case("S02")
    @pytest.mark.case("S04")
    @pytest.mark.case("S05")
    @pytest.mark.parametrize(
        "host",
        [
            *("10.0.0.1", "169.254.169.254", "0", "0.0.0.0", "[::]", "[::1]", "[::ffff:10.0.0.1]", "167772161"),
            *(
                "0x0a000001",
                "012.0.0.1",
                "10.1",
                "１０．０．０．１",
                "10。0。0。1",
                "[fe80::1%25lo]",
                "[64:ff9b::a00:1]",
            ),
        ],
    )
    def test_private_literals_are_refused_without_asking_anybody(self, make_fetcher: MakeFetcher, host: str) -> None:
        resolver = Resolver(["8.8.8.8"])
        assert failure(make_fetcher(resolve=resolver), f"http://{host}/latest/meta-data").cause == "address_refused"
        assert resolver.asked == []

    @pytest.mark.case("S13")
    @pytest.mark.parametrize(
        "target", ["http://10.0.0.1/", "http://[::1]/", "http://0x7f.1.1:22/", "http://169.254.169.254/"]
    )
    def test_redirects_pass_the_same_gate(self, fetcher: HttpFetcher, server: RawServer, target: str) -> None:
        server.on("/", redirect("/again"))
        server.on("/again", redirect(target.replace("0x7f.1.1", "0xa.1.1")))
        failed = failure(fetcher, server.url())
        assert failed.cause == "address_refused"
        assert failed.redirects == (server.url(), server.url("/again"))

    @pytest.mark.case("S18")
    def test_refusals_tell_nothing_about_ports(self, fetcher: HttpFetcher) -> None:
        details = {failure(fetcher, f"http://10.0.0.1:{port}/").detail for port in (22, 80, 6379, 9)}
        assert len(details) == 1

    @pytest.mark.case("H57")
    @pytest.mark.parametrize(
        "error", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long")]
    )
    def test_a_name_that_does_not_exist_is_a_network_error(self, make_fetcher: MakeFetcher, error: Exception) -> None:
        resolver = Resolver(error)
        failed = failure(make_fetcher(resolve=resolver), f"https://{HOST}/")
        assert (failed.cause, resolver.asked) == ("network_error", [HOST])

    @pytest.mark.case("H57")
    @pytest.mark.case("G13")
    def test_a_resolver_that_hangs_is_not_waited_for(self, make_fetcher: MakeFetcher) -> None:
        release = threading.Event()

        def hang(_host: str, _port: int) -> list[str]:
            release.wait(10)
            return ["127.0.0.1"]

        began = time.monotonic()
        failed = failure(make_fetcher(evolve(RUSHED, resolve_seconds=0.1), resolve=hang), f"https://{HOST}/")
        release.set()
        assert (failed.cause, failed.detail) == ("network_error", "its name was not resolved in time")
        assert time.monotonic() - began < 3

    @pytest.mark.case("H57")
    @pytest.mark.case("G14")
    def test_a_dead_address_does_not_hide_a_living_one(self, make_fetcher: MakeFetcher, server: RawServer) -> None:
        server.on("/", answer(b"hello"))
        fetcher = make_fetcher(resolve=Resolver(["127.0.0.2", "127.0.0.1"]))
        assert fetcher.get(server.url(host=HOST))[1] == b"hello"

    def test_both_families_are_tried_and_not_all_of_fifty(self) -> None:
        six = [ip_address(f"2606::{number}") for number in range(1, 50)]
        four = [ip_address("8.8.8.8"), ip_address("8.8.4.4")]
        assert spread([*six, *four]) == [six[0], four[0], six[1], four[1]]
        assert spread(four) == four

    @pytest.mark.case("H58")
    def test_a_closed_port_is_a_network_error(self, fetcher: HttpFetcher) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        assert failure(fetcher, f"http://127.0.0.1:{port}/").cause == "network_error"


class TestKeptConnections:
    def test_a_connection_is_used_again(self, fetcher: HttpFetcher, server: RawServer) -> None:
        server.on("/", answer(b"hello"))
        for _ in range(3):
            fetcher.get(server.url())
        assert server.connections == 1

    @pytest.mark.case("H62")
    @pytest.mark.parametrize("end", [CLOSE, RESET])
    def test_one_that_the_server_closes_meanwhile_is_replaced_silently(
        self, fetcher: HttpFetcher, server: RawServer, end: object
    ) -> None:
        server.on("/first", answer(b"one"))
        server.on("/second", end)  # type: ignore[arg-type]
        server.on("/second", answer(b"two"))
        fetcher.get(server.url("/first"))
        assert fetcher.get(server.url("/second"))[1] == b"two"
        assert server.targets() == ["/first", "/second", "/second"]

    @pytest.mark.case("H06")
    def test_what_follows_an_answer_is_not_taken_for_the_next_one(
        self, fetcher: HttpFetcher, server: RawServer
    ) -> None:
        server.on("/first", answer(b"one") + answer(b"a leftover"))
        server.on("/second", answer(b"two"))
        assert fetcher.get(server.url("/first"))[1] == b"one"
        assert fetcher.get(server.url("/second"))[1] == b"two"

    def test_garbage_after_an_answer_does_no_harm(self, fetcher: HttpFetcher, server: RawServer) -> None:
        server.on("/first", answer(b"one") + b"\r\n\r\ngarbage")
        server.on("/second", answer(b"two"))
        fetcher.get(server.url("/first"))
        assert fetcher.get(server.url("/second"))[1] == b"two"


Serve = Callable[[str], RawServer]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[Serve]:
    """Makes servers with a certificate for the given name."""
    with ExitStack() as stack:

        def serve(name: str) -> RawServer:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert(name).configure_cert(context)
            return stack.enter_context(serving(context))

        yield serve


@pytest.fixture
def trusting(authority: trustme.CA, tmp_path: Path) -> NetworkSettings:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return NetworkSettings(allowed=LOOPBACK, ca_bundle=tmp_path / "ca.pem")


class TestTls:
    def test_the_certificate_is_that_of_the_name_not_of_the_address(
        self, make_fetcher: MakeFetcher, secure: Serve, trusting: NetworkSettings
    ) -> None:
        server = secure(HOST)
        server.on("/", answer(b"hello"))
        fetcher = make_fetcher(network=trusting, resolve=Resolver(["127.0.0.1"]))
        assert fetcher.get(server.url(host=HOST))[1] == b"hello"

    @pytest.mark.case("H56")
    def test_a_certificate_for_another_name_is_refused(
        self, make_fetcher: MakeFetcher, secure: Serve, trusting: NetworkSettings
    ) -> None:
        server = secure("other.example.org")
        failed = failure(make_fetcher(network=trusting, resolve=Resolver(["127.0.0.1"])), server.url(host=HOST))
        assert failed.cause == "tls_error"
        assert server.requests == []

    @pytest.mark.case("H56")
    def test_an_unknown_authority_is_refused(self, make_fetcher: MakeFetcher, secure: Serve) -> None:
        server = secure(HOST)
        failed = failure(make_fetcher(resolve=Resolver(["127.0.0.1"])), server.url(host=HOST))
        assert failed.cause == "tls_error"
        assert "certificate" in failed.detail
        assert server.connections == 1

    @pytest.mark.case("H56")
    @pytest.mark.case("H59")
    def test_plain_http_where_tls_is_expected_is_a_tls_error(self, fetcher: HttpFetcher) -> None:
        with serving(greeting=answer(b"this is plain", 400)) as server:
            assert failure(fetcher, server.url().replace("http:", "https:")).cause == "tls_error"

    @pytest.mark.case("H59")
    def test_tls_where_plain_http_is_expected_breaks_the_rules(self, fetcher: HttpFetcher, secure: Serve) -> None:
        server = secure(HOST)
        failed = failure(fetcher, server.url().replace("https:", "http:"))
        assert failed.cause in ("bad_response", "network_error")


class TestProxies:
    @pytest.fixture
    def via(self, make_fetcher: MakeFetcher, trusting: NetworkSettings) -> Callable[..., HttpFetcher]:
        def make(proxy: TinyProxy, no_proxy: tuple[str, ...] = ()) -> HttpFetcher:
            network = evolve(trusting, allowed=(), http_proxy=proxy.url, https_proxy=proxy.url, no_proxy=no_proxy)
            return make_fetcher(network=network, resolve=Resolver(OSError("nobody asks us")))

        return make

    @pytest.mark.case("S14")
    def test_http_goes_to_the_proxy_whole(self, via: Callable[..., HttpFetcher], server: RawServer) -> None:
        server.on("/x", answer(b"hello"))
        proxy = TinyProxy(server.port)
        assert via(proxy).get(f"http://{HOST}/x")[1] == b"hello"
        assert proxy.requests[0].line == f"GET http://{HOST}/x HTTP/1.1"
        assert proxy.requests[0].headers["proxy-authorization"].startswith("Basic ")
        assert "proxy-authorization" in server.requests[0].headers
        proxy.close()

    @pytest.mark.case("S14")
    def test_https_goes_through_a_tunnel(self, via: Callable[..., HttpFetcher], secure: Serve) -> None:
        server = secure(HOST)
        server.on("/x", answer(b"hello"))
        proxy = TinyProxy(server.port)
        fetcher = via(proxy)
        assert fetcher.get(f"https://{HOST}/x")[1] == fetcher.get(f"https://{HOST}/x")[1] == b"hello"
        assert [seen.line for seen in proxy.requests] == [f"CONNECT {HOST}:443 HTTP/1.1"]
        assert "proxy-authorization" not in server.requests[0].headers
        proxy.close()

    @pytest.mark.case("S14")
    @pytest.mark.parametrize("host", ["10.0.0.1", "0x7f.1", "localhost", "intranet", "nas.local", "[::1]", "a.b:22"])
    def test_the_gate_judges_what_it_can(self, via: Callable[..., HttpFetcher], server: RawServer, host: str) -> None:
        proxy = TinyProxy(server.port)
        assert failure(via(proxy), f"http://{host}/").cause == "address_refused"
        assert proxy.requests == []
        proxy.close()

    def test_vouched_loopback_is_asked_directly(
        self, make_fetcher: MakeFetcher, server: RawServer, trusting: NetworkSettings
    ) -> None:
        server.on("/", answer(b"hello"))
        proxy = TinyProxy(server.port)
        assert make_fetcher(network=evolve(trusting, http_proxy=proxy.url)).get(server.url())[1] == b"hello"
        assert proxy.requests == []
        proxy.close()

    def test_exceptions_are_asked_directly(self, via: Callable[..., HttpFetcher], server: RawServer) -> None:
        proxy = TinyProxy(server.port)
        assert failure(via(proxy, ("example.org",)), f"http://{HOST}/").cause == "network_error"
        assert proxy.requests == []
        proxy.close()

    @pytest.mark.case("G15")
    @pytest.mark.parametrize("status", [403, 407, 502])
    def test_a_proxy_that_refuses_a_tunnel_is_a_network_error(
        self, via: Callable[..., HttpFetcher], server: RawServer, status: int
    ) -> None:
        proxy = TinyProxy(server.port, refuse=status)
        failed = failure(via(proxy), f"https://{HOST}/")
        assert (failed.cause, str(status) in failed.detail) == ("network_error", True)
        proxy.close()

    @pytest.mark.case("G15")
    def test_a_proxy_that_is_down_is_a_network_error(self, via: Callable[..., HttpFetcher], server: RawServer) -> None:
        proxy = TinyProxy(server.port)
        proxy.close()
        assert failure(via(proxy), f"http://{HOST}/").cause == "network_error"

    def test_failed_handshakes_leave_nothing_in_the_pool(self, via: Callable[..., HttpFetcher], secure: Serve) -> None:
        server = secure("other.example.org")
        proxy = TinyProxy(server.port)
        fetcher = via(proxy)
        for _ in range(2):
            assert failure(fetcher, f"https://{HOST}/").cause == "tls_error"
        (pool,) = fetcher._transport._proxied.values()
        assert all(connection.is_closed() for connection in pool.connections)
        proxy.close()
