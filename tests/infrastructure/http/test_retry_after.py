"""Both forms of Retry-After, and what is neither."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.http.retry_after import LONGEST, retry_after

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.case("H24")
@pytest.mark.case("H25")
@pytest.mark.case("H26")
@pytest.mark.case("H27")
@pytest.mark.case("H28")
@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        (" 7 ", 7.0),
        ("Sun, 01 Mar 2026 12:02:00 GMT", 120.0),
        ("Sunday, 01-Mar-26 12:02:00 GMT", 120.0),
        ("Sun Mar  1 12:02:00 2026", 120.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST),
        ("99999999", LONGEST),
        ("9" * 90, LONGEST),
        ("-5", None),
        ("abc", None),
        ("1.5", None),
        ("١٢", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.text())
def test_any_text_gives_a_bounded_wait_or_none(text: str) -> None:
    seconds = retry_after(text, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST


@given(st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(9999, 12, 30)))  # noqa: DTZ001
def test_every_date_is_understood(moment: datetime) -> None:
    assert retry_after(moment.strftime("%a, %d %b %Y %H:%M:%S GMT"), NOW) is not None
