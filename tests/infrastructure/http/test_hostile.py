"""Answers that are made to harm: endless, slow, huge, or no HTTP at all."""

import gzip
import time
import tracemalloc
import zlib
from pathlib import Path

import pytest
from attrs import evolve

from application.ports.fetcher import FetchFailed
from infrastructure.http.fetcher import HttpFetcher
from tests.infrastructure.http.conftest import RUSHED, MakeFetcher
from tests.infrastructure.http.rawserver import CLOSE, RawServer, Step, answer

HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
HASTY = evolve(RUSHED, page_seconds=0.3, file_seconds=0.3, retries=0)


def drip(drop: bytes) -> list[Step]:
    """The same bytes every 50 ms for two seconds."""
    return [0.05, drop] * 40


def failure(fetcher: HttpFetcher, url: str, limit: int = 10_000_000) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        fetcher.get(url, limit=limit)
    return caught.value


@pytest.mark.case("H07")
@pytest.mark.case("H08")
@pytest.mark.case("H59")
@pytest.mark.case("H60")
@pytest.mark.parametrize(
    "bytes_sent",
    [
        b"<html>HTTP/0.9</html>",
        b"\x16\x03\x01\x02\x00 hello from TLS",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        HEAD + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabc",
        HEAD + b"Content-Length: -3\r\n\r\nabc",
        HEAD + b"Content-Length: three\r\n\r\nabc",
        HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: gzip\r\n\r\nabc",
        HEAD + b"no colon here\r\n\r\nabc",
        HEAD + b"X-Large: " + b"x" * 300_000 + b"\r\n\r\nabc",
        HEAD + b"".join(b"X-%d: y\r\n" % number for number in range(20_000)) + b"\r\nabc",
        HEAD + b"Set-Cookie: a=" + b"x" * 1_000_000 + b"\r\n\r\nabc",
        CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n",
        CHUNKED + b"3\r\nabcdef\r\n0\r\n\r\n",
        CHUNKED + b"3\r\nabc\r\n0\r\n" + b"X-Trailer: y\r\n" * 20_000,
    ],
    ids=range(16),
)
def test_what_breaks_the_rules_of_http_is_a_bad_response(
    fetcher: HttpFetcher, server: RawServer, bytes_sent: bytes
) -> None:
    server.on("/", bytes_sent, CLOSE)
    failed = failure(fetcher, server.url())
    assert failed.cause == "bad_response"
    assert failed.detail.isprintable()
    assert len(failed.detail) <= 200


@pytest.mark.case("H08")
def test_chunks_that_end_too_early_are_truncated(fetcher: HttpFetcher, server: RawServer) -> None:
    server.on("/", CHUNKED + b"3\r\nabc\r\n5\r\nde", CLOSE)
    assert failure(fetcher, server.url()).cause == "truncated"


@pytest.mark.case("H01")
@pytest.mark.case("H02")
@pytest.mark.parametrize(
    "steps",
    [
        (5.0,),
        (b"HTTP/1.1 200", *drip(b" ")),
        (HEAD, *drip(b"X-A: b\r\n")),
        (HEAD + b"Content-Length: 1000\r\n\r\n", *drip(b"x")),
        (CHUNKED, *drip(b"1\r\nx\r\n")),
        (answer(b"nothing follows", length=1000), 5.0),
    ],
    ids=["silence", "slow status", "slow headers", "slow body", "slow chunks", "stalled"],
)
def test_no_answer_takes_longer_than_its_deadline(
    make_fetcher: MakeFetcher, server: RawServer, steps: tuple[Step, ...]
) -> None:
    server.on("/", *steps)
    began = time.monotonic()
    failed = failure(make_fetcher(HASTY), server.url())
    assert failed.cause == "timeout"
    assert time.monotonic() - began < 1.5
    assert failed.seconds < 1.5


@pytest.mark.case("H02")
def test_a_body_below_the_minimum_rate_is_given_up_before_the_deadline(
    make_fetcher: MakeFetcher, server: RawServer
) -> None:
    server.on("/", HEAD + b"Content-Length: 1000\r\n\r\n", *drip(b"x"))
    fetcher = make_fetcher(evolve(RUSHED, minimum_rate=10_000.0, grace_seconds=0.2, retries=0))
    failed = failure(fetcher, server.url())
    assert (failed.cause, failed.detail) == ("timeout", "it sent less than 10000 bytes a second")
    assert failed.seconds < 1.5


