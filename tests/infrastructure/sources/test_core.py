"""CORE: files of repositories."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from application.ports.sources import Finding, SourceUnavailable
from infrastructure.sources.core import Core
from tests.infrastructure.sources.fakes import Answering, Failing, doi

PAPER = (doi("10.1000/x"),)


def work(**fields: Any) -> dict[str, Any]:
    return {"doi": "10.1000/X", **fields}


def found(*works: dict[str, Any]) -> Finding:
    return Core(Answering({"results": list(works)})).find(PAPER)


def test_every_file_of_the_doi_is_a_copy() -> None:
    urls = ["https://core.ac.uk/download/1.pdf", "https://repository.example/2.pdf"]
    assert [copy.url for copy in found(*(work(downloadUrl=url) for url in urls)).copies] == urls


def test_works_with_another_doi_do_not_count() -> None:
    assert found(work(doi="10.1000/y", downloadUrl="https://a.org/1.pdf"), work(doi=None)) == Finding()


def test_a_work_without_a_file_is_known() -> None:
    finding = found(work(downloadUrl="", title="T"))
    assert (finding.known, finding.copies, finding.metadata.title) == (True, (), "T")


def test_the_doi_is_looked_for_as_a_phrase() -> None:
    fetcher = Answering({"results": []})
    Core(fetcher).find([doi('10.1000/(a)"b')])
    (url,) = fetcher.asked
    assert parse_qs(urlsplit(url).query) == {"q": ['doi:"10.1000/(a)b"'], "limit": ["10"]}


def test_a_refused_key_is_a_missing_credential() -> None:
    with pytest.raises(SourceUnavailable) as caught:
        Core(Failing("forbidden", status=401)).find(PAPER)
    assert caught.value.cause == "missing_credential"
