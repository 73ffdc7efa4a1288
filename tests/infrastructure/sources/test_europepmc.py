"""Europe PMC: free files, and the paper's other identifiers."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from application.ports.sources import Finding, SourceUnavailable
from domain.copies import Version
from domain.identifiers import Identifier, Scheme
from infrastructure.sources.europepmc import EuropePmc
from tests.infrastructure.sources.fakes import Answering, doi

PAPER = (doi("10.1000/x"),)


def found(*results: dict[str, Any], pdf_base: str = "https://europepmc.org") -> Finding:
    fetcher = Answering({"hitCount": len(results), "resultList": {"result": list(results)}})
    return EuropePmc(fetcher, pdf_base=pdf_base).find(PAPER)


def result(**fields: Any) -> dict[str, Any]:
    return {"doi": "10.1000/X", "title": "T", **fields}


def listed(code: str, style: str, url: str) -> dict[str, Any]:
    return {"fullTextUrlList": {"fullTextUrl": [{"availabilityCode": code, "documentStyle": style, "url": url}]}}


@pytest.mark.parametrize("code", ["OA", "F"])
def test_free_pdfs_are_copies(code: str):
    (copy,) = found(result(license="cc by-nc", **listed(code, "pdf", "https://a.org/1.pdf"))).copies
    assert (copy.url, copy.version, copy.licence) == ("https://a.org/1.pdf", Version.PUBLISHED, "cc-by-nc")


@pytest.mark.parametrize(("code", "style"), [("S", "pdf"), ("OA", "html"), ("OA", "doi"), ("", "pdf")])
def test_what_is_not_free_or_no_pdf_is_none(code: str, style: str):
    assert found(result(**listed(code, style, "https://a.org/1.pdf"))).copies == ()


def test_an_open_article_has_the_file_that_europe_pmc_makes():
    (copy,) = found(result(pmcid="PMC123", isOpenAccess="Y"), pdf_base="http://127.0.0.1:9/").copies
    assert copy.url == "http://127.0.0.1:9/articles/PMC123?pdf=render"


@pytest.mark.parametrize("fields", [{"isOpenAccess": "N"}, {"isOpenAccess": "Y", "hasPDF": "N"}])
def test_no_file_is_made_of_closed_articles_and_of_those_without_pdf(fields: dict[str, str]):
    assert found(result(pmcid="PMC123", **fields)).copies == ()


@pytest.mark.parametrize(
    ("fields", "version"),
    [
        ({}, Version.PUBLISHED),
        ({"source": "PPR"}, Version.SUBMITTED),
        ({"nihAuthMan": "Y"}, Version.ACCEPTED),
        ({"authMan": "N"}, Version.PUBLISHED),
    ],
)
def test_versions_are_told_apart(fields: dict[str, str], version: Version):
    (copy,) = found(result(**fields, **listed("OA", "pdf", "https://a.org/1.pdf"))).copies
    assert copy.version is version


def test_the_paper_gets_its_other_identifiers():
    assert found(result(pmid="21196160", pmcid="PMC3000001")).identifiers == (
        Identifier(Scheme.DOI, "10.1000/x"),
        Identifier(Scheme.PMID, "21196160"),
        Identifier(Scheme.PMCID, "PMC3000001"),
    )


def test_results_about_other_papers_do_not_count():
    other = {"doi": "10.1000/y", **listed("OA", "pdf", "https://a.org/1.pdf")}
    assert found(other) == Finding()
    assert found() == Finding()


@pytest.mark.parametrize(
    ("identifier", "query"),
    [
        (doi('10.1000/x"y'), 'DOI:"10.1000/xy"'),
        (Identifier(Scheme.PMID, "123"), "SRC:MED AND EXT_ID:123"),
        (Identifier(Scheme.PMCID, "PMC123"), "PMCID:PMC123"),
    ],
)
def test_the_strongest_identifier_is_asked_for(identifier: Identifier, query: str):
    fetcher = Answering({"hitCount": 0})
    EuropePmc(fetcher).find([Identifier(Scheme.ARXIV, "2101.00001"), identifier])
    (url,) = fetcher.asked
    assert parse_qs(urlsplit(url).query) == {"query": [query], "resultType": ["core"], "format": ["json"]}


def test_authors_come_from_the_list_or_else_from_the_line():
    line = result(authorString="Ruiz A, Li B.")
    people = {"author": [{"lastName": "Ruiz", "firstName": "Ana"}, {"collectiveName": "The Group"}]}
    assert found(line).metadata.authors == ("Ruiz A", "Li B")
    assert found(line | {"authorList": people}).metadata.authors == ("Ruiz, Ana", "The Group")


def test_another_service_in_its_place_is_no_answer():
    with pytest.raises(SourceUnavailable):
        EuropePmc(Answering({"version": "6.9"})).find(PAPER)
