"""What surrounds every answer: the gate, the headers, HEAD."""

from typing import Any

import pytest
from litestar.testing import TestClient

from interfaces.web.csp import FILE_HEADERS, HEADERS
from tests.interfaces.web.serving import visitor
from tests.interfaces.web.world import World

Browser = TestClient[Any]
ADDRESSES = ("/", "/papers", "/nowhere", "/api/v1/status", "/api/v1/nowhere", "/static/app.css", "/static/none.css",
             "/healthz", "/schema/openapi.json", "/papers/nobody")  # fmt: skip


@pytest.mark.case("W16")
@pytest.mark.case("W04")
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_headers(reader: Browser, address: str) -> None:
    headers = reader.get(address).headers
    for name, value in HEADERS.items():
        if name != "cache-control":
            assert headers[name] == value
    assert "server" not in headers
    assert "set-cookie" not in headers


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    policy = HEADERS["content-security-policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    for directive in ("default-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert directive in policy


def test_pages_are_not_kept_and_scripts_for_long(reader: Browser) -> None:
    assert reader.get("/papers").headers["cache-control"] == "no-store"
    assert reader.get("/api/v1/papers").headers["cache-control"] == "no-store"
    assert "immutable" in reader.get("/static/app.css").headers["cache-control"]


@pytest.mark.case("W15")
def test_a_stored_file_is_shut_in(reader: Browser, world: World) -> None:
    headers = reader.get(f"/papers/{world.done}/file?inline=1").headers
    assert headers["content-security-policy"] == FILE_HEADERS["content-security-policy"]
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert headers["content-type"] == "application/pdf"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("address", ["/", "/papers", "/api/v1/status", "/static/app.css"])
def test_head_is_get_without_a_body(reader: Browser, address: str) -> None:
    got, head = reader.get(address), reader.head(address)
    assert head.content == b""
    assert head.status_code == got.status_code
    assert head.headers["content-length"] == got.headers["content-length"]


class TestRefused:
    """A request that is not served, in the form that its sender understands."""

    def test_a_person_gets_a_page(self, world: World) -> None:
        with visitor(world.container, peer="192.168.1.9") as stranger:
            answer = stranger.get("/papers")
        assert answer.status_code == 403
        assert answer.headers["content-type"].startswith("text/html")
        assert "Open this page in a browser on that computer" in answer.text
        assert "Ordinary title" not in answer.text

    @pytest.mark.parametrize("address", ["/api/v1/papers", "/healthz", "/schema/openapi.json", "/api/nowhere"])
    def test_a_program_gets_a_problem(self, world: World, address: str) -> None:
        with visitor(world.container, peer="192.168.1.9") as stranger:
            answer = stranger.get(address)
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"
        assert "SSH tunnel" in answer.json()["detail"]

    @pytest.mark.parametrize("address", ["/static/app.css", "/nowhere", "/live", "/api/v1/events/stream"])
    def test_nothing_is_served(self, world: World, address: str) -> None:
        with visitor(world.container, peer=None) as stranger:
            assert stranger.get(address).status_code == 403

    def test_a_rebound_name_sees_nothing(self, reader: Browser) -> None:
        answer = reader.get("/api/v1/papers", headers={"host": "rebound.example:5000"})
        assert answer.status_code == 403
        assert "http://localhost" in answer.json()["detail"]

    @pytest.mark.case("W03")
    def test_a_foreign_form_changes_nothing(self, reader: Browser, world: World) -> None:
        before = world.container.log.head()
        headers = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
        for address in ("/import", "/api/v1/imports"):
            answer = reader.post(address, headers=headers, files={"file": ("x.csv", b"doi\n10.5555/evil\n")})
            assert answer.status_code == 403
        assert world.container.log.head() == before
