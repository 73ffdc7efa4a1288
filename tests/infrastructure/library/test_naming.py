"""Names of files: readable, unique, and safe on every disk."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.file_names import safe
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from infrastructure.library.naming import InvalidPattern, check_pattern, file_path, mark, mark_of

PAPER = Metadata(title="Why <i>ice</i> floats: a review", authors=("Ole Berg", "Ada Lind"), year=2021, journal="J. Ice")
IDS = (Identifier(Scheme.DOI, "10.5555/ice.1/a"),)
DEFAULT = "{author}_{year}_{title}"
HOSTILE = st.text() | st.text(st.sampled_from('./\\:*?"<>|~ \t\n\0\u202e\u2066\u200b\ufeffe\u0301éＡ／.'), max_size=400)


def named(pattern: str, metadata: Metadata = PAPER) -> str:
    return file_path(pattern, "attempt", metadata, IDS).removesuffix(f"_{mark('attempt')}.pdf")


def test_the_default_names_author_year_and_title() -> None:
    assert named(DEFAULT) == "Berg_2021_Why ice floats- a review"


def test_a_pattern_may_make_folders() -> None:
    assert named("{journal}/{year}/{authors} {doi}") == "J. Ice/2021/Berg Lind 10.5555-ice.1-a"


def test_more_than_three_authors_are_shortened() -> None:
    assert named("{authors}", Metadata(authors=("A Aa", "B Bb", "C Cc", "D Dd"))) == "Aa et al"


def test_what_is_not_known_has_a_word_of_its_own() -> None:
    fields = "{author}/{authors}/{year}/{title}/{journal}/{publisher}/{type}/{pmid}/{pmcid}/{arxiv}"
    words = "unknown/unknown/undated/untitled/no journal/no publisher/no type/no pmid/no pmcid/no arxiv number"
    assert named(fields, Metadata()) == words


def test_the_name_ends_in_the_mark_of_the_attempt() -> None:
    path = file_path(DEFAULT, "attempt", PAPER)
    assert re.fullmatch(r".*_[0-9a-f]{8}\.pdf", path)
    assert mark_of(path) == mark("attempt") != mark("another")


def test_a_second_path_for_the_same_mark_is_another_one_with_the_same_mark() -> None:
    first, second = (file_path(DEFAULT, "attempt", PAPER, number=number) for number in (1, 2))
    assert first != second
    assert mark_of(first) == mark_of(second)


@pytest.mark.parametrize(
    "name", ["notes.pdf", "a_12345678.txt", "a_1234567.pdf", "a_1234567g.pdf", "", "_ABCDEF01.pdf"]
)
def test_names_of_others_have_no_mark(name: str) -> None:
    assert mark_of(name) is None


@pytest.mark.parametrize(
    "pattern",
    ["", "/{title}", "{title}/", "a//{title}", "../{title}", ". ./{title}", "{tite}", "{title", "{title.real}", "{}",
     "{title!r}", "{title:>9}", "{0}"],
)  # fmt: skip
def test_patterns_that_cannot_name_a_file_are_refused(pattern: str) -> None:
    with pytest.raises(InvalidPattern, match="pattern") as refused:
        check_pattern(pattern)
    assert "{author}" in refused.value.remedy


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("CON", "_CON"),
        ("lpt1.report", "_lpt1.report"),
        ("com¹", "_com¹"),
        ("Console", "Console"),
        ("trailing. . ", "trailing"),
        ("..", "_"),
        ("-rf", "rf"),
        ("~user", "user"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("zero\u200bwidth\x07", "zerowidth"),
        ("line\r\nbreak", "line break"),
        ("e\u0301", "é"),
        ("a/b\\c:d*e", "a-b-c-d-e"),
        ("half \ud800 pair", "half pair"),
        ("", "_"),
    ],
)
def test_components_are_safe_on_windows_too(text: str, name: str) -> None:
    assert safe(text) == name


@given(HOSTILE)
def test_any_text_becomes_one_safe_component(text: str) -> None:
    name = safe(text)
    assert 0 < len(name.encode()) <= 150
    assert name == unicodedata.normalize("NFC", name)
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f]', name)
    assert name not in {".", ".."}
    assert not name.startswith((" ", ".", "-"))
    assert not name.endswith((" ", "."))
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs"} for char in name)
    assert safe(name) == name


@given(title=HOSTILE, author=HOSTILE, journal=HOSTILE)
def test_no_metadata_leads_out_of_the_folder(title: str, author: str, journal: str) -> None:
    path = file_path("{journal}/{author}_{title}", "attempt", Metadata(title=title, authors=(author,), journal=journal))
    folder, name = path.split("/")
    assert folder not in {"", ".", ".."}
    assert len(name.encode()) <= 150
    assert mark_of(name) == mark("attempt")


@given(st.text(st.characters(min_codepoint=0x3040, max_codepoint=0x9FFF), min_size=200, max_size=300))
def test_long_titles_are_cut_between_characters(title: str) -> None:
    name = file_path("{title}", "attempt", Metadata(title=title))
    assert len(name.encode()) <= 150
    assert "\ufffd" not in name
