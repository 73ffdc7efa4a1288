"""The typed readers, and the names of licences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.sources.licences import creative_commons, short_name
from infrastructure.sources.reading import first_text, items, names, parsed, record, records, text, web_address, year

ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=8,
)


@given(value=ANYTHING)
def test_no_reader_ever_raises(value: object):
    for reader in (first_text, items, names, record, records, text, web_address, year):
        reader(value)


@given(value=st.text())
def test_texts_can_be_stored_anywhere(value: str):
    known = text(value)
    assert known is None or (known.encode() and "\0" not in known and known == known.strip())


@given(value=st.text(min_size=1).map("https://".__add__))
def test_addresses_have_no_control_characters(value: str):
    address = web_address(value)
    assert address is None or not any(ord(sign) <= 32 or sign == "\\" for sign in address)


def test_numbers_that_are_none_become_values():
    assert parsed(b'{"a": NaN, "b": 1e999, "c": ' + b"1" * 9999 + b"}")["c"] is None
    assert parsed(b"\xef\xbb\xbf{}") == {}


@pytest.mark.parametrize(
    ("value", "expected"),
    [(2020, 2020), ("2020", 2020), ("2020-01-02", 2020), (True, None), (20, None), ("MMXX", None), (2020.0, None)],
)
def test_years_are_read(value: object, expected: int | None):
    assert year(value) == expected


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("https://creativecommons.org/licenses/by-nc-nd/4.0/", "cc-by-nc-nd"),
        ("http://www.creativecommons.org/licenses/by/3.0/deed.en_US", "cc-by"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "cc0"),
        ("cc by", "cc-by"),
        ("CC BY-NC", "cc-by-nc"),
        ("cc0", "cc0"),
        ("https://www.elsevier.com/tdm/userlicense/1.0/", None),
        ("https://example.org/?https://creativecommons.org/licenses/by/4.0/", None),
        ("", None),
        (None, None),
    ],
)
def test_creative_commons_licences_have_one_spelling(licence: str | None, expected: str | None):
    assert creative_commons(licence) == expected


def test_other_licences_keep_their_words():
    assert short_name("publisher-specific-oa") == "publisher-specific-oa"
    assert short_name(None) is None
