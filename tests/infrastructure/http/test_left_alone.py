"""Sites that are left alone: nothing is sent to them, by a redirect neither."""

from pathlib import Path

import pytest

from application.ports.fetcher import FetchFailed
from infrastructure.http.fetcher import HttpFetcher
from tests.infrastructure.http.conftest import MakeFetcher
from tests.infrastructure.http.rawserver import RawServer, answer, redirect


def shuns(url: str) -> str:
    return "its terms say so" if "/shunned" in url else ""


@pytest.fixture
def fetcher(make_fetcher: MakeFetcher) -> HttpFetcher:
    return make_fetcher(shuns=shuns)


def test_no_request_is_sent(fetcher: HttpFetcher, server: RawServer, tmp_path: Path) -> None:
    for ask in (
        lambda url: fetcher.download(url, tmp_path / "file"),
        lambda url: fetcher.get(url, page=True),
    ):
        with pytest.raises(FetchFailed) as caught:
            ask(server.url("/shunned/1.pdf"))
        assert (caught.value.cause, caught.value.detail) == ("policy_skip", "its terms say so")
        assert caught.value.status is None
    assert server.targets() == []
    assert not (tmp_path / "file").exists()


def test_a_redirect_ends_there(fetcher: HttpFetcher, server: RawServer, tmp_path: Path) -> None:
    server.on("/doi", redirect("/shunned/1.pdf"))
    with pytest.raises(FetchFailed) as caught:
        fetcher.download(server.url("/doi"), tmp_path / "file")
    assert caught.value.cause == "policy_skip"
    assert caught.value.url.endswith("/shunned/1.pdf")
    assert server.targets() == ["/doi"]


def test_interfaces_and_other_sites_are_asked(fetcher: HttpFetcher, server: RawServer, tmp_path: Path) -> None:
    server.on("/shunned/api", answer(b"{}"))
    server.on("/other", answer(b"%PDF-"))
    assert fetcher.get(server.url("/shunned/api"))[1] == b"{}"
    assert fetcher.download(server.url("/other"), tmp_path / "file").status == 200
