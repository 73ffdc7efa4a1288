"""Reading facts from a PDF with qpdf and pdfium; runs in the child process only."""

import os
from collections.abc import Iterator
from contextlib import closing
from itertools import chain, islice
from pathlib import Path

import pikepdf
import pypdfium2

from infrastructure.library.facts import Facts, Limits, Unreadable

_EOF = b"%%EOF"
_TAIL = 2048
"""Bytes within which `%%EOF` must come; Acrobat searches the last 1024 (ISO 32000-1, annex H, note 18)."""
_FIELDS = 100
"""Fields of the metadata that are read."""
_LONGEST_NAME = 100
_ACTIONS = {"/JavaScript": "a script that runs when it is opened", "/Launch": "a program that starts when it is opened"}
_NAMED = {"/JavaScript": "a script", "/EmbeddedFiles": "an attached file"}


def extract(path: Path, limits: Limits) -> Facts | Unreadable:
    """What the file says of itself, or why it cannot be read. Nothing is repaired, no password is tried."""
    tail = _tail(path)
    if _EOF not in tail:
        return Unreadable(cause="truncated", detail="its end is missing")
    try:
        # A file that is mapped into memory would count against the limit of memory.
        with pikepdf.open(path, attempt_recovery=False, access_mode=pikepdf.AccessMode.stream) as pdf:
            if not len(pdf.pages):
                return Unreadable(cause="bad_pdf", detail="it has no pages")
            return _facts(pdf, path, limits, trailing=len(tail.rpartition(_EOF)[2].strip()))
    except pikepdf.PasswordError:
        return Unreadable(cause="needs_password", detail="it opens with a password only")
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the bindings raise whatever a broken file makes them raise
        cause = "bad_pdf" if b"startxref" in tail else "truncated"
        return Unreadable(cause=cause, detail=_clean(str(error).replace(str(path), "qpdf"), 300))


def _facts(pdf: pikepdf.Pdf, path: Path, limits: Limits, *, trailing: int) -> Facts:
    texts, last = _texts(path, limits)
    return Facts(
        pages=len(pdf.pages),
        texts=texts,
        last=last,
        metadata=_metadata(pdf, limits.characters // 10),
        trailing=trailing,
        active=tuple(_active(pdf)),
    )


def _texts(path: Path, limits: Limits) -> tuple[tuple[str, ...], str]:
    """The text of the first pages and of the last; "" for what pdfium cannot read."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return (), ""
    with document:
        count = len(document)
        first = tuple(_text(document, number, limits) for number in range(min(limits.pages, count)))
        return first, _text(document, count - 1, limits) if count > limits.pages else ""


def _text(document: pypdfium2.PdfDocument, number: int, limits: Limits) -> str:
    try:
        with closing(document[number]) as page, closing(page.get_textpage()) as text:
            return _clean(text.get_text_range(0, min(text.count_chars(), limits.characters)), limits.characters)
    except pypdfium2.PdfiumError:
        return ""


def _metadata(pdf: pikepdf.Pdf, longest: int) -> dict[str, str]:
    """Document information, then XMP where it adds a name; pikepdf's parser resolves no entities."""
    found: dict[str, str] = {}
    for name, value in islice(chain(_information(pdf), _xmp(pdf)), _FIELDS):
        if value.strip():
            found.setdefault(_clean(name, _LONGEST_NAME), _clean(value, longest))
    return found


def _information(pdf: pikepdf.Pdf) -> Iterator[tuple[str, str]]:
    try:
        yield from ((str(name).lstrip("/").lower(), str(value)) for name, value in pdf.docinfo.items())
    except (pikepdf.PikepdfError, ValueError, TypeError, AttributeError):
        return


def _xmp(pdf: pikepdf.Pdf) -> Iterator[tuple[str, str]]:
    try:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
            filled = ((name, value) for name, value in xmp.items() if value)
            yield from ((f"xmp:{name.rpartition('}')[2].lower()}", str(value)) for name, value in filled)
    except (pikepdf.PikepdfError, ValueError, TypeError, AttributeError, LookupError, RuntimeError):
        return


def _active(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        yield from (what for key, what in _NAMED.items() if key in names)
    action = root.get("/OpenAction")
    if isinstance(action, pikepdf.Dictionary) and (what := _ACTIONS.get(str(action.get("/S")))):
        yield what


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
        return file.read()


def _clean(text: str, longest: int) -> str:
    """At most `longest` characters, without NUL and halves of surrogate pairs, which no database takes."""
    return text[:longest].encode("utf-8", "ignore").decode().replace("\0", "")
