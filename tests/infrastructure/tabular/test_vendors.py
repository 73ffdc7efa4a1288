"""The exports of the databases are known by their headings, whatever the order of their columns."""

import csv
import io

import pytest

from application.ports.tabular import Record
from domain.identifiers import Scheme
from infrastructure.tabular.headings import meaning, vendor_of
from tests.infrastructure.tabular.conftest import Read

Row = dict[str, str]
COMMON = {"title": "On Things", "journal": "Journal of Things", "year": 2013, "issn": ("0028-0836",)}
VENDORS: list[tuple[str, Row, dict[str, object]]] = [
    (
        "Scopus",
        {"Authors": "Li W.; Dou Z.", "Author full names": "Li, Wei (1); Dou, Zhi (2)", "Title": "On Things",
         "Year": "2013", "Source title": "Journal of Things", "DOI": "10.1000/a", "Link": "https://www.scopus.com/x",
         "Publisher": "Press", "ISSN": "00280836", "PubMed ID": "12345", "Document Type": "Article",
         "Source": "Scopus", "EID": "2-s2.0-1"},
        {"authors": ("Li W.", "Dou Z."), "publisher": "Press", "type": "Article", "url": "https://www.scopus.com/x"},
    ),
    (
        "Web of Science",
        {"Publication Type": "J", "Authors": "Li, W; Dou, Z", "Article Title": "On Things",
         "Source Title": "Journal of Things", "ISSN": "0028-0836", "eISSN": "", "Publication Date": "MAY 4",
         "Publication Year": "2013", "DOI": "10.1000/a", "DOI Link": "http://dx.doi.org/10.1000/a",
         "Book DOI": "10.1000/book", "Pubmed Id": "12345", "UT (Unique WOS ID)": "WOS:000985648900009"},
        {"authors": ("Li, W", "Dou, Z")},
    ),
    (
        "Web of Science",
        {"PT": "J", "AU": "Li, W; Dou, Z", "TI": "On Things", "SO": "Journal of Things", "SN": "0028-0836",
         "PD": "MAY 4", "PY": "2013", "DI": "10.1000/a", "D2": "10.1000/book", "PM": "12345",
         "UT": "WOS:000985648900009"},
        {"authors": ("Li, W", "Dou, Z")},
    ),
    (
        "PubMed",
        {"PMID": "12345", "Title": "On Things", "Authors": "Li W, Dou Z.", "Citation": "J. 2012. doi: 10.1000/other.",
         "Journal/Book": "Journal of Things", "Publication Year": "2013", "Create Date": "2019/01/01",
         "PMCID": "PMC1234567", "NIHMS ID": "", "DOI": "10.1000/a", "ISSN": "0028-0836"},
        {"authors": ("Li W", "Dou Z")},
    ),
    (
        "OpenAlex",
        {"id": "https://openalex.org/W1", "doi": "https://doi.org/10.1000/a", "display_name": "On Things",
         "publication_year": "2013", "ids.pmid": "https://pubmed.ncbi.nlm.nih.gov/12345",
         "primary_location.source.display_name": "Journal of Things", "primary_location.source.issn_l": "0028-0836",
         "authorships.author.display_name": "Wei Li|Zhi Dou"},
        {"authors": ("Wei Li", "Zhi Dou")},
    ),
    (
        "Zotero",
        {"Key": "ABCD", "Item Type": "journalArticle", "Publication Year": "2013", "Author": "Li, Wei; Dou, Zhi",
         "Title": "On Things", "Publication Title": "Journal of Things", "ISSN": "0028-0836, 1476-4687", "DOI": "",
         "Url": "https://example.org/a", "Date": "2013-12", "Date Added": "2020-01-01",
         "Extra": "DOI: 10.1000/a\nPMID: 12345"},
        {"authors": ("Li, Wei", "Dou, Zhi"), "issn": ("0028-0836", "1476-4687"), "url": "https://example.org/a"},
    ),
    (
        "Lens",
        {"Lens ID": "000-1", "Title": "On Things", "Date Published": "2013-11-22",
         "Publication Type": "journal article", "Source Title": "Journal of Things", "ISSNs": "00280836",
         "Author/s": "Wei Li; Zhi Dou", "PMID": "12345", "DOI": "10.1000/a", "References": "10.1000/x 10.1000/y"},
        {"authors": ("Wei Li", "Zhi Dou")},
    ),
    (
        "IEEE Xplore",
        {"Document Title": "On Things", "Authors": "W. Li; Z. Dou", "Publication Title": "Journal of Things",
         "Date Added To Xplore": "4 Feb 2019", "Publication Year": "2013", "ISSN": "0028-0836", "DOI": "10.1000/a",
         "PDF Link": "https://ieeexplore.ieee.org/1.pdf", "Document Identifier": "Journals", "PubMed ID": "12345"},
        {"authors": ("W. Li", "Z. Dou")},
    ),
    (
        "SpringerLink",
        {"Item Title": "On Things", "Publication Title": "Journal of Things", "Item DOI": "10.1000/a",
         "Authors": "Wei LiZhi Dou", "Publication Year": "2013", "URL": "http://link.springer.com/article/10.1000/a",
         "Content Type": "Article", "ISSN": "0028-0836", "PMID": "12345"},
        {"type": "Article"},
    ),
    (
        "Crossref",
        {"DOI": "10.1000/a", "title": "On Things", "container.title": "Journal of Things",
         "issn": "0028-0836,1476-4687", "issued": "2013-01-02", "is.referenced.by.count": "3", "publisher": "Press",
         "pmid": "12345"},
        {"issn": ("0028-0836", "1476-4687"), "publisher": "Press"},
    ),
    (
        "Retraction Watch",
        {"Record ID": "1", "Title": "On Things", "Journal": "Journal of Things", "RetractionDate": "7/31/2024 14:00",
         "RetractionDOI": "10.1000/notice", "RetractionPubMedID": "0", "OriginalPaperDate": "7/31/2013 0:00",
         "OriginalPaperDOI": "10.1000/a", "OriginalPaperPubMedID": "12345", "ISSN": "0028-0836", "Year": "2013"},
        {},
    ),
]  # fmt: skip


