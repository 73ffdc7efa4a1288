"""Landing pages: from the page to the addresses of the file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.publishers.landing import read_page
from infrastructure.publishers.page import Candidate, LandingPage

URL = "https://journal.example.org/articles/view/12"


def urls(head: str, body: str = "", url: str = URL) -> tuple[str, ...]:
    return read_page(f"<html><head>{head}</head><body>{body}</body></html>".encode(), url).pdf_urls


def data(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


@pytest.mark.case("H52")
@pytest.mark.parametrize(
    "tag",
    [
        '<meta name="citation_pdf_url" content="https://journal.example.org/12.pdf">',
        '<meta property="citation_pdf_url" content="/12.pdf">',
        '<META NAME="CITATION_PDF_URL" CONTENT=" ../../12.pdf#page=1 ">',
        '<meta name="bepress_citation_pdf_url" content="/12.pdf">',
        '<meta name="eprints.document_url" content="/12.pdf">',
        '<meta name="wkhealth_pdf_url" content="/12.pdf">',
        '<meta name="DC.Identifier" content="https://journal.example.org/12.pdf">',
        '<link rel="alternate" type="application/pdf" href="/12.pdf">',
        '<base href="https://journal.example.org/"><meta name="citation_pdf_url" content="12.pdf">',
        '<noscript><img src="/pixel.gif"></noscript><meta name="citation_pdf_url" content="/12.pdf">',
    ],
)
def test_tags_name_the_file(tag: str):
    assert urls(tag) == ("https://journal.example.org/12.pdf",)


@pytest.mark.parametrize(
    "element",
    [
        '<embed type="application/pdf" src="/12.pdf">',
        '<object data="/12.pdf"></object>',
        '<object type="application/pdf" data="/12.pdf"></object>',
        '<iframe src="/12.pdf"></iframe>',
        '<iframe src="/lib/pdf.js/web/viewer.html?file=%2F12.pdf"></iframe>',
        data('{"@graph": [{"@type": "Article", "encoding": {"contentUrl": "/12.pdf"}}]}'),
        data('[{"associatedMedia": [{"encodingFormat": "application/pdf", "contentUrl": "/12.pdf"}]}]'),
    ],
)
def test_frames_and_structured_data_name_the_file(element: str):
    assert urls("", element) == ("https://journal.example.org/12.pdf",)


def test_tags_come_before_links_and_each_address_comes_once():
    head = '<meta name="citation_pdf_url" content="/a.pdf"><meta name="citation_pdf_url" content="/b.pdf">'
    body = '<iframe src="http://www.journal.example.org/a.pdf"></iframe><a href="/c.pdf">Download PDF</a>'
    assert urls(head, body) == tuple(f"https://journal.example.org/{name}.pdf" for name in "abc")


def test_a_rule_for_the_address_comes_after_the_tags_and_is_marked():
    page = read_page(
        b'<meta name="citation_pdf_url" content="/other.pdf">', "https://link.springer.com/article/10.1007/s1-2"
    )
    assert page.candidates == (
        Candidate(url="https://link.springer.com/other.pdf", found_by="citation_pdf_url"),
        Candidate(url="https://link.springer.com/content/pdf/10.1007/s1-2.pdf", found_by="rule Springer"),
    )


@pytest.mark.case("S12")
@pytest.mark.parametrize(
    "address",
    [
        "", "#", "javascript:void(0)", "mailto:a@b.org", "file:///etc/passwd", "ftp://a.org/1.pdf",
        "data:application/pdf,x", "http://", "http://[", "http://user:password@127.0.0.1/1.pdf",
        "https://a.org/" + "x" * 3000, "http://a.org:99999/",
        "http://127.0.0.1\\@good.example.org/1.pdf", URL,
    ],
)  # fmt: skip
def test_addresses_that_lead_nowhere_are_none(address: str):
    assert urls(f'<meta name="citation_pdf_url" content="{address}">') == ()


def test_the_page_says_which_paper_it_is_about():
    page = read_page(
        b'<meta name="citation_doi" content="doi:10.1000/ABC"><meta name="dc.identifier" content="ISSN 1234-5679">'
        b'<meta name="prism.doi" content="https://doi.org/10.1000/abc">'
        b'<meta name="citation_title" content="A <i>title</i>">',
        URL,
    )
    assert page.dois == ("10.1000/abc",)
    assert page.title == "A title"
    assert page.is_about("10.1000/ABC")
    assert page.is_about("10.1000/other") is False
    assert read_page(b"<title>T</title>", URL).is_about("10.1000/abc") is None


def test_the_title_of_the_window_is_the_last_resort():
    assert read_page(b"<title> A\n title </title>", URL).title == "A title"
    assert read_page(b"<title></title>", URL).title is None


@pytest.mark.parametrize(
    "body", [b"", b"  \n", b"%PDF-1.7 ...", b"\0" * 100, b"\xff\xfe<\0h\0", b'{"a": 1}', b"<" * 1000]
)
def test_what_is_no_page_gives_nothing(body: bytes):
    assert read_page(body, URL).candidates == ()


def test_other_encodings_are_read():
    page = read_page('<meta charset="windows-1251"><title>Привет</title>'.encode("cp1251"), URL)
    assert page.title == "Привет"


def test_pages_are_read_up_to_a_limit():
    late = b'<meta name="citation_pdf_url" content="/12.pdf">'
    assert read_page(b" " * 4_000_000 + late, URL).pdf_urls
    assert read_page(b" " * 5_000_000 + late, URL) == LandingPage()


def test_candidates_are_limited_in_number():
    tags = "".join(f'<meta name="citation_pdf_url" content="/{number}.pdf">' for number in range(1000))
    assert len(urls(tags)) == 12


@given(
    body=st.one_of(
        st.binary(max_size=400), st.text(alphabet="<>/ =\"'ametscriplinkhrfdbo&#;:{}[]", max_size=400).map(str.encode)
    )
)
def test_no_page_makes_the_reader_fail(body: bytes):
    page = read_page(body, URL)
    assert all(url.startswith(("http://", "https://")) for url in page.pdf_urls)


HOSTILE_DATA = (
    '{"encoding": ' * 2000,
    "[" * 100_000,
    '{"encoding": {"contentUrl": 7}}',
    '{"encoding": [null, 1, {"contentUrl": null}]}',
    '{"encoding": {"contentUrl": "javascript:x.pdf"}}',
    "null",
    "",
)


@pytest.mark.parametrize("json", HOSTILE_DATA)
def test_hostile_structured_data_is_ignored(json: str):
    assert urls(data(json)) == ()
