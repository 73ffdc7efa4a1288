"""Any file is read or refused in words; what is wrong with a row is told at that row."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports.tabular import FileRefused
from domain.identifiers import Identifier, Scheme
from infrastructure.tabular.reader import TabularReader
from tests.infrastructure.tabular.conftest import Read, dois

case = pytest.mark.case
TABLE = "Title,DOI,ISSN,Year\nFirst,10.1000/a,0028-0836,2013\nSecond,10.1000/b,,2014-05-01\n"


def test_a_plain_table_becomes_records(read: Read) -> None:
    form, records = read(TABLE)
    assert (form.format, form.encoding, form.rows, form.notes) == ("csv", "utf-8", 2, ())
    assert set(form.columns) == {("Title", "title"), ("DOI", "doi"), ("ISSN", "issn"), ("Year", "year")}
    first = records[0]
    assert first.identifiers == (Identifier(Scheme.DOI, "10.1000/a"),)
    assert (first.metadata.title, first.metadata.issn, first.metadata.year) == ("First", ("0028-0836",), 2013)
    assert (first.line, first.raw, first.reason) == (2, "First,10.1000/a,0028-0836,2013", None)


@case("C01")
@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b" \r\n\n\t", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file_is_refused(read: Read, content: bytes) -> None:
    with pytest.raises(FileRefused, match="empty"):
        read(content)


@case("C02")
@pytest.mark.parametrize("content", ["Title,DOI\n", "Title,DOI", "DOI\n", "Authors,Title,Year\r\n\r\n"])
def test_headings_without_rows_are_refused(read: Read, content: str) -> None:
    with pytest.raises(FileRefused, match="no rows below the headings"):
        read(content)


@case("C03")
def test_a_table_without_identifiers_is_refused_with_its_columns(read: Read) -> None:
    with pytest.raises(FileRefused) as refused:
        read("Title,Abstract,Key\nA,text,1\nB,text,2\n")
    assert "“Title”, “Abstract”, “Key”" in refused.value.message
    assert "“DOI”" in refused.value.remedy


def test_lines_that_are_hardly_identifiers_are_refused_without_talk_of_columns(read: Read) -> None:
    with pytest.raises(FileRefused, match="Too few lines") as refused:
        read("10.5555/one\nnonsense\n")
    assert "one on each line" in refused.value.remedy.lower()


@case("C03")
def test_entries_that_never_have_an_identifier_are_refused(read: Read) -> None:
    with pytest.raises(FileRefused, match="Not one of the 2 entries has a DOI"):
        read("Title,DOI\nA,\nB,n/a\n")


@case("C04")
@pytest.mark.parametrize(
    "heading",
    ["doi", "DOI", "doi_url", "Digital Object Identifier", "DI", "Item DOI", "DOI Link", "Article DOI", "DOI (if any)"],
)
def test_the_column_of_dois_has_many_names(read: Read, heading: str) -> None:
    form, records = read(f"Title,{heading}\nA,https://doi.org/10.1000/a\n")
    assert dois(records) == ["10.1000/a"]
    assert (heading, "doi") in form.columns


@case("C04")
def test_a_column_of_dois_is_found_by_its_content(read: Read) -> None:
    form, records = read("Name;Link zum Artikel\nA;https://doi.org/10.1000/a\nB;\nC;10.1000/c\nD;10.1000/d\n")
    assert dois(records) == ["10.1000/a", "", "10.1000/c", "10.1000/d"]
    assert any("Link zum Artikel" in note and "content" in note for note in form.notes)


def test_the_dois_of_other_works_are_left_alone(read: Read) -> None:
    _, records = read("Book DOI,RetractionDOI,DOI,References\n10.1000/book,10.1000/r,10.1000/a,10.1000/x 10.1000/y\n")
    assert dois(records) == ["10.1000/a"]


@case("C05")
def test_a_table_without_headings_begins_with_its_first_row(read: Read) -> None:
    form, records = read("10.1000/a,http://hdl.handle.net/1/2\n10.1000/b,http://hdl.handle.net/1/3\n")
    assert dois(records) == ["10.1000/a", "10.1000/b"]
    assert [record.line for record in records] == [1, 2]
    assert any("Column 1" in note for note in form.notes)


@case("C06")
def test_a_byte_order_mark_is_no_part_of_a_heading(read: Read) -> None:
    form, records = read("\ufeffDOI,Title\n10.1000/a,A\n")
    assert form.columns[0] == ("DOI", "doi")
    assert dois(records) == ["10.1000/a"]


@case("C07")
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_utf_16_is_read(read: Read, encoding: str, mark: str) -> None:
    form, records = read((mark + TABLE.replace(",", "\t").replace("First", "Größe")).encode(encoding))
    assert (form.encoding, form.format) == (encoding, "tsv")
    assert records[0].metadata.title == "Größe"
    assert dois(records) == ["10.1000/a", "10.1000/b"]


@case("C08")
def test_windows_1252_is_read_with_a_note(read: Read) -> None:
    form, records = read(TABLE.replace("First", "Größe – “x”").encode("cp1252"))
    assert form.encoding == "windows-1252"
    assert any("Windows-1252" in note for note in form.notes)
    assert records[0].metadata.title == "Größe – “x”"


@case("C09")
def test_mixed_encodings_are_the_fault_of_their_rows(read: Read) -> None:
    lines = [f"Größe {n},10.1000/{n}\n".encode() for n in range(5)]
    lines[3] = "Größe 3,10.1000/3\n".encode("latin-1")
    form, records = read(b"Title,DOI\n" + b"".join(lines))
    assert [record.reason is None for record in records] == [True, True, True, False, True]
    assert (records[3].line, records[3].identifiers) == (5, ())
    assert "encoding" in str(records[3].reason)
    assert any("1 lines" in note for note in form.notes)
    assert records[3].raw.encode()


@case("C10")
@pytest.mark.parametrize(("delimiter", "format_"), [(",", "csv"), (";", "csv"), ("\t", "tsv"), ("|", "csv")])
def test_the_delimiter_is_found(read: Read, delimiter: str, format_: str) -> None:
    form, records = read(TABLE.replace(",", delimiter))
    assert form.format == format_
    assert dois(records) == ["10.1000/a", "10.1000/b"]


@case("C10")
@pytest.mark.parametrize("first", ["sep=;\n", '"sep=;"\r\n', "SEP=;\n"])
def test_a_declared_delimiter_is_believed(read: Read, first: str) -> None:
    _, records = read(first + "DOI;Title, Subtitle\n10.1000/a;A, B, C\n")
    assert dois(records) == ["10.1000/a"]
    assert records[0].line == 3


def test_lines_before_the_headings_are_skipped(read: Read) -> None:
    form, records = read(
        '"About the data: Exported on Mar 1, 2024"\nRank,DOI,PMID,Title,Dimensions URL\n1,10.1000/a,12,A,u\n'
    )
    assert form.vendor == "Dimensions"
    assert [(record.line, record.metadata.title) for record in records] == [(3, "A")]
    assert records[0].identifiers == (Identifier(Scheme.DOI, "10.1000/a"), Identifier(Scheme.PMID, "12"))


@case("C11")
@pytest.mark.parametrize("ends", [("\r", "\r", "\r"), ("\r\n", "\r\n", ""), ("\r\n", "\n", "\r"), ("\r", "\n", "\r\n")])
def test_every_kind_of_line_end_gives_the_same_rows(read: Read, ends: tuple[str, str, str]) -> None:
    _, records = read("".join(line + end for line, end in zip(TABLE.splitlines(), ends, strict=True)))
    assert [(record.line, *dois([record])) for record in records] == [(2, "10.1000/a"), (3, "10.1000/b")]


@case("C12")
def test_a_quoted_line_break_stays_inside_its_row(read: Read) -> None:
    _, records = read('Title,DOI\n"One,\r\ntwo ""three""",10.1000/a\nB,10.1000/b\n')
    assert records[0].metadata.title == 'One,\ntwo "three"'
    assert [(record.line, *dois([record])) for record in records] == [(2, "10.1000/a"), (4, "10.1000/b")]


