"""Family names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.authors import family_name


@pytest.mark.parametrize(
    ("author", "family"),
    [
        ("Ada Berg", "Berg"),
        ("Berg, Ada", "Berg"),
        ("Berg A", "Berg"),
        ("Berg AB", "Berg"),
        ("Berg A.B.", "Berg"),
        ("A. B. Berg", "Berg"),
        ("van den Berg A", "van den Berg"),
        ("Ada van den Berg", "van den Berg"),
        ("van den Berg, Ada", "van den Berg"),
        ("Ada Berg Jr.", "Berg"),
        ("Plato", "Plato"),
        ("李 伟", "伟"),
        ("WHO", "WHO"),
        ("", ""),
        (", Ada", "Ada"),
    ],
)
def test_family_names_in_the_forms_of_catalogues(author: str, family: str) -> None:
    assert family_name(author) == family


@given(st.text())
def test_any_text_has_one_that_is_part_of_it(author: str) -> None:
    assert all(word in author for word in family_name(author).split())
