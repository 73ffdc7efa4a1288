"""What a file seems to be, before anybody says which paper it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports.library import Checked, Verdict
from application.ports.pdf_reader import PdfReader
from domain.identifiers import Identifier, Scheme
from infrastructure.library.checker import WarmPdfChecker
from infrastructure.library.facts import Facts
from infrastructure.library.reading import FactsReading
from infrastructure.simulation.pdf import paper_pdf
from tests.fakes.library import FakePdfChecker
from tests.infrastructure.library.papers import AUTHORS, DOI, OTHER_DOI, TITLE, wanted, written


def reading(*texts: str, **metadata: str) -> FactsReading:
    return FactsReading(facts=Facts(pages=max(1, len(texts)), texts=texts, metadata=metadata), size=200_000)


@pytest.fixture(scope="module", params=["real", "fake"])
def reader(request: pytest.FixtureRequest) -> Iterator[PdfReader]:
    if request.param == "fake":
        yield FakePdfChecker()
        return
    with WarmPdfChecker(workers=1) as checker:
        yield checker


class TestReaders:
    """The real reader and its stand-in."""

    def test_a_paper_tells_its_doi_and_title_and_can_be_compared(self, reader: PdfReader, tmp_path: Path) -> None:
        found = reader.read(written(tmp_path / "a.pdf"))
        assert not isinstance(found, Checked)
        assert found.seen.pages == 2
        assert found.seen.identifiers[0] == Identifier(Scheme.DOI, DOI)
        assert TITLE in found.seen.titles
        assert found.check(wanted()).verdict is Verdict.RIGHT
        assert found.check(wanted(title="A survey of lichens", doi=OTHER_DOI)).verdict is Verdict.WRONG

    @pytest.mark.parametrize(
        ("body", "cause"),
        [
            (b"", "empty_body"),
            (b"<!doctype html>", "html_instead_of_pdf"),
            (b"%PDF-1.7\n", "truncated"),
            (b"PK", "bad_pdf"),
        ],
    )
    def test_what_is_no_use_is_told(self, reader: PdfReader, tmp_path: Path, body: bytes, cause: str) -> None:
        found = reader.read(written(tmp_path / "a.pdf", body))
        assert isinstance(found, Checked)
        assert (found.verdict, found.cause) == (Verdict.WRONG, cause)

    def test_a_file_that_is_not_there_is_an_error(self, reader: PdfReader, tmp_path: Path) -> None:
        with pytest.raises(OSError, match=r"no\.pdf"):
            reader.read(tmp_path / "no.pdf")


class TestSeen:
    def test_identifiers_of_the_metadata_come_first_and_each_once(self) -> None:
        found = reading("See https://doi.org/10.1000/front and 10.1000/meta", doi="doi:10.1000/meta").seen
        assert [one.value for one in found.identifiers] == ["10.1000/meta", "10.1000/front"]

    def test_an_arxiv_number_is_one(self) -> None:
        found = reading("arXiv:2101.00001v2 [cs.DL] 3 Jan 2021\nA title of four words").seen
        assert found.identifiers == (Identifier(Scheme.ARXIV, "2101.00001"),)

    def test_dois_of_funders_and_data_are_none(self) -> None:
        assert reading("10.13039/501100000780 10.5061/dryad.1").seen.identifiers == ()

    def test_references_at_the_end_are_not_what_it_is(self) -> None:
        pages = ["A title of many words\n" + "text " * 400, "more", "more 10.1000/reference"]
        assert reading(*pages).seen.identifiers == ()

    def test_runs_of_lines_may_be_the_title(self) -> None:
        found = reading(
            "Journal of Things\nSlow drift of tidal\nsediments in estuaries\nAda Berg", title="untitled"
        ).seen
        assert "Slow drift of tidal sediments in estuaries" in found.titles
        assert found.lines[0] == "Journal of Things"

    def test_a_file_without_text_is_nothing(self) -> None:
        found = reading().seen
        assert (found.identifiers, found.titles, found.lines) == ((), (), ())


@given(
    st.lists(st.text(max_size=3_000), max_size=4),
    st.dictionaries(st.sampled_from(["title", "doi", "xmp:title"]), st.text()),
)
def test_whatever_a_stranger_wrote_what_is_seen_is_bounded_and_can_be_shown(
    texts: list[str], metadata: dict[str, str]
) -> None:
    found = reading(*texts, **metadata).seen
    assert len(found.identifiers) <= 20
    assert len(found.titles) <= 50
    assert len(found.lines) <= 25
    for text in (*found.titles, *found.lines):
        assert len(text) <= 500
        assert text.isprintable()


def test_two_papers_in_one_file_name_both() -> None:
    seen = reading("10.1000/one\n10.1000/two").seen
    assert [one.value for one in seen.identifiers] == ["10.1000/one", "10.1000/two"]


def test_the_text_of_a_made_up_paper(tmp_path: Path) -> None:
    found = FakePdfChecker().read(written(tmp_path / "a.pdf", paper_pdf(TITLE, AUTHORS)))
    assert not isinstance(found, Checked)
    assert found.seen.identifiers == ()
