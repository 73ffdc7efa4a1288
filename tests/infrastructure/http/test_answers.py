"""Answers, good and bad, and what becomes of them."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve

from application.ports.fetcher import FetchFailed
from application.ports.library import LibraryUnavailable
from infrastructure.http.fetcher import HttpFetcher
from infrastructure.http.hosts import memory_host_gate
from infrastructure.http.network import NetworkSettings
from tests.fakes.clock import FakeClock
from tests.infrastructure.http.conftest import LOOPBACK, RUSHED, MakeFetcher
from tests.infrastructure.http.fakes import StoppedClock
from tests.infrastructure.http.rawserver import CLOSE, RESET, RawServer, Step, answer, redirect, serving

PDF = b"%PDF-1.7 " + bytes(range(256)) * 40


def failure(fetcher: HttpFetcher, url: str) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        fetcher.get(url)
    return caught.value


KEYS = {"X-Key": "s3cret"}


class TestCredentials:
    def test_an_origin_is_shown_its_own_key_and_no_other_is(
        self, make_fetcher: MakeFetcher, server: RawServer, tmp_path: Path
    ) -> None:
        with serving() as other:
            fetcher = make_fetcher(evolve(RUSHED, credentials={server.url("/base"): KEYS}))
            server.on("/there", redirect(other.url("/file")))
            server.on("/here", answer(b"x"))
            other.on("/file", answer(PDF))
            other.on("/file", redirect(server.url("/here")))
            fetcher.download(server.url("/there"), tmp_path / "x")
            fetcher.get(other.url("/file"))
            assert [seen.headers.get("x-key") for seen in server.requests] == ["s3cret", "s3cret"]
            assert [seen.headers.get("x-key") for seen in other.requests] == [None, None]

    def test_another_port_or_scheme_is_another_origin(self, make_fetcher: MakeFetcher, server: RawServer) -> None:
        server.on("/", answer(b"x"))
        origins = (f"https://127.0.0.1:{server.port}", "http://127.0.0.1", f"http://localhost:{server.port}")
        make_fetcher(evolve(RUSHED, credentials=dict.fromkeys(origins, KEYS))).get(server.url())
        assert "x-key" not in server.requests[0].headers

    def test_what_is_no_address_or_no_header_is_left_out(self, make_fetcher: MakeFetcher, server: RawServer) -> None:
        server.on("/", answer(b"x"))
        odd = {"http://[": KEYS, "nowhere": KEYS, server.url(): {"X-Key": "a\r\nX-Evil: 1", "X-Other": "ü"}}
        make_fetcher(evolve(RUSHED, credentials=odd)).get(server.url())
        assert not {"x-key", "x-other", "x-evil"} & server.requests[0].headers.keys()

    def test_keys_are_not_printed(self) -> None:
        assert "s3cret" not in repr(evolve(RUSHED, credentials={"https://a.example": KEYS}))

    def test_other_keys_count_from_the_next_request_on(self, make_fetcher: MakeFetcher, server: RawServer) -> None:
        server.on("/", answer(b"x"))
        fetcher = make_fetcher(RUSHED)
        fetcher.get(server.url())
        fetcher.adopt(evolve(RUSHED, credentials={server.url(): KEYS}))
        fetcher.get(server.url())
        assert [seen.headers.get("x-key") for seen in server.requests] == [None, "s3cret"]


class TestGoodAnswers:
    def test_a_body_comes_into_memory(self, fetcher: HttpFetcher, server: RawServer) -> None:
        server.on(
            "/x?q=1", answer(b'{"a": 1}', headers={"Content-Type": "Application/JSON; charset=utf-8", "X-A": "b"})
        )
        fetched, body = fetcher.get(server.url("/x?q=1"))
        assert body == b'{"a": 1}'
        assert (fetched.url, fetched.status, fetched.size) == (server.url("/x?q=1"), 200, 8)
        assert fetched.content_type == "application/json"
        assert fetched.headers["x-a"] == "b"
        assert fetched.redirects == ()
        assert fetched.seconds > 0

    def test_a_body_comes_into_a_file(self, fetcher: HttpFetcher, server: RawServer, tmp_path: Path) -> None:
        server.on("/x.pdf", answer(PDF))
        fetched = fetcher.download(server.url("/x.pdf"), tmp_path / "x")
        assert (tmp_path / "x").read_bytes() == PDF
        assert (fetched.size, fetched.head) == (len(PDF), PDF[:4096])

    def test_we_say_who_we_are(self, fetcher: HttpFetcher, server: RawServer, tmp_path: Path) -> None:
        server.on("/", answer(b"x"))
        fetcher.get(server.url(), headers={"Accept": "application/json", "User-Agent": "Mozilla/5.0"})
        fetcher.download(server.url(), tmp_path / "x", referer="http://user:pw@127.0.0.1/page?token=T")
        page, file = (seen.headers for seen in server.requests)
        assert page["user-agent"].startswith("SciPaperLoader/")
        assert page["user-agent"].endswith(" (+mailto:me@example.org)")
        assert (page["accept"], page["accept-encoding"]) == ("application/json", "gzip, deflate")
        assert (file["accept-encoding"], file["referer"]) == ("identity", "http://127.0.0.1/page")

    def test_chunks_and_ends_by_closing_are_understood(self, fetcher: HttpFetcher, server: RawServer) -> None:
        server.on("/chunks", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
        server.on("/old", b"HTTP/1.0 200 OK\r\n\r\nabcde", CLOSE)
        assert fetcher.get(server.url("/chunks"))[1] == fetcher.get(server.url("/old"))[1] == b"abcde"

    def test_addresses_are_shown_without_secrets(self, fetcher: HttpFetcher, server: RawServer) -> None:
        server.on("/a?api_key=K", redirect("/b?token=T"))
        server.on("/b?token=T", answer(b"x"))
        fetched, _ = fetcher.get(server.url("/a?api_key=K"))
        assert (fetched.url, fetched.redirects) == (server.url("/b"), (server.url("/a"),))

    @pytest.mark.case("H61")
    def test_cookies_are_nobody_elses_business(self, fetcher: HttpFetcher, server: RawServer) -> None:
        server.on("/", answer(b"x", headers={"Set-Cookie": "session=1; Domain=example.org"}))
        fetched, _ = fetcher.get(server.url())
        assert "set-cookie" not in fetched.headers
        fetcher.get(server.url())
        assert "cookie" not in server.requests[1].headers


class TestStatuses:
    @pytest.mark.case("H31")
    @pytest.mark.case("H32")
    @pytest.mark.case("H33")
    @pytest.mark.case("H34")
    @pytest.mark.case("H35")
    @pytest.mark.case("H37")
    @pytest.mark.case("H38")
    @pytest.mark.case("H39")
    @pytest.mark.parametrize(
        ("status", "cause"),
        [
            *((401, "forbidden"), (403, "forbidden"), (451, "forbidden"), (402, "login_or_paywall")),
            *((404, "not_found"), (410, "not_found"), (400, "bad_response"), (406, "bad_response")),
            *((418, "bad_response"), (422, "bad_response"), (601, "bad_response"), (999, "bad_response")),
            *((201, "bad_response"), (206, "bad_response"), (300, "bad_response"), (408, "timeout")),
        ],
    )
    def test_each_status_has_a_cause(self, fetcher: HttpFetcher, server: RawServer, status: int, cause: str) -> None:
        server.on("/", answer(b"a wall of words", status, headers={"X-Wall": "yes"}))
        failed = failure(fetcher, server.url())
        assert (failed.cause, failed.status, failed.body) == (cause, status, b"a wall of words")
        assert (failed.headers["x-wall"], failed.url) == ("yes", server.url())
        assert len(server.requests) == 1

    @pytest.mark.parametrize(("status", "cause"), [(204, "empty_body"), (205, "empty_body"), (304, "bad_response")])
    def test_so_have_those_without_a_body(
        self, fetcher: HttpFetcher, server: RawServer, status: int, cause: str
    ) -> None:
        server.on("/", f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode())
        assert failure(fetcher, server.url()).cause == cause

    @pytest.mark.case("H36")
    def test_an_empty_body_is_no_file(self, fetcher: HttpFetcher, server: RawServer, tmp_path: Path) -> None:
        server.on("/", answer(b""))
        with pytest.raises(FetchFailed) as caught:
            fetcher.download(server.url(), tmp_path / "x")
        assert caught.value.cause == "empty_body"
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.case("H42")
    @pytest.mark.parametrize(
        ("status", "header"),
        [
            (403, {"cf-mitigated": "challenge"}),
            (202, {"x-amzn-waf-action": "challenge"}),
            (200, {"CF-Mitigated": "Challenge"}),
        ],
    )
    def test_a_challenge_is_known_by_its_header(
        self, fetcher: HttpFetcher, server: RawServer, status: int, header: dict[str, str]
    ) -> None:
        server.on("/", answer(b"<title>Just a moment...</title>", status, headers=header))
        failed = failure(fetcher, server.url())
        assert (failed.cause, failed.body[:7]) == ("bot_challenge", b"<title>")

    @pytest.mark.case("H40")
    def test_early_hints_are_passed_over_but_not_a_storm_of_them(self, fetcher: HttpFetcher, server: RawServer) -> None:
        hint = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
        server.on("/few", hint * 3 + answer(b"x"))
        server.on("/storm", hint * 20_000)
        assert fetcher.get(server.url("/few"))[1] == b"x"
        assert failure(fetcher, server.url("/storm")).cause == "bad_response"


class TestTryingAgain:
    @pytest.mark.case("H30")
    @pytest.mark.parametrize(
        "first",
        [
            (answer(b"", 500),),
            (answer(b"", 503),),
            (answer(b"", 429),),
            (answer(b"", 503, headers={"Retry-After": "2"}),),
            (RESET,),
            (CLOSE,),
            (answer(b"abc", length=10), CLOSE),
        ],
        ids=["500", "503", "429", "503 with a pause", "reset", "closed", "cut off"],
    )
    def test_what_passes_in_seconds_is_tried_again(
        self, fetcher: HttpFetcher, server: RawServer, clock: FakeClock, tmp_path: Path, first: tuple[Step, ...]
    ) -> None:
        server.on("/", *first)
        server.on("/", answer(PDF))
        began = clock.now()
        fetcher.download(server.url(), tmp_path / "x")
        assert (tmp_path / "x").read_bytes() == PDF
        assert timedelta(0) < clock.now() - began <= timedelta(seconds=2)

    @pytest.mark.case("H30")
    def test_at_most_twice(self, fetcher: HttpFetcher, server: RawServer) -> None:
        server.on("/", answer(b"", 500))
        failed = failure(fetcher, server.url())
        assert (failed.cause, len(server.requests)) == ("server_error", 3)

    @pytest.mark.case("H24")
    @pytest.mark.case("H29")
    @pytest.mark.parametrize("status", [429, 503])
    def test_a_long_pause_is_handed_on(
        self, fetcher: HttpFetcher, server: RawServer, clock: FakeClock, status: int
    ) -> None:
        server.on("/", answer(b"<h1>Maintenance</h1>", status, headers={"Retry-After": "120"}))
        failed = failure(fetcher, server.url())
        assert (failed.cause, failed.until) == ("rate_limited", clock.now() + timedelta(seconds=120))
        assert len(server.requests) == 1

    @pytest.mark.case("H28")
    def test_a_limit_without_a_pause_gets_one(self, fetcher: HttpFetcher, server: RawServer, clock: FakeClock) -> None:
        server.on("/", answer(b"", 429))
        failed = failure(fetcher, server.url())
        assert (failed.cause, failed.until) == ("rate_limited", clock.now() + timedelta(seconds=60))

    @pytest.mark.parametrize("status", [401, 403, 404, 410, 418])
    def test_refusals_are_not_hammered(self, fetcher: HttpFetcher, server: RawServer, status: int) -> None:
        server.on("/", answer(b"", status))
        failure(fetcher, server.url())
        assert len(server.requests) == 1

    @pytest.mark.case("H05")
    def test_a_file_that_is_cut_off_every_time_is_truncated_and_gone(
        self, fetcher: HttpFetcher, server: RawServer, tmp_path: Path
    ) -> None:
        server.on("/", answer(PDF, length=len(PDF) + 1000), CLOSE)
        with pytest.raises(FetchFailed) as caught:
            fetcher.download(server.url(), tmp_path / "x")
        assert (caught.value.cause, len(server.requests)) == ("truncated", 3)
        assert list(tmp_path.iterdir()) == []

    def test_a_stopping_application_does_not_wait_for_the_next_try(self, server: RawServer) -> None:
        clock = StoppedClock()
        fetcher = HttpFetcher(RUSHED, NetworkSettings(allowed=LOOPBACK), memory_host_gate(clock), clock)
        server.on("/", answer(b"", 500))
        failed = failure(fetcher, server.url())
        assert (failed.cause, len(server.requests)) == ("host_resting", 1)
        fetcher.close()

    def test_a_stopping_application_ends_what_is_under_way(
        self, make_fetcher: MakeFetcher, server: RawServer, clock: FakeClock, tmp_path: Path
    ) -> None:
        stopping = threading.Event()
        server.on("/", answer(PDF, length=10**8), 0.05, PDF, 5.0, CLOSE)
        fetcher = make_fetcher(stopped=lambda: stopping.is_set() or bool(server.requests and _size(tmp_path / "x")))
        with pytest.raises(FetchFailed) as caught:
            fetcher.download(server.url(), tmp_path / "x")
        assert (caught.value.cause, caught.value.until) == ("host_resting", clock.now())
        assert list(tmp_path.iterdir()) == []


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


class TestRedirects:
    @pytest.mark.case("H18")
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_all_kinds_are_followed_and_recorded(self, fetcher: HttpFetcher, server: RawServer, status: int) -> None:
        server.on("/a", redirect("/b", status))
        server.on("/b", redirect(server.url("/c"), status))
        server.on("/c", answer(b"there"))
        fetched, body = fetcher.get(server.url("/a"))
        assert body == b"there"
        assert (fetched.url, fetched.redirects) == (server.url("/c"), (server.url("/a"), server.url("/b")))
        assert server.connections == 1

    @pytest.mark.case("H15")
    def test_circles_are_noticed(self, fetcher: HttpFetcher, server: RawServer) -> None:
        server.on("/a", redirect("/b"))
        server.on("/b", redirect("/a"))
        failed = failure(fetcher, server.url("/a"))
        assert failed.cause == "redirect_loop"
        assert failed.redirects == (server.url("/a"), server.url("/b"))
        assert len(server.requests) == 2

    @pytest.mark.case("H16")
    @pytest.mark.case("H17")
    def test_eight_are_followed_and_no_more(self, fetcher: HttpFetcher, server: RawServer) -> None:
        for number in range(10):
            server.on(f"/{'x' * number}", redirect(f"/{'x' * (number + 1)}"))
        server.on(f"/{'x' * 10}", answer(b"there"))
        assert fetcher.get(server.url("/xx"))[1] == b"there"
        assert failure(fetcher, server.url("/x")).cause == "redirect_loop"

    def test_a_circle_that_sets_a_cookie_is_none(self, fetcher: HttpFetcher, server: RawServer) -> None:
        server.on("/a", redirect("/a", cookie="seen=1"))
        server.on("/a", answer(b"there"))
        assert fetcher.get(server.url("/a"))[1] == b"there"
        assert [seen.headers.get("cookie") for seen in server.requests] == [None, "seen=1"]

    @pytest.mark.case("H23")
    def test_keys_do_not_go_to_another_origin(self, fetcher: HttpFetcher, server: RawServer) -> None:
        with serving() as other:
            server.on("/a?api_key=K", redirect(other.url("/b?api_key=K&page=1"), cookie="s=1"))
            other.on("/b?page=1", answer(b"there"))
            fetcher.get(server.url("/a?api_key=K"), headers={"X-ELS-APIKey": "K", "Authorization": "Bearer K"})
            assert server.requests[0].headers["x-els-apikey"] == "K"
            assert "K" not in " ".join(other.requests[0].headers.values())

    def test_keys_stay_on_their_own_origin(self, fetcher: HttpFetcher, server: RawServer) -> None:
        server.on("/a", redirect("/b"))
        server.on("/b", answer(b"there"))
        fetcher.get(server.url("/a"), headers={"X-ELS-APIKey": "K"})
        assert server.requests[1].headers["x-els-apikey"] == "K"

    @pytest.mark.case("H20")
    @pytest.mark.parametrize("location", ["file:///etc/passwd", "javascript:alert(1)", "http:///x"])
    def test_bad_locations_are_told_with_their_chain(
        self, fetcher: HttpFetcher, server: RawServer, location: str
    ) -> None:
        server.on("/a", redirect("/b"))
        server.on("/b", redirect(location))
        failed = failure(fetcher, server.url("/a"))
        assert (failed.cause, failed.url, failed.redirects) == (
            "address_refused",
            server.url("/b"),
            (server.url("/a"),),
        )

    def test_a_page_hands_its_cookies_on_to_its_files_only(
        self, fetcher: HttpFetcher, server: RawServer, tmp_path: Path
    ) -> None:
        server.on("/go", redirect("/page", cookie="visit=1"))
        server.on("/page", answer(b"<html>"))
        server.on("/file", answer(PDF))
        page = fetcher.download(server.url("/go"), tmp_path / "page")
        fetcher.download(server.url("/file"), tmp_path / "file", referer=page.url)
        fetcher.download(server.url("/file"), tmp_path / "file")
        assert [seen.headers.get("cookie") for seen in server.requests[2:]] == ["visit=1", None]


class TestDisk:
    @pytest.mark.case("K01")
    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
    def test_a_full_disk_is_told(self, fetcher: HttpFetcher, server: RawServer, tmp_path: Path) -> None:
        server.on("/", answer(PDF))
        (tmp_path / "x").symlink_to("/dev/full")
        with pytest.raises(FetchFailed) as caught:
            fetcher.download(server.url(), tmp_path / "x")
        assert caught.value.cause == "disk_full"
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.case("K11")
    def test_a_missing_folder_is_told(self, fetcher: HttpFetcher, server: RawServer, tmp_path: Path) -> None:
        server.on("/", answer(PDF))
        with pytest.raises(LibraryUnavailable, match="gone"):
            fetcher.download(server.url(), tmp_path / "gone" / "x")


def test_more_than_the_limit_of_a_file_is_refused_before_it_is_read(
    make_fetcher: MakeFetcher, server: RawServer, tmp_path: Path
) -> None:
    server.on("/", answer(b"", length=20 * 10**9))
    fetcher = make_fetcher(evolve(RUSHED, max_file_bytes=1000))
    with pytest.raises(FetchFailed) as caught:
        fetcher.download(server.url(), tmp_path / "x")
    assert (caught.value.cause, caught.value.status, caught.value.size) == ("too_large", 200, 0)


def test_what_no_header_can_be_is_left_out(fetcher: HttpFetcher, server: RawServer, tmp_path: Path) -> None:
    server.on("/", answer(b"x"))
    fetcher.download(server.url(), tmp_path / "x", referer="https://a.org/ä", headers={"X-Key": "ä"})
    assert not {"referer", "x-key"} & set(server.requests[0].headers)


def test_a_header_that_would_smuggle_another_is_refused(fetcher: HttpFetcher, server: RawServer) -> None:
    with pytest.raises(FetchFailed) as caught:
        fetcher.get(server.url(), headers={"X-Key": "a\r\nX-Evil: b"})
    assert caught.value.cause == "bad_response"
    assert server.requests == []
