"""What holds for every source, whatever is answered."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports.fetcher import Fetcher
from application.ports.sources import Finding, Source, SourceUnavailable
from domain.identifiers import Identifier, Scheme
from infrastructure.sources.arxiv import Arxiv
from infrastructure.sources.biorxiv import Biorxiv
from infrastructure.sources.core import Core
from infrastructure.sources.crossref import Crossref
from infrastructure.sources.datacite import DataCite
from infrastructure.sources.doaj import Doaj
from infrastructure.sources.elsevier import Elsevier
from infrastructure.sources.europepmc import EuropePmc
from infrastructure.sources.openalex import OpenAlex
from infrastructure.sources.pmc import Pmc
from infrastructure.sources.semanticscholar import SemanticScholar
from infrastructure.sources.springer import Springer
from infrastructure.sources.unpaywall import Unpaywall
from tests.infrastructure.sources.fakes import Answering, Failing, StandingClock, doi

PAPER = (doi("10.1000/x"), Identifier(Scheme.ARXIV, "2101.00001"))
PAPERS = {
    "biorxiv": (doi("10.1101/2020.01.01.123456"),),
    "elsevier": (doi("10.1016/x"),),
    "pmc": (Identifier(Scheme.PMCID, "PMC1"),),
    "springer": (doi("10.1007/x"),),
}
"""What is asked for, where that is another paper."""
MAKERS: dict[str, Callable[[Fetcher], Source]] = {
    "unpaywall": lambda fetcher: Unpaywall(fetcher, StandingClock(), email="reader@university.edu"),
    "crossref": lambda fetcher: Crossref(fetcher, StandingClock(), email="reader@university.edu"),
    "arxiv": Arxiv,
    "europepmc": EuropePmc,
    "datacite": lambda fetcher: DataCite(fetcher, StandingClock()),
    "pmc": Pmc,
    "biorxiv": Biorxiv,
    "openalex": lambda fetcher: OpenAlex(fetcher, key="k"),
    "semanticscholar": SemanticScholar,
    "core": Core,
    "doaj": Doaj,
    "elsevier": Elsevier,
    "springer": lambda fetcher: Springer(fetcher, key="k"),
}
JSON_MAKERS = {name: make for name, make in MAKERS.items() if name not in ("arxiv", "pmc")}
UNTOLD = {
    "biorxiv": {"journal", "issn"},
    "semanticscholar": {"issn"},
    "elsevier": {"title", "authors", "journal", "issn", "year"},
}
"""Fields that a service tells nothing of."""

COMPLETE: dict[str, dict[str, Any]] = {
    "unpaywall": {
        "doi": "10.1000/x", "title": "T", "year": 2020, "genre": "journal-article", "journal_name": "J",
        "journal_issns": "1234-5679", "publisher": "P", "doi_url": "https://doi.org/10.1000/x",
        "z_authors": [{"family": "F", "given": "G"}], "best_oa_location": None,
        "oa_locations": [{"url": "https://a.org/p", "url_for_pdf": "https://a.org/p.pdf", "license": "cc-by",
                          "url_for_landing_page": "https://a.org/p", "version": "publishedVersion"}],
    },
    "crossref": {"status": "ok", "message": {
        "DOI": "10.1000/x", "title": ["T"], "author": [{"family": "F", "given": "G"}], "container-title": ["J"],
        "ISSN": ["1234-5679"], "issued": {"date-parts": [[2020, 1, 2]]}, "publisher": "P", "type": "journal-article",
        "URL": "https://doi.org/10.1000/x", "resource": {"primary": {"URL": "https://a.org/p"}},
        "license": [{"URL": "https://creativecommons.org/licenses/by/4.0/", "content-version": "vor",
                     "start": {"date-parts": [[2020, 1, 1]]}}],
        "link": [{"URL": "https://a.org/p.pdf", "content-type": "application/pdf", "content-version": "vor",
                  "intended-application": "text-mining"}],
        "relation": {"has-preprint": [{"id-type": "doi", "id": "10.1101/2020.01.01.123456"}]},
    }},
    "europepmc": {"hitCount": 1, "resultList": {"result": [{
        "doi": "10.1000/x", "pmid": "1", "pmcid": "PMC1", "title": "T", "pubYear": "2020", "isOpenAccess": "Y",
        "authorList": {"author": [{"lastName": "F", "firstName": "G"}]}, "authorString": "F G.", "license": "cc by",
        "journalInfo": {"yearOfPublication": 2020, "journal": {"title": "J", "ISSN": "1234-5679"}},
        "fullTextUrlList": {"fullTextUrl": [{"availabilityCode": "OA", "documentStyle": "pdf", "url": "https://a.org"}]},
        "pubTypeList": {"pubType": ["research-article"]}, "source": "MED", "hasPDF": "Y",
    }]}},
    "datacite": {"data": {"id": "10.1000/x", "attributes": {
        "doi": "10.1000/x", "titles": [{"title": "T"}], "publisher": "P", "publicationYear": 2020,
        "creators": [{"name": "F, G", "familyName": "F", "givenName": "G"}], "formats": ["application/pdf"],
        "container": {"title": "J", "identifier": "1234-5679", "identifierType": "ISSN"},
        "types": {"resourceTypeGeneral": "JournalArticle"}, "dates": [{"date": "2027-01-01", "dateType": "Available"}],
        "rightsList": [{"rightsUri": "https://creativecommons.org/licenses/by/4.0/", "rightsIdentifier": "cc-by-4.0"}],
        "url": "https://a.org/p", "contentUrl": ["https://a.org/p.pdf"],
    }}},
    "biorxiv": {"messages": [{"status": "ok"}], "collection": [{
        "doi": "10.1101/2020.01.01.123456", "title": "T", "authors": "F, G", "date": "2020-01-02", "version": "1",
        "license": "cc_by", "server": "biorxiv", "published": "NA",
    }]},
    "openalex": {
        "doi": "https://doi.org/10.1000/x", "title": "T", "publication_year": 2020, "type": "article",
        "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/1", "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/1"},
        "authorships": [{"raw_author_name": "F, G", "author": {"display_name": "G F"}}],
        "primary_location": {"source": {"display_name": "J", "type": "journal", "issn": ["1234-5679"]}},
        "best_oa_location": None, "locations": [{"is_oa": True, "pdf_url": "https://a.org/p.pdf",
            "landing_page_url": "https://a.org/p", "license": "cc-by", "version": "publishedVersion"}],
    },
    "semanticscholar": {
        "paperId": "1", "title": "T", "year": 2020, "authors": [{"authorId": "2", "name": "F, G"}],
        "journal": {"name": "J"}, "externalIds": {"DOI": "10.1000/x", "PubMed": "1", "PubMedCentral": "1"},
        "openAccessPdf": {"url": "https://a.org/p.pdf", "status": "GREEN", "license": "CCBY"},
    },
    "core": {"totalHits": 1, "results": [{
        "doi": "10.1000/x", "title": "T", "authors": [{"name": "F, G"}], "yearPublished": 2020, "publisher": "P",
        "journals": [{"title": "J", "identifiers": ["1234-5679"]}], "downloadUrl": "https://a.org/p.pdf",
    }]},
    "doaj": {"total": 1, "results": [{"bibjson": {
        "identifier": [{"type": "doi", "id": "10.1000/x"}], "title": "T", "author": [{"name": "F, G"}], "year": "2020",
        "journal": {"title": "J", "issns": ["1234-5679"], "publisher": "P", "license": [{"type": "CC BY"}]},
        "link": [{"type": "fulltext", "content_type": "PDF", "url": "https://a.org/p.pdf"}],
    }}]},
    "elsevier": {"entitlement-response": {"document-entitlement": {"@status": "found", "entitled": True}}},
    "springer": {"records": [{
        "doi": "10.1007/x", "title": "T", "creators": [{"creator": "F, G"}], "publicationName": "J",
        "openaccess": "true", "issn": "1234-5679", "eIssn": "", "publicationDate": "2020-01-02", "publisher": "P",
        "url": [{"format": "pdf", "platform": "web", "value": "https://a.org/p.pdf"}],
    }]},
}  # fmt: skip
ODD = (
    None, True, 0, -1, 2**70, 1.5, float("nan"), float("inf"), "", " ", "\0", "\ud800", "x" * 40_000, [], [[]], [None],
    {}, {"x": 1}, [{}], "javascript:alert(1)", "http://[", "https://", "http://169.254.169.254/", "file:///etc/passwd",
)  # fmt: skip


def asked(name: str, body: bytes) -> Finding | None:
    try:
        return MAKERS[name](Answering(body)).find(PAPERS.get(name, PAPER))
    except SourceUnavailable:
        return None


def places(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """The paths of all values inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [deeper for key, entry in inside for deeper in places(entry, (*path, key))]


