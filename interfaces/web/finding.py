"""What an address names, or “does not exist”."""

from collections.abc import Iterator

from application.queries import ImportRow, Imports, PaperRow, Papers
from domain.errors import DoesNotExist
from domain.importing import RejectedRow
from interfaces.web.naming import plain

PAGE = 1_000


def paper_at(segment: str, papers: Papers) -> PaperRow:
    """The paper that a segment of the address names by id or identifier. Raises DoesNotExist."""
    name = plain(segment)
    if (row := papers.find(name)) is None:
        raise DoesNotExist(f"The paper “{name[:200]}”", remedy="Check its id or DOI, or look for it in the list.")
    return row


def import_at(import_id: str, imports: Imports) -> ImportRow:
    """The import with this id. Raises DoesNotExist."""
    if (row := imports.find(import_id)) is None:
        raise DoesNotExist("This import", remedy="Choose one from the list of imports.")
    return row


def rejected_rows(import_id: str, imports: Imports) -> Iterator[RejectedRow]:
    """Every rejected row of an import, page by page."""
    after = 0
    while rows := imports.rejected(import_id, after=after, limit=PAGE):
        yield from rows
        after = rows[-1].row
