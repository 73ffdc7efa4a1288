"""The papers before and after one in the list that it was opened from, and the way back to its row."""

from urllib.parse import urlencode

from attrs import frozen

from application.queries import PaperRow
from domain.errors import CommandRefused
from interfaces.container import Container
from interfaces.web.filtering import paper_filter
from interfaces.web.listing import Listing, listing_in
from interfaces.web.problems import WebRequest

IN = "in"
"""The field of a paper's address that has the query of the list."""


@frozen(kw_only=True)
class Beside:
    """A paper beside another one."""

    address: str
    name: str


@frozen(kw_only=True)
class NeighboursView:
    """Where one can go from a paper without leaving its list."""

    back: str
    previous: Beside | None
    next: Beside | None


def inside(listing: Listing) -> str:
    """What follows a paper's address, so that its page knows the list."""
    return f"?{urlencode({IN: urlencode(listing.kept())})}"


def neighbours(container: Container, request: WebRequest, paper: PaperRow) -> NeighboursView | None:
    """The neighbours in the list that the address names; None where it names none, or one that cannot be read."""
    if (text := request.query_params.get(IN)) is None:
        return None
    try:
        listing = listing_in(text)
        which = paper_filter(listing.query, container.imports)
    except CommandRefused:
        return None
    query = listing.query
    found = container.papers.neighbours(which, paper.id, query.sort, descending=query.descending)
    if found is None:
        return None
    return NeighboursView(
        back=f"{listing.address(around=paper.id)}#p-{paper.id}",
        previous=_beside(found.previous, listing),
        next=_beside(found.next, listing),
    )


def _beside(paper: PaperRow | None, listing: Listing) -> Beside | None:
    if paper is None:
        return None
    return Beside(address=f"/papers/{paper.id}{inside(listing)}", name=paper.title or paper.doi or "Untitled paper")
