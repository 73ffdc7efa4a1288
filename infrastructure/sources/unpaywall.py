"""Unpaywall: where a DOI is open (https://unpaywall.org/products/api, data format version 2)."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from application.ports.clock import Clock
from application.ports.fetcher import Fetcher
from application.ports.sources import Finding, SourceUnavailable
from domain.copies import Copy, CopyKind, Version, distinct, same_place
from domain.identifiers import Identifier, Scheme, parse_issns
from domain.metadata import Metadata
from infrastructure.sources.asking import ask_json, in_path, refuse, value_of
from infrastructure.sources.licences import short_name
from infrastructure.sources.reading import day, first_of, names, record, records, text, web_address, year

BASE = "https://api.unpaywall.org"
_VERSIONS = {version.value: version for version in Version}


class Unpaywall:
    """Every open location of a DOI. Asked with a real contact address only, as the service demands."""

    name = "unpaywall"

    def __init__(self, fetcher: Fetcher, clock: Clock, *, email: str, base: str = BASE) -> None:
        self._fetcher, self._clock, self._email, self._base = fetcher, clock, email, base.rstrip("/")

    def serves(self, identifiers: Collection[Identifier]) -> bool:
        """Whether there is a DOI."""
        return value_of(identifiers, Scheme.DOI) is not None

    def find(self, identifiers: Collection[Identifier]) -> Finding:
        """The open copies of the DOI, and its metadata. Raises SourceUnavailable."""
        doi = value_of(identifiers, Scheme.DOI)
        if doi is None:
            return Finding()
        answer = self._ask(doi)
        return Finding() if answer is None else _finding(answer, doi, self._clock.now().date())

    def _ask(self, doi: str) -> Mapping[str, Any] | None:
        if not self._email:
            raise SourceUnavailable(self.name, "missing_credential", "it wants a contact address")
        url = f"{self._base}/v2/{in_path(doi)}?email={quote(self._email, safe='')}"
        return ask_json(self._fetcher, self.name, url, causes={422: "missing_credential"})


def _finding(answer: Mapping[str, Any], doi: str, today: date) -> Finding:
    if "doi" not in answer and "oa_locations" not in answer:
        refuse(Unpaywall.name, "the answer is not about a paper")
    named = text(answer.get("doi"))
    if named and named.lower() != doi.lower():
        return Finding(known=True)  # of another paper: its copies would be the wrong ones
    locations = [*records(answer.get("oa_locations")), record(answer.get("best_oa_location"))]
    copies = distinct(copy for location in locations for copy in _copies(location))
    embargoed = (day(location.get("oa_date")) for location in records(answer.get("oa_locations_embargoed")))
    return Finding(known=True, copies=copies, metadata=_metadata(answer), open_from=first_of(embargoed, today))


def _copies(location: Mapping[str, Any]) -> Iterator[Copy]:
    """The file and the page of a location; `url` repeats one of them, and counts where neither is given."""
    file, page = web_address(location.get("url_for_pdf")), web_address(location.get("url_for_landing_page"))
    if file is None and page is None:
        page = web_address(location.get("url"))
    version = _VERSIONS.get(text(location.get("version")) or "", Version.UNKNOWN)
    licence = short_name(text(location.get("license")))
    if file:
        yield Copy(url=file, source=Unpaywall.name, kind=CopyKind.PDF, version=version, licence=licence)
    if page and not (file and same_place(page) == same_place(file)):
        yield Copy(url=page, source=Unpaywall.name, kind=CopyKind.LANDING_PAGE, version=version, licence=licence)


def _metadata(answer: Mapping[str, Any]) -> Metadata:
    return Metadata(
        title=text(answer.get("title")),
        authors=names(answer.get("z_authors")),
        journal=text(answer.get("journal_name")),
        issn=parse_issns(text(answer.get("journal_issns")) or text(answer.get("journal_issn_l")) or ""),
        year=year(answer.get("year")),
        publisher=text(answer.get("publisher")),
        type=text(answer.get("genre")),
        url=web_address(answer.get("doi_url")),
    )
