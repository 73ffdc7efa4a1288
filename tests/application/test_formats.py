"""Numbers, sizes and moments as people read them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from application import formats


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1_000, "1.0 kB"), (99_499, "99.5 kB"), (160_000, "160 kB"),
     (999_600, "1.0 MB"), (5 * 10**9, "5.0 GB"), (10**16, "10000 TB")],
)  # fmt: skip
def test_a_size_has_the_unit_that_fits(value: int, text: str) -> None:
    assert formats.size(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.04, "40 ms"), (1.44, "1.4 s"), (12.4, "12 s"), (600.0, "10 min")])
def test_a_duration_has_the_unit_that_fits(value: float, text: str) -> None:
    assert formats.seconds(value) == text


def test_one_thing_is_not_many() -> None:
    assert formats.plural(1, "copy", "copies") == "1 copy"
    assert formats.plural(0, "paper") == "0 papers"
    assert formats.plural(12_345, "paper") == "12\u202f345 papers"


def test_words_are_listed_with_an_and() -> None:
    assert formats.listed([]) == ""
    assert formats.listed(["a"]) == "a"
    assert formats.listed(["a", "b", "c"]) == "a, b and c"


def test_a_moment_is_told_in_utc() -> None:
    moment = datetime(2026, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert formats.moment(moment) == "28 Feb 2026, 23:30 UTC"
    assert formats.moment(datetime(2026, 3, 1, tzinfo=UTC)) == "1 Mar 2026, 00:00 UTC"


def test_a_long_text_is_cut() -> None:
    assert formats.shortened("abc", 3) == "abc"
    assert formats.shortened("abcd", 3) == "ab…"
