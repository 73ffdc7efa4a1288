"""Exports that programs can read, and that spreadsheet programs do not run."""

import csv
import io
import json
import unicodedata

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from application.exporting import FORMATS, csv_line, export_format, jsonl, neutral, record, rejected_lines
from domain.errors import InvalidValue
from domain.importing import RejectedRow
from domain.pipeline import Status
from tests.application.papers import paper_row

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
DONE = paper_row(
    status=Status.DONE,
    doi="10.5555/x",
    title="A title",
    file_path="a/b.pdf",
    file_sha256="ab",
    file_size=7,
    file_pages=2,
    file_url="https://x.example/b.pdf",
    source="unpaywall",
    version="publishedVersion",
    licence="cc-by",
)
PROMISED = {"id", "doi", "title", "status", "cause", "file", "source", "url", "version", "licence"}


def test_an_exported_paper_has_what_is_promised() -> None:
    (line,) = jsonl([DONE])
    found = json.loads(line)
    assert found.keys() >= PROMISED
    assert found["file"] == {"path": "a/b.pdf", "sha256": "ab", "bytes": 7, "pages": 2}
    assert (found["status"], found["url"]) == ("done", "https://x.example/b.pdf")


def test_what_is_unknown_is_null() -> None:
    found = json.loads(next(jsonl([paper_row()])))
    assert found["doi"] is None
    assert found["file"] is None


@given(TEXT)
def test_a_line_of_json_is_one_line_for_every_reader(title: str) -> None:
    (line,) = jsonl([paper_row(title=title)])
    assert line.splitlines() == [line[:-1]]
    assert json.loads(line)["title"] == title


@pytest.mark.case("C25")
@pytest.mark.parametrize(
    "cell",
    ['=HYPERLINK("http://evil","x")', "+cmd|'/C calc'!A0", "@SUM(1)", "-1+1", "\t=1", "\r=1", "\n@x", "＝1", "﹣1",
     "  =1", "\u200b=1", "\ufeff=1", "\u202e=1", "\x00=1", "\ttext"],
)  # fmt: skip
def test_a_cell_that_could_run_is_neutralised(cell: str) -> None:
    assert neutral(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "A title", "10.5555/x", "1=1", "'=1", "(−)-menthol", "\u200b", "émigré"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert neutral(cell) == cell


@given(TEXT)
def test_no_neutral_cell_begins_like_a_formula(cell: str) -> None:
    shown = [char for char in neutral(cell) if unicodedata.category(char)[0] not in "CZ"]
    assert not shown or unicodedata.normalize("NFKC", shown[0])[:1] not in set("=+-@")
    assert neutral(cell).removeprefix("'") == cell.removeprefix("'")


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_a_line_of_csv_is_read_back(cells: list[str]) -> None:
    (row,) = csv.reader(io.StringIO(csv_line(cells), newline=""))
    assert row == [neutral(cell) for cell in cells] or cells == [""]


def test_a_table_has_the_columns_of_its_heading() -> None:
    rows = list(csv.DictReader(io.StringIO("".join(FORMATS["csv"]([DONE, paper_row(id="p2")])), newline="")))
    assert [row["id"] for row in rows] == ["p1", "p2"]
    assert (rows[0]["file_path"], rows[0]["file_bytes"], rows[1]["file_path"]) == ("a/b.pdf", "7", "")
    assert None not in rows[0]


@pytest.mark.case("C25")
def test_rejected_rows_are_neutralised_too() -> None:
    row = RejectedRow(row=1, line=2, reason="no DOI", raw='=1,"a"')
    assert list(rejected_lines([row])) == ["row,line,reason,raw\r\n", '1,2,no DOI,"\'=1,""a"""\r\n']


def test_an_unknown_form_is_refused_by_name() -> None:
    assert export_format("jsonl").suffix == ".jsonl"
    with pytest.raises(InvalidValue, match="csv or jsonl"):
        export_format("xls")


ANCHOR = "12:" + "ab" * 32
LISTED = {
    "path": "a/b.pdf", "sha256": "ab", "bytes": 7, "pages": 2, "licence": "cc-by", "version": "publishedVersion",
    "source": "unpaywall", "url": "https://x.example/b.pdf", "doi": "10.5555/x", "id": "p1", "status": "done",
    "anchor": ANCHOR,
}  # fmt: skip


def test_a_manifest_proves_each_file_and_has_no_paper_without_one() -> None:
    (line,) = FORMATS["manifest-jsonl"]([DONE, paper_row(id="p2")], ANCHOR)
    assert json.loads(line) == LISTED
    (row,) = csv.DictReader(io.StringIO("".join(FORMATS["manifest"]([paper_row(), DONE], ANCHOR)), newline=""))
    assert row == {name: str(value) for name, value in LISTED.items()}


@pytest.mark.case("C25")
def test_cells_of_a_manifest_are_neutralised() -> None:
    evil = evolve(DONE, licence="=1", file_url="@x", source="+1")
    (row,) = csv.DictReader(io.StringIO("".join(FORMATS["manifest"]([evil], ANCHOR)), newline=""))
    assert (row["licence"], row["url"], row["source"]) == ("'=1", "'@x", "'+1")


@pytest.mark.parametrize("name", FORMATS)
def test_every_form_is_named_for_people_and_files(name: str) -> None:
    form = FORMATS[name]
    assert form.filename.startswith(("papers.", "manifest."))
    assert form.title
    assert form.about
    assert "".join(form([], ANCHOR)) == "" or form.media_type in {"text/csv", FORMATS["csl"].media_type}


def test_a_record_is_fit_for_json() -> None:
    assert json.loads(json.dumps(record(DONE))) == record(DONE)