@pytest.mark.case("C04")
@pytest.mark.parametrize(("vendor", "row", "more"), VENDORS, ids=[f"{vendor} {len(row)}" for vendor, row, _ in VENDORS])
@pytest.mark.parametrize("reverse", [False, True])
def test_an_export_is_read_by_the_names_of_its_columns(
    read: Read, vendor: str, row: Row, more: dict[str, object], *, reverse: bool
) -> None:
    form, (record,) = read("\ufeff" + _table(dict(reversed(row.items())) if reverse else row))
    assert form.vendor == vendor
    identifiers = {found.scheme: found.value for found in record.identifiers}
    assert (identifiers[Scheme.DOI], identifiers[Scheme.PMID]) == ("10.1000/a", "12345")
    expected = COMMON | more
    assert {name: getattr(record.metadata, name) for name in expected} == expected


def _table(row: Row) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, row)
    writer.writeheader()
    writer.writerow(row)
    return out.getvalue()


def _only(read: Read, row: Row) -> Record:
    return read(_table(row))[1][0]


def test_extra_tells_more_identifiers_but_never_another_doi(read: Read) -> None:
    found = _only(
        read, {"DOI": "10.1000/a", "Extra": "PMCID: PMC1234567\narXiv:2101.00001 [cs]\nCorrects DOI: 10.1000/b"}
    )
    assert {identifier.scheme: identifier.value for identifier in found.identifiers} == {
        Scheme.DOI: "10.1000/a", Scheme.PMCID: "PMC1234567", Scheme.ARXIV: "2101.00001",
    }  # fmt: skip


def test_the_address_of_the_page_is_asked_last(read: Read) -> None:
    rows = "DOI,PMID,Url\n,,https://onlinelibrary.wiley.com/doi/10.1000/a/full\n,12345,https://doi.org/10.1000/b\n10.1000/c,,x\n"
    first, second, _ = read(rows)[1]
    assert [found.value for found in first.identifiers] == ["10.1000/a"]
    assert [found.value for found in second.identifiers] == ["12345"]


@pytest.mark.parametrize(
    ("cell", "authors"),
    [
        ("Smith J.; Doe A.B.", ("Smith J.", "Doe A.B.")),
        ("Smith J, Doe AB.", ("Smith J", "Doe AB")),
        ("Smith, John", ("Smith, John",)),
        ("Ann Smith and Bob Doe", ("Ann Smith", "Bob Doe")),
        ("Ann Smith|Bob Doe", ("Ann Smith", "Bob Doe")),
        ("World Health Organization", ("World Health Organization",)),
        ("; ;", ()),
    ],
)
def test_authors_are_told_apart(read: Read, cell: str, authors: tuple[str, ...]) -> None:
    assert _only(read, {"DOI": "10.1000/a", "Authors": cell}).metadata.authors == authors


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        ("2013", 2013),
        ("2013.0", 2013),
        ("2013-12", 2013),
        ("4 Feb 2014", 2014),
        ("7/31/2024 14:00", 2024),
        ("MAY 4", None),
        ("20131", None),
    ],
)
def test_years_are_found_in_dates(read: Read, cell: str, year: int | None) -> None:
    assert _only(read, {"DOI": "10.1000/a", "Date": cell}).metadata.year == year


def test_a_heading_means_one_thing_or_nothing() -> None:
    assert meaning("Source title") == ("journal", 0)
    assert meaning("Title of the source of the DOI of the paper") == ("doi", 99)
    assert [meaning(heading) for heading in ("Book DOI", "Date Added", "Access Date", "x" * 500, "")] == [None] * 5
    assert vendor_of(["a", "b"]) is None
