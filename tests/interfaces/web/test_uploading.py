"""Forms with files, streamed."""

import tracemalloc
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st
from litestar import Request, post
from litestar.testing import TestClient

from application.file_names import MAX_NAME, shown_name
from application.ports.uploads import UploadTooLarge
from interfaces.container import Container
from interfaces.web.problems import BadForm
from interfaces.web.uploading import read_form
from tests.asynchronous import awaited
from tests.interfaces.web.serving import application, visitor

Browser = TestClient[Any]
BOUNDARY = "frontier"
TYPE = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
LIST = b"doi\n10.5555/one\n10.5555/two\n"


def part(content: bytes, name: str = "file", filename: str | None = "list.csv") -> bytes:
    """One part of a form, as a browser writes it."""
    named = "" if filename is None else f'; filename="{filename}"'
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    """A whole form."""
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def send(browser: Browser, body: bytes | Iterable[bytes], headers: dict[str, str] | None = None) -> Any:
    """Send a form to the interface for programs."""
    return browser.post("/api/v1/imports", content=body, headers=TYPE if headers is None else headers)


@pytest.mark.case("C26")
@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\\\lists\\\\x.csv", "x.csv"),
        ("\u202efdp.csv", "fdp.csv"),
        ("a\r\nX: y.csv", "aX: y.csv"),
        ("a\0b.csv", "ab.csv"),
        ("...", "unnamed"),
        ("", "unnamed"),
        ("/", "unnamed"),
        ("x" * 500 + ".csv", "x" * (MAX_NAME - 4) + ".csv"),
        ("x" * 500, "x" * MAX_NAME),
        ("Übersicht – final.csv", "Übersicht – final.csv"),
    ],
)
def test_a_file_name_is_made_fit_to_be_shown(sent: str, shown: str) -> None:
    assert shown_name(sent) == shown


@pytest.mark.case("C26")
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=300))
def test_no_name_is_a_path(sent: str) -> None:
    shown = shown_name(sent)
    assert shown.isprintable() or " " in shown or "\u3000" in shown
    assert not {"/", "\\", "\0", "\n", "\r"} & set(shown)
    assert 0 < len(shown) <= MAX_NAME
    assert shown not in {".", ".."}


class TestTaken:
    """Forms that are fine."""

    def test_fields_may_come_before_and_after_the_file(self, browser: Browser) -> None:
        parts = (part(b"My review", "collection", None), part(LIST), part(b"update", "on_duplicate", None))
        found = send(browser, form(*parts)).json()
        assert found["collection"]["name"] == "My review"
        assert (found["filename"], found["rows"]) == ("list.csv", 2)

    def test_a_form_may_come_in_small_pieces(self, browser: Browser) -> None:
        body = form(part(LIST))
        assert send(browser, (body[at : at + 1] for at in range(len(body)))).status_code == 202

    @pytest.mark.case("C26")
    def test_the_name_of_the_file_never_leads_anywhere(self, browser: Browser, container: Container) -> None:
        assert send(browser, form(part(LIST, filename="../../escape.csv"))).json()["filename"] == "escape.csv"
        assert [path.name for path in (container.settings.data / "uploads").iterdir()] != ["escape.csv"]
        assert not list(container.settings.data.parent.rglob("escape.csv"))


