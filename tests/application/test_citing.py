"""Lists for reference managers, read back by parsers that others wrote."""

import json
import re
from typing import Any

import bibtexparser
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from application.citing import bibtex, cite_key, csl, one_line, ris
from application.queries import PaperRow
from application.work_types import TYPES
from tests.application.papers import paper_row

PATH = "2020/Berg_2020_Sleep_0a1b2c3d.pdf"
PAPER = paper_row(
    id="0199-a",
    type="journal-article",
    title="Sleep & memory: 50% of {all} cases",
    authors="Berg, Ada van den; Li W.; World Health Organization",
    journal="Journal of Sleep",
    issn="1234-5679 0028-0836",
    year=2020,
    publisher="Press",
    doi="10.5555/x_1(2)",
    pmid="12345",
    pmcid="PMC77",
    file_path=PATH,
    file_sha256="ab" * 32,
    licence="cc-by",
    version="publishedVersion",
)
HOSTILE = [
    "A title\nER  - \nTY  - JOUR",
    "A title\r\n\r\nTI  - Another",
    "}, author = {Somebody Else}, x = {",
    "@article{evil, title = {Evil}}",
    '{{{unbalanced " # $ % & ~ ^ _',
    "\\input{/etc/passwd} \\",
    "line\u2028separator\u2029and\x85next\x0b\x0c\x1c\x00",
    "<img src=x onerror=alert(1)>",
    "=HYPERLINK(1)",
    "%comment",
    '"], "id": "x',
]
TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60)


def bibtex_of(*papers: PaperRow) -> list[Any]:
    library = bibtexparser.parse_string("".join(bibtex(papers)))
    assert library.failed_blocks == []
    assert library.comments == library.strings == library.preambles == []
    return list(library.entries)


def value_of(entry: Any, field: str) -> str | None:
    found = entry.fields_dict.get(field)
    return None if found is None else str(found.value)


def unescaped(text: str | None) -> str:
    """The text that a field of LaTeX stands for."""
    words = {"textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~"}
    words["textasciicircum"] = "^"
    return re.sub(r"\{\\(\w+)\}|\\([%&$#_])", lambda m: words[m[1]] if m[1] else m[2], text or "")


def ris_of(*papers: PaperRow) -> list[dict[str, Any]]:
    return rispy.loads("".join(ris(papers)))


def csl_of(*papers: PaperRow) -> list[dict[str, Any]]:
    return json.loads("".join(csl(papers)))  # type: ignore[no-any-return]


def test_bibtex_has_what_is_known_and_the_file() -> None:
    (entry,) = bibtex_of(PAPER)
    assert (entry.entry_type, entry.key) == ("article", cite_key(PAPER))
    assert unescaped(value_of(entry, "title")) == PAPER.title
    assert value_of(entry, "author") == "Berg, Ada van den and Li, W. and {World Health Organization}"
    assert value_of(entry, "doi") == "10.5555/x_1(2)"
    assert value_of(entry, "url") == "https://doi.org/10.5555/x_1(2)"
    assert value_of(entry, "file") == f":{PATH}:PDF"
    assert (value_of(entry, "journal"), value_of(entry, "year")) == ("Journal of Sleep", "2020")


def test_ris_has_what_is_known_and_the_file() -> None:
    (entry,) = ris_of(PAPER)
    assert entry["type_of_reference"] == "JOUR"
    assert (entry["id"], entry["title"], entry["year"]) == (cite_key(PAPER), PAPER.title, "2020")
    assert entry["authors"] == ["Berg, Ada van den", "Li, W.", "World Health Organization"]
    assert (entry["doi"], entry["secondary_title"]) == ("10.5555/x_1(2)", "Journal of Sleep")
    assert entry["file_attachments1"] == PATH


def test_csl_has_what_is_known_and_the_file() -> None:
    (item,) = csl_of(PAPER)
    assert (item["id"], item["type"], item["title"]) == (cite_key(PAPER), "article-journal", PAPER.title)
    assert item["author"][0] == {"family": "Berg", "given": "Ada van den"}
    assert item["author"][2] == {"literal": "World Health Organization"}
    assert item["issued"] == {"date-parts": [[2020]]}
    assert (item["DOI"], item["note"], item["custom"]["file"]) == ("10.5555/x_1(2)", f"file: {PATH}", PATH)
    assert (item["custom"]["licence"], item["custom"]["version"]) == ("cc-by", "publishedVersion")


def test_what_is_unknown_is_left_out() -> None:
    nothing = paper_row()
    (entry,), (told,), (item,) = bibtex_of(nothing), ris_of(nothing), csl_of(nothing)
    assert list(entry.fields_dict) == []
    assert told.keys() == {"type_of_reference", "id"}
    assert item.keys() == {"id", "type", "custom"}
    assert csl_of() == []


