"""Titles in pages: found in spite of typesetting, never taken for those of siblings."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from infrastructure.library.titles import Grade, Likeness, grade, is_known, is_same, likeness

TITLE = "Slow drift of tidal sediments in sheltered northern estuaries"
WORDS = st.lists(st.text(string.ascii_lowercase, min_size=4, max_size=12), min_size=5, max_size=14, unique=True)
FILLER = "We measured what there was to measure, twice. Nothing else was done, by nobody, in the years that followed.\n"


def page(title: str) -> str:
    return f"Journal of Things 12 (2020) 1-9\n{title}\nA. Author\n{FILLER * 5}"


@given(WORDS, st.data())
def test_a_title_is_found_however_it_is_broken_and_cased(words: list[str], data: st.DataObject) -> None:
    joints = st.sampled_from([" ", "\n", "\r\n", "  ", " - ", "-\n", "\u00a0"])
    printed = "".join(word + data.draw(joints) for word in words)
    assume(grade(" ".join(words)) is Grade.TELLING)
    assert likeness(" ".join(words), page(data.draw(st.sampled_from([printed, printed.upper()])))) is Likeness.EXACT


@given(WORDS, st.data())
def test_a_title_with_another_word_in_it_is_another_title(words: list[str], data: st.DataObject) -> None:
    assume(grade(" ".join(words)) is Grade.TELLING)
    place = data.draw(st.integers(0, len(words) - 1))
    other = data.draw(st.text("xyz", min_size=4, max_size=12))
    assume(not set(other) & set(words[place]))
    printed = [*words[:place], other, *words[place + 1 :]]
    assert likeness(" ".join(words), page(" ".join(printed))) is Likeness.NONE


@given(st.text(max_size=200), st.text(max_size=500))
def test_no_text_is_too_odd_to_compare(title: str, text: str) -> None:
    if is_known(title):
        assert likeness(title, text) in Likeness
        assert is_same(title, title)


@pytest.mark.parametrize(
    "printed",
    [
        "Slow drift of tidal sediments in shel-\ntered northern estuaries",
        "Slow dri\ufb01t of tidal sediments in sheltered northern estuaries".replace("dri\ufb01t", "drift"),
        "SLOW DRIFT OF TIDAL SEDIMENTS IN SHELTERED NORTHERN ESTUARIES*",
        "S l o w  d r i f t of tidal sediments in sheltered northern estuaries",
    ],
)
def test_typesetting_makes_no_difference(printed: str) -> None:
    assert likeness(TITLE, page(printed)) is Likeness.EXACT


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("Efficient affine flows over fields", "E\ufb03cient a\ufb03ne \ufb02ows over \ufb01elds"),
        ("Über die Größe naïver Mengen und Räume", "Uber die Gro\u0308sse nai\u0308ver Mengen und Ra\u0308ume"),
        ("Growth of CO<sub>2</sub> &amp; H<sub>2</sub> in closed vessels", "Growth of CO2 & H2 in closed vessels"),
        ("A behavioural theory for a π-calculus with preorders", "A behavioural theory for a -calculus with preorders"),
        ("潮汐沉积物在北方河口的缓慢漂移研究", "潮汐沉积物在北方\n河口的缓慢漂移研究"),
        (f"{TITLE} | Journal of Things | Some Publisher", TITLE),
        (f"JoT | Full text | {TITLE}", TITLE),
        (f"{TITLE} - Berg - 2021 - Journal of Things - Some Library", TITLE),
        (f"{TITLE} [Things]", TITLE),
        (f"PLOS ONE: {TITLE}", TITLE),
    ],
)
def test_spellings_of_catalogues_and_sites_make_no_difference(title: str, printed: str) -> None:
    assert likeness(title, page(printed)) is Likeness.EXACT


@pytest.mark.parametrize(
    "printed",
    [
        "Slow drlft of tidal sedirnents in sheltered northern estuaries",
        "Slow drift of sediments in sheltered northern estuaries",
    ],
)
def test_misread_letters_and_a_missing_word_make_it_similar(printed: str) -> None:
    assert likeness(TITLE, page(printed)) is Likeness.SIMILAR


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        (TITLE, "Slow drift of tidal sediments in sheltered southern estuaries"),
        (TITLE, "Slow drift of tidal sediments in very sheltered northern estuaries"),
        ("Effects of long fasting on the liver in male rats", "Effects of long fasting on the liver in female rats"),
        ("Effects of long fasting on the liver in old rats", "Effects of long fasting on the liver in old mice"),
        ("On the motion of small bodies in fluids, part 1", "On the motion of small bodies in fluids, part 2"),
        ("On the motion of small bodies in fluids, part 12", "On the motion of small bodies in fluids, part"),
    ],
)
def test_siblings_are_other_titles(title: str, printed: str) -> None:
    assert likeness(title, page(printed)) is Likeness.NONE


def test_long_and_blank_titles_take_no_time() -> None:
    for title in (" " * 50_000 + "|", "word " * 10_000, "x" * 50_000, " - " * 20_000):
        assert likeness(f"A {title}", page(TITLE)) is Likeness.NONE


def test_a_short_title_must_stand_on_lines_of_its_own() -> None:
    assert grade("Meaning at work") is Grade.SHORT
    assert likeness("Meaning at work", "Journal\nMeaning\nat Work1\nA. Author") is Likeness.EXACT
    assert likeness("Meaning at work", "They found little meaning at work, and left.") is Likeness.NONE


@pytest.mark.parametrize("title", ["Editorial", "Introduction", "In memoriam", "Book reviews", "序言"])
def test_titles_of_many_papers_are_tiny(title: str) -> None:
    assert grade(title) is Grade.TINY


@pytest.mark.parametrize(
    "title", [None, "", "  ", "10.5555/abc.1", "https://doi.org/10.5555/abc", "DOI:10.5555/x", "<i></i>", "---"]
)
def test_what_is_no_title_is_not_known(title: str | None) -> None:
    assert not is_known(title)


def test_a_title_in_the_metadata_may_have_something_around_it() -> None:
    assert is_same(TITLE, f"Things 12: {TITLE.upper()}")
    assert is_same("Editorial", "EDITORIAL")
    assert not is_same("Editorial", "Editorial board")
    assert not is_same(TITLE, "")
