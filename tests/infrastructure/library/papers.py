"""Papers and files that the tests of this folder share."""

from pathlib import Path

from application.ports.library import Wanted
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from infrastructure.simulation.pdf import paper_pdf

TITLE = "Slow drift of tidal sediments in sheltered northern estuaries"
DOI = "10.5555/drift.2021.117"
OTHER_TITLE = "A survey of lichens on the roofs of village churches"
OTHER_DOI = "10.5555/lichen.2019.4"
AUTHORS = ("Ada Berg", "Ole Lind")


def wanted(title: str | None = TITLE, doi: str | None = DOI, authors: tuple[str, ...] = AUTHORS) -> Wanted:
    """The paper as it was asked for."""
    identifiers = (Identifier(Scheme.DOI, doi),) if doi else ()
    return Wanted(identifiers=identifiers, metadata=Metadata(title=title, authors=authors, year=2021))


def written(path: Path, data: bytes | None = None) -> Path:
    """A file with these bytes, or with the paper."""
    path.write_bytes(paper_pdf(TITLE, AUTHORS, DOI) if data is None else data)
    return path
