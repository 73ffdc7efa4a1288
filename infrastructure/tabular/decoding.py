"""From bytes to lines of text: encodings found by content, every kind of line end, bounded memory."""

import codecs
import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from attrs import frozen

from infrastructure.tabular.limits import Limits, line_too_long

_CHUNK = 1 << 16
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
UTF16 = frozenset({"utf-16-le", "utf-16-be"})
WINDOWS = "windows-1252"
_ERRORS = {"utf-8": "surrogateescape"}
"""Bytes that are not UTF-8 stay recognisable, so that only their row is at fault."""


@frozen(kw_only=True)
class Encoding:
    """The encoding of a file, and what the user should know about it."""

    name: str
    notes: tuple[str, ...] = ()


def detect_encoding(path: Path) -> Encoding:
    """The encoding that explains all bytes of a file, or most of its lines; reads the file once, in chunks."""
    with path.open("rb") as file:
        head = file.read(4096)
    marked = next((name for bom, name in _BOMS if head.startswith(bom)), None) or _unmarked_utf16(head)
    if marked and marked != "utf-8":
        return Encoding(name=marked)
    if _is_utf8(path):
        return Encoding(name="utf-8")
    good, bad = _count_lines(path)
    if marked or good >= bad:
        return Encoding(
            name="utf-8", notes=(f"{bad} lines are not in UTF-8 like the others; their rows are left out.",)
        )
    note = "The text is not in UTF-8 and was read as Windows-1252: check the accents and umlauts of the titles."
    return Encoding(name=WINDOWS, notes=(note,))


def read_lines(path: Path, encoding: str, limits: Limits) -> Iterator[str]:
    r"""The lines of a file, each ended by \n whatever ended it there. Raises FileRefused for an endless line."""
    decoder = codecs.getincrementaldecoder(encoding)(_ERRORS.get(encoding, "replace"))
    universal = io.IncrementalNewlineDecoder(decoder, translate=True)
    number, rest, start = 0, "", True
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text = universal.decode(chunk)
            *lines, rest = (rest + (text.removeprefix("\ufeff") if start else text)).split("\n")
            start = start and not text
            for line in lines:
                yield line + "\n"
            number += len(lines)
            if len(rest) > limits.line:
                raise line_too_long(number + 1, limits)
    if rest := rest + universal.decode(b"", final=True):
        yield rest


def _unmarked_utf16(head: bytes) -> str | None:
    half = len(head) // 2
    if half and head[1::2].count(0) > 0.4 * half and head[::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if half and head[::2].count(0) > 0.4 * half and head[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _count_lines(path: Path) -> tuple[int, int]:
    """How many lines with letters beyond ASCII are in UTF-8, and how many are not."""
    good = bad = 0
    with path.open("rb") as file:
        for piece in iter(partial(file.readline, _CHUNK), b""):
            beyond = [line for line in piece.split(b"\r") if not line.isascii()]
            fitting = sum(map(_fits_utf8, beyond))
            good, bad = good + fitting, bad + len(beyond) - fitting
    return good, bad


def _fits_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
