"""Where redirects may lead, and what goes along."""

import httpx2
import pytest

from infrastructure.http.redirects import (
    LONGEST_URL,
    address,
    headers_for_another_origin,
    next_address,
    same_origin,
    sent_secrets,
    without_sent_secrets,
)
from infrastructure.http.trouble import Trouble

ASKED = httpx2.URL("https://a.example.org/dir/page?x=1")


@pytest.mark.case("H18")
@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/other", "https://a.example.org/other"),
        ("other?y=2", "https://a.example.org/dir/other?y=2"),
        ("?y=2", "https://a.example.org/dir/page?y=2"),
        ("//b.example.org/x", "https://b.example.org/x"),
        ("http://b.example.org", "http://b.example.org"),
        (" /spaces around ", "https://a.example.org/spaces%20around"),
        ("/umlaut/ä", "https://a.example.org/umlaut/%C3%A4"),
        ("https://user:pw@b.example.org/x#part", "https://b.example.org/x"),
        ("https://B.example.org./x", "https://b.example.org/x"),
        ("https://[2606::1]/x", "https://[2606::1]/x"),
        ("https://müller.example/x", "https://xn--mller-kva.example/x"),
        ("", "https://a.example.org/dir/page?x=1"),
    ],
)
def test_locations_are_followed(location: str, target: str) -> None:
    assert str(next_address(ASKED, location)) == target


@pytest.mark.case("H19")
@pytest.mark.case("H20")
@pytest.mark.case("S12")
@pytest.mark.parametrize(
    ("location", "cause"),
    [
        (None, "bad_response"),
        ("file:///etc/passwd", "address_refused"),
        ("ftp://a.example.org/x", "address_refused"),
        ("javascript:alert(1)", "address_refused"),
        ("data:text/html,x", "address_refused"),
        ("gopher://127.0.0.1:70/", "address_refused"),
        ("http:///x", "address_refused"),
        ("http://a\tb/", "bad_response"),
        ("/a\x00b", "bad_response"),
        ("http://[::1", "bad_response"),
        ("/" + "x" * LONGEST_URL, "bad_response"),
    ],
)
def test_other_locations_are_not(location: str | None, cause: str) -> None:
    with pytest.raises(Trouble) as caught:
        next_address(ASKED, location)
    assert caught.value.cause == cause


@pytest.mark.case("S10")
@pytest.mark.case("S12")
@pytest.mark.parametrize(
    "url",
    [
        *("", "publisher.example.org/x", "file:///etc/passwd", "ftp://a.org/", "dict://127.0.0.1:11211/", "unix:/x"),
        *("http:////127.0.0.1", "http://a\nb.org/", "http://a.org:99999999999/", "http://１２７．０．０．１/", "http:"),
        "http://a.org/" + "x" * LONGEST_URL,
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(Trouble) as caught:
        address(url)
    assert caught.value.cause == "address_refused"


@pytest.mark.case("S10")
@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://good@127.0.0.1/", "127.0.0.1"),
        ("http://127.0.0.1#@good", "127.0.0.1"),
        ("http://127.0.0.1\\@good/", "good"),
        ("http://127。0。0。1/", "127.0.0.1"),
        ("HTTP://Example.ORG/", "example.org"),
    ],
)
def test_the_host_that_is_judged_is_the_host_that_is_asked(url: str, host: str) -> None:
    parsed = address(url)
    assert parsed.host == host
    assert not parsed.userinfo
    assert host in str(httpx2.Request("GET", parsed).headers["host"])


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("https://a.example.org/x", True),
        ("https://a.example.org:443/x", True),
        ("http://a.example.org/x", False),
        ("https://a.example.org:8443/x", False),
        ("https://b.example.org/x", False),
    ],
)
def test_origins(other: str, same: bool) -> None:
    assert same_origin(ASKED, httpx2.URL(other)) == same


@pytest.mark.case("H21")
def test_the_same_host_by_https_is_no_other_origin() -> None:
    assert same_origin(httpx2.URL("http://a.example.org/"), ASKED)


@pytest.mark.case("H23")
def test_headers_that_could_hold_a_key_stay_behind() -> None:
    given = {
        "Authorization": "Bearer x",
        "X-ELS-APIKey": "x",
        "Cookie": "x",
        "Accept": "a/b",
        "Referer": "https://a.org",
    }
    assert dict(headers_for_another_origin(given)) == {"accept": "a/b", "referer": "https://a.org"}


@pytest.mark.case("H23")
def test_the_users_secrets_in_a_location_stay_behind_and_others_go_along() -> None:
    sent = sent_secrets(httpx2.URL("https://api.org/x?api_key=K&email=me%40b.org&q=1"))
    target = httpx2.URL("https://c.org/x?api_key=K&token=T&email=me@b.org&q=1")
    assert str(without_sent_secrets(target, sent)) == "https://c.org/x?token=T&q=1"
