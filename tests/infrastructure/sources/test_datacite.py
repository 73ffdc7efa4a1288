"""DataCite: metadata of any DOI, copies of open texts."""

from datetime import UTC, datetime
from typing import Any

import pytest

from application.ports.sources import Finding, SourceUnavailable
from domain.copies import CopyKind, Version
from infrastructure.sources.datacite import DataCite
from tests.infrastructure.sources.fakes import Answering, StandingClock, doi

PAGE = "https://repository.example/record/1"
OPEN = {"rightsList": [{"rights": "Open Access", "rightsUri": "info:eu-repo/semantics/openAccess"}]}
BY = {"rightsList": [{"rights": "Creative Commons Attribution 4.0", "rightsIdentifier": "CC-BY-4.0"}]}


def found(**attributes: Any) -> Finding:
    answer = {"data": {"attributes": {"doi": "10.1000/X", "url": PAGE, **attributes}}}
    return DataCite(Answering(answer), StandingClock()).find([doi("10.1000/x")])


def kind(name: str) -> dict[str, Any]:
    return {"types": {"resourceTypeGeneral": name}}


def test_an_open_work_has_its_page() -> None:
    (copy,) = found(**OPEN).copies
    assert (copy.url, copy.kind, copy.version, copy.licence) == (PAGE, CopyKind.LANDING_PAGE, Version.UNKNOWN, None)


@pytest.mark.parametrize(
    "rights",
    [
        {"rightsUri": "https://creativecommons.org/licenses/by/4.0/legalcode"},
        {"rightsIdentifier": "cc-by-4.0"},
        {"rightsIdentifier": "CC-BY-3.0-DE"},
        {"rights": "CC BY 4.0"},
    ],
)
def test_licences_are_known_in_every_spelling(rights: dict[str, str]) -> None:
    assert [copy.licence for copy in found(rightsList=[rights]).copies] == ["cc-by"]


@pytest.mark.parametrize("rights", [[], [{"rights": "All rights reserved"}], [{"rights": "Restricted Access"}]])
def test_without_an_open_right_there_is_no_copy(rights: list[dict[str, str]]) -> None:
    finding = found(rightsList=rights, titles=[{"title": "T"}])
    assert (finding.known, finding.copies, finding.metadata.title) == (True, (), "T")


def test_files_come_before_the_page() -> None:
    files = ["https://repository.example/data.zip", "https://repository.example/a.PDF"]
    assert [(copy.url, copy.kind) for copy in found(contentUrl=files, **BY).copies] == [
        (files[1], CopyKind.PDF),
        (PAGE, CopyKind.LANDING_PAGE),
    ]


def test_a_file_without_an_ending_is_one_where_the_only_format_says_so() -> None:
    file = "https://repository.example/file/1"
    assert found(contentUrl=file, formats=["application/pdf"], **BY).copies[0].url == file
    assert found(contentUrl=file, formats=["application/pdf", "text/csv"], **BY).copies[0].url == PAGE


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("Preprint", Version.SUBMITTED),
        ("Dissertation", Version.PUBLISHED),
        ("JournalArticle", Version.PUBLISHED),
        ("Text", Version.UNKNOWN),
    ],
)
def test_the_type_tells_the_version(name: str, version: Version) -> None:
    assert {copy.version for copy in found(**BY, **kind(name)).copies} == {version}


@pytest.mark.parametrize("name", ["Dataset", "Software", "Image", "Collection"])
def test_what_is_no_text_has_no_copies_but_a_type(name: str) -> None:
    finding = found(**BY, **kind(name))
    assert (finding.copies, finding.metadata.type) == ((), name.lower())


def test_types_have_crossrefs_names() -> None:
    assert [found(**kind(name)).metadata.type for name in ("JournalArticle", "BookChapter", "Text", "Other")] == [
        "journal-article",
        "book-chapter",
        None,
        None,
    ]


def test_the_main_title_and_newer_forms_of_publishers_are_read() -> None:
    titles = [{"title": "Sub", "titleType": "Subtitle"}, {"title": "Main"}]
    told = found(titles=titles, publisher={"name": "Zenodo"}, creators=[{"name": "A Group"}]).metadata
    assert (told.title, told.publisher, told.authors) == ("Main", "Zenodo", ("A Group",))


def test_an_embargo_ends_when_the_work_becomes_available() -> None:
    dates = {"dates": [{"date": "2027-03-01", "dateType": "Available"}, {"date": "2026-12-01", "dateType": "Issued"}]}
    assert found(**dates).open_from == datetime(2027, 3, 1, tzinfo=UTC)
    assert found(**dates, **BY).open_from is None


def test_an_answer_about_another_doi_gives_nothing_of_it() -> None:
    assert found(doi="10.1000/other", **BY) == Finding(known=True)


def test_another_service_in_its_place_is_no_answer() -> None:
    with pytest.raises(SourceUnavailable):
        DataCite(Answering({"data": []}), StandingClock()).find([doi("10.1000/x")])


def test_the_doi_is_encoded() -> None:
    fetcher = Answering({"data": {"attributes": {}}})
    DataCite(fetcher, StandingClock(), base="http://127.0.0.1:9/").find([doi("10.1000/a/b?#")])
    assert fetcher.asked == ["http://127.0.0.1:9/dois/10.1000/a%2Fb%3F%23"]
