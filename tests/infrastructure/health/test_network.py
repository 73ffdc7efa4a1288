"""The way to the internet, without one."""

import socket
from collections.abc import Callable, Iterator, Sequence
from ipaddress import ip_network
from pathlib import Path

import pytest

from application.health import Finding, State, examine
from infrastructure.health import network as checks
from infrastructure.health.catalogue import checks as every_check
from infrastructure.http import reaching
from infrastructure.http.network import NetworkMisconfigured, NetworkSettings
from infrastructure.http.trouble import Trouble
from tests.infrastructure.health.conftest import MakePlace

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
Answers = dict[str, Sequence[str] | Trouble]


@pytest.fixture
def port() -> Iterator[int]:
    """A port of this machine on which somebody listens, by IPv4 only."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
def resolving(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answers], list[str]]:
    """Lets names be resolved so; returns the names that are asked for."""

    def use(answers: Answers) -> list[str]:
        asked: list[str] = []

        def resolved(host: str, *_: object) -> Sequence[str]:
            asked.append(host)
            answer = answers[host]
            if isinstance(answer, Trouble):
                raise answer
            return answer

        monkeypatch.setattr(checks, "resolved", resolved)
        return asked

    return use


Resolving = Callable[[Answers], list[str]]
LOST = Trouble("network_error", "its name could not be resolved")


def test_the_network_is_asked_only_where_that_is_wanted(make_place: MakePlace, resolving: Resolving) -> None:
    asked = resolving({"api.example.org": LOST})
    names = {"names", "routes"}
    for online in (False, True):
        found = examine([one for one in every_check(make_place(), online=online) if one.name in names])
        assert {one.state for one in found} == {State.ERROR if online else State.SKIPPED}
        assert online or {one.remedy for one in found} == {checks.ONLINE}
        assert asked == (["api.example.org"] * 2 if online else [])


class TestNames:
    def test_all_are_resolved(self, make_place: MakePlace, resolving: Resolving) -> None:
        resolving({"a.example.org": ["192.0.2.1"], "b.example.org": ["192.0.2.2"]})
        services = ("https://a.example.org", "https://a.example.org/path", "http://b.example.org:8080")
        assert checks.names(make_place(services=services)).value == "a.example.org and b.example.org."

    @pytest.mark.case("G13")
    def test_one_is_not(self, make_place: MakePlace, resolving: Resolving) -> None:
        resolving({"a.example.org": LOST, "b.example.org": ["192.0.2.2"]})
        told = checks.names(make_place(services=("https://a.example.org", "https://b.example.org")))
        assert told.state is State.ERROR
        assert told.value == "a.example.org: its name could not be resolved."
        assert "name servers" in told.remedy

    def test_addresses_need_no_name(self, make_place: MakePlace) -> None:
        assert checks.names(make_place(services=("http://127.0.0.1:8080",))).state is State.SKIPPED

    def test_a_proxys_name_stands_for_those_behind_it(self, make_place: MakePlace, resolving: Resolving) -> None:
        asked = resolving({"proxy.example.org": ["192.0.2.1"]})
        proxied = NetworkSettings(https_proxy="http://me:geheim@proxy.example.org:3128")
        assert checks.names(make_place(network=lambda: proxied)).value == "proxy.example.org."
        assert asked == ["proxy.example.org"]


class TestRoutes:
    def test_both_families(self, make_place: MakePlace, resolving: Resolving, monkeypatch: pytest.MonkeyPatch) -> None:
        resolving({"api.example.org": ["127.0.0.1", "::1"]})
        monkeypatch.setattr(checks, "connect", lambda *_: None)
        told = checks.routes(make_place())
        assert (told.state, told.value) == (State.OK, "IPv4 and IPv6 lead to api.example.org.")

    @pytest.mark.case("G14")
    @pytest.mark.parametrize("addresses", [["127.0.0.1"], ["127.0.0.1", "::1"]])
    def test_ipv4_alone_is_enough(
        self, make_place: MakePlace, resolving: Resolving, port: int, addresses: Sequence[str]
    ) -> None:
        told = self.routes(make_place, resolving, port, addresses)
        assert told.state is State.OK
        assert "Only IPv4" in told.value

    @pytest.mark.case("G14")
    def test_ipv6_alone_is_worth_a_look(
        self, make_place: MakePlace, resolving: Resolving, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        resolving({"api.example.org": ["::1"]})
        monkeypatch.setattr(checks, "connect", lambda *_: None)
        told = checks.routes(make_place())
        assert told.state is State.WARNING
        assert "Only IPv6" in told.value

    @pytest.mark.case("G13")
    def test_a_name_that_is_not_resolved(self, make_place: MakePlace, resolving: Resolving) -> None:
        resolving({"api.example.org": LOST})
        assert "could not be resolved" in checks.routes(make_place()).value

    def test_a_host_that_does_not_answer(self, make_place: MakePlace, resolving: Resolving) -> None:
        told = self.routes(make_place, resolving, 1, ["127.0.0.1"])
        assert told.state is State.ERROR
        assert "refused" in told.value
        assert "HTTPS_PROXY" in told.remedy

    def test_addresses_pass_the_gate(self, make_place: MakePlace, resolving: Resolving, port: int) -> None:
        resolving({"api.example.org": ["127.0.0.1"]})
        told = checks.routes(make_place(services=(f"http://api.example.org:{port}",)))
        assert told.state is State.ERROR
        assert "not on the public internet" in told.value

    @pytest.mark.case("G15")
    def test_a_proxy_that_is_down(self, make_place: MakePlace, resolving: Resolving) -> None:
        resolving({"proxy.example.org": ["127.0.0.1"]})
        proxied = NetworkSettings(https_proxy="http://me:geheim@proxy.example.org:1")
        told = checks.routes(make_place(network=lambda: proxied))
        assert told.state is State.ERROR
        assert "proxy.example.org is not reached" in told.value
        assert "geheim" not in told.value

    def routes(self, make_place: MakePlace, resolving: Resolving, port: int, addresses: Sequence[str]) -> Finding:
        resolving({"api.example.org": addresses})
        network = NetworkSettings(allowed=LOOPBACK)
        return checks.routes(make_place(services=(f"http://api.example.org:{port}",), network=lambda: network))


class TestSettings:
    def test_no_proxies(self, make_place: MakePlace) -> None:
        assert checks.proxies(make_place()).state is State.OK

    def test_proxies_are_named_without_their_passwords(self, make_place: MakePlace) -> None:
        network = NetworkSettings(
            http_proxy="http://plain.example.org:1",
            https_proxy="http://me:geheim@secure.example.org:3128",
            no_proxy=("localhost",),
        )
        told = checks.proxies(make_place(network=lambda: network)).value
        assert told == (
            "http goes through plain.example.org:1 and https goes through secure.example.org:3128; directly: localhost."
        )

    def test_authorities_of_the_system(self, make_place: MakePlace) -> None:
        assert checks.authorities(make_place()) == Finding(state=State.OK, value="Those of the system.")

    @pytest.mark.parametrize("content", [None, "no certificate"])
    def test_authorities_that_cannot_be_read(self, make_place: MakePlace, tmp_path: Path, content: str | None) -> None:
        bundle = tmp_path / "ca.pem"
        if content:
            bundle.write_text(content)
        place = make_place(network=lambda: NetworkSettings(ca_bundle=bundle))
        with pytest.raises(NetworkMisconfigured, match=r"ca\.pem") as raised:
            checks.authorities(place)
        assert raised.value.remedy


class TestReaching:
    """What the checks use of the way out."""

    def test_a_name_is_resolved_in_bounded_time(self) -> None:
        assert reaching.resolved("a.example.org", 443, 1.0, lambda *_: ["192.0.2.1"]) == ["192.0.2.1"]

    def test_the_families(self) -> None:
        assert reaching.of_family(["192.0.2.1", "2001:db8::1"], 4) == ["192.0.2.1"]
        assert reaching.of_family(["192.0.2.1", "2001:db8::1"], 6) == ["2001:db8::1"]

    def test_a_connection_that_takes_too_long(self) -> None:
        with pytest.raises(Trouble, match="too long"):
            reaching.connect("a.example.org", 443, ["127.0.0.1"], None, 0.0)
