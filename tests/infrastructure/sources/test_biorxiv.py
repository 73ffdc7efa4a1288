"""bioRxiv and medRxiv: the newest version of a preprint."""

from typing import Any

import pytest

from application.ports.sources import Finding, SourceUnavailable
from domain.copies import Version
from infrastructure.sources.biorxiv import BASE, Biorxiv
from tests.infrastructure.sources.fakes import Answering, Replying, doi

BIO, MED = "10.1101/2020.01.01.123456", "10.1101/2020.03.19.20039131"
NONE: dict[str, Any] = {"messages": [{"status": "no posts found"}], "collection": []}


def details(server: str, asked: str) -> str:
    return f"{BASE}/details/{server}/{asked}/na/json"


def versions(asked: str, *numbers: object, **fields: Any) -> dict[str, Any]:
    return {"collection": [{"doi": asked, "version": number, **fields} for number in numbers]}


def test_the_newest_version_is_the_copy() -> None:
    fetcher = Replying({details("biorxiv", BIO): versions(BIO, "1", "2", "10", license="cc_by_nc_nd")})
    (copy,) = Biorxiv(fetcher).find([doi(BIO)]).copies
    assert copy.url == f"https://www.biorxiv.org/content/{BIO}v10.full.pdf"
    assert (copy.version, copy.licence) == (Version.SUBMITTED, "cc-by-nc-nd")


def test_eight_digits_are_looked_for_in_medrxiv_first() -> None:
    fetcher = Replying({details("medrxiv", MED): versions(MED, 1)})
    (copy,) = Biorxiv(fetcher).find([doi(MED)]).copies
    assert copy.url == f"https://www.medrxiv.org/content/{MED}v1.full.pdf"
    assert fetcher.asked == [details("medrxiv", MED)]


def test_the_other_server_is_asked_where_one_has_none() -> None:
    fetcher = Replying({details("biorxiv", BIO): NONE, details("medrxiv", BIO): versions(BIO, 3)})
    assert Biorxiv(fetcher).find([doi(BIO)]).copies[0].url.startswith("https://www.medrxiv.org/")
    assert Biorxiv(Answering(NONE)).find([doi(BIO)]) == Finding()


@pytest.mark.parametrize(
    ("value", "serves"),
    [
        (BIO, True),
        (MED, True),
        ("10.1101/123456", True),
        ("10.64898/2026.01.02.123456", True),
        ("10.1101/gr.123456.789", False),
        ("10.1101/cshperspect.a000001", False),
        ("10.1000/2020.01.01.123456", False),
    ],
)
def test_only_preprints_are_served(value: str, serves: bool) -> None:
    assert Biorxiv(Answering(NONE)).serves([doi(value)]) is serves


def test_the_published_article_is_another_work() -> None:
    told = versions(BIO, 1, published="10.1000/journal.1", title="T", authors="Ruiz, A.; Li, B.;", server="bioRxiv")
    finding = Biorxiv(Answering(told)).find([doi(BIO)])
    assert finding.identifiers == ()
    assert finding.metadata.authors == ("Ruiz, A.", "Li, B.")
    assert (finding.metadata.type, finding.metadata.publisher) == ("posted-content", "bioRxiv")


@pytest.mark.parametrize("number", ["", "0", "two", None, True, "1e3", "99999", "\u0663"])
def test_what_is_no_version_is_left_out(number: object) -> None:
    assert Biorxiv(Answering(versions(BIO, number))).find([doi(BIO)]) == Finding()


@pytest.mark.parametrize(("told", "licence"), [("cc_by", "cc-by"), ("cc0", "cc0"), ("cc_no", None), (None, None)])
def test_licences_have_their_usual_names(told: str | None, licence: str | None) -> None:
    assert Biorxiv(Answering(versions(BIO, 1, license=told))).find([doi(BIO)]).copies[0].licence == licence


def test_an_answer_without_a_list_is_none() -> None:
    with pytest.raises(SourceUnavailable):
        Biorxiv(Answering({"messages": []})).find([doi(BIO)])
