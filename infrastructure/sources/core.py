"""CORE: files that repositories hold (https://api.core.ac.uk/docs/v3, search of works); asked with a key only."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from application.ports.fetcher import Fetcher
from application.ports.sources import Finding
from domain.copies import Copy, distinct
from domain.identifiers import Identifier, Scheme, parse_doi, parse_issns
from domain.metadata import Metadata
from infrastructure.sources.asking import KEY_REFUSED, ask_json, refuse, value_of
from infrastructure.sources.licences import short_name
from infrastructure.sources.reading import first_text, records, text, texts, web_address, year

BASE = "https://api.core.ac.uk"
_MOST = 10
"""Works of one DOI that are looked at."""


class Core:
    """Files of repositories. The fetcher shows the key to its host."""

    name = "core"

    def __init__(self, fetcher: Fetcher, *, base: str = BASE) -> None:
        self._fetcher, self._base = fetcher, base.rstrip("/")

    def serves(self, identifiers: Collection[Identifier]) -> bool:
        """Whether there is a DOI."""
        return value_of(identifiers, Scheme.DOI) is not None

    def find(self, identifiers: Collection[Identifier]) -> Finding:
        """The files of the DOI. Raises SourceUnavailable."""
        doi = value_of(identifiers, Scheme.DOI)
        works = [one for one in self._works(doi) if parse_doi(text(one.get("doi")) or "") == doi] if doi else []
        if not works:
            return Finding()
        return Finding(
            known=True, copies=distinct(copy for one in works if (copy := _copy(one))), metadata=_metadata(works[0])
        )

    def _works(self, doi: str) -> tuple[Mapping[str, Any], ...]:
        query = urlencode({"q": 'doi:"{}"'.format(doi.replace('"', "")), "limit": _MOST})
        url = f"{self._base}/v3/search/works?{query}"
        answer = ask_json(self._fetcher, self.name, url, causes=KEY_REFUSED)
        if answer is None:
            return ()
        if not isinstance(answer.get("results"), list):
            refuse(self.name, "the answer is no list of works")
        return records(answer.get("results"))


def _copy(work: Mapping[str, Any]) -> Copy | None:
    """CORE does not know which version a file is."""
    url = web_address(work.get("downloadUrl"))
    return Copy(url=url, source=Core.name, licence=short_name(text(work.get("license")))) if url else None


def _metadata(work: Mapping[str, Any]) -> Metadata:
    journals, people = records(work.get("journals")), records(work.get("authors"))
    numbers = [number for one in journals for number in texts(one.get("identifiers"))]
    return Metadata(
        title=text(work.get("title")),
        authors=tuple(known for person in people if (known := text(person.get("name")))),
        journal=first_text(*(one.get("title") for one in journals)),
        issn=parse_issns(" ".join(numbers)),
        year=year(work.get("yearPublished")),
        publisher=text(work.get("publisher")),
    )