@case("C13")
@pytest.mark.parametrize(
    "row", ["Title {n},10.1000/{n}\n", '"Title, {n}",10.1000/{n}\n', '"Title {n}","10.1000/{n}"\n']
)
def test_an_unclosed_quote_refuses_the_file_and_names_its_line(read: Read, row: str) -> None:
    rows = [row.format(n=n) for n in range(10_000)]
    rows[0] = '"Title 0,10.1000/0\n'
    with pytest.raises(FileRefused, match="A quote opened on line 2 is never closed"):
        read("Title,DOI\n" + "".join(rows))


@case("C13")
def test_an_unclosed_quote_is_found_behind_a_quoted_line_break(read: Read) -> None:
    with pytest.raises(FileRefused, match="A quote opened on line 3 is never closed"):
        read('Title,Notes,DOI\n"A\nB","never closed,10.1000/a\nC,,10.1000/c\n')


def test_stray_quotes_inside_a_line_are_tolerated(read: Read) -> None:
    _, records = read('Title,DOI\n"Big" data,10.1000/a\n5" disks,10.1000/b\n"The "best" of, all",10.1000/c\n')
    assert dois(records)[:2] == ["10.1000/a", "10.1000/b"]


def test_quotes_mean_nothing_in_tables_with_tabs(read: Read) -> None:
    _, records = read('PT\tTI\tDI\tUT\nJ\t"Big\t10.1000/a\tW:1\nJ\tB\t10.1000/b\tW:2\nJ\tC" d\t10.1000/c\tW:3\n')
    assert dois(records) == ["10.1000/a", "10.1000/b", "10.1000/c"]
    assert [record.line for record in records] == [2, 3, 4]