def with_value(value: Any, path: tuple[object, ...], new: object) -> Any:
    """A copy of a value with another value at a path."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = with_value(value[path[0]], path[1:], new)
    return copy


def is_sound(finding: Finding) -> bool:
    """Whether everything in a finding may be shown, stored and fetched."""
    known = finding.metadata
    texts = [known.title, known.journal, known.publisher, known.type, *known.authors, *known.issn]
    return (
        all(copy.url.startswith(("http://", "https://")) and len(copy.url) <= 2000 for copy in finding.copies)
        and all(text is None or (isinstance(text, str) and text.strip() and text.encode()) for text in texts)
        and (known.year is None or 1000 <= known.year < 2200)
    )


@pytest.mark.case("H64")
@pytest.mark.parametrize("name", JSON_MAKERS)
def test_an_odd_value_anywhere_costs_that_value_and_never_crashes(name: str):
    for path in places(COMPLETE[name]):
        for odd in ODD:
            finding = asked(name, json.dumps(with_value(COMPLETE[name], path, odd)).encode())
            assert finding is None or is_sound(finding), (path, odd)


@pytest.mark.case("H64")
@pytest.mark.parametrize("name", MAKERS)
@given(
    body=st.one_of(
        st.binary(max_size=200),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3),
                st.dictionaries(
                    st.sampled_from(
                        [
                            "message",
                            "oa_locations",
                            "resultList",
                            "result",
                            "link",
                            "doi",
                            "results",
                            "data",
                            "attributes",
                            "collection",
                            "locations",
                            "paperId",
                            "records",
                        ]
                    ),
                    inner,
                ),
            ),
            max_leaves=10,
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_whatever_is_answered_a_source_finds_something_sound_or_says_that_it_was_not_answered(name: str, body: bytes):
    finding = asked(name, body)
    assert finding is None or is_sound(finding)


HOSTILE = {
    "nested 100,000 deep": b"[" * 100_000,
    "an object nested 100,000 deep": b'{"message":' * 100_000,
    "a number of a million digits": b'{"doi": "10.1000/x", "oa_locations": [], "year": ' + b"9" * 1_000_000 + b"}",
    "a web page": b"<!doctype html><html><body>Welcome to our network</body></html>",
    "nothing": b"",
    "half an answer": b'{"doi": "10.1000/x", "oa_loc',
    "a list": b"[]",
    "a null": b"null",
    "not UTF-8": b'{"doi": "\xff\xfe", "message": {"title": ["\xff"]}}',
    "duplicate keys": b'{"message": 1, "message": {}, "oa_locations": 1, "oa_locations": [], "hitCount": 0}',
}


@pytest.mark.case("H64")
@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_answers_are_survived(name: str, kind: str):
    finding = asked(name, HOSTILE[kind])
    assert finding is None or is_sound(finding)


@pytest.mark.parametrize("name", MAKERS)
def test_a_web_page_in_place_of_an_answer_does_not_mean_that_there_is_no_copy(name: str):
    with pytest.raises(SourceUnavailable) as caught:
        MAKERS[name](Answering(HOSTILE["a web page"])).find(PAPERS.get(name, PAPER))
    assert (caught.value.source, caught.value.cause) == (name, "source_unreachable")


@pytest.mark.parametrize("name", MAKERS)
def test_a_paper_that_the_service_does_not_know_is_unknown(name: str):
    assert MAKERS[name](Failing("not_found", status=404)).find(PAPERS.get(name, PAPER)) == Finding()


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize(
    ("failure", "cause"),
    [
        ("server_error", "source_unreachable"),
        ("timeout", "source_unreachable"),
        ("network_error", "source_unreachable"),
        ("too_large", "source_unreachable"),
        ("rate_limited", "rate_limited"),
        ("host_resting", "host_resting"),
    ],
)
def test_a_failed_request_says_that_the_source_could_not_be_asked_and_until_when(name: str, failure: str, cause: str):
    until = datetime(2026, 11, 23, tzinfo=UTC)
    with pytest.raises(SourceUnavailable) as caught:
        MAKERS[name](Failing(failure, status=503, until=until)).find(PAPERS.get(name, PAPER))
    assert (caught.value.source, caught.value.cause, caught.value.until) == (name, cause, until)


@pytest.mark.parametrize("name", MAKERS)
def test_a_paper_without_a_fitting_identifier_is_not_served_and_not_asked_for(name: str):
    fetcher = Answering(b"")
    source = MAKERS[name](fetcher)
    assert source.name == name
    assert not source.serves([])
    assert source.find([]) == Finding()
    assert fetcher.asked == []


@pytest.mark.parametrize("name", JSON_MAKERS)
def test_a_complete_answer_gives_copies_and_metadata(name: str):
    finding = asked(name, json.dumps(COMPLETE[name]).encode())
    assert finding is not None
    assert finding.known
    assert finding.copies
    told = finding.metadata.known()
    complete = {"title": "T", "authors": ("F, G",), "journal": "J", "issn": ("1234-5679",), "year": 2020}
    expected = {field: value for field, value in complete.items() if field not in UNTOLD.get(name, ())}
    assert {field: value for field, value in told.items() if field in complete} == expected