class TestRefused:
    """Forms that are not."""

    @pytest.mark.case("C27")
    @pytest.mark.parametrize(
        ("body", "headers", "told"),
        [
            (form(part(LIST, filename=None)), TYPE, "no file name"),
            (form(part(LIST), part(LIST)), TYPE, "more than one file"),
            (form(*(part(b"x", f"f{number}", None) for number in range(2_000))), TYPE, "broken"),
            (form(part(LIST, name="other")), TYPE, "“other”"),
            (form(part(b"", filename="")), TYPE, "no list"),
            (form(), TYPE, "no list"),
            (b"", TYPE, "broken"),
            (part(LIST), TYPE, "broken"),
            (form(part(LIST)), {"content-type": "multipart/form-data; boundary=other"}, "broken"),
            (form(part(LIST)), {"content-type": "multipart/form-data"}, "no multipart/form-data"),
            (LIST, {"content-type": "text/csv"}, "no multipart/form-data"),
            (b'{"file": "x"}', {"content-type": "application/json"}, "no multipart/form-data"),
            (form(part(b"\xff\xfe", "collection", None), part(LIST)), TYPE, "UTF-8"),
            (form(part(b"x" * 10_000_001, "collection", None)), TYPE, "10 MB"),
        ],
    )
    def test_a_broken_form_is_told_what_is_wrong(
        self, browser: Browser, container: Container, body: bytes, headers: dict[str, str], told: str
    ) -> None:
        answer = send(browser, body, headers)
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
        assert told in answer.json()["detail"]
        assert container.imports.page() == []

    def test_a_wrong_choice_is_told(self, browser: Browser, container: Container) -> None:
        answer = send(browser, form(part(LIST), part(b"overwrite", "on_duplicate", None)))
        assert answer.status_code == 422
        assert "skip or update" in answer.json()["detail"]

    def test_a_file_that_is_no_list_is_told(self, browser: Browser, container: Container) -> None:
        answer = send(browser, form(part(b"%PDF-1.7 not a list")))
        assert answer.status_code == 422
        assert container.imports.page() == []

    def test_a_refused_command_of_a_person_is_on_record(self, browser: Browser, container: Container) -> None:
        assert send(browser, form(part(LIST), part(b"x" * 300, "collection", None))).status_code == 422
        (recorded,) = container.log.stream("refusals")
        assert recorded.command == "import"


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Container]:
    """A library that takes lists of at most 2 MB."""
    with application(tmp_path, max_upload_bytes=2_000_000) as container:
        yield container


@define
class Counting:
    """A body that comes as slowly as it is taken, and counts what was taken."""

    pieces: int
    taken: int = 0
    piece: bytes = field(default=b"10.5555/x\n" * 6_000)

    def __iter__(self) -> Iterator[bytes]:
        yield part(b"")[:-2]
        for _ in range(self.pieces):
            self.taken += 1
            yield self.piece
        yield form(b"\r\n")


@pytest.mark.case("C20")
def test_a_file_over_the_limit_is_refused_and_leaves_nothing(narrow: Container) -> None:
    with visitor(narrow) as browser:
        answer = send(browser, form(part(LIST * 100_000)))
    assert answer.status_code == 413
    assert "2 MB" in answer.json()["detail"]
    assert not list((narrow.settings.data / "uploads").iterdir())
    assert narrow.imports.page() == []


@pytest.mark.case("C20")
def test_an_announced_size_over_the_limit_is_refused_unread(narrow: Container) -> None:
    with visitor(narrow) as browser:
        answer = send(browser, form(part(LIST)), TYPE | {"content-length": "5000000000"})
    assert answer.status_code == 413


@pytest.mark.case("C20")
def test_memory_does_not_grow_with_the_file(narrow: Container) -> None:
    """The parser and the writer hold one piece at a time."""
    body = Counting(pieces=2_000)

    async def measured() -> int:
        tracemalloc.start()
        try:
            with pytest.raises(UploadTooLarge):
                await read_form(_request(iter(body)), narrow.uploads, 500_000_000)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert awaited(measured()) < 3_000_000
    assert body.taken < 60  # the writer stops the reader at its own limit


@pytest.mark.case("C24")
def test_an_upload_that_is_cut_off_leaves_nothing(narrow: Container) -> None:
    half = iter([part(LIST * 1_000)[:9_000]])
    with pytest.raises(BadForm, match="cut off"):
        awaited(read_form(_request(half), narrow.uploads, 2_000_000))
    assert not list((narrow.settings.data / "uploads").iterdir())
    assert narrow.log.head().position == 0


def _request(pieces: Iterator[bytes]) -> Any:
    """A request whose client goes away after the pieces."""

    @post("/", sync_to_thread=False, request_max_body_size=None)
    def handler() -> None: ...

    async def receive() -> Any:
        piece = next(pieces, None)
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": True}

    headers = [(name.encode(), value.encode()) for name, value in TYPE.items()]
    scope: Any = {"type": "http", "method": "POST", "headers": headers, "state": {}, "route_handler": handler}
    return Request(scope, receive)
