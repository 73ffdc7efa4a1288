"""Rules of single platforms: addresses of pages to addresses of files."""

import pytest

from infrastructure.publishers.rules import PAGE_RULES, VIEWER_RULES, behind_viewer, files_of_page

PAGES = {
    "Springer": ("https://link.springer.com/article/10.1007/s10-020-1?x=1#abs", "https://link.springer.com/content/pdf/10.1007/s10-020-1.pdf"),
    "BMC and SpringerOpen": ("https://bmcsomething.biomedcentral.com/articles/10.1186/s1-2-3", "https://bmcsomething.biomedcentral.com/counter/pdf/10.1186/s1-2-3.pdf"),
    "Nature": ("https://www.nature.com/articles/s41598-020-1", "https://www.nature.com/articles/s41598-020-1.pdf"),
    "Wiley": ("https://onlinelibrary.wiley.com/doi/full/10.1111/epi.1", "https://onlinelibrary.wiley.com/doi/pdfdirect/10.1111/epi.1?download=true"),
    "MDPI": ("https://www.mdpi.com/2076-342X/1/2/3/htm", "https://www.mdpi.com/2076-342X/1/2/3/pdf"),
    "PLOS": ("https://journals.plos.org/plosone/article?id=10.1371/journal.pone.1", "https://journals.plos.org/plosone/article/file?id=10.1371/journal.pone.1&type=printable"),
    "Frontiers": ("https://www.frontiersin.org/journals/some/articles/10.3389/f.2020.1/full", "https://www.frontiersin.org/articles/10.3389/f.2020.1/pdf"),
    "arXiv": ("https://arxiv.org/abs/2101.00001v2", "https://arxiv.org/pdf/2101.00001v2"),
    "bioRxiv and medRxiv": ("https://www.biorxiv.org/content/10.1101/2020.01.02.1v1.full", "https://www.biorxiv.org/content/10.1101/2020.01.02.1v1.full.pdf"),
    "NBER": ("https://www.nber.org/papers/w123", "https://www.nber.org/system/files/working_papers/w123/w123.pdf"),
    "J-STAGE": ("https://www.jstage.jst.go.jp/article/j/1/2/1_3/_article/-char/ja", "https://www.jstage.jst.go.jp/article/j/1/2/1_3/_pdf"),
    "PeerJ": ("https://peerj.com/articles/12/", "https://peerj.com/articles/12.pdf"),
    "ACL Anthology": ("https://aclanthology.org/P99-1001", "https://aclanthology.org/P99-1001.pdf"),
    "Europe PMC": ("https://europepmc.org/article/PMC/PMC12", "https://europepmc.org/articles/PMC12?pdf=render"),
    "IOP": ("https://iopscience.iop.org/article/10.1088/1-2/3", "https://iopscience.iop.org/article/10.1088/1-2/3/pdf"),
}  # fmt: skip


@pytest.mark.parametrize("rule", PAGE_RULES, ids=lambda rule: rule.name)
def test_every_rule_leads_from_a_page_to_its_file(rule: object):
    page, file = PAGES[rule.name]  # type: ignore[attr-defined]
    assert list(files_of_page(page)) == [(rule.name, file)]  # type: ignore[attr-defined]


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
        *(file for _, file in PAGES.values()),
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


def test_every_rule_is_tested():
    assert set(PAGES) == {rule.name for rule in PAGE_RULES}
    assert len({rule.name for rule in VIEWER_RULES}) == len(VIEWER_RULES)
