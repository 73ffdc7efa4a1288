"""The first look at a file: its first bytes, without any parser."""

import re

_REACH = 1024
"""Offset within which `%PDF-` must come (ISO 32000-1, annex H, implementation note 13)."""
HEAD = 2048
"""Bytes of a file that `refusal` wants to see."""
_MARKUP = re.compile(rb"\s*<[!?/a-zA-Z]")
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def refusal(head: bytes) -> str | None:
    """Why a file with these first bytes is no PDF, or None. A web page that contains `%PDF-` is a web page still."""
    if not head:
        return "empty_body"
    if _MARKUP.match(_text(head)):
        return "html_instead_of_pdf"
    return None if b"%PDF-" in head[: _REACH + len(b"%PDF-")] else "bad_pdf"


def _text(head: bytes) -> bytes:
    """The bytes without byte order mark; UTF-16 made ASCII where it can be."""
    for mark in _BYTE_ORDER_MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"")
