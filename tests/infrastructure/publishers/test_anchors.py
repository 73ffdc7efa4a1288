"""Links: the file is taken where it is the only one."""

import pytest

from infrastructure.publishers.landing import read_page

URL = "https://journal.example.org/articles/12"
FILE = "https://journal.example.org/files/12.pdf"


def urls(body: str, url: str = URL) -> tuple[str, ...]:
    return read_page(f"<title>A Study of Rivers</title><body>{body}".encode(), url).pdf_urls


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/files/12.pdf">PDF</a>',
        '<a href="/files/12.pdf">Download PDF</a>',
        '<a href="/files/12.pdf">Download full-text PDF (1.6 MB)</a>',
        '<a href="/files/12.pdf">PDF/EPUB</a>',
        '<a href="/files/12.pdf">View Article PDF [opens in a new tab]</a>',
        '<a href="/files/12.pdf">Télécharger le PDF</a>',
        '<a href="/files/12.pdf" title="Download PDF"><img src="icon.png"></a>',
        '<a href="/files/12.pdf" aria-label="View PDF">⇩</a>',
        '<a href="/files/12.pdf">Muller_2020_final.pdf (623 kB)</a>',
        '<a href="/files/12.pdf">Full text</a>',
        '<a href="/files/12.pdf">A study of rivers</a>',
        '<a class="obj_galley_link pdf" href="/files/12.pdf">English</a>',
        '<a data-download-type="pdf-article" href="/files/12.pdf">Article</a>',
        '<a href="/files/12.pdf">PDF</a><p><a href="/files/12.pdf?download=true">Download PDF</a></p>',
    ],
)
def test_the_link_to_the_file_is_found_by_its_words(link: str):
    assert [url.removesuffix("?download=true") for url in urls(link)] == [FILE]


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/suppl/12-supplement.pdf">Supporting information (PDF)</a>',
        '<a href="/12/suppl_file/12.pdf">PDF</a>',
        '<a href="/files/12_appendix.pdf">PDF</a>',
        '<a href="/files/figures.pdf">PDF</a>',
        '<a href="/files/first-page.pdf">PDF</a>',
        '<a href="/getaccess/pii/12/purchase">Purchase PDF</a>',
        '<a href="/files/12.pdf">License agreement (PDF)</a>',
        '<a href="/files/author-guidelines.pdf">PDF</a>',
        '<a href="https://scholar.google.com/scholar_url?url=https://journal.example.org/files/12.pdf">PDF</a>',
        '<a href="javascript:void(0)">PDF</a>',
        '<a href="#pdf">PDF</a>',
        '<a href="/articles/12">PDF</a>',
        '<a href="/files/other-study.pdf">Another study of lakes</a>',
        '<a href="https://elsewhere.example.net/1.pdf">1.pdf</a>',
        '<a href="/help/pdf">How to read a PDF on a telephone</a>',
        '<div class="references"><a href="/files/12.pdf">PDF</a></div>',
        '<ul id="related-articles"><li><a href="/files/12.pdf">PDF</a></li></ul>',
        '<section class="c-cited-by"><a href="/files/12.pdf">PDF</a></section>',
        '<footer><a href="/files/12.pdf">PDF</a></footer>',
    ],
)
def test_links_to_other_things_are_left_out(link: str):
    assert urls(link) == ()


def test_of_two_files_none_is_taken():
    assert urls('<a href="/a.pdf">PDF</a> <a href="/b.pdf">PDF</a>') == ()


def test_the_file_stands_out_among_the_links_of_other_parts():
    others = "".join(f'<a href="/{number}.pdf">View PDF</a>' for number in range(20))
    assert urls(f'<a href="/files/12.pdf">View PDF</a><ol class="reference-list">{others}</ol>') == (FILE,)


def test_a_label_weighs_more_than_the_name_of_a_file():
    assert urls('<a href="/files/12.pdf">PDF</a><a href="/files/letter.pdf">letter.pdf</a>') == (FILE,)


def test_pages_that_only_show_the_file_are_exchanged_for_it():
    body = '<a href="/doi/epdf/10.1000/x">View PDF</a><a href="/doi/pdf/10.1000/x?download=true">Download PDF</a>'
    assert urls(body) == ("https://journal.example.org/doi/pdf/10.1000/x",)


def test_a_title_with_a_bad_word_in_the_path_does_no_harm():
    body = '<a href="/a-guide-to-table-tennis/10.1000/12.pdf">PDF</a>'
    assert urls(body) == ("https://journal.example.org/a-guide-to-table-tennis/10.1000/12.pdf",)
