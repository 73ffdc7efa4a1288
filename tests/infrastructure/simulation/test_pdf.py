"""Made-up PDFs: valid, searchable, of any size, always the same."""

import io

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infrastructure.simulation.pdf import paper_pdf

TITLE = "Naïve “drift” in Żółw: Жизнь и 中文 𝒳 α-helix"
DOI = "10.5555/drift(1).2"


def text_of(data: bytes, page: int = 0) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return " ".join(document[page].get_textpage().get_text_range().split())


def test_it_opens_without_repair_and_has_its_pages() -> None:
    with pikepdf.open(io.BytesIO(paper_pdf(TITLE, ["A. Author"], DOI, pages=7)), attempt_recovery=False) as pdf:
        assert len(pdf.pages) == 7
        assert pdf.check_pdf_syntax() == []
        assert str(pdf.docinfo["/Title"]) == TITLE


def test_title_authors_and_doi_are_on_the_first_page_only() -> None:
    data = paper_pdf(TITLE, ["Ada Núñez", "Łukasz Żak"], DOI)
    assert text_of(data).startswith(f"{TITLE} Ada Núñez, Łukasz Żak https://doi.org/{DOI} ")
    assert DOI not in text_of(data, 1)


def test_the_body_fills_the_pages() -> None:
    assert text_of(paper_pdf("T", body="Only this. "), 1).startswith("Only this. Only this. ")


@pytest.mark.parametrize("size", [20_000, 99_999, 1_000_000])
def test_the_size_can_be_had_to_the_byte(size: int) -> None:
    data = paper_pdf(TITLE, pad_to=size)
    assert len(data) == size
    with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_a_file_is_not_made_smaller() -> None:
    assert paper_pdf(TITLE, pad_to=10) == paper_pdf(TITLE)


def test_the_same_paper_is_the_same_file_and_another_is_not() -> None:
    assert paper_pdf(TITLE, doi=DOI, pad_to=50_000) == paper_pdf(TITLE, doi=DOI, pad_to=50_000)
    assert paper_pdf(TITLE, doi=DOI)[:5000] != paper_pdf(TITLE, doi="10.5555/2")[:5000]


@settings(max_examples=25)
@given(title=st.text(max_size=300), body=st.text(max_size=300), pages=st.integers(1, 3), pad=st.integers(0, 30_000))
def test_any_text_makes_a_valid_file(title: str, body: str, pages: int, pad: int) -> None:
    data = paper_pdf(title, [title], title, pages, body, pad)
    with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
        assert len(pdf.pages) == pages
