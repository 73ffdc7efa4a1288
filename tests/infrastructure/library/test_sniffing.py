"""The first look at a file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.library.sniffing import refusal


@pytest.mark.case("P02")
@pytest.mark.parametrize(("junk", "cause"), [(0, None), (3, None), (1024, None), (1025, "bad_pdf"), (1100, "bad_pdf")])
def test_a_header_may_come_after_a_kilobyte_of_junk(junk: int, cause: str | None) -> None:
    assert refusal(b"\x01" * junk + b"%PDF-1.7\n") == cause


@pytest.mark.case("H41")
@pytest.mark.case("P04")
@pytest.mark.parametrize(
    "head",
    [
        b"<!DOCTYPE html><title>Log in</title>",
        b"\r\n  <html><body>%PDF-1.7</body></html>",
        b"\xef\xbb\xbf<?xml version='1.0'?><article/>",
        b"<!-- challenge -->\n<HTML>%PDF-",
        "<html>".encode("utf-16"),
        b"<h1>Forbidden</h1>",
    ],
)
def test_a_page_is_a_page_even_if_it_speaks_of_pdf(head: bytes) -> None:
    assert refusal(head) == "html_instead_of_pdf"


@pytest.mark.parametrize(("head", "cause"), [(b"", "empty_body"), (b"PK\x03\x04", "bad_pdf"), (b'{"a": 1}', "bad_pdf")])
def test_other_things_are_no_pdfs(head: bytes, cause: str) -> None:
    assert refusal(head) == cause


@given(st.binary(max_size=2048))
def test_only_what_has_a_header_passes(head: bytes) -> None:
    if refusal(head) is None:
        assert b"%PDF-" in head
