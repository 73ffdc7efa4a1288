"""BibTeX files, whole and damaged."""

import pytest

from application.ports.tabular import FileRefused
from domain.identifiers import Identifier, Scheme
from tests.infrastructure.tabular.conftest import Read, dois

case = pytest.mark.case
FILE = r"""% Encoding: UTF-8
@string{jot = "Journal of Things"}
@comment{jabref-meta: databaseType:bibtex;}

@Article{Li2013,
  author  = {Li, Wei and M{\"u}ller, Zoë and {The {LaTeX} Group}},
  title   = {On {Things} \& Their
             Names},
  journal = jot,
  year    = 2013,
  issn    = "0028-0836",
  doi     = {https://doi.org/10.1000/a\_b},
  url     = {https://example.org/a\_b},
  note    = {PMID: 12345},
}
Text between the entries is no entry.
@inproceedings(Dou2014,
  title = "Second", booktitle = {Proceedings}, date = {2014-05}, eprint = {2101.00001v2}, archiveprefix = {arXiv}
)
@misc{10.1000/c, title = {By its key}}
@misc{d, title = {No identifier}}
"""


@case("C19")
def test_entries_become_records(read: Read) -> None:
    form, records = read(FILE)
    first, second, third, fourth = records
    assert form.format == "bibtex"
    assert first.identifiers == (Identifier(Scheme.DOI, "10.1000/a_b"), Identifier(Scheme.PMID, "12345"))
    assert (first.metadata.title, first.metadata.journal) == ("On Things & Their Names", "Journal of Things")
    assert first.metadata.authors == ("Li, Wei", "Müller, Zoë", "The LaTeX Group")
    assert (first.metadata.year, first.metadata.issn, first.metadata.type) == (2013, ("0028-0836",), "article")
    assert first.metadata.url == "https://example.org/a_b"
    assert second.identifiers == (Identifier(Scheme.ARXIV, "2101.00001"),)
    assert (second.metadata.journal, second.metadata.year) == ("Proceedings", 2014)
    assert dois([third]) == ["10.1000/c"]
    assert fourth.reason == "There is no DOI, PubMed id, PMC id or arXiv id."
    assert [record.line for record in records] == [5, 17, 20, 21]
    assert first.raw.startswith("@Article{Li2013,")


@case("C07")
def test_utf_16_is_read(read: Read) -> None:
    form, records = read("\ufeff@misc{a,\n doi = {10.1000/a}, title={Ü}}".encode("utf-16-be"))
    assert (form.encoding, dois(records), records[0].metadata.title) == ("utf-16-be", ["10.1000/a"], "Ü")


@case("C09")
@case("C14")
@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (b"@article{a, title = {never closed, doi = {10.1000/a},\n", "cannot be read"),
        (b"@article{a title = {no comma}}\n", "cannot be read"),
        (b"@article{a, title = {a\0b}, doi = {10.1000/a}}\n", "NUL"),
        (b"@article{a, title = {Gr\xf6\xdfe}, doi = {10.1000/a}}\n", "encoding"),
        (b"@article{a, title = {" + b"x" * 1_200_000 + b"}, doi = {10.1000/a}}\n", "longer than"),
    ],
)
def test_a_damaged_entry_does_no_harm_to_the_next(read: Read, entry: bytes, words: str) -> None:
    healthy = "@misc{b, title = {Größe}, doi = {10.1000/b}}\n".encode()
    _, records = read(healthy + entry + healthy)
    assert words in str(records[1].reason)
    assert dois(records) == ["10.1000/b", "", "10.1000/b"]


def test_a_field_that_is_there_twice_is_no_fault(read: Read) -> None:
    assert dois(read("@misc{a, title={A}, title={B}, doi={10.1000/a}}")[1]) == ["10.1000/a"]


def test_several_entries_on_a_line_are_several(read: Read) -> None:
    assert dois(read("@misc{a, doi={10.1000/a}} @misc{b, doi={10.1000/b}}")[1]) == ["10.1000/a", "10.1000/b"]


@case("C03")
def test_entries_without_any_identifier_refuse_the_file(read: Read) -> None:
    with pytest.raises(FileRefused, match="Not one of the 2 entries"):
        read("@misc{a, title={A}}\n@misc{b, title={B}}\n")


@case("C02")
def test_a_file_of_comments_is_refused(read: Read) -> None:
    with pytest.raises(FileRefused, match="no entries"):
        read("@comment{a}\n@string{b = {c}}\n")
