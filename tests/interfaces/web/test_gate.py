"""Who is served."""

import pytest

from interfaces.web.gate import FOREIGN, FORWARDING, NO_BROWSER, NOT_LOCAL, WRONG_NAME, Refusal, refusal

HOST = "127.0.0.1:5000"
OWN = "http://127.0.0.1:5000"


def asked(
    method: str = "GET", path: str = "/papers", peer: str | None = "127.0.0.1", **headers: str | list[str]
) -> Refusal | None:
    """What becomes of a request."""
    given = {"host": HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
    values = {name: value if isinstance(value, list) else [value] for name, value in given.items()}
    return refusal(method, path, "http", peer, values)


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_served(peer: str) -> None:
    assert asked(peer=peer) is None


@pytest.mark.parametrize(
    "peer", ["10.0.0.7", "192.168.1.2", "8.8.8.8", "::ffff:8.8.8.8", "fe80::1", "testclient", "", None]
)
def test_other_machines_are_not(peer: str | None) -> None:
    assert asked(peer=peer) is NOT_LOCAL


@pytest.mark.parametrize("host", ["localhost", "localhost:5000", "LOCALHOST:80", "127.0.0.1", "[::1]", "[::1]:5000"])
def test_a_loopback_name_is_ours(host: str) -> None:
    assert asked(host=host) is None


@pytest.mark.case("W09")
@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:5000", "localhost.evil.example", "127.0.0.1.evil.example", "localhost:5000:6",
     "127.0.0.1@evil.example", "localhost,evil.example", "[::2]", "::1", "2130706433", "localhost.", "", " "],
)  # fmt: skip
def test_a_strangers_name_is_not_even_if_it_leads_here(host: str) -> None:
    assert asked(host=host) is WRONG_NAME


def test_a_request_has_exactly_one_name() -> None:
    assert asked(host=["localhost", "localhost"]) is WRONG_NAME
    assert refusal("GET", "/", "http", "127.0.0.1", {}) is WRONG_NAME


@pytest.mark.case("W09")
@pytest.mark.parametrize(
    "name",
    ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-user", "x-forwarded", "x-real-ip",
     "x-client-ip", "true-client-ip", "cf-connecting-ip", "x-original-host", "x_forwarded_for"],
)  # fmt: skip
def test_whoever_comes_through_a_proxy_is_refused(name: str) -> None:
    assert refusal("GET", "/", "http", "127.0.0.1", {"host": [HOST], name: ["127.0.0.1"]}) is FORWARDING


@pytest.mark.case("W03")
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "QUERY", "BREW"])
@pytest.mark.parametrize("path", ["/import", "/api/v1/imports"])
class TestChanges:
    """Requests that may change something, with the headers that Chromium sends in each case."""

    @pytest.mark.parametrize(
        "headers",
        [
            {"sec_fetch_site": "same-origin", "sec_fetch_mode": "navigate", "origin": OWN},
            {"sec_fetch_site": "same-origin", "sec_fetch_mode": "same-origin", "origin": OWN},
            {"origin": OWN},  # a browser that does not know Fetch Metadata
        ],
    )
    def test_our_own_pages_may_change_things(self, method: str, path: str, headers: dict[str, str]) -> None:
        assert asked(method, path, **headers) is None

    @pytest.mark.parametrize(
        "headers",
        [
            {"sec_fetch_site": "cross-site", "origin": "http://localhost:5000"},
            {"sec_fetch_site": "same-site", "origin": "http://127.0.0.1:6000"},  # another port of this machine
            {"sec_fetch_site": "cross-site", "origin": "null"},  # a sandboxed frame
            {"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors", "origin": "https://evil.example"},
            {"sec_fetch_site": "none"},
            {"sec_fetch_site": ""},
            {"sec_fetch_site": ["same-origin", "cross-site"]},
            {"origin": "null"},
            {"origin": ""},
            {"origin": "http://127.0.0.1:6000"},
            {"origin": "https://127.0.0.1:5000"},
            {"origin": "http://127.0.0.1"},
            {"origin": [OWN, OWN]},
            {"origin": "https://evil.example"},
        ],
    )
    def test_other_pages_may_not(self, method: str, path: str, headers: dict[str, str]) -> None:
        assert asked(method, path, **headers) is FOREIGN

    def test_a_program_may_use_the_interface_only(self, method: str, path: str) -> None:
        assert asked(method, path) is (None if path.startswith("/api/") else NO_BROWSER)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
class TestLooking:
    """Requests that change nothing."""

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"sec_fetch_site": "none", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"},
            {"sec_fetch_site": "same-origin", "sec_fetch_mode": "cors", "sec_fetch_dest": "empty"},
            {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"},
            {"sec_fetch_site": "same-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"},
        ],
    )
    def test_readers_and_links_are_served(self, method: str, headers: dict[str, str]) -> None:
        assert asked(method, **headers) is None

    @pytest.mark.parametrize(
        "headers",
        [
            {"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors", "sec_fetch_dest": "script"},
            {"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors", "sec_fetch_dest": "image"},
            {"sec_fetch_site": "same-site", "sec_fetch_mode": "cors", "sec_fetch_dest": "empty"},
            {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "iframe"},
            {"origin": "https://evil.example"},
        ],
    )
    def test_parts_of_other_sites_pages_are_not(self, method: str, headers: dict[str, str]) -> None:
        assert asked(method, **headers) is FOREIGN
