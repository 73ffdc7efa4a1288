"""Pages that send the browser on."""

import pytest

from infrastructure.publishers.landing import read_page

URL = "https://hub.example.org/retrieve/12"
TARGET = "https://journal.example.org/articles/12?via=hub"


@pytest.mark.case("H22")
@pytest.mark.parametrize(
    "page",
    [
        '<meta http-equiv="refresh" content="0; url=https://journal.example.org/articles/12?via=hub">',
        "<META HTTP-EQUIV=Refresh CONTENT=\"2;URL='https://journal.example.org/articles/12?via=hub'\">",
        '<input name="redirectURL" value="https%3A%2F%2Fjournal.example.org%2Farticles%2F12%3Fvia%3Dhub">',
        '<script>window.location = "https://journal.example.org/articles/12?via=hub";</script>',
        "<script>if (true) { location.replace('https:\\/\\/journal.example.org\\/articles\\/12?via=hub') }</script>",
        '<script>document.location.href="//journal.example.org/articles/12?via=hub"</script>',
    ],
)
def test_the_target_of_a_bounce_is_told(page: str):
    assert read_page(page.encode(), URL).continue_at == TARGET


@pytest.mark.parametrize(
    "page",
    [
        '<meta http-equiv="refresh" content="35">',
        '<meta http-equiv="refresh" content="1800; url=/articles/12">',
        '<meta http-equiv="refresh" content="0; url=/retrieve/12">',
        '<meta http-equiv="refresh" content="0; url=javascript:alert(1)">',
        '<noscript><meta http-equiv="refresh" content="0; url=/no-javascript"></noscript>',
        "<script>var location = document.title;</script>",
        f"<p>{'word ' * 200}</p><script>function go() {{ window.location = '/search'; }}</script>",
    ],
)
def test_a_page_that_stays_is_no_bounce(page: str):
    assert read_page(page.encode(), URL).continue_at is None


def test_a_page_that_names_its_file_needs_no_bounce():
    page = '<meta http-equiv="refresh" content="0; url=/next"><meta name="citation_pdf_url" content="/12.pdf">'
    assert read_page(page.encode(), URL).continue_at is None
