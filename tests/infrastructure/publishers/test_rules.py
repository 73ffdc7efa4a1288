"""Addresses that rules must not take, and pages that only show a file."""

import pytest

from infrastructure.publishers.rules import behind_viewer, files_of_page
from tests.infrastructure.publishers.samples import SAMPLES


@pytest.mark.parametrize(
    "address",
    [
        "https://link.springer.com/journal/10",
        "https://www.nature.com/articles/s41598-020-1/tables/1",
        "https://www.nature.com/articles/d41586-020-1",
        "https://aclanthology.org/faq",
        "https://evil.example.org/https://link.springer.com/article/10.1007/x",
        "https://evil.example.org/?onlinelibrary.wiley.com/doi/full/10.1111/epi.1",
        "https://link.springer.com.evil.example.org/article/10.1007/x",
        "https://journal.example.org/doi/full/10.1000/x",
        "https://journal.example.org/content/1/2/3",
        "https://journal.example.org/islandora/object/x:1",
        *(sample.file for sample in SAMPLES.values()),
    ],
)
def test_other_addresses_have_no_rule(address: str):
    known = [name for name, file in files_of_page(address) if file != address]
    assert known == []


@pytest.mark.parametrize(
    ("viewer", "file"),
    [
        ("http://j.example.org/index.php/j/article/view/7/8", "http://j.example.org/index.php/j/article/download/7/8"),
        ("https://a.example.org/doi/epdf/10.1000/x?role=tab", "https://a.example.org/doi/pdf/10.1000/x"),
        ("https://a.example.org/doi/reader/10.1000/x", "https://a.example.org/doi/pdf/10.1000/x"),
        ("https://a.example.org/web/viewer.html?file=%2F1.pdf&x=1", "https://a.example.org/1.pdf"),
        ("https://a.example.org/web/viewer.html?file=javascript:x", None),
        ("http://j.example.org/index.php/j/article/view/7", None),
        ("https://a.example.org/1.pdf", None),
    ],
)
def test_pages_that_show_a_file_are_known(viewer: str, file: str | None):
    assert behind_viewer(viewer) == file


@pytest.mark.parametrize(
    ("page", "file"),
    [
        ("http://www.plosone.org/article/info%3Adoi%2F10.1371%2Fjournal.pone.1", "http://www.plosone.org/article/fetchObject.action?uri=info:doi/10.1371/journal.pone.1&representation=PDF"),
        ("https://www.pnas.org/content/1/2/3.abstract", "https://www.pnas.org/content/1/2/3.full.pdf"),
        ("https://elifesciences.org/content/3/e00001", "https://elifesciences.org/content/3/e00001.full.pdf"),
        ("http://gut.bmj.com/content/early/2020/1/2/x.full", "https://gut.bmj.com/content/early/2020/1/2/x.full.pdf"),
        ("https://onlinelibrary.wiley.com/doi/epdf/10.1111/x", "https://onlinelibrary.wiley.com/doi/pdfdirect/10.1111/x?download=true"),
        ("https://www.science.org/doi/10.1126/x", "https://www.science.org/doi/pdf/10.1126/x"),
        ("https://www.thelancet.com/journals/lancet/article/x/fulltext/PIIS1", None),
        ("https://www.thelancet.com/journals/lancet/fulltext/S0140-6736(20)30001-1", "https://www.thelancet.com/action/showPdf?pii=S0140-6736(20)30001-1"),
        ("https://www.biorxiv.org/content/early/2016/10/21/082271", "https://www.biorxiv.org/content/biorxiv/early/2016/10/21/082271.full.pdf"),
    ],
)  # fmt: skip
def test_pages_of_other_forms_have_rules_too(page: str, file: str | None):
    assert [found for _, found in files_of_page(page)] == ([file] if file else [])
