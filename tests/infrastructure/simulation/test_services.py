"""The sources' interfaces, over real sockets: documented forms, and what they say of unknown papers."""

import hashlib
from collections.abc import Iterator
from ipaddress import ip_network
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from attrs import fields

from application.ports.sources import Finding, SourceUnavailable
from domain.copies import CopyKind
from domain.identifiers import Identifier, Scheme, parse_doi
from infrastructure.clock import SystemClock
from infrastructure.http.fetcher import HttpFetcher
from infrastructure.http.hosts import memory_host_gate
from infrastructure.http.network import NetworkSettings
from infrastructure.http.settings import FetchSettings
from infrastructure.simulation.papers import Paper
from infrastructure.simulation.server import NETWORK, ScholarlyWeb
from infrastructure.sources.openalex import OpenAlex
from infrastructure.sources.pmc import Pmc
from interfaces.settings import Settings
from interfaces.settings_book import CHANGEABLE
from tests.infrastructure.simulation.visitor import europepmc_url, get, get_json, unpaywall_url

ATOM = {"a": "http://www.w3.org/2005/Atom", "o": "http://a9.com/-/spec/opensearch/1.1/"}
LOCATION_FIELDS = {
    "url", "url_for_pdf", "url_for_landing_page", "evidence", "license", "version", "host_type", "is_best", "pmh_id",
    "endpoint_id", "repository_institution", "oa_date", "updated",
}  # fmt: skip
UNPAYWALL_FIELDS = {
    "doi", "doi_url", "title", "genre", "is_paratext", "published_date", "year", "journal_name", "journal_issns",
    "journal_issn_l", "journal_is_oa", "journal_is_in_doaj", "publisher", "is_oa", "oa_status", "has_repository_copy",
    "best_oa_location", "first_oa_location", "oa_locations", "oa_locations_embargoed", "updated", "data_standard",
    "z_authors",
}  # fmt: skip


def paper_of(web: ScholarlyWeb, scenario: str) -> Paper:
    return next(paper for paper in web.world.papers if paper.scenario.name == scenario)


def crossref_url(web: ScholarlyWeb, doi: str) -> str:
    return f"{web.settings()['crossref']}/works/{quote(doi, safe='')}?mailto=reader@university.test"


def arxiv(web: ScholarlyWeb, ids: str) -> ET.Element:
    return ET.fromstring(get(f"{web.settings()['arxiv']}/api/query?id_list={ids}").body)


def test_unpaywall_has_every_field(web: ScholarlyWeb) -> None:
    paper = paper_of(web, "second copy after a dead address")
    record = get_json(unpaywall_url(web, paper.doi.upper()))
    assert record.keys() == UNPAYWALL_FIELDS
    assert all(location.keys() == LOCATION_FIELDS for location in record["oa_locations"])
    assert record["best_oa_location"] == record["oa_locations"][0]
    assert [location["is_best"] for location in record["oa_locations"]] == [True, False]
    assert [location["host_type"] for location in record["oa_locations"]] == ["publisher", "repository"]
    assert [location["version"] for location in record["oa_locations"]] == ["publishedVersion", "acceptedVersion"]


def test_unpaywall_tells_a_page_where_it_knows_no_file(web: ScholarlyWeb) -> None:
    page = get_json(unpaywall_url(web, paper_of(web, "good landing page").doi))["best_oa_location"]
    assert page["url_for_pdf"] is None
    assert page["url"] == page["url_for_landing_page"]
    behind = get_json(unpaywall_url(web, paper_of(web, "landing page behind the DOI").doi))["best_oa_location"]
    assert behind["url_for_landing_page"].startswith(web.settings()["doi_org"])


def test_unpaywall_calls_a_closed_paper_closed(web: ScholarlyWeb) -> None:
    record = get_json(unpaywall_url(web, paper_of(web, "no copy").doi))
    assert (record["is_oa"], record["oa_status"], record["oa_locations"]) == (False, "closed", [])
    assert record["best_oa_location"] is None


@pytest.mark.parametrize("doi", ["10.5555/nobody-knows", "unknown"])
def test_unpaywall_does_not_know_other_dois(web: ScholarlyWeb, doi: str) -> None:
    doi = paper_of(web, "unknown DOI").doi if doi == "unknown" else doi
    answer = get(unpaywall_url(web, doi))
    assert (answer.status, answer.headers["content-type"]) == (404, "application/json")
    assert b'"HTTP_status_code": 404' in answer.body


