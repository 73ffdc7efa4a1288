"""Semantic Scholar: one open file, and other identifiers."""

from typing import Any

import pytest

from application.ports.sources import Finding, SourceUnavailable
from domain.copies import CopyKind, Version
from domain.identifiers import Identifier, Scheme
from infrastructure.sources.semanticscholar import SemanticScholar
from tests.infrastructure.sources.fakes import Answering, Failing, doi

PAPER = (doi("10.1000/x"),)


def found(**fields: Any) -> Finding:
    return SemanticScholar(Answering({"paperId": "1", **fields})).find(PAPER)


@pytest.mark.parametrize(
    ("url", "kind", "version"),
    [
        ("https://a.org/1.pdf", CopyKind.PDF, Version.UNKNOWN),
        ("https://doi.org/10.1000/x", CopyKind.LANDING_PAGE, Version.UNKNOWN),
        ("https://arxiv.org/pdf/2101.00001", CopyKind.PDF, Version.SUBMITTED),
    ],
)
def test_the_open_file_is_a_copy(url: str, kind: CopyKind, version: Version) -> None:
    (copy,) = found(openAccessPdf={"url": url, "license": "CCBYNCND"}).copies
    assert (copy.url, copy.kind, copy.version, copy.licence) == (url, kind, version, "cc-by-nc-nd")


@pytest.mark.parametrize("told", [None, {}, {"url": ""}, {"url": "ftp://a.org/1"}])
def test_without_a_file_the_paper_is_known(told: object) -> None:
    finding = found(openAccessPdf=told, title="T")
    assert (finding.known, finding.copies, finding.metadata.title) == (True, (), "T")


@pytest.mark.parametrize(("told", "licence"), [("CCBY", "cc-by"), ("CCBYSA", "cc-by-sa"), ("other-oa", "other-oa")])
def test_licences_have_their_usual_names(told: str, licence: str) -> None:
    assert found(openAccessPdf={"url": "https://a.org/1", "license": told}).copies[0].licence == licence


def test_the_paper_gets_its_other_identifiers() -> None:
    ids = {"DOI": "10.1000/X", "ArXiv": "2101.00001", "PubMed": "77", "PubMedCentral": "123", "CorpusId": 5}
    assert found(externalIds=ids).identifiers == (
        doi("10.1000/x"),
        Identifier(Scheme.ARXIV, "2101.00001"),
        Identifier(Scheme.PMID, "77"),
        Identifier(Scheme.PMCID, "PMC123"),
    )


def test_an_answer_about_another_paper_gives_nothing_of_it() -> None:
    told = found(openAccessPdf={"url": "https://a.org/1.pdf"}, externalIds={"DOI": "10.1000/y"})
    assert told == Finding(known=True)


@pytest.mark.parametrize(
    ("identifier", "asked"),
    [
        (doi("10.1000/a/b"), "DOI:10.1000/a%2Fb"),
        (Identifier(Scheme.ARXIV, "2101.00001"), "ARXIV:2101.00001"),
        (Identifier(Scheme.PMID, "77"), "PMID:77"),
        (Identifier(Scheme.PMCID, "PMC123"), "PMCID:123"),
    ],
)
def test_any_identifier_is_asked_for(identifier: Identifier, asked: str) -> None:
    fetcher = Answering({"paperId": "1"})
    SemanticScholar(fetcher).find([identifier])
    assert fetcher.asked[0].startswith(f"https://api.semanticscholar.org/graph/v1/paper/{asked}?fields=title,")


@pytest.mark.parametrize("keyed", [False, True])
def test_without_a_key_no_paper_waits_for_it(keyed: bool) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        SemanticScholar(Failing("rate_limited", status=429), keyed=keyed).find(PAPER)
    assert caught.value.is_awaited is keyed


def test_another_service_in_its_place_is_no_answer() -> None:
    with pytest.raises(SourceUnavailable):
        SemanticScholar(Answering({"message": "hello"})).find(PAPER)
