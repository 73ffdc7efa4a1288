"""A resolver of the user's own: what it finds in an answer."""

import json
from pathlib import Path
from typing import Any

import pytest

from application.ports.fetcher import Fetched
from application.ports.sources import Finding, SourceUnavailable
from domain.copies import Copy, CopyKind, Version
from domain.errors import InvalidValue
from domain.identifiers import Identifier, Scheme
from domain.resolvers import resolvers_of
from infrastructure.sources.resolver import MOST_COPIES, OwnResolver, check_resolvers
from tests.infrastructure.sources.fakes import Answering, Failing, doi

DATA = {"name": "library", "url": "https://a.example/api/{doi}", "path": "files[*].url", "licence": "cc-by"}
PAGE = {"name": "page", "url": "https://a.example/search?q={doi}", "kind": "html", "selector": ".pdf"}
PAPER = [doi("10.1000/x")]


class Paging(Answering):
    """Notes whether a page was asked for."""

    as_page = False

    def get(
        self, url: str, *, headers: dict[str, str] | None = None, limit: int = 10_000_000, page: bool = False
    ) -> tuple[Fetched, bytes]:
        self.as_page = page
        return super().get(url, headers=headers, limit=limit, page=page)

    def download(
        self, url: str, into: Path, *, referer: str | None = None, headers: dict[str, str] | None = None
    ) -> Fetched:
        raise NotImplementedError


def source(fetcher: Answering, **more: Any) -> OwnResolver:
    base = PAGE if more.get("kind") == "html" or "selector" in more else DATA
    (resolver,) = resolvers_of(json.dumps([{**base, **more}]))
    return OwnResolver(fetcher, resolver)


def test_the_addresses_in_data_are_copies() -> None:
    fetcher = Paging({"files": [{"url": "https://b.example/1.pdf"}, {"url": "/2.pdf"}, {"url": 7}, {}]})
    finding = source(fetcher, version="accepted").find(PAPER)
    common = {"source": "resolver-library", "version": Version.ACCEPTED, "licence": "cc-by"}
    assert finding.copies == (
        Copy(url="https://b.example/1.pdf", **common),  # type: ignore[arg-type]
        Copy(url="https://a.example/2.pdf", **common),  # type: ignore[arg-type]
    )
    assert (finding.known, fetcher.asked, fetcher.as_page) == (True, ["https://a.example/api/10.1000/x"], False)


@pytest.mark.parametrize(
    "element",
    [
        '<a class="pdf" href="1.pdf">x</a>',
        '<meta class="pdf" content="/1.pdf">',
        '<object class="pdf" data="https://a.example/1.pdf"></object>',
        '<p class="pdf"> https://a.example/1.pdf </p>',
    ],
)
def test_the_addresses_in_a_page_are_copies(element: str) -> None:
    fetcher = Paging(f"<html><body>{element}<a href='other'>y</a></body></html>".encode())
    finding = source(fetcher, selector=".pdf", leads_to="page").find(PAPER)
    assert [(copy.url, copy.kind) for copy in finding.copies] == [("https://a.example/1.pdf", CopyKind.LANDING_PAGE)]
    assert fetcher.as_page


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "http://[", "", "mailto:x@y.z"])
def test_what_nobody_would_fetch_is_no_copy(url: str) -> None:
    finding = source(Answering({"files": [{"url": url}]})).find(PAPER)
    assert all(copy.url.startswith(("https://", "http://")) for copy in finding.copies)
    assert "etc" not in str(finding.copies)


def test_only_so_many_are_believed() -> None:
    many = {"files": [{"url": f"https://b.example/{number}"} for number in range(1_000)]}
    assert len(source(Answering(many)).find(PAPER).copies) == MOST_COPIES


def test_what_has_nothing_or_is_not_found_does_not_know_the_paper() -> None:
    assert source(Answering({"files": []})).find(PAPER) == Finding()
    assert source(Failing("not_found", status=404)).find(PAPER) == Finding()


@pytest.mark.parametrize("body", [b"<html>", b"", b"[" * 100_000])
def test_what_is_no_json_is_no_answer(body: bytes) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        source(Answering(body)).find(PAPER)
    assert caught.value.source == "resolver-library"


def test_papers_without_its_identifier_are_not_served() -> None:
    resolver = source(Answering({}), url="https://a.example/{pmid}")
    assert not resolver.serves(PAPER)
    assert resolver.find(PAPER) == Finding()
    assert resolver.serves([Identifier(Scheme.PMID, "7")])


@pytest.mark.parametrize("selector", ["a[", ":::", "a:foo("])
def test_a_selector_that_is_none_is_told(selector: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        check_resolvers(json.dumps([{**PAGE, "selector": selector}]))
    assert "“page” has a “selector”" in refused.value.expected
    check_resolvers(json.dumps([PAGE, DATA]))
