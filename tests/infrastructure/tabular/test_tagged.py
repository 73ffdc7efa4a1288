"""RIS, MEDLINE, Web of Science and EndNote files, whole and damaged."""

import pytest

from application.ports.tabular import FileRefused
from domain.identifiers import Identifier, Scheme
from tests.infrastructure.tabular.conftest import Read, dois

case = pytest.mark.case
RIS = """Provider: Some Database
Content: text/plain

TY  - JOUR
TI  - On Things
  and Their Names
AU  - Li, Wei
AU  - Dou, Zhi
T2  - Journal of Things
SN  - 0028-0836
PY  - 2013/05/01/
PB  - Press
DO  - https://doi.org/10.1000/A
UR  - https://example.org/a
U2  - PMC1234567[pmcid]
KW  - one
two
ER  -

TY  - JOUR
T1  - No identifier
ER  - \r
TY  - CHAP
T1  - Found by its link
UR  - https://www.scopus.com/inward/record.uri?eid=2-s2.0-1&doi=10.1000%2fb&partnerID=40
ER  -
"""
MEDLINE = """
PMID- 20481061
OWN - NLM
IS  - 0028-0836 (Print)
DP  - 2013 Mar 1
TI  - On Things and
      Their Names.
FAU - Li, Wei
AU  - Li W
FAU - Dou, Zhi
AU  - Dou Z
LID - e32822 [pii]
LID - 10.1000/a [doi]
PMC - PMC1234567
JT  - Journal of Things
PT  - Journal Article
AB  - Text about 10.1000/other
      [doi] and more.

PMID- 20481062
TI  - Second
"""
WEB_OF_SCIENCE = """\ufeffFN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Li, W
   Dou, Z
AF Li, Wei
   Dou, Zhi
TI On Things and
   Their Names
SO JOURNAL OF THINGS
DT Article
SN 0028-0836
EI 1476-4687
PY 2013
DI 10.1000/a
D2 10.1000/book
PM 12345
CR SMITH A, 2001, NATURE, DOI 10.1000/cited
ER

PT J
TI Second
DI 10.1000/b
ER

EF
"""
ENDNOTE = """%0 Journal Article
%A Li, Wei
%A Dou, Zhi
%T On Things and Their Names
%J Journal of Things
%D 2013
%R doi:10.1000/a
%@ 0028-0836

%0 Book
%T Second
%R 10.1000/b
"""


@case("C19")
@pytest.mark.parametrize(
    ("content", "format_", "title"),
    [
        (RIS, "ris", "On Things and Their Names"),
        (MEDLINE, "nbib", "On Things and Their Names."),
        (WEB_OF_SCIENCE, "wos", "On Things and Their Names"),
        (ENDNOTE, "endnote", "On Things and Their Names"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_tagged_files_become_records(read: Read, content: str, format_: str, title: str, end: str) -> None:
    form, records = read(content.replace("\r", "").replace("\n", end))
    first = records[0]
    assert form.format == format_
    assert Identifier(Scheme.DOI, "10.1000/a") in first.identifiers
    assert (first.metadata.title, first.metadata.year) == (title, 2013)
    assert first.metadata.authors == ("Li, Wei", "Dou, Zhi")
    assert str(first.metadata.journal).lower() == "journal of things"
    assert first.metadata.issn[0] == "0028-0836"
    assert (
        first.line
        == content[: content.index({"ris": "TY", "nbib": "PMID", "wos": "PT", "endnote": "%0"}[format_])].count("\n")
        + 1
    )


def test_ris_tells_more_than_the_doi(read: Read) -> None:
    _, records = read(RIS)
    assert records[0].identifiers == (Identifier(Scheme.DOI, "10.1000/a"), Identifier(Scheme.PMCID, "PMC1234567"))
    assert records[0].metadata.url == "https://example.org/a"
    assert dois(records) == ["10.1000/a", "", "10.1000/b"]
    assert records[1].reason == "There is no DOI, PubMed id, PMC id or arXiv id."
    assert records[0].raw.startswith("TY  - JOUR")
    assert records[0].raw.endswith("ER  -")


def test_medline_takes_only_what_is_marked_as_doi(read: Read) -> None:
    _, records = read(MEDLINE)
    assert [identifier.value for identifier in records[0].identifiers] == ["10.1000/a", "20481061", "PMC1234567"]
    assert [identifier.value for identifier in records[1].identifiers] == ["20481062"]


def test_web_of_science_leaves_books_and_references_alone(read: Read) -> None:
    _, records = read(WEB_OF_SCIENCE)
    assert dois(records) == ["10.1000/a", "10.1000/b"]
    assert records[0].metadata.issn == ("0028-0836", "1476-4687")


def test_entries_without_beginning_or_end_are_entries(read: Read) -> None:
    _, records = read("T1  - A\nDO  - 10.1000/a\nER  -\nTY  - JOUR\nDO  - 10.1000/b\nTY  - JOUR\nDO  - 10.1000/c")
    assert dois(records) == ["10.1000/a", "10.1000/b", "10.1000/c"]
    assert [record.line for record in records] == [1, 4, 6]


@case("C09")
@case("C14")
@case("C15")
@pytest.mark.parametrize(
    ("title", "words"), [(b"a\0b", "NUL"), (b"Gr\xf6\xdfe", "encoding"), (b"x" * 1_200_000, "longer than 1,000,000")]
)
def test_a_damaged_entry_does_no_harm_to_the_next(read: Read, title: bytes, words: str) -> None:
    healthy = "TY  - JOUR\nTI  - Größe\nDO  - 10.1000/b\nER  -\n".encode()
    _, records = read(b"TY  - JOUR\nTI  - " + title + b"\nDO  - 10.1000/a\nER  -\n" + healthy * 2)
    assert words in str(records[0].reason)
    assert dois(records) == ["", "10.1000/b", "10.1000/b"]
    assert len(records[0].raw) <= 2000


@case("C03")
def test_entries_without_any_identifier_refuse_the_file(read: Read) -> None:
    with pytest.raises(FileRefused, match="Not one of the 1 entries"):
        read("TY  - JOUR\nTI  - A\nER  -\n")