@case("C14")
def test_a_nul_is_the_fault_of_its_row(read: Read) -> None:
    _, records = read("Title,DOI\nA\0,10.1000/a\nB,10.1000/b\n")
    assert "NUL" in str(records[0].reason)
    assert "\0" not in records[0].raw
    assert dois(records) == ["", "10.1000/b"]


@case("C15")
@pytest.mark.parametrize(
    "cell",
    ["x" * 200_000, f'"{"x" * 200_000}"', f'"{"x" * 50_000}\n{"y" * 100_000}\n{"z" * 50_000}"'],
    ids=["plain", "quoted", "lines"],
)
def test_a_field_without_end_is_the_fault_of_its_row(read: Read, cell: str) -> None:
    _, records = read(f"DOI,Abstract,Title\n10.1000/a,{cell},A\n10.1000/b,short,B\n")
    assert "longer than 131,072 characters" in str(records[0].reason)
    assert dois(records) == ["", "10.1000/b"]
    assert len(records[0].raw) <= 2000


@case("C16")
def test_ragged_rows_are_faults_only_where_the_doi_is_missing(read: Read) -> None:
    _, records = read("A,DOI,Title,Year\nx,10.1000/a\ny\nz,10.1000/b,T,2000,more,and more\n")
    assert dois(records) == ["10.1000/a", "", "10.1000/b"]
    assert [record.reason is None for record in records] == [True, False, True]


