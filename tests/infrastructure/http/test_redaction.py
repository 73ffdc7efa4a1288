"""Addresses without secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.http.redaction import SECRET_PARAMETERS, without_secrets


@pytest.mark.case("W22")
@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.org/x?doi=1&api_key=S", "https://a.org/x?doi=1"),
        ("https://a.org/x?email=me@b.org", "https://a.org/x"),
        ("https://a.org/x?MAILTO=S&y=2#f", "https://a.org/x?y=2#f"),
        ("https://a.org/x?api%5Fkey=S&b=%20", "https://a.org/x?b=%20"),
        ("https://user:S@a.org:8443/x", "https://a.org:8443/x"),
        ("https://a.org/x?token=S&sig=S&key=S&X-Amz-Signature=S", "https://a.org/x"),
        ("https://a.org/10.1000/x?keyword=1", "https://a.org/10.1000/x?keyword=1"),
        ("http://[broken", ""),
    ],
)
def test_secrets_are_left_out(url: str, shown: str) -> None:
    assert without_secrets(url) == shown


@given(st.sampled_from(sorted(SECRET_PARAMETERS)), st.text("abcXYZ019-_", min_size=8))
def test_no_value_of_a_secret_parameter_survives(name: str, value: str) -> None:
    assert f"={value}" not in without_secrets(f"https://a.org/x?p=1&{name}={value}&q=2")


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    once = without_secrets(text)
    assert isinstance(once, str)
