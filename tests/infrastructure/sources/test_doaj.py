"""DOAJ: articles of open access journals."""

from typing import Any

import pytest

from application.ports.sources import Finding
from domain.copies import CopyKind, Version
from infrastructure.sources.doaj import Doaj
from tests.infrastructure.sources.fakes import Answering, doi


def found(*links: Any, **fields: Any) -> Finding:
    article = {"identifier": [{"type": "DOI", "id": "10.1000/X"}], "link": list(links), **fields}
    return Doaj(Answering({"results": [{"bibjson": article}]})).find([doi("10.1000/x")])


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("PDF", CopyKind.PDF),
        ("application/pdf", CopyKind.PDF),
        ("HTML", CopyKind.LANDING_PAGE),
        (None, CopyKind.LANDING_PAGE),
    ],
)
def test_full_texts_are_copies(form: str | None, kind: CopyKind) -> None:
    link = {"type": "fulltext", "url": "https://a.org/1", "content_type": form}
    (copy,) = found(link, journal={"license": [{"type": "CC BY-SA"}]}).copies
    assert (copy.url, copy.kind, copy.version, copy.licence) == ("https://a.org/1", kind, Version.PUBLISHED, "cc-by-sa")


def test_other_links_are_none() -> None:
    assert found({"type": "homepage", "url": "https://a.org"}, {"type": "fulltext", "url": "x"}).copies == ()


def test_articles_with_another_doi_do_not_count() -> None:
    link = {"type": "fulltext", "url": "https://a.org/1"}
    assert found(link, identifier=[{"type": "doi", "id": "10.1000/y"}]) == Finding()
    assert found(link, identifier=[{"type": "pissn", "id": "10.1000/x"}]) == Finding()


def test_the_doi_is_looked_for_as_a_phrase() -> None:
    fetcher = Answering({"results": []})
    Doaj(fetcher).find([doi('10.1000/(a)"/b')])
    assert fetcher.asked == ["https://doaj.org/api/v4/search/articles/doi%3A%2210.1000%2F%28a%29%2Fb%22"]