@pytest.mark.parametrize("query", ["", "?email=", "?email=me", "?email=YOUR_EMAIL@site.org", "?email=a@example.com"])
def test_unpaywall_refuses_placeholder_addresses(web: ScholarlyWeb, query: str) -> None:
    answer = get(f"{web.settings()['unpaywall']}/v2/{web.world.papers[0].doi.split('(')[0]}{query}")
    assert answer.status == 422


def test_crossref_describes_a_work(web: ScholarlyWeb) -> None:
    paper = paper_of(web, "good file")
    answer = get(crossref_url(web, paper.doi))
    message = get_json(crossref_url(web, paper.doi))["message"]
    assert answer.headers["x-rate-limit-limit"] == "10"
    assert (message["title"], message["container-title"]) == ([paper.title], [paper.journal])
    assert (message["DOI"], message["type"], message["ISSN"]) == (paper.doi.lower(), "journal-article", [paper.issn])
    assert [(author["given"], author["family"]) for author in message["author"]] == list(paper.authors)
    assert message["issued"]["date-parts"][0][0] == paper.published.year
    (link,), (licence,) = message["link"], message["license"]
    assert link == {
        "URL": web.url(paper.spots[0].host, paper.spots[0].file),
        "content-type": "application/pdf",
        "content-version": "vor",
        "intended-application": "text-mining",
    }
    assert "creativecommons.org" in licence["URL"]


def test_crossref_links_of_closed_papers_are_not_open(web: ScholarlyWeb) -> None:
    message = get_json(crossref_url(web, paper_of(web, "no copy").doi))["message"]
    assert message["license"][0]["content-version"] == "tdm"
    assert message["link"][0]["intended-application"] == "similarity-checking"
    assert get(message["link"][0]["URL"]).headers["location"].startswith("/login")


def test_crossref_does_not_know_an_unknown_doi(web: ScholarlyWeb) -> None:
    answer = get(crossref_url(web, paper_of(web, "unknown DOI").doi))
    assert (answer.status, answer.body) == (404, b"Resource not found.")


def test_arxiv_sends_an_atom_feed_with_the_files_address(web: ScholarlyWeb) -> None:
    paper = paper_of(web, "preprint only")
    feed = arxiv(web, f"{paper.arxiv_id}v1,1001.99998")
    assert [entry.findtext("a:title", None, ATOM) for entry in feed.iterfind("a:entry", ATOM)] == [paper.title]
    link = feed.find("a:entry/a:link[@title='pdf']", ATOM)
    assert link is not None
    assert get(link.attrib["href"]).body == web.world.pdf(paper)


def test_arxiv_knows_nothing_of_other_ids(web: ScholarlyWeb) -> None:
    feed = arxiv(web, "1001.99998")
    assert (feed.findtext("o:totalResults", None, ATOM), feed.find("a:entry", ATOM)) == ("0", None)


def test_arxiv_refuses_what_is_no_id(web: ScholarlyWeb) -> None:
    answer = get(f"{web.settings()['arxiv']}/api/query?id_list=abc")
    assert answer.status == 400
    assert ET.fromstring(answer.body).findtext("a:entry/a:title", None, ATOM) == "Error"


def test_europepmc_tells_the_open_file(web: ScholarlyWeb) -> None:
    paper = paper_of(web, "Europe PMC copy")
    (result,) = get_json(europepmc_url(web, paper.doi))["resultList"]["result"]
    assert (result["doi"], result["pmcid"], result["isOpenAccess"]) == (paper.doi.lower(), paper.pmcid, "Y")
    open_pdfs = [
        place["url"]
        for place in result["fullTextUrlList"]["fullTextUrl"]
        if (place["documentStyle"], place["availabilityCode"]) == ("pdf", "OA")
    ]
    assert [get(url).body for url in open_pdfs] == [web.world.pdf(paper)]


def test_europepmc_knows_papers_of_its_fields_without_a_file(web: ScholarlyWeb) -> None:
    paper = next(paper for paper in web.world.papers if paper.field.indexed and paper.pmcid is None)
    (result,) = get_json(europepmc_url(web, paper.doi))["resultList"]["result"]
    assert [place["availabilityCode"] for place in result["fullTextUrlList"]["fullTextUrl"]] == ["S"]
    assert "pmcid" not in result


