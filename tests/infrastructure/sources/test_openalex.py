"""OpenAlex: every open place of a DOI, and other identifiers."""

from typing import Any

import pytest

from application.ports.sources import Finding, SourceUnavailable
from domain.copies import CopyKind, Version
from domain.identifiers import Identifier, Scheme
from infrastructure.sources.openalex import OpenAlex
from tests.infrastructure.sources.fakes import Answering, Failing, doi

PAPER = (doi("10.1000/x"),)


def found(*places: Any, **fields: Any) -> Finding:
    work = {"doi": "https://doi.org/10.1000/X", "locations": list(places), **fields}
    return OpenAlex(Answering(work), key="k").find(PAPER)


def place(**fields: Any) -> dict[str, Any]:
    return {"is_oa": True, "pdf_url": None, "landing_page_url": None, **fields}


def test_every_open_place_gives_its_file_and_its_page() -> None:
    finding = found(
        place(pdf_url="https://a.org/1.pdf", landing_page_url="https://a.org/1", version="publishedVersion"),
        place(landing_page_url="https://b.org/2", version="acceptedVersion", license="cc-by"),
    )
    assert [(copy.url, copy.kind, copy.version, copy.licence) for copy in finding.copies] == [
        ("https://a.org/1.pdf", CopyKind.PDF, Version.PUBLISHED, None),
        ("https://a.org/1", CopyKind.LANDING_PAGE, Version.PUBLISHED, None),
        ("https://b.org/2", CopyKind.LANDING_PAGE, Version.ACCEPTED, "cc-by"),
    ]


@pytest.mark.parametrize("is_open", [False, None, "true"])
def test_a_closed_place_is_no_copy(is_open: object) -> None:
    assert found(place(is_oa=is_open, pdf_url="https://a.org/1.pdf")).copies == ()


def test_the_best_place_counts_where_the_list_leaves_it_out() -> None:
    best = place(pdf_url="https://a.org/1.pdf")
    assert [copy.url for copy in found(best_oa_location=best).copies] == ["https://a.org/1.pdf"]


@pytest.mark.parametrize("pmcid", ["https://www.ncbi.nlm.nih.gov/pmc/articles/123", "PMC123", "123"])
def test_the_paper_gets_its_other_identifiers(pmcid: str) -> None:
    ids = {"pmid": "https://pubmed.ncbi.nlm.nih.gov/77", "pmcid": pmcid}
    assert found(ids=ids).identifiers == (Identifier(Scheme.PMID, "77"), Identifier(Scheme.PMCID, "PMC123"))


def test_a_repository_is_no_journal() -> None:
    source = {"display_name": "Zenodo", "type": "repository"}
    assert found(primary_location={"source": source}).metadata.journal is None


def test_an_answer_about_another_paper_gives_nothing_of_it() -> None:
    assert found(place(pdf_url="https://a.org/1.pdf"), doi="https://doi.org/10.1000/y") == Finding(known=True)


def test_the_key_is_sent_and_its_refusal_told() -> None:
    fetcher = Failing("forbidden", status=401)
    with pytest.raises(SourceUnavailable) as caught:
        OpenAlex(fetcher, key="a&b", base="http://127.0.0.1:9/").find(PAPER)
    assert caught.value.cause == "missing_credential"
    assert fetcher.asked == ["http://127.0.0.1:9/works/doi:10.1000/x?api_key=a%26b"]


def test_another_service_in_its_place_is_no_answer() -> None:
    with pytest.raises(SourceUnavailable):
        OpenAlex(Answering({"meta": {}}), key="k").find(PAPER)