def test_redirects_share_one_deadline(make_fetcher: MakeFetcher, server: RawServer) -> None:
    for number in range(8):
        server.on(f"/{number}", 0.1, answer(status=302, headers={"Location": f"/{number + 1}"}))
    began = time.monotonic()
    assert failure(make_fetcher(HASTY), server.url("/0")).cause == "timeout"
    assert time.monotonic() - began < 1.5


@pytest.mark.case("H03")
@pytest.mark.case("H04")
@pytest.mark.parametrize(
    "steps",
    [
        (answer(b"x" * 2000),),
        (CHUNKED + b"7d0\r\n" + b"x" * 2000 + b"\r\n0\r\n\r\n",),
        (b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 200_000, CLOSE),
    ],
    ids=["announced", "chunked", "endless"],
)
def test_too_much_is_too_large(fetcher: HttpFetcher, server: RawServer, steps: tuple[Step, ...]) -> None:
    server.on("/", *steps)
    failed = failure(fetcher, server.url(), limit=1999)
    assert (failed.cause, failed.size <= 1999) == ("too_large", True)
    assert len(server.requests) == 1


def test_exactly_the_limit_is_not(fetcher: HttpFetcher, server: RawServer) -> None:
    server.on("/", answer(b"x" * 2000))
    assert len(fetcher.get(server.url(), limit=2000)[1]) == 2000


def bomb(size: int) -> bytes:
    stream = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    return b"".join(stream.compress(bytes(1 << 20)) for _ in range(size >> 20)) + stream.flush()


@pytest.mark.case("H09")
@pytest.mark.case("H11")
@pytest.mark.parametrize("encodings", ["gzip", "gzip, gzip"])
def test_a_bomb_stops_at_the_limit_and_needs_little_memory(
    make_fetcher: MakeFetcher, server: RawServer, tmp_path: Path, encodings: str
) -> None:
    body = bomb(64 << 20)
    body = gzip.compress(body) if "," in encodings else body
    server.on("/", answer(body, headers={"Content-Encoding": encodings}))
    fetcher = make_fetcher(evolve(RUSHED, max_file_bytes=10_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(FetchFailed) as caught:
            fetcher.download(server.url(), tmp_path / "x")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.cause == "too_large"
    assert peak < 8_000_000
    assert list(tmp_path.iterdir()) == []


@pytest.mark.case("H10")
@pytest.mark.case("H14")
@pytest.mark.parametrize("encodings", ["br", "zstd", "rot13", "gzip, gzip, gzip, gzip, gzip, gzip"])
def test_strange_encodings_are_bad_responses(fetcher: HttpFetcher, server: RawServer, encodings: str) -> None:
    server.on("/", answer(b"x", headers={"Content-Encoding": encodings}))
    assert failure(fetcher, server.url()).cause == "bad_response"


@pytest.mark.case("H13")
def test_a_plain_file_that_is_called_compressed_is_kept(
    fetcher: HttpFetcher, server: RawServer, tmp_path: Path
) -> None:
    server.on("/", answer(b"%PDF-1.7 plain", headers={"Content-Encoding": "gzip"}))
    fetcher.download(server.url(), tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == b"%PDF-1.7 plain"


@pytest.mark.case("W21")
def test_texts_of_a_server_cannot_draw_on_a_terminal(fetcher: HttpFetcher, server: RawServer) -> None:
    server.on("/", b"\x1b[31mHTTP\x1b[0m \x07\r\n\r\n", CLOSE)
    failed = failure(fetcher, server.url())
    assert "\x1b" not in str(failed)
    assert "\x07" not in str(failed)


def test_only_the_beginning_of_a_refusal_is_kept(fetcher: HttpFetcher, server: RawServer) -> None:
    server.on("/", answer(gzip.compress(b"wall " * 100_000), 403, headers={"Content-Encoding": "gzip"}))
    failed = failure(fetcher, server.url())
    assert (len(failed.body), failed.body[:5]) == (64 * 1024, b"wall ")
