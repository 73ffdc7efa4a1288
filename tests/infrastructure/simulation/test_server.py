"""The server: addresses, log, knobs, and its end."""

import http.client
import json
import socket
import subprocess
import sys
import time
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from infrastructure.simulation import server
from infrastructure.simulation.scenarios import GOOD_FILES
from infrastructure.simulation.server import ScholarlyWeb
from infrastructure.simulation.services import SERVICES
from infrastructure.simulation.world import World
from tests.infrastructure.simulation.visitor import get, unpaywall_url


def small() -> World:
    return World(seed=1, papers=3, scenarios=GOOD_FILES)


def test_settings_name_the_sources_and_the_network_they_are_in(web: ScholarlyWeb) -> None:
    settings = web.settings()
    network = ip_network(settings.pop("allowed_networks"))
    assert settings.keys() == SERVICES.keys()
    assert all(ip_address(urlsplit(url).hostname or "") in network for url in settings.values())


def test_every_host_has_an_address_of_its_own(web: ScholarlyWeb) -> None:
    addresses = [web.url(spot.host) for paper in web.world.papers for spot in paper.spots]
    hosts = {spot.host for paper in web.world.papers for spot in paper.spots}
    assert len(set(addresses)) == len(hosts)


def test_hosts_differ_by_port_where_there_is_one_address_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_own_address", lambda _number: "192.0.2.1")
    with ScholarlyWeb(small()) as web:
        urls = [urlsplit(web.url(name)) for name in ("unpaywall", "crossref", "publisher-1")]
        assert {url.hostname for url in urls} == {"127.0.0.1"}
        assert len({url.port for url in urls}) == 3
        assert get(unpaywall_url(web, web.world.papers[0].doi)).status == 200


def test_the_log_tells_time_host_path_and_status(web: ScholarlyWeb) -> None:
    before = time.monotonic()
    get(unpaywall_url(web, "10.5555/nobody-knows"))
    get(web.url("publisher-1", "/robots.txt"))
    first, second = web.requests()
    assert (first.host, first.method, first.status) == ("unpaywall", "GET", 404)
    assert first.target.startswith("/v2/10.5555/nobody-knows?email=")
    assert first.address == urlsplit(web.settings()["unpaywall"]).netloc
    assert before <= first.began <= first.ended <= second.ended
    assert web.requests("publisher-1") == (second,)
    assert second.headers["host"] == second.address


def test_reset_empties_the_log_for_good(web: ScholarlyWeb) -> None:
    stalled = next(spot for paper in web.world.papers for spot in paper.spots if spot.place.answers == ("stall",))
    connection = http.client.HTTPConnection(urlsplit(web.url(stalled.host)).netloc, timeout=2)
    connection.request("GET", stalled.file)
    assert connection.getresponse().read(4) == b"%PDF"
    web.reset()
    connection.close()
    get(web.url("doi_org", "/"))
    assert [request.host for request in web.requests()] == ["doi_org"]


def test_answers_are_delayed() -> None:
    with ScholarlyWeb(small(), delay=0.05) as web:
        get(web.url("publisher-1", "/robots.txt"))
        (request,) = web.requests()
        assert request.ended - request.began >= 0.05


def test_a_connection_serves_many_requests(web: ScholarlyWeb) -> None:
    connection = http.client.HTTPConnection(urlsplit(web.url("publisher-1")).netloc, timeout=2)
    for path, status in (("/robots.txt", 200), ("/nothing", 404), ("/terms", 200)):
        connection.request("GET", path)
        response = connection.getresponse()
        assert (response.status, bool(response.read())) == (status, True)
    connection.close()


def test_head_sends_no_body(web: ScholarlyWeb) -> None:
    answer = get(web.url("publisher-1", "/terms"), method="HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["content-length"]) > 0


def test_only_get_is_served(web: ScholarlyWeb) -> None:
    assert get(web.url("publisher-1", "/login"), method="POST").status == 405


@pytest.mark.parametrize("sent", [b"\x00\x01\r\n\r\n", b"GET\r\n\r\n", b"A" * 70_000, b"GET / HTTP/1.1\r\n"])
def test_what_is_no_http_ends_the_connection_only(web: ScholarlyWeb, sent: bytes) -> None:
    address = urlsplit(web.url("publisher-1"))
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=2) as sock:
        sock.sendall(sent)
        sock.shutdown(socket.SHUT_WR)
        assert _rest(sock) == b""
    assert get(web.url("publisher-1", "/terms")).status == 200


def _rest(sock: socket.socket) -> bytes:
    try:
        return sock.recv(100)
    except ConnectionResetError:
        return b""


def test_stopping_frees_the_ports_at_once_even_while_a_host_stalls(web: ScholarlyWeb) -> None:
    stalled = [scenario for scenario in (paper.scenario for paper in web.world.papers) if scenario.name == "stalled"]
    stalling = ScholarlyWeb(World(seed=1, papers=1, scenarios=stalled))
    stalling.start()
    spot = stalling.world.papers[0].spots[0]
    connection = http.client.HTTPConnection(urlsplit(stalling.url(spot.host)).netloc, timeout=2)
    connection.request("GET", spot.file)
    assert connection.getresponse().read(4) == b"%PDF"
    began = time.monotonic()
    stalling.stop()
    stalling.stop()
    assert time.monotonic() - began < 1
    with pytest.raises(ConnectionRefusedError):
        get(stalling.url(spot.host, "/"))
    connection.close()


def test_a_web_can_be_started_again() -> None:
    web = ScholarlyWeb(small())
    for _ in range(2):
        with web:
            assert get(web.url("publisher-1", "/terms")).status == 200


def test_the_server_alone_prints_its_settings_and_ends_with_its_input(tmp_path: Path) -> None:
    upload = tmp_path / "list.csv"
    command = [sys.executable, "-P", "-m", "infrastructure.simulation", "--seed", "4", "--papers", "9"]
    with subprocess.Popen(
        [*command, "--list", str(upload)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        settings = json.loads(process.stdout.readline())
        assert get(f"{settings['unpaywall']}/v2/10.5555/x?email=reader@university.test").status == 404
        process.stdin.close()
        assert process.wait(timeout=10) == 0
    assert upload.read_bytes().decode() == World(seed=4, papers=9).csv()
