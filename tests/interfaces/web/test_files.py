"""Stored files as answers."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import TestClient

from interfaces.web.files import NotSatisfiable, Span, disposition, span_of
from tests.interfaces.web.world import PDF, World

Browser = TestClient[Any]


@pytest.mark.parametrize(
    ("header", "span"),
    [
        (None, None),
        ("bytes=0-9", Span(first=0, last=9)),
        ("bytes=10-", Span(first=10, last=99)),
        ("bytes=-10", Span(first=90, last=99)),
        ("bytes=-500", Span(first=0, last=99)),
        ("bytes=90-500", Span(first=90, last=99)),
        ("Bytes=0-0", Span(first=0, last=0)),
        ("bytes=0-1,5-6", None),
        ("bytes=5-1", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("lines=0-9", None),
        ("bytes=" + "9" * 40 + "-", None),
    ],
)
def test_a_range_is_read(header: str | None, span: Span | None) -> None:
    assert span_of(header, 100) == span


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_outside_is_told(header: str) -> None:
    with pytest.raises(NotSatisfiable):
        span_of(header, 100)


@given(st.integers(0, 200), st.integers(0, 200), st.integers(1, 100))
def test_a_span_lies_inside(first: int, last: int, size: int) -> None:
    try:
        span = span_of(f"bytes={first}-{last}", size)
    except NotSatisfiable:
        assert first >= size
        return
    assert span is None or 0 <= span.first <= span.last < size


@pytest.mark.case("W14")
@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_a_name_does_not_leave_its_header(name: str) -> None:
    header = disposition(name, inline=False)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert header.startswith('attachment; filename="')


def test_a_name_is_told_in_its_own_script() -> None:
    assert disposition("ä.pdf", inline=True) == "inline; filename=\"_.pdf\"; filename*=UTF-8''%C3%A4.pdf"


class TestServed:
    """The file of a paper over HTTP."""

    @pytest.fixture
    def address(self, world: World) -> str:
        return f"/api/v1/papers/{world.done}/file"

    def test_the_whole_file_comes_as_a_download(self, reader: Browser, address: str) -> None:
        answer = reader.get(address)
        assert (answer.status_code, answer.content) == (200, PDF)
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "M%C3%BCller_2020" in answer.headers["content-disposition"]
        assert answer.headers["accept-ranges"] == "bytes"

    def test_it_is_shown_when_asked_for(self, reader: Browser, address: str) -> None:
        assert reader.get(f"{address}?inline=1").headers["content-disposition"].startswith("inline")

    def test_it_is_found_by_the_doi(self, reader: Browser) -> None:
        for name in ("10.5555/done", "10.5555%2Fdone", "10.5555/DONE"):
            assert reader.get(f"/api/v1/papers/{name}/file").content == PDF

    def test_a_range_of_it_comes(self, reader: Browser, address: str) -> None:
        answer = reader.get(address, headers={"range": "bytes=5-7"})
        assert (answer.status_code, answer.content) == (206, PDF[5:8])
        assert answer.headers["content-range"] == f"bytes 5-7/{len(PDF)}"

    def test_a_range_of_another_version_is_not_glued_on(self, reader: Browser, address: str) -> None:
        tag = reader.get(address).headers["etag"]
        assert reader.get(address, headers={"range": "bytes=5-7", "if-range": tag}).status_code == 206
        assert reader.get(address, headers={"range": "bytes=5-7", "if-range": '"old"'}).status_code == 200

    def test_a_range_outside_of_it_is_refused(self, reader: Browser, address: str) -> None:
        answer = reader.get(address, headers={"range": "bytes=9999999-"})
        assert answer.status_code == 416
        assert answer.headers["content-range"] == f"bytes */{len(PDF)}"

    def test_what_the_browser_has_is_not_sent_again(self, reader: Browser, address: str) -> None:
        tag = reader.get(address).headers["etag"]
        answer = reader.get(address, headers={"if-none-match": tag})
        assert (answer.status_code, answer.content) == (304, b"")

    def test_a_paper_without_a_file_has_none(self, reader: Browser) -> None:
        answer = reader.get("/api/v1/papers/10.5555/new/file")
        assert answer.status_code == 404
        assert "not retrieved" in answer.json()["detail"]

    def test_a_file_that_is_gone_is_told(self, reader: Browser, world: World, address: str) -> None:
        path = next(Path(world.container.settings.library).glob("*.pdf"))
        hidden = path.rename(path.with_suffix(".away"))
        try:
            assert reader.get(address).status_code == 503
        finally:
            hidden.rename(path)
