"""Content codings, honest and hostile."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.http.encoding import PIECE, decoded
from infrastructure.http.trouble import Trouble


def chunked(data: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "GZIP": gzip.compress,
    "deflate": zlib.compress,
    "gzip, gzip": lambda data: gzip.compress(gzip.compress(data)),
    "deflate, gzip": lambda data: gzip.compress(zlib.compress(data)),
}


@given(st.binary(max_size=5000), st.integers(1, 700), st.sampled_from(sorted(ENCODERS)))
def test_what_was_encoded_comes_out(data: bytes, size: int, name: str) -> None:
    assert b"".join(decoded(chunked(ENCODERS[name](data), size), name)) == data


def test_deflate_without_its_wrapping_is_understood() -> None:
    data = b"some text " * 100
    assert b"".join(decoded([raw_deflate(data)], "deflate")) == data


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=5), st.integers(1, 50))
def test_members_in_a_row_are_one_body(parts: list[bytes], size: int) -> None:
    body = b"".join(map(gzip.compress, parts))
    assert b"".join(decoded(chunked(body, size), "gzip")) == b"".join(parts)


def test_what_follows_the_last_member_is_dropped() -> None:
    assert b"".join(decoded([gzip.compress(b"body") + b"\0\0\0garbage"], "gzip")) == b"body"


@pytest.mark.case("H13")
def test_a_body_that_is_not_encoded_as_announced_is_taken_as_it_is() -> None:
    assert b"".join(decoded([b"%", b"PDF-1.7 and so on"], "gzip")) == b"%PDF-1.7 and so on"


@pytest.mark.case("H12")
def test_a_compressed_body_that_ends_too_early_is_truncated() -> None:
    whole = gzip.compress(bytes(range(256)) * 40)
    with pytest.raises(Trouble) as caught:
        b"".join(decoded([whole[: len(whole) // 2]], "gzip"))
    assert caught.value.cause == "truncated"


@pytest.mark.case("H10")
@pytest.mark.case("H14")
@pytest.mark.parametrize("name", ["br", "zstd", "compress", "foo", "gzip, gzip, gzip, gzip, gzip, gzip"])
def test_unknown_and_endless_codings_are_refused(name: str) -> None:
    with pytest.raises(Trouble) as caught:
        b"".join(decoded([gzip.compress(b"x")], name))
    assert caught.value.cause == "bad_response"


def test_a_damaged_body_is_refused() -> None:
    damaged = bytearray(gzip.compress(bytes(range(256)) * 4))
    damaged[12:40] = bytes(28)
    with pytest.raises(Trouble, match="does not fit"):
        b"".join(decoded([bytes(damaged)], "gzip"))


@pytest.mark.case("H09")
def test_a_bomb_goes_off_piece_by_piece() -> None:
    stream = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    bomb = b"".join(stream.compress(bytes(1 << 20)) for _ in range(64)) + stream.flush()
    twice = gzip.compress(bomb)
    tracemalloc.start()
    try:
        pieces = [len(piece) for piece in islice(decoded([twice], "gzip, gzip"), 100)]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert max(pieces) <= PIECE
    assert peak < 4_000_000
