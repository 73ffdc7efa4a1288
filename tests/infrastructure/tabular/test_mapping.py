"""Columns of a table: how they are called, what they are taken for, and what a person corrects of that."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.import_wording import missing_columns
from application.ports.tabular import FIELDS, IGNORE, FileRefused, Glimpse, Mapped
from domain.errors import InvalidValues
from domain.identifiers import Identifier, Scheme
from infrastructure.tabular.columns import LONGEST_NAME, column_names
from infrastructure.tabular.reader import TabularReader
from tests.strategies import HOSTILE_TEXT

READER = TabularReader()
TABLE = "Ref,Name,DOI,Year\n17375194,First,10.5555/one,1999\n17375195,Second,10.5555/two,2000\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(TABLE)
    return path


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def seen(glimpse: Glimpse) -> dict[str, tuple[str | None, str | None]]:
    return {column.name: (column.found, column.field) for column in glimpse.columns}


UNNAMED = """Nr;Ref;Was;Wer;Wann;Wo
1;10.5555/a;Sleep loss and the memory of older adults;Berg, A. and Lind, O.;2020;Journal of Sleep
2;10.5555/b;How naps change what children learn;Ada Berg;2021;Journal of Sleep
3;10.5555/c;A survey of dreams in shift workers;van der Lind, O.; 2022;Journal of Sleep
"""


def test_titles_are_told_by_their_content_where_no_column_is_called_so(tmp_path: Path) -> None:
    path = write(tmp_path / "table.csv", UNNAMED)
    glimpse = READER.glimpse(path)
    assert {name: field for name, (_, field) in seen(glimpse).items() if field} == {"Ref": "doi", "Was": "title"}
    form = READER.inspect(path)
    assert "“Was” was taken for the title because of its content." in form.notes
    titles = [record.metadata.title for record in READER.records(path, form)]
    assert titles[0] == "Sleep loss and the memory of older adults"
    assert missing_columns(glimpse.columns, "Name it") == (
        "No column was found for the authors, the journal and the year. Name it, or it is not known."
    )


@pytest.mark.parametrize(
    "cells",
    [
        ("Berg, A., Lind, O., and others", "Ada Berg and Ole Lind", "Lind, O.; Berg, A."),
        ("Journal of the history of sleep", "Journal of the history of sleep", "Journal of the history of sleep"),
        ("https://a.example/the first of them", "https://a.example/the second of them", "https://a.example/it"),
        ("yes", "no", "maybe"),
        ("1.5 (0.3) of 17, p 0.01", "2.5 (0.4) of 18, p 0.02", "3.5 (0.5) of 19, p 0.03"),
    ],
    ids=["names", "journals", "addresses", "words", "numbers"],
)
def test_what_does_not_read_like_titles_is_not_taken_for_them(tmp_path: Path, cells: tuple[str, ...]) -> None:
    rows = "".join(f'10.5555/{at};"{cell}"\n' for at, cell in enumerate(cells))
    glimpse = READER.glimpse(write(tmp_path / "table.csv", f"DOI;Was\n{rows}"))
    assert seen(glimpse)["Was"] == (None, None)


def test_abstracts_are_not_taken_for_titles(tmp_path: Path) -> None:
    rows = "".join(f"10.5555/{at},We asked {at} people how they had slept\n" for at in range(4))
    assert seen(READER.glimpse(write(tmp_path / "table.csv", f"DOI,Abstract\n{rows}")))["Abstract"] == (None, None)


def test_a_glimpse_shows_every_column_and_the_first_rows(table: Path) -> None:
    glimpse = READER.glimpse(table, rows=1)
    assert seen(glimpse) == {"Ref": (None, None), "Name": (None, None), "DOI": ("doi", "doi"), "Year": ("year", "year")}
    assert glimpse.rows == (("17375194", "First", "10.5555/one", "1999"),)


def test_what_is_corrected_is_read_so(table: Path) -> None:
    mapping = (("Ref", "pmid"), ("Name", "title"), ("Year", IGNORE))
    form = READER.inspect(table, mapping)
    assert form.columns == (("Ref", "pmid"), ("Name", "title"), ("DOI", "doi"))
    assert form.mapping == mapping
    record = next(READER.records(table, form))
    assert record.identifiers == (Identifier(Scheme.DOI, "10.5555/one"), Identifier(Scheme.PMID, "17375194"))
    assert (record.metadata.title, record.metadata.year) == ("First", None)
    assert seen(READER.glimpse(table, mapping))["Year"] == ("year", None)


def test_what_says_the_same_as_was_found_is_no_correction(table: Path) -> None:
    same: Mapped = (("DOI", "doi"), ("Ref", IGNORE), ("Year", "year"))
    assert READER.inspect(table, same) == READER.inspect(table)


def test_what_is_named_is_asked_first(tmp_path: Path) -> None:
    path = write(tmp_path / "two.csv", "DOI,Right DOI\n10.5555/wrong,10.5555/right\n")
    (record,) = READER.records(path, READER.inspect(path, (("Right DOI", "doi"), ("DOI", IGNORE))))
    assert record.identifiers == (Identifier(Scheme.DOI, "10.5555/right"),)


def test_a_table_without_identifiers_is_mended(tmp_path: Path) -> None:
    path = write(tmp_path / "none.csv", "Ref,Name\n17375194,First\n17375195,Second\n")
    with pytest.raises(FileRefused):
        READER.inspect(path)
    assert [column.name for column in READER.glimpse(path).columns] == ["Ref", "Name"]
    assert READER.inspect(path, (("Ref", "pmid"),)).rows == 2


def test_a_table_whose_identifiers_are_ignored_is_refused(table: Path) -> None:
    with pytest.raises(FileRefused, match="No column has DOIs"):
        READER.inspect(table, (("DOI", IGNORE),))


def test_everything_that_is_wrong_is_told_at_once(table: Path) -> None:
    with pytest.raises(InvalidValues) as refusal:
        READER.inspect(table, (("Nowhere", "doi"), ("Ref", "abstract"), ("Name", "title")))
    assert [fault.field for fault in refusal.value.faults] == ["mapping", "mapping of “Ref”"]
    assert "“Ref”, “Name”" in str(refusal.value)
    assert "publisher" in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "10.5555/one\n10.5555/two\n",
        "17375194\n17375195\n",
        "TY  - JOUR\nDO  - 10.5555/one\nER  - \n",
        "@article{a, doi = {10.5555/one}}\n",
    ],
)
def test_what_is_no_table_has_no_columns(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "list.txt", text)
    assert READER.glimpse(path) == Glimpse()
    with pytest.raises(InvalidValues):
        READER.inspect(path, (("DOI", "title"),))


def test_a_glimpse_of_what_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused):
        READER.glimpse(write(tmp_path / "a.pdf", "%PDF-1.7 nothing"))


def test_columns_without_a_heading_have_their_number(tmp_path: Path) -> None:
    path = write(tmp_path / "bare.csv", "First,10.5555/one\nSecond,10.5555/two\n")
    form = READER.inspect(path, (("Column 1", "title"),))
    assert form.columns == (("Column 1", "title"), ("Column 2", "doi"))
    assert [record.metadata.title for record in READER.records(path, form)] == ["First", "Second"]


def test_columns_that_share_a_heading_are_told_apart(tmp_path: Path) -> None:
    path = write(tmp_path / "twice.csv", "DOI,Name,Name\n10.5555/one,A,B\n")
    form = READER.inspect(path, (("Name (column 3)", "title"),))
    assert [record.metadata.title for record in READER.records(path, form)] == ["B"]


def test_short_rows_and_long_cells_are_shown(tmp_path: Path) -> None:
    path = write(tmp_path / "odd.csv", f"DOI,Title,Year\n10.5555/one,{'x' * 5_000}\n10.5555/two,b,2000,more\n")
    glimpse = READER.glimpse(path)
    assert {len(row) for row in glimpse.rows} == {len(glimpse.columns)}
    assert max(len(cell) for row in glimpse.rows for cell in row) == 300


@given(headings=st.lists(HOSTILE_TEXT, max_size=6), width=st.integers(0, 8))
def test_no_two_columns_have_one_name(headings: list[str], width: int) -> None:
    names = column_names(headings, width)
    assert len(names) == len(set(names)) == max(len(headings), width)
    assert all(names)
    assert all(len(name) <= LONGEST_NAME + 200 for name in names)


def test_every_field_can_be_chosen(table: Path) -> None:
    for field in FIELDS:
        assert ("Name", field) in READER.inspect(table, (("Name", field),)).columns