@pytest.mark.parametrize(
    ("told", "entry_type", "tag", "csl_type"),
    [
        ("journal-article", "article", "JOUR", "article-journal"),
        ("Article", "article", "JOUR", "article-journal"),
        ("posted-content", "unpublished", "UNPB", "article"),
        ("preprint", "unpublished", "UNPB", "article"),
        ("book-chapter", "incollection", "CHAP", "chapter"),
        ("proceedings-article", "inproceedings", "CPAPER", "paper-conference"),
        ("Conference Paper", "inproceedings", "CPAPER", "paper-conference"),
        ("dissertation", "phdthesis", "THES", "thesis"),
        ("dataset", "misc", "DATA", "dataset"),
        ("monograph", "book", "BOOK", "book"),
        ("what nobody knows", "article", "JOUR", "article-journal"),
        (None, "article", "JOUR", "article-journal"),
    ],
)
def test_a_type_is_told_in_each_format(told: str | None, entry_type: str, tag: str, csl_type: str) -> None:
    paper = paper_row(type=told)
    assert bibtex_of(paper)[0].entry_type == entry_type
    assert ris_of(paper)[0]["type_of_reference"] == tag
    assert csl_of(paper)[0]["type"] == csl_type


def test_every_type_is_one_that_the_formats_know() -> None:
    known = set(rispy.TYPE_OF_REFERENCE_MAPPING)
    assert {one.ris for one in TYPES.values()} <= known
    assert all(re.fullmatch("[a-z]+", one.bibtex) for one in TYPES.values())


def test_a_chapter_is_in_a_book() -> None:
    (entry,) = bibtex_of(paper_row(type="book-chapter", journal="The book"))
    assert (value_of(entry, "booktitle"), value_of(entry, "journal")) == ("The book", None)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_in_its_field(text: str) -> None:
    paper = paper_row(title=text, authors=text, journal=text, publisher=text, doi="10.1/x", file_path="a.pdf")
    after = paper_row(id="p2", title="The next")
    entry, next_entry = bibtex_of(paper, after)
    assert unescaped(value_of(entry, "title")) == one_line(text)
    assert entry.fields_dict.keys() <= {"author", "title", "journal", "publisher", "doi", "url", "file"}
    assert value_of(next_entry, "title") == "The next"
    told, next_told = ris_of(paper, after)
    assert told["title"].strip() == one_line(text)
    assert (told["doi"], next_told["title"]) == ("10.1/x", "The next")
    item, next_item = csl_of(paper, after)
    assert (item["title"], item["DOI"], next_item["title"]) == (one_line(text), "10.1/x", "The next")


@given(title=TEXT, author=TEXT, doi=TEXT, path=TEXT)
def test_any_text_is_read_back(title: str, author: str, doi: str, path: str) -> None:
    paper = paper_row(title=title, authors=author, doi=doi, file_path=path, journal=author, publisher=title)
    lists = "".join(ris([paper])), "".join(csl([paper]))
    assert [line for line in lists[0].splitlines() if line and not re.match(r"[A-Z][A-Z0-9]  - ", line)] == []
    assert lists[0].count("ER  - \r\n") == lists[0].count("TY  - JOUR\r\n") == 1 or "ER  - " in one_line(title)
    (item,) = json.loads(lists[1])
    assert item.get("title", "") == one_line(title)
    (entry,) = bibtex_of(paper)
    assert unescaped(value_of(entry, "title")) == one_line(title)
    assert entry.fields_dict.keys() <= {"author", "title", "journal", "publisher", "doi", "url", "file"}


def test_a_key_is_the_same_in_every_export_and_no_other_paper_has_it() -> None:
    twins = [paper_row(id=f"p{number}", title="The sleep", authors="Berg, Ada", year=2020) for number in range(2_000)]
    keys = [cite_key(twin) for twin in twins]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"berg2020sleep-[a-z2-7]{6}", key) for key in keys)
    assert [cite_key(twin) for twin in twins[::-1]] == keys[::-1]


@pytest.mark.parametrize(
    ("fields", "begin"),
    [
        ({"title": "On the Öl of Π", "authors": "Müller, Jörg", "year": 1999}, "muller1999ol-"),
        ({"title": "睡眠", "authors": "李, 伟", "year": 2001}, "2001-"),
        ({}, "paper-"),
    ],
)
def test_a_key_is_of_plain_letters(fields: dict[str, Any], begin: str) -> None:
    key = cite_key(paper_row(**fields))
    assert key.startswith(begin)
    assert re.fullmatch("[a-z0-9-]+", key)
