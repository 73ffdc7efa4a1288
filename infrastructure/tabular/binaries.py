"""Files that are no lists of papers, known by their content and not by their name."""

from collections.abc import Iterable

from application.ports.tabular import FileRefused

_AS_CSV = "Open it in the program that made it, save it as “CSV UTF-8” and upload that file."
_UNPACK = "Unpack it and upload the list that is inside."
_NO_LIST = "Upload a list of papers: CSV, BibTeX, RIS or one DOI a line."
_EXPORT = "Export the list as CSV, RIS or BibTeX instead."

_ARCHIVED = (  # inside a ZIP container, all of them near its beginning
    (b"xl/", "an Excel workbook", _AS_CSV),
    (b"opendocument.spreadsheet", "an OpenDocument spreadsheet", _AS_CSV),
    (b"word/", "a Word document", _NO_LIST),
    (b"opendocument", "an OpenDocument file", _NO_LIST),
    (b"", "a ZIP archive", _UNPACK),
)
_MAGIC = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Office file", _AS_CSV),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ\x00", "an xz archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"Rar!", "a RAR archive", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", _UNPACK),
    (b"%PDF", "a PDF", "Upload the list of the papers: CSV, BibTeX, RIS or one DOI a line."),
    (b"\x89PNG", "a picture", _NO_LIST),
    (b"\xff\xd8\xff", "a picture", _NO_LIST),
    (b"GIF8", "a picture", _NO_LIST),
    (b"SQLite format 3\x00", "a database", _NO_LIST),
    (b"PAR1", "a Parquet file", _AS_CSV),
    (b"\xff\xfe\x00\x00", "a text in UTF-32", "Save it in UTF-8."),
    (b"\x00\x00\xfe\xff", "a text in UTF-32", "Save it in UTF-8."),
    (b"{\\rtf", "a formatted text (RTF)", "Save it as plain text in UTF-8."),
)
_TEXTS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("<!doctype html", "<html", "<head", "<body"), "a web page", "Use the export or download link of the page."),
    (("<?xml", "<xml", "<!doctype", "<records", "<endnote", "<pubmed"), "an XML file", _EXPORT),
    (('{"', "{\n", "{ ", '["', "[{", "[\n"), "a JSON file", _EXPORT),
)


def refuse_binary(head: bytes, *, wide: bool) -> None:
    """Raise FileRefused where the first bytes of a file show that it is no text; `wide`: it seems to be UTF-16."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        _refuse(*next((what, remedy) for mark, what, remedy in _ARCHIVED if mark in head))
    for magic, what, remedy in _MAGIC:
        if head.startswith(magic):
            _refuse(what, remedy)
    if not wide and _unprintable(head) > len(head) // 10:
        _refuse("not a text", _NO_LIST)


def refuse_other_text(head: str) -> None:
    """Raise FileRefused where the beginning of a text shows that it is no list."""
    start = head.lstrip().lower()
    for marks, what, remedy in _TEXTS:
        if start.startswith(marks):
            _refuse(what, remedy)


def refuse_empty(head: str) -> None:
    """Raise FileRefused where there is nothing in the text but blanks."""
    if not head.strip("\ufeff\x00 \t\r\n"):
        raise FileRefused(
            "The file is empty.", remedy="Export the list again, and look at the file before you upload it."
        )


def _unprintable(head: Iterable[int]) -> int:
    return sum(byte < 9 or 13 < byte < 32 for byte in head)


def _refuse(what: str, remedy: str) -> None:
    raise FileRefused(f"This file is {what}, by its content.", remedy=remedy)
