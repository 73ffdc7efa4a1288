"""Text made comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.library.text import ascii_only, compact, fold, plain, weight, words


def test_tags_and_entities_go_but_signs_stay() -> None:
    assert plain("CO<sub>2</sub> &amp; H<SUB>2</SUB>") == "CO2 & H2"
    assert plain("&lt;i&gt;Rosa&lt;/i&gt; L.") == "Rosa L."
    assert plain("if p < 0.05 and q > 3") == "if p < 0.05 and q > 3"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ÉCOLE", "ecole"),
        ("ﬁne", "fine"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("Ærø", "aero"),
        ("Ｗｉｄｅ", "wide"),
    ],
)
def test_forms_of_the_same_letters_fold_into_one(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_words_are_joined_at_hyphens_and_line_ends() -> None:
    assert words("Self-made, in-\nstead of so\ufffeld; 潮汐") == ["selfmade", "instead", "of", "sold", "潮", "汐"]


def test_an_ideograph_says_more_than_a_letter() -> None:
    assert weight("ab潮") == 5


@given(st.text())
def test_compact_text_is_letters_and_digits_and_stays_so(text: str) -> None:
    assert all(char.isalnum() for char in compact(text))
    assert ascii_only(text).isascii()
