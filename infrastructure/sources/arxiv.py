"""arXiv: preprints by arXiv id (https://info.arxiv.org/help/api/user-manual.html; one request in three seconds)."""

from collections.abc import Collection
from urllib.parse import quote

from application.ports.fetcher import Fetcher
from application.ports.sources import Finding
from domain.copies import Copy, Version
from domain.identifiers import Identifier, Scheme, arxiv_of, parse_arxiv, parse_doi
from domain.metadata import Metadata
from infrastructure.sources.asking import UNKNOWN, ask, refuse, value_of
from infrastructure.sources.atom import Entry, NotAtom, entries
from infrastructure.sources.reading import LONGEST_TEXT, text, web_address, year

BASE = "https://export.arxiv.org"
_MALFORMED_ID = 400
"""arXiv's answer to an id that cannot be one."""


class Arxiv:
    """The file of a preprint; serves arXiv ids and the DOIs that arXiv gives to its preprints."""

    name = "arxiv"

    def __init__(self, fetcher: Fetcher, *, base: str = BASE, pdf_base: str = BASE) -> None:
        self._fetcher, self._base, self._pdf_base = fetcher, base.rstrip("/"), pdf_base.rstrip("/")

    def serves(self, identifiers: Collection[Identifier]) -> bool:
        """Whether there is an arXiv id, or a DOI that holds one."""
        return _arxiv_id(identifiers) is not None

    def find(self, identifiers: Collection[Identifier]) -> Finding:
        """The preprint's file and metadata. Raises SourceUnavailable."""
        arxiv_id = _arxiv_id(identifiers)
        entry = self._entry(arxiv_id) if arxiv_id else None
        if arxiv_id is None or entry is None:
            return Finding()
        url = f"{self._pdf_base}/pdf/{quote(arxiv_id)}"
        doi = parse_doi(_first(entry, "doi") or "")
        published = (Identifier(Scheme.DOI, doi),) if doi else ()
        return Finding(
            known=True,
            copies=(Copy(url=url, source=self.name, version=Version.SUBMITTED),),
            metadata=_metadata(entry),
            identifiers=(Identifier(Scheme.ARXIV, arxiv_id), *published),
        )

    def _entry(self, arxiv_id: str) -> Entry | None:
        """The entry of the id; errors are entries too, of another id."""
        url = f"{self._base}/api/query?id_list={quote(arxiv_id)}"
        body = ask(self._fetcher, self.name, url, unknown={*UNKNOWN, _MALFORMED_ID})
        try:
            found = entries(body) if body is not None else ()
        except NotAtom as error:
            refuse(self.name, str(error), error)
        return next((entry for entry in found if parse_arxiv(_first(entry, "id") or "") == arxiv_id), None)


def _arxiv_id(identifiers: Collection[Identifier]) -> str | None:
    dois = sorted(identifier.value for identifier in identifiers if identifier.scheme is Scheme.DOI)
    return value_of(identifiers, Scheme.ARXIV) or next(filter(None, map(arxiv_of, dois)), None)


def _all(entry: Entry, name: str) -> tuple[str, ...]:
    """The texts of the elements of a name, with single blanks: feeds break long lines."""
    raw = (element.text[:LONGEST_TEXT] for element in entry if element.name == name)
    return tuple(known for value in raw if (known := text(" ".join(value.split()))))


def _first(entry: Entry, name: str) -> str | None:
    return next(iter(_all(entry, name)), None)


def _metadata(entry: Entry) -> Metadata:
    return Metadata(
        title=_first(entry, "title"),
        authors=_all(entry, "name"),
        year=year(_first(entry, "published")),
        publisher="arXiv",
        type="posted-content",
        url=web_address(_first(entry, "id")),
    )
