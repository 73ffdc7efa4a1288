"""Papers in addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interfaces.web.naming import one_segment, plain, segment


def routed(raw: str) -> str:
    """The path that the routes see, for an address as it was sent."""
    from urllib.parse import unquote

    return one_segment(unquote(raw), raw.encode())


@pytest.mark.parametrize("start", ["/papers/", "/api/v1/papers/"])
@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("0199-id", "0199-id"),
        ("0199-id/events", "0199-id/events"),
        ("10.1000/abc", "10.1000%2Fabc"),
        ("10.1000%2Fabc", "10.1000%2Fabc"),
        ("10.1000/abc/events", "10.1000%2Fabc/events"),
        ("10.1000%2Fabc/file", "10.1000%2Fabc/file"),
        ("10.1000/a/b/c/file", "10.1000%2Fa%2Fb%2Fc/file"),
        ("10.1000/a/b/picture", "10.1000%2Fa%2Fb/picture"),
        ("10.1000%2ffile", "10.1000%2Ffile"),
        ("10.1000/file", "10.1000%2Ffile"),  # a DOI whose suffix looks like a part
        ("10.1000/file/file", "10.1000%2Ffile/file"),
        ("10.1000/a%3Cb%3E(c)", "10.1000%2Fa%3Cb%3E%28c%29"),
        ("10.1000/a//b", "10.1000%2Fa%2F%2Fb"),
        ("doi:10.1000/x", "doi%3A10.1000%2Fx"),
        ("https:%2F%2Fdoi.org%2F10.1000%2Fx", "https%3A%2F%2Fdoi.org%2F10.1000%2Fx"),
        ("10.1000/%C3%A4", "10.1000%2F%C3%A4"),
        ("events", "events"),
        ("..%2f..%2fetc", "..%2F..%2Fetc"),
    ],
)
def test_a_name_becomes_one_segment(start: str, sent: str, seen: str) -> None:
    assert routed(start + sent) == start + seen


@pytest.mark.parametrize("path", ["/", "/papers", "/papers/", "/imports/7", "/api/v1/papers", "/static/a/b.css"])
def test_other_paths_stay(path: str) -> None:
    assert routed(path) == path


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("10.1000/abc/file/accept", "10.1000%2Fabc/file/accept"),
        ("10.1000%2Fabc/file/reject", "10.1000%2Fabc/file/reject"),
        ("0199-id/file/accept", "0199-id/file/accept"),
        ("10.1000/file/accept", "10.1000%2Ffile%2Faccept"),  # a DOI whose suffix looks like a part
        ("10.1000/abc/retry", "10.1000%2Fabc/retry"),
        ("10.1000/abc/file", "10.1000%2Fabc%2Ffile"),
        ("file/accept", "file%2Faccept"),
    ],
)
def test_what_is_to_be_done_follows_the_name(sent: str, seen: str) -> None:
    assert one_segment(f"/api/v1/papers/{sent}", f"/api/v1/papers/{sent}".encode(), "POST") == f"/api/v1/papers/{seen}"


def test_a_query_is_no_part_of_the_name() -> None:
    assert one_segment("/papers/10.1/x", b"/papers/10.1/x?inline=1") == "/papers/10.1%2Fx"


def test_without_the_path_as_it_was_sent_the_decoded_one_serves() -> None:
    assert one_segment("/papers/10.1/x y/file", None) == "/papers/10.1%2Fx%20y/file"
    assert one_segment("/papers/x", b"/%70apers/x") == "/papers/x"


@given(st.text(min_size=1).filter(lambda name: not any(0xD800 <= ord(char) < 0xE000 for char in name)))
def test_a_name_survives_the_way_through_an_address(name: str) -> None:
    assert plain(one_segment(f"/papers/{name}", f"/papers/{segment(name)}".encode()).removeprefix("/papers/")) == name
