"""One paper in short, beside the list."""

from collections.abc import Iterator
from urllib.parse import quote

from attrs import frozen

from application.queries import ImportRow, PaperRow
from application.standing import Standing, standing
from application.wording import SCHEMES
from domain.identifiers import Scheme
from interfaces.container import Container
from interfaces.web.listing import Listing
from interfaces.web.views.neighbours import inside
from interfaces.web.views.paper_metadata import ADDRESSES


@frozen(kw_only=True)
class PanelView:
    """The panel. `address` leads to the whole page, `closed` to the list without the panel."""

    paper: PaperRow
    standing: Standing
    identifiers: tuple[tuple[str, str, str], ...]
    imports: tuple[ImportRow, ...]
    address: str
    closed: str

    @property
    def name(self) -> str:
        """What the paper is called."""
        return self.paper.title or self.paper.doi or "Untitled paper"


def panel_view(container: Container, listing: Listing, paper: str, closed: str) -> PanelView | None:
    """The short view of a paper; None for an unknown one."""
    if (row := container.papers.find(paper)) is None:
        return None
    return PanelView(
        paper=row,
        standing=standing(row),
        identifiers=tuple(_identifiers(row)),
        imports=tuple(container.imports.of_paper(row.id)),
        address=f"/papers/{row.id}{inside(listing)}",
        closed=closed,
    )


def _identifiers(row: PaperRow) -> Iterator[tuple[str, str, str]]:
    """Scheme, value and address of each identifier."""
    for scheme in Scheme:
        if value := getattr(row, scheme.value):
            yield SCHEMES[scheme], value, ADDRESSES[scheme] + quote(value)
