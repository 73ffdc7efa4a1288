"""The platforms: each has a page of our own that leads to its file, and is told by host, page and DOI."""

import re
from collections import Counter

import pytest

from infrastructure.publishers.landing import read_page
from infrastructure.publishers.platforms.catalogue import PLATFORMS, of_address, of_doi, of_site, platform_of
from infrastructure.publishers.platforms.left_alone import LEFT_ALONE
from infrastructure.publishers.platforms.platform import Platform
from infrastructure.publishers.rules import PublisherRules, left_alone
from tests.infrastructure.publishers.samples import SAMPLES, Sample


def name(platform: Platform | None) -> str | None:
    return platform.name if platform else None


def source(sample: Sample) -> str:
    return f"<html><head><title>A title</title></head><body>{sample.page}</body></html>"


ASKED = [one for one in PLATFORMS if not one.left_alone]


@pytest.mark.parametrize("platform", ASKED, ids=lambda one: one.name)
class TestEach:
    def test_its_page_leads_to_its_file_first(self, platform: Platform) -> None:
        sample = SAMPLES[platform.name]
        read = read_page(source(sample).encode(), sample.url)
        assert read.pdf_urls[:1] == (sample.file,), read.candidates

    def test_it_is_told_by_its_page(self, platform: Platform) -> None:
        sample = SAMPLES[platform.name]
        assert name(platform_of(url=sample.url, page=source(sample))) == platform.name

    def test_it_is_told_by_its_doi(self, platform: Platform) -> None:
        sample = SAMPLES[platform.name]
        assert bool(platform.prefixes) is bool(sample.doi)
        assert name(platform_of(doi=sample.doi)) == (platform.name if sample.doi else None)


def test_every_platform_has_a_sample_and_no_sample_is_left_over() -> None:
    assert sorted(SAMPLES) == sorted(one.name for one in ASKED)


@pytest.mark.parametrize("kind", ["name", "prefixes", "hosts"])
def test_no_two_platforms_have_the_same(kind: str) -> None:
    values = [getattr(one, kind) for one in PLATFORMS]
    listed = values if kind == "name" else [value for several in values for value in several]
    assert [value for value, times in Counter(listed).items() if times > 1] == []


def test_prefixes_and_hosts_are_well_formed() -> None:
    for one in PLATFORMS:
        assert all(re.fullmatch(r"10\.\d{4,5}", prefix) for prefix in one.prefixes), one.name
        assert all(re.fullmatch(r"[a-z0-9.-]+(?:\.[a-z]+|\.\*)", host) for host in one.hosts), one.name


def test_the_host_tells_more_than_the_page_and_the_page_more_than_the_doi() -> None:
    journal = '<meta name="generator" content="Open Journal Systems 3">'
    assert name(platform_of("10.1007/x", "https://www.nature.com/articles/x", journal)) == "Nature"
    assert name(platform_of("10.1007/x", "https://journal.example.org/1", journal)) == "OJS"
    assert name(platform_of("10.1007/x", "https://journal.example.org/1", "<p>")) == "Springer"
    assert platform_of("10.5555/x", "https://journal.example.org/1", "<p>") is None
    assert platform_of() is None


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        ("link.springer.com", "Springer"),
        ("LINK.SPRINGER.COM:443", "Springer"),
        ("genomebiology.biomedcentral.com", "BMC and SpringerOpen"),
        ("www.scielo.org.mx", "SciELO"),
        ("scielo.isciii.es", "SciELO"),
        ("eprints.soton.ac.uk", "EPrints"),
        ("notspringer.com", None),
        ("link.springer.com.evil.example.org", None),
        ("", None),
        ("...", None),
        ("a." * 500, None),
    ],
)
def test_sites_belong_to_platforms(site: str, expected: str | None) -> None:
    assert name(of_site(site)) == expected


def test_an_address_of_a_resolver_is_told_by_its_doi() -> None:
    assert name(of_address("https://doi.org/10.2307%2F123")) == "JSTOR"
    assert name(of_address("http://dx.doi.org/10.1007/x")) == "Springer"
    assert of_address("https://[broken") is None
    assert of_doi("10.1007") is not None
    assert of_doi("nonsense") is None


@pytest.mark.parametrize("platform", LEFT_ALONE, ids=lambda one: one.name)
def test_sites_that_are_left_alone_say_why(platform: Platform) -> None:
    for host in platform.hosts:
        assert left_alone(f"https://www.{host}/x/1.pdf") == f"{platform.name}: {platform.left_alone}"
    for prefix in platform.prefixes:
        assert left_alone(f"https://doi.org/{prefix}/1").startswith(platform.name)
    assert (platform.pages, platform.viewers, platform.marks, platform.data) == ((), (), (), None)


def test_other_sites_are_not_left_alone() -> None:
    assert left_alone("https://link.springer.com/article/10.1007/x") == ""
    assert left_alone("https://repository.example.org/jstor.org/1.pdf") == ""
    assert left_alone("https://notjstor.org/1") == ""


def test_publishers_are_told_with_what_is_known_of_them() -> None:
    rules = PublisherRules()
    assert [one.name for one in rules.publishers()] == [one.name for one in PLATFORMS]
    springer = rules.of_site("link.springer.com")
    assert springer == rules.of_doi("10.1007/x") == rules.of_address("https://link.springer.com/x")
    assert springer is not None
    assert springer.ways == ("the page's address", "a marked link")
    assert (springer.proof, springer.left_alone) == ("proved", "")
    assert rules.of_site("somewhere.example") is None


def test_a_manuscript_comes_before_the_file_that_is_not_there_yet() -> None:
    page = b'<meta name="citation_pdf_url" content="/articles/x1.pdf"><a href="/articles/x1_reference.pdf">PDF</a>'
    read = read_page(page, "https://www.nature.com/articles/x1")
    assert read.pdf_urls[0] == "https://www.nature.com/articles/x1_reference.pdf"


def test_what_only_ieee_says_in_its_data_is_not_looked_for_elsewhere() -> None:
    page = SAMPLES["IEEE Xplore"].page.encode()
    assert read_page(page, "https://journal.example.org/document/1234567").pdf_urls == ()
    stamp = read_page(b"<p>Abstract</p>", "https://ieeexplore.ieee.org/abstract/document/1234567")
    assert stamp.pdf_urls == ("https://ieeexplore.ieee.org/stamp/stamp.jsp?tp=&arnumber=1234567",)
    frame = b'<iframe src="/ielx7/1/2/01234567.pdf?tp=&amp;arnumber=1234567"></iframe>'
    shown = read_page(frame, stamp.pdf_urls[0])
    assert shown.pdf_urls == ("https://ieeexplore.ieee.org/ielx7/1/2/01234567.pdf?tp=&arnumber=1234567",)
