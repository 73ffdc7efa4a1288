"""ScienceDirect: the file's address out of the page's data."""

import json

import pytest

from infrastructure.publishers.landing import read_page

URL = "https://www.sciencedirect.com/science/article/pii/S0123456789"
DATA = {
    "queryParams": {"md5": "abc", "pid": "1-s2.0-S0123456789-main.pdf"},
    "pii": "S0123456789",
    "pdfExtension": "/pdfft",
    "path": "science/article/pii",
}


def urls(data: object, url: str = URL) -> tuple[str, ...]:
    state = json.dumps({"article": {"pdfDownload": {"isPdfFullText": False, "urlMetadata": data}}})
    return read_page(f'<script type="application/json">{state}</script>'.encode(), url).pdf_urls


def test_the_address_is_put_together():
    assert urls(DATA) == (f"{URL}/pdfft?md5=abc&pid=1-s2.0-S0123456789-main.pdf",)


def test_other_hosts_have_no_such_data():
    assert urls(DATA, "https://journal.example.org/1") == ()


@pytest.mark.parametrize(
    "change",
    [
        {"pii": None},
        {"path": "//evil.example.org"},
        {"path": "//evil"},
        {"path": "a:b"},
        {"queryParams": 1},
        {"pdfExtension": {}},
    ],
)
def test_odd_data_gives_no_address_elsewhere(change: dict[str, object]):
    assert all(url.startswith("https://www.sciencedirect.com/") for url in urls(DATA | change))
    assert urls({}) == urls(7) == ()
