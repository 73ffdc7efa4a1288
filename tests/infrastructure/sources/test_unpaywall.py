"""Unpaywall: every open location becomes copies."""

from datetime import UTC, datetime
from typing import Any

import pytest

from application.ports.sources import Finding, SourceUnavailable
from domain.copies import CopyKind, Version
from infrastructure.sources.unpaywall import Unpaywall
from tests.infrastructure.sources.fakes import Answering, Failing, StandingClock, doi

PAPER = (doi("10.1000/x"),)


def found(*locations: Any, **fields: Any) -> Finding:
    fetcher = Answering({"doi": "10.1000/X", "oa_locations": list(locations), **fields})
    return Unpaywall(fetcher, StandingClock(), email="reader@university.edu").find(PAPER)


def test_every_location_gives_its_file_and_its_page():
    finding = found(
        {
            "url_for_pdf": "https://a.org/1.pdf",
            "url_for_landing_page": "https://a.org/1",
            "version": "publishedVersion",
            "license": "cc-by",
        },
        {"url_for_pdf": None, "url_for_landing_page": "https://b.org/2", "version": "acceptedVersion"},
    )
    assert [(copy.url, copy.kind, copy.version, copy.licence) for copy in finding.copies] == [
        ("https://a.org/1.pdf", CopyKind.PDF, Version.PUBLISHED, "cc-by"),
        ("https://a.org/1", CopyKind.LANDING_PAGE, Version.PUBLISHED, "cc-by"),
        ("https://b.org/2", CopyKind.LANDING_PAGE, Version.ACCEPTED, None),
    ]
    assert {copy.source for copy in finding.copies} == {"unpaywall"}


def test_a_page_that_is_the_file_counts_once():
    finding = found({"url_for_pdf": "https://a.org/1.pdf", "url_for_landing_page": "http://a.org/1.pdf"})
    assert [copy.kind for copy in finding.copies] == [CopyKind.PDF]


def test_a_location_with_nothing_but_its_general_address_is_a_page():
    assert [copy.kind for copy in found({"url": "https://a.org/1"}).copies] == [CopyKind.LANDING_PAGE]


def test_the_best_location_counts_where_the_list_leaves_it_out():
    finding = found(best_oa_location={"url_for_pdf": "https://a.org/1.pdf"})
    assert [copy.url for copy in finding.copies] == ["https://a.org/1.pdf"]


@pytest.mark.case("H64")
@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:x", "ftp://a.org/1", "https://a.org/" + "x" * 2000])
def test_addresses_that_no_browser_would_fetch_are_no_copies(url: str):
    assert found({"url_for_pdf": url}).copies == ()


def test_blanks_in_an_address_are_encoded():
    assert found({"url_for_pdf": " https://a.org/a b.pdf "}).copies[0].url == "https://a.org/a%20b.pdf"


def test_a_closed_paper_is_known_and_has_no_copies():
    finding = found(is_oa=False, title="T")
    assert finding.known
    assert finding.copies == ()
    assert finding.metadata.title == "T"


@pytest.mark.case("H65")
def test_markup_emoji_and_right_to_left_letters_in_titles_stay_as_they_are():
    title = "H<sub>2</sub>O 🧪 مرحبا" + "x" * 20_000
    assert found(title=title).metadata.title == title


def test_an_answer_about_another_paper_gives_nothing_of_it():
    finding = found({"url_for_pdf": "https://a.org/1.pdf"}, doi="10.1000/other", title="Other")
    assert finding == Finding(known=True)


def test_the_doi_is_encoded_and_the_contact_address_sent():
    fetcher = Answering({"doi": "10.1002/(sici)1097<1::a>3.0.co;2-#/..", "oa_locations": []})
    source = Unpaywall(fetcher, StandingClock(), email="a+b@university.edu", base="http://127.0.0.1:9/")
    assert source.find([doi("10.1002/(sici)1097<1::a>3.0.co;2-#/..")]).known
    path = "10.1002/%28sici%291097%3C1%3A%3Aa%3E3.0.co%3B2-%23%2F.."
    assert fetcher.asked == [f"http://127.0.0.1:9/v2/{path}?email=a%2Bb%40university.edu"]


@pytest.mark.case("H64")
def test_a_refused_contact_address_is_a_missing_credential():
    with pytest.raises(SourceUnavailable) as caught:
        Unpaywall(Failing("bad_response", status=422), StandingClock(), email="you@example.com").find(PAPER)
    assert caught.value.cause == "missing_credential"


def test_without_a_contact_address_nothing_is_asked():
    fetcher = Answering({})
    with pytest.raises(SourceUnavailable) as caught:
        Unpaywall(fetcher, StandingClock(), email="").find(PAPER)
    assert caught.value.cause == "missing_credential"
    assert fetcher.asked == []


@pytest.mark.parametrize(
    ("dates", "opens"),
    [
        (["2027-03-01", "2027-01-15"], datetime(2027, 1, 15, tzinfo=UTC)),
        (["2020-01-01", "2027-03-01"], datetime(2027, 3, 1, tzinfo=UTC)),
        (["2026-11-22"], None),
        ([None, "soon", 7, "2027-02-30"], None),
    ],
)
def test_the_first_embargo_to_end_is_told(dates: list[Any], opens: datetime | None):
    finding = found(oa_locations_embargoed=[{"oa_date": day} for day in dates])
    assert (finding.open_from, finding.copies) == (opens, ())
