"""Which addresses may be connected to."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.http.addresses import AddressGate, check_host, is_local_name, is_public, literal_address
from infrastructure.http.trouble import Trouble

PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8", "1.1.1.1"]
PRIVATE = [
    *("127.0.0.1", "127.8.9.1", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.1", "192.0.0.170", "198.18.0.1"),
    *("192.0.2.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("192.88.99.1", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "fe80::1"),
    *("fe80::1%lo", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b:1::1"),
    *("2002:7f00:1::", "2001::1", "2001:db8::1", "3fff::1", "5f00::1", "100::1"),
]
DISGUISED = [
    *("2130706433", "0x7f000001", "0x7F.1".lower(), "0177.0.0.1", "017700000001", "127.1", "127.0.1", "127.0.0.1."),
    *("[::1]", "[::ffff:127.0.0.1]"),
]


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_public(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.case("S01")
@pytest.mark.case("S02")
@pytest.mark.case("S03")
@pytest.mark.case("S05")
@pytest.mark.parametrize("text", PRIVATE)
def test_all_others_are_not(text: str) -> None:
    assert not is_public(ip_address(text))
    with pytest.raises(Trouble, match="not on the public internet"):
        AddressGate().checked([text], 80)


@given(st.ip_addresses(v=4))
def test_no_private_address_is_public_in_any_notation(address: IPv4Address) -> None:
    if address.is_private or address.is_multicast or address.is_reserved:
        assert not is_public(address)
    assert is_public(IPv6Address(f"::ffff:{address}")) == is_public(address)


@pytest.mark.case("S04")
@pytest.mark.parametrize("host", DISGUISED)
def test_every_spelling_of_loopback_is_seen_through(host: str) -> None:
    address = literal_address(host)
    assert address is not None
    assert address.is_loopback


@given(st.ip_addresses(v=4))
def test_a_number_means_the_same_address_in_every_base(address: IPv4Address) -> None:
    number = int(address)
    assert {literal_address(text) for text in (str(number), hex(number), f"0{number:o}", str(address))} == {address}


@pytest.mark.parametrize("host", ["example.org", "1.example", "0x7f.example.org", "a--b.org", "x_y.org"])
def test_names_are_no_addresses(host: str) -> None:
    assert literal_address(host) is None
    check_host(host)


@pytest.mark.parametrize("host", ["127.0.0.1.5", "example.300", "300.1.1.1", "1.2.3.0x", "999999999999"])
def test_what_ends_in_a_number_and_is_no_address_is_refused(host: str) -> None:
    with pytest.raises(Trouble, match="neither a name nor an address"):
        literal_address(host)


@pytest.mark.parametrize(
    "host", ["", ".", "-a.org", "a..b", ".a.org", "127%2e0%2e0%2e1", "a b.org", "a\\b", "x" * 64 + ".org", "a." * 130]
)
def test_what_no_name_can_be_is_refused(host: str) -> None:
    with pytest.raises(Trouble):
        check_host(host)


@pytest.mark.case("S06")
@pytest.mark.case("S08")
def test_one_private_address_among_public_ones_spoils_the_name() -> None:
    with pytest.raises(Trouble, match="not on the public internet"):
        AddressGate().checked(["8.8.8.8", "10.0.0.1"], 443)


def test_a_name_without_addresses_is_refused() -> None:
    with pytest.raises(Trouble):
        AddressGate().checked([], 443)


@pytest.mark.case("S17")
def test_vouched_networks_are_open_and_nothing_else() -> None:
    gate = AddressGate([ip_network("10.1.0.0/16")])
    assert gate.checked(["10.1.2.3"], 8443) == (ip_address("10.1.2.3"),)
    assert gate.checked(["::ffff:10.1.2.3"], 80) == (ip_address("10.1.2.3"),)
    with pytest.raises(Trouble):
        gate.checked(["10.2.0.1"], 80)


def test_only_the_vouched_addresses_of_a_name_are_used() -> None:
    gate = AddressGate([ip_network("127.0.0.0/8")])
    assert gate.checked(["::1", "127.0.0.1"], 9999) == (ip_address("127.0.0.1"),)


@pytest.mark.case("S11")
@pytest.mark.parametrize("port", [22, 25, 6379, 5432, 11211, 0, 65535])
def test_public_hosts_are_asked_on_ports_of_the_web_only(port: int) -> None:
    with pytest.raises(Trouble, match=f"port {port}"):
        AddressGate().checked(["8.8.8.8"], port)
    with pytest.raises(Trouble, match=f"port {port}"):
        AddressGate().judge_unresolved("example.org", port)


@pytest.mark.parametrize("port", [80, 443, 8080, 8443])
def test_ports_of_the_web_are_open(port: int) -> None:
    AddressGate().judge_unresolved("repository.example.org", port)


@pytest.mark.case("S09")
@pytest.mark.case("S14")
@pytest.mark.parametrize("host", ["localhost", "localhost.", "x.localhost", "intranet", "nas.local", "a.b.internal"])
def test_local_names_do_not_go_to_a_proxy(host: str) -> None:
    assert is_local_name(host)
    with pytest.raises(Trouble, match="local network"):
        AddressGate().judge_unresolved(host, 80)


@pytest.mark.case("S14")
@pytest.mark.parametrize("host", [*DISGUISED, "10.0.0.1", "fd00:ec2::254", "169.254.169.254"])
def test_private_addresses_do_not_go_to_a_proxy(host: str) -> None:
    with pytest.raises(Trouble, match="not on the public internet"):
        AddressGate().judge_unresolved(host, 80)


def test_a_host_is_local_only_inside_of_a_vouched_network() -> None:
    gate = AddressGate([ip_network("127.0.0.0/8")])
    assert [gate.is_local(host) for host in ("127.0.0.1", "localhost", "localhost.", "127.1")] == [True] * 4
    assert [gate.is_local(host) for host in ("10.0.0.1", "example.org", "8.8.8.8")] == [False] * 3
    assert not AddressGate().is_local("localhost")
