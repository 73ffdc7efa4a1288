"""Crossref: metadata, and files only under an open licence."""

from datetime import UTC, datetime
from typing import Any

import pytest

from application.ports.sources import Finding, SourceUnavailable
from domain.copies import CopyKind, Version
from domain.metadata import Metadata
from infrastructure.sources.crossref import Crossref
from tests.infrastructure.sources.fakes import Answering, StandingClock, doi

PAPER = (doi("10.1000/x"),)
OPEN = {"URL": "http://creativecommons.org/licenses/by-nc/4.0/", "content-version": "vor"}
FILE = {
    "URL": "https://a.org/1.pdf",
    "content-type": "application/pdf",
    "content-version": "vor",
    "intended-application": "text-mining",
}


def found(**fields: Any) -> Finding:
    fetcher = Answering({"status": "ok", "message": {"DOI": "10.1000/X", **fields}})
    return Crossref(fetcher, StandingClock()).find(PAPER)


def test_metadata_is_read():
    finding = found(
        title=["A <i>title</i> &amp; more"],
        author=[{"family": "Ruiz", "given": "Ana"}, {"name": "The Group"}, {"given": "Plato"}, {"ORCID": "x"}],
        **{"container-title": ["A Journal", "AJ"], "issued": {"date-parts": [[None]]}},
        published={"date-parts": [[2019, 5]]},
        ISSN=["1234-5679", "nonsense"],
        publisher="A Publisher",
        type="journal-article",
        URL="http://dx.doi.org/10.1000/x",
    )
    assert finding.metadata == Metadata(
        title="A <i>title</i> &amp; more",
        authors=("Ruiz, Ana", "The Group", "Plato"),
        journal="A Journal",
        issn=("1234-5679",),
        year=2019,
        publisher="A Publisher",
        type="journal-article",
        url="http://dx.doi.org/10.1000/x",
    )
    assert finding.copies == ()


def test_a_file_under_a_creative_commons_licence_is_a_copy():
    (copy,) = found(link=[FILE], license=[OPEN]).copies
    assert (copy.url, copy.kind, copy.version, copy.licence) == (
        "https://a.org/1.pdf",
        CopyKind.PDF,
        Version.PUBLISHED,
        "cc-by-nc",
    )


@pytest.mark.parametrize(
    ("link", "licence"),
    [
        ({}, {"URL": "https://www.elsevier.com/tdm/userlicense/1.0/"}),
        ({"intended-application": "similarity-checking"}, {}),
        ({"intended-application": "syndication"}, {}),
        ({"content-type": "text/xml"}, {}),
        ({"content-version": "am"}, {}),
        ({"URL": "ftp://a.org/1.pdf"}, {}),
        ({}, {"start": {"date-parts": [[2027, 1, 1]]}}),
        ({}, {"URL": "https://creativecommons.example.org/licenses/by/4.0"}),
    ],
)
def test_links_without_an_open_licence_for_them_are_no_copies(link: dict[str, Any], licence: dict[str, Any]):
    assert found(link=[FILE | link], license=[OPEN | licence]).copies == ()


@pytest.mark.parametrize("covered", ["vor", "unspecified", "tdm"])
def test_a_licence_covers_its_version_or_all(covered: str):
    licence = OPEN | {"content-version": covered, "start": {"date-parts": [[2020, 1, 1]]}}
    assert len(found(link=[FILE], license=[licence]).copies) == 1


@pytest.mark.parametrize(
    ("version", "type_", "expected"),
    [
        ("vor", "journal-article", Version.PUBLISHED),
        ("am", "journal-article", Version.ACCEPTED),
        ("tdm", "journal-article", Version.UNKNOWN),
        ("vor", "posted-content", Version.SUBMITTED),
    ],
)
def test_versions_are_told_apart(version: str, type_: str, expected: Version):
    licence = OPEN | {"content-version": "unspecified"}
    (copy,) = found(link=[FILE | {"content-version": version}], license=[licence], type=type_).copies
    assert copy.version is expected


def test_a_preprint_on_an_open_server_is_a_page():
    relation = {"has-preprint": [{"id-type": "doi", "id": "10.1101/2020.01.02.123456"}]}
    (copy,) = found(relation=relation).copies
    assert copy.url == "https://doi.org/10.1101/2020.01.02.123456"
    assert (copy.kind, copy.version) == (CopyKind.LANDING_PAGE, Version.SUBMITTED)


def test_a_preprint_elsewhere_is_none():
    assert found(relation={"has-preprint": [{"id-type": "doi", "id": "10.2139/ssrn.1234567"}]}).copies == ()


def test_the_answer_for_another_doi_gives_nothing_of_it():
    assert found(DOI="10.1000/other", title=["Other"]) == Finding(known=True)


@pytest.mark.case("H64")
def test_an_answer_without_a_message_is_none():
    with pytest.raises(SourceUnavailable):
        Crossref(Answering({"status": "ok"}), StandingClock()).find(PAPER)


def test_the_contact_address_is_sent_where_there_is_one():
    fetcher = Answering({"message": {}})
    Crossref(fetcher, StandingClock(), email="a@b.org").find([doi("10.1000/a/b?c")])
    Crossref(fetcher, StandingClock()).find([doi("10.1000/a")])
    assert fetcher.asked == [
        "https://api.crossref.org/works/10.1000/a%2Fb%3Fc?mailto=a%40b.org",
        "https://api.crossref.org/works/10.1000/a",
    ]


@pytest.mark.parametrize(
    ("licence", "opens"),
    [
        ({"start": {"date-parts": [[2027, 3, 1]]}}, datetime(2027, 3, 1, tzinfo=UTC)),
        ({"start": {"date-parts": [[2027]]}, "content-version": "am"}, datetime(2027, 1, 1, tzinfo=UTC)),
        ({"start": {"date-parts": [[2026, 11, 22]]}}, None),
        ({"start": {"date-parts": [[2027, 3, 1]]}, "URL": "https://www.elsevier.com/tdm/userlicense/1.0/"}, None),
        ({}, None),
    ],
)
def test_a_licence_that_begins_later_is_an_embargo(licence: dict[str, Any], opens: datetime | None):
    finding = found(link=[FILE], license=[{**OPEN, **licence}])
    assert finding.open_from == opens
