"""Reading in a process of its own."""

from infrastructure.publishers.isolated import read_isolated
from infrastructure.publishers.landing import read_page
from infrastructure.publishers.page import LandingPage

URL = "https://journal.example.org/articles/ü/12"
PAGE = """<meta charset="utf-8"><title>Über Flüsse</title><meta name="citation_doi" content="10.1000/x">
<meta name="citation_pdf_url" content="/12.pdf"><a href="/13.pdf">PDF</a>""".encode()


def test_the_other_process_reads_what_this_one_would():
    assert read_isolated(PAGE, URL) == read_page(PAGE, URL)
    assert read_isolated(PAGE, URL).title == "Über Flüsse"


def test_a_page_made_to_keep_the_parser_busy_ends_in_an_empty_page():
    assert read_isolated(b"<div>" * 1_000_000, URL, seconds=0.5) == LandingPage()