@case("C17")
@case("C18")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04\x14\x00[Content_Types].xml....xl/workbook.xml", "an Excel workbook"),
        (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "an OpenDocument spreadsheet"),
        (b"PK\x03\x04\x14\x00papers.csv10.1000/a", "a ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "an old Excel"),
        (b"\x1f\x8b\x08\x00" + bytes(100), "a gzip archive"),
        (b"%PDF-1.7\n10.1000/a", "a PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture"),
        (b"\xff\xfe\x00\x00D\x00\x00\x00", "UTF-32"),
        (b"{\\rtf1 10.1000/a}", "RTF"),
        (b"  <!DOCTYPE html><html><body>10.1000/a</body></html>", "a web page"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><records><doi>10.1000/a</doi></records>', "an XML file"),
        (b'[{"doi": "10.1000/a"}]', "a JSON file"),
        (bytes(range(256)) * 20, "not a text"),
    ],
)
def test_other_files_are_refused_by_content(read: Read, content: bytes, words: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(content)
    assert words in refused.value.message
    assert refused.value.remedy.endswith(".")


@case("C19")
@pytest.mark.parametrize(
    "content",
    [
        "10.1000/a\nhttps://doi.org/10.1000/b\n\ndoi:10.1000/C\n",
        "DOI\n10.1000/a\n10.1000/b\n10.1000/c",
        "10.1000/a, 10.1000/b; 10.1000/c\n",
        '"10.1000/a"\n"10.1000/b"\n"10.1000/c"\n',
        "10.1000/a 2012-07-11 The first, and so on\n10.1000/b 2013 The second\n10.1000/c 2014 Third; fourth\n",
        "Li W (2013) One. doi:10.1000/a.\nDou Z, More, https://doi.org/10.1000/b\n\n[3] Ann. 2015;3(1):1. 10.1000/c\n",
    ],
)
def test_lists_of_dois_are_read(read: Read, content: str) -> None:
    assert dois(read(content)[1]) == ["10.1000/a", "10.1000/b", "10.1000/c"]


@case("C19")
def test_lists_of_other_identifiers_are_read(read: Read) -> None:
    form, records = read("20481061\n29171814\n3460479\n")
    assert (form.format, [record.identifiers[0].value for record in records]) == (
        "list",
        ["20481061", "29171814", "3460479"],
    )
    assert any("PubMed" in note for note in form.notes)
    assert [record.identifiers[0].scheme for record in read("PMC1234567\narXiv:2101.00001\nPMID: 12345\n")[1]] == [
        Scheme.PMCID, Scheme.ARXIV, Scheme.PMID,
    ]  # fmt: skip


def test_lists_keep_whole_what_looks_like_columns(read: Read) -> None:
    sici = "10.1002/(sici)1097-4571(199806)49:8<{}::aid-asi4>3.0.co;2-o"
    form, records = read("\n".join(sici.format(n) for n in range(5)))
    assert (form.format, dois(records)) == ("list", [sici.format(n) for n in range(5)])


@case("C20")
def test_too_many_rows_refuse_the_file(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("DOI,Title\n" + "".join(f"10.1000/{n},T\n" for n in range(101)))
    with pytest.raises(FileRefused, match="more than 100 entries"):
        TabularReader(max_rows=100).inspect(path)
    assert TabularReader(max_rows=101).inspect(path).rows == 101


@case("C20")
def test_too_many_bytes_refuse_the_file_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    with path.open("wb") as file:
        file.truncate(3_000_000_000)
    with pytest.raises(FileRefused, match="larger than"):
        TabularReader().inspect(path)


@case("C22")
def test_one_doi_in_other_spellings_is_one_identifier(read: Read) -> None:
    _, records = read("DOI,T\n10.1000/ABC,1\nhttps://doi.org/10.1000/abc,2\ndoi:10.1000/Abc ,3\n10.1000%2Fabc.,4\n")
    assert set(dois(records)) == {"10.1000/abc"}


@case("C25")
@pytest.mark.parametrize("title", ['=HYPERLINK("http://evil","x")', "+cmd|'/C calc'!A0", "@SUM(1)", "\uff1d1", "-1+2"])
def test_formulas_are_kept_as_they_are(read: Read, title: str) -> None:
    quoted = title.replace('"', '""')
    assert read(f'DOI,Title\n10.1000/a,"{quoted}"\n')[1][0].metadata.title == title


@case("C28")
def test_a_line_without_end_refuses_the_file(read: Read) -> None:
    with pytest.raises(FileRefused, match="Line 2 is longer than"):
        read(b"DOI,Title\n10.1000/a," + b"x" * 9_990_000 + b"\n10.1000/b,B\n")


@case("C29")
@pytest.mark.parametrize("cell", ["1.0107E+4", "1,01E+09", "10-Jan", "Oct-00", "2010-01-10"])
def test_a_doi_that_a_spreadsheet_mangled_is_explained(read: Read, cell: str) -> None:
    _, records = read(f"Title;DOI\nA;{cell}\nB;10.1000/b\n")
    assert "spreadsheet" in str(records[0].reason)
    assert cell in str(records[0].reason)


@case("C29")
def test_an_apostrophe_before_a_doi_is_no_harm(read: Read) -> None:
    assert dois(read("Title,DOI\nA,'10.1000/a\n")[1]) == ["10.1000/a"]


@case("C30")
def test_what_is_invisible_around_values_is_dropped(read: Read) -> None:
    _, records = read("Title,DOI,Year\n\u00a0\u200bA \t,\ufeff\u00a0 10.1000/a\u200b , 2013 \n")
    assert dois(records) == ["10.1000/a"]
    assert (records[0].metadata.title, records[0].metadata.year) == ("A", 2013)


@case("D11")
def test_two_dois_in_a_cell_are_a_fault_unless_they_are_one(read: Read) -> None:
    _, records = read("Title,DOI\nA,10.1000/a; 10.1000/b\nB,10.1000/c https://doi.org/10.1000/C\n")
    assert "more than one DOI (10.1000/a, 10.1000/b)" in str(records[0].reason)
    assert dois(records) == ["", "10.1000/c"]


@case("D10")
def test_dois_taken_out_of_text_are_told(read: Read) -> None:
    form, records = read("Title,DOI\nA,see 10.1000/a for more\n")
    assert dois(records) == ["10.1000/a"]
    assert any("longer text" in note for note in form.notes)


@case("D06")
@case("D12")
@case("D14")
@case("D15")
@case("D20")
@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("10.1/x", "broken DOI"),
        ("10.1000/", "broken DOI"),
        ("978-3-16-148410-0", "ISBN"),
        ("http://hdl.handle.net/2268/244534", "handle"),
        ("https://www.mdpi.com/2076-2615/11/9/2567", "web address"),
        ("20481061", "PMID"),
        ("no doi", "“no doi” is no DOI"),
        ("<script>alert(1)</script>", "is no DOI"),
        ("10.1000/a\x1bb", "control characters"),
        ("10.1000/a\r\nb", "control characters"),
        ("10.1000/" + "x" * 2000, "longer than any real one"),
        ("x" * 3000, "longer than any real one"),
    ],
)
def test_a_cell_without_a_doi_is_named_for_what_it_is(read: Read, cell: str, words: str) -> None:
    _, records = read(f'Title,DOI\nA,"{cell}"\nB,10.1000/b\n')
    assert words in str(records[0].reason)
    assert records[0].identifiers == ()
    assert records[0].metadata.title == "A"
    assert len(str(records[0].reason)) < 300


