"""Why an entry cannot be taken, in sentences for the person who made the file: data."""

from domain.identifiers import MAX_DOI, has_control_characters, kind_of

NO_IDENTIFIER = "There is no DOI, PubMed id, PMC id or arXiv id."
NUL = "There is a NUL character: the file is damaged here."
NOT_ENCODED = "There are bytes that are not in the encoding of the rest of the file: save the whole file as UTF-8."
TWO_DOIS = "There is more than one DOI ({dois}): give each paper its own row."
_EXCEL = "the spreadsheet program changed the DOI; make the column text before you paste DOIs, or export again"
_BY_KIND = {
    "rounded number": f"“{{cell}}” is a rounded number: {_EXCEL}.",
    "date": f"“{{cell}}” is a date: {_EXCEL}.",
    "formula": "“{cell}” is a formula of a spreadsheet without a DOI.",
    "number": "“{cell}” is a bare number; PubMed ids belong into a column named PMID.",
    "broken DOI": "“{cell}” is a broken DOI: a whole one looks like 10.1234/abc.",
    "URL": "“{cell}” is a web address without a DOI.",
}
_ANOTHER_KIND = "“{cell}” is a kind of {kind}, not a DOI."


def too_long(limit: int) -> str:
    """The reason where one field is longer than `limit` characters."""
    return f"A field is longer than {limit:,} characters."


def of_text(text: str) -> str | None:
    """Why an entry cannot be trusted as a text; None where it can."""
    if "\0" in text:
        return NUL
    return None if text.isascii() or _was_decoded(text) else NOT_ENCODED


def _was_decoded(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # the halves of characters that stand for bytes that could not be decoded
        return False
    return True


def bad_doi(cell: str) -> str:
    """Why the cell of a DOI has none."""
    if len(cell) > MAX_DOI:
        return "The DOI is longer than any real one."
    if has_control_characters(cell):
        return "The DOI has control characters or line breaks in it."
    kind = kind_of(cell)
    shown = cell if len(cell) <= 80 else cell[:79] + "…"
    if kind is None or kind == "DOI":
        return f"“{shown}” is no DOI."
    return _BY_KIND.get(kind, _ANOTHER_KIND).format(cell=shown, kind=kind)
