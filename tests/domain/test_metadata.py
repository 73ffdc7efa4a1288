"""Metadata: what is known is kept, and text can always be stored."""

import pytest
from hypothesis import given

from domain.metadata import Metadata
from tests.strategies import METADATA

NOTHING = Metadata()


class TestFilled:
    @given(one=METADATA)
    def test_nothing_fills_nothing(self, one: Metadata) -> None:
        assert one.filled(NOTHING) == NOTHING.filled(one) == one.filled(one) == one

    @given(one=METADATA, two=METADATA, three=METADATA)
    def test_the_order_of_filling_does_not_matter(self, one: Metadata, two: Metadata, three: Metadata) -> None:
        assert one.filled(two).filled(three) == one.filled(two.filled(three))

    @given(one=METADATA, two=METADATA)
    def test_what_is_known_stays(self, one: Metadata, two: Metadata) -> None:
        filled = one.filled(two).known()
        assert filled == two.known() | one.known()


class TestDifference:
    @given(one=METADATA)
    def test_there_is_none_to_itself_and_to_nothing(self, one: Metadata) -> None:
        assert one.difference(one) == one.difference(NOTHING) == NOTHING

    @given(one=METADATA)
    def test_to_nothing_known_everything_is_new(self, one: Metadata) -> None:
        assert NOTHING.difference(one) == one

    @given(one=METADATA, two=METADATA)
    def test_with_it_one_knows_what_the_other_knows(self, one: Metadata, two: Metadata) -> None:
        updated = one.difference(two).filled(one)
        assert updated == two.filled(one)
        assert updated.difference(two) == NOTHING


class TestHostileText:
    @given(one=METADATA)
    def test_holds_no_nul_and_no_half_characters(self, one: Metadata) -> None:
        for text in (one.title, one.journal, one.publisher, one.type, one.url, *one.authors, *one.issn):
            assert "\0" not in (text or "")
            (text or "").encode("utf-8")

    def test_other_text_stays_as_it_came(self) -> None:
        title = " <b>A</b> — \u202e“x”\t\U0001f9ea "
        assert Metadata(title=title).title == title

    @pytest.mark.parametrize("title", ["", "\0", "\0\0"])
    def test_a_title_of_nothing_is_unknown(self, title: str) -> None:
        assert Metadata(title=title) == NOTHING
        assert Metadata(title=title).filled(Metadata(title="On Things")).title == "On Things"

    @pytest.mark.parametrize(
        ("year", "kept"), [(2020, 2020), (1, 1), (0, None), (-1, None), (10_000, None), (10**30, None)]
    )
    def test_a_year_that_no_calendar_has_is_unknown(self, year: int, kept: int | None) -> None:
        assert Metadata(year=year).year == kept