def test_europepmc_is_asked_for_several_ids_at_once(web: ScholarlyWeb) -> None:
    copied = paper_of(web, "Europe PMC copy")
    other = next(paper for paper in web.world.papers if paper.pmid and paper is not copied)
    query = quote(f'PMCID:{copied.pmcid} OR EXT_ID:"{other.pmid}"')
    found = get_json(f"{web.settings()['europepmc']}/webservices/rest/search?query={query}&format=json")
    assert {result["pmid"] for result in found["resultList"]["result"]} == {copied.pmid, other.pmid}


def test_europepmc_finds_nothing_else(web: ScholarlyWeb) -> None:
    found = get_json(europepmc_url(web, "10.5555/nobody-knows"))
    assert (found["hitCount"], found["resultList"]) == (0, {"result": []})


def test_the_doi_leads_to_the_publishers_page(web: ScholarlyWeb) -> None:
    paper = paper_of(web, "no copy")
    base = web.settings()["doi_org"]
    answer = get(f"{base}/{quote(paper.doi)}")
    assert (answer.status, answer.headers["location"]) == (302, web.url(paper.home.host, paper.home.page))
    assert b"citation_doi" in get(answer.headers["location"]).body
    assert get_json(f"{base}/api/handles/{quote(paper.doi)}")["responseCode"] == 1
    assert get_json(f"{base}/doiRA/{quote(paper.doi)}")[0]["RA"] == "Crossref"


def test_an_unknown_doi_leads_nowhere(web: ScholarlyWeb) -> None:
    base, doi = web.settings()["doi_org"], quote(paper_of(web, "unknown DOI").doi)
    assert get(f"{base}/{doi}").status == 404
    assert get_json(f"{base}/api/handles/{doi}")["responseCode"] == 100
    assert "RA" not in get_json(f"{base}/doiRA/{doi}")[0]


def test_sources_have_nothing_at_other_addresses(web: ScholarlyWeb) -> None:
    assert {get(f"{web.settings()[name]}/elsewhere").status for name in ("unpaywall", "crossref", "doi_org")} == {404}


class TestFurtherSources:
    """The application's own sources, asked of the simulated web."""

    @pytest.fixture
    def fetcher(self) -> Iterator[HttpFetcher]:
        clock = SystemClock()
        network = NetworkSettings(allowed=(ip_network(NETWORK),))
        fetcher = HttpFetcher(FetchSettings(local_gap=0.0), network, memory_host_gate(clock), clock)
        yield fetcher
        fetcher.close()

    def test_the_cloud_has_the_file_and_its_checksum(self, web: ScholarlyWeb, fetcher: HttpFetcher) -> None:
        paper = paper_of(web, "Europe PMC copy")
        source = Pmc(fetcher, base=web.application()["pmc_url"])
        finding = source.find([Identifier(Scheme.PMCID, paper.pmcid or "")])
        (copy,) = finding.copies
        file = get(copy.url).body
        assert file == web.world.pdf(paper)
        assert hashlib.md5(file, usedforsecurity=False).hexdigest() == copy.md5
        assert Identifier(Scheme.DOI, paper.doi.lower()) in finding.identifiers
        assert source.find([Identifier(Scheme.PMCID, "PMC1")]) == Finding()

    def test_openalex_tells_of_the_places_that_unpaywall_tells_of(
        self, web: ScholarlyWeb, fetcher: HttpFetcher
    ) -> None:
        source = OpenAlex(fetcher, key="k", base=web.application()["openalex_url"])
        for paper in web.world.papers:
            finding = source.find([Identifier(Scheme.DOI, parse_doi(paper.doi) or "")])
            assert finding.known is paper.scenario.registered, paper.doi
            told = get_json(unpaywall_url(web, paper.doi)).get("oa_locations", []) if finding.known else []
            files = {place["url_for_pdf"] for place in told if place["url_for_pdf"]}
            assert {copy.url for copy in finding.copies if copy.kind is CopyKind.PDF} == files, paper.doi
        with pytest.raises(SourceUnavailable):
            OpenAlex(fetcher, key="", base=web.application()["openalex_url"]).find([Identifier(Scheme.DOI, "10.1/x")])

    def test_every_address_of_the_application_leads_here_and_the_others_know_nothing(self, web: ScholarlyWeb) -> None:
        settings = web.application()
        known = {field.name for field in fields(Settings)}
        assert settings.keys() <= known
        assert {name for name in CHANGEABLE if name.endswith("_url")} <= settings.keys()
        for name in ("datacite_url", "biorxiv_url", "doaj_url", "core_url", "elsevier_url", "wiley_url"):
            assert get(f"{settings[name]}/whatever").status == 404
