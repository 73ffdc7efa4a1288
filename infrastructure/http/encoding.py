"""Content codings (RFC 9110, 8.4): undone in small pieces, so that no bomb grows in memory."""

import itertools
import zlib
from collections.abc import Callable, Iterable, Iterator

from infrastructure.http.trouble import Trouble

ACCEPTED = "gzip, deflate"
MOST_CODINGS = 5
PIECE = 256 * 1024

_GZIP_MAGIC = b"\x1f\x8b"
_PLAIN = frozenset({"", "identity", "none", "binary", "utf-8", "aws-chunked"})
"""What servers write there although nothing is encoded."""


def decoded(chunks: Iterable[bytes], content_encoding: str) -> Iterator[bytes]:
    """The body without its codings. Raises Trouble where they are unknown, too many, or do not fit the body."""
    codings = [name for part in content_encoding.split(",") if (name := part.strip().lower()) not in _PLAIN]
    if len(codings) > MOST_CODINGS:
        raise Trouble("bad_response", f"its body is encoded {len(codings)} times")
    for name in reversed(codings):
        if name not in _DECODERS:
            raise Trouble("bad_response", f"its body is in an unknown encoding ({name})")
        chunks = _DECODERS[name](chunks)
    return iter(chunks)


def _gunzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    head, rest = _peek(chunks)
    if not head.startswith(_GZIP_MAGIC):  # wrongly labelled: the body is what it should be already
        return itertools.chain((head,), rest)
    return _inflate(itertools.chain((head,), rest), zlib.MAX_WBITS | 16)


def _undeflate(chunks: Iterable[bytes]) -> Iterator[bytes]:
    head, rest = _peek(chunks)
    wrapped = len(head) > 1 and head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0
    return _inflate(itertools.chain((head,), rest), zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)


_DECODERS: dict[str, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
}


def _peek(chunks: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first two bytes at least, where there are as many, and what follows."""
    iterator = iter(chunks)
    head = b""
    while len(head) < len(_GZIP_MAGIC):
        chunk = next(iterator, None)
        if chunk is None:
            break
        head += chunk
    return head, iterator


def _inflate(chunks: Iterable[bytes], window: int) -> Iterator[bytes]:
    """Inflate one stream, or several gzip members in a row (RFC 1952, 2.2); what follows them is dropped."""
    stream = zlib.decompressobj(window)
    pending = b""
    try:
        for chunk in chunks:
            pending += chunk
            while pending and not (stream.eof and len(pending) < len(_GZIP_MAGIC)):
                if stream.eof and not pending.startswith(_GZIP_MAGIC):
                    pending = b""
                    break
                stream = zlib.decompressobj(window) if stream.eof else stream
                yield from _pieces(stream, pending)
                pending = stream.unused_data
    except zlib.error as error:
        raise Trouble("bad_response", "its body does not fit its encoding") from error
    if not stream.eof:
        raise Trouble("truncated", "its compressed body ends too early", again=True)


def _pieces(stream: "zlib._Decompress", chunk: bytes) -> Iterator[bytes]:
    piece = stream.decompress(chunk, PIECE)
    while piece:
        yield piece
        piece = b"" if stream.eof else stream.decompress(stream.unconsumed_tail, PIECE)