@case("D15")
def test_another_identifier_in_the_place_of_a_doi_is_taken(read: Read) -> None:
    _, records = read(
        "Title,DOI\nA,PMID: 12345\nB,arXiv:2101.00001v2\nC,https://pmc.ncbi.nlm.nih.gov/articles/PMC1234567/\n"
    )
    assert [record.identifiers[0].value for record in records] == ["12345", "2101.00001", "PMC1234567"]


@pytest.mark.parametrize("nothing", ["", "null", "NaN", "n/a", "-", "NA", "None", "  ", "–"])
def test_words_for_nothing_are_nothing(read: Read, nothing: str) -> None:
    _, records = read(f"Title,DOI,PMID,Publisher\n{nothing},{nothing},12345,{nothing}\nB,10.1000/b,{nothing},P\n")
    assert records[0].identifiers == (Identifier(Scheme.PMID, "12345"),)
    assert (records[0].metadata.title, records[0].metadata.publisher, records[0].reason) == (None, None, None)


def test_a_row_with_only_a_title_has_a_reason(read: Read) -> None:
    _, records = read("Title,DOI\nOnly a title,\nB,10.1000/b\n")
    assert records[0].reason == "There is no DOI, PubMed id, PMC id or arXiv id."


def test_blank_rows_are_no_rows(read: Read) -> None:
    form, records = read("Title;DOI\n;;;\n\nA;10.1000/a\n;\n")
    assert (form.rows, records[0].line) == (1, 4)


def test_doubled_headings_are_asked_one_after_the_other(read: Read) -> None:
    _, records = read("DOI,Title,DOI\n,A,10.1000/a\n10.1000/b,B,\n")
    assert dois(records) == ["10.1000/a", "10.1000/b"]


def test_a_table_that_a_spreadsheet_quoted_row_by_row_is_put_together(read: Read) -> None:
    rows = ["Rank,DOI,Title,Year;;;", '"1,10.1000/a,""A, and B; C"",2013";;;', '"2,10.1000/b,B,2014";;;']
    _, records = read("\n".join(rows))
    assert dois(records) == ["10.1000/a", "10.1000/b"]
    assert (records[0].metadata.title, records[1].metadata.year) == ("A, and B; C", 2014)


def test_records_are_the_same_at_every_reading(read: Read, tmp_path: Path) -> None:
    form, records = read(TABLE)
    assert list(TabularReader().records(tmp_path / "list", form)) == records


PARTS = ['"', ",", ";", "\t", "\n", "\r", "DOI", "10.1000/a", "x", "\0", "Title", "\ufeff", "ü"]
PARTS += ["TY  - ", "\nER  - ", "@article{", "}", "PMID- 1", "FN ISI", "%0 "]
ANYTHING = st.one_of(
    st.binary(max_size=600),
    st.text(max_size=300).map(str.encode),
    st.lists(st.sampled_from(PARTS), max_size=60).map(lambda parts: "".join(parts).encode()),
)


@given(ANYTHING)
def test_no_file_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "anything"
    path.write_bytes(content)
    reader = TabularReader()
    form = None
    with suppress(FileRefused):
        form = reader.inspect(path)
    records = list(reader.records(path, form)) if form else []
    assert len(records) == (form.rows if form else 0)
    for record in records:
        assert bool(record.identifiers) == (record.reason is None)
        assert record.raw.encode() is not None
        assert len(record.raw) <= 2000
