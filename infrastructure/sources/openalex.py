"""OpenAlex: the open places of a DOI, and its other identifiers (https://docs.openalex.org, works by DOI).

It is asked with a key only, as the service demands since February 2026.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from application.ports.fetcher import Fetcher
from application.ports.sources import Finding
from domain.copies import Copy, CopyKind, Version, distinct, same_place
from domain.identifiers import Identifier, Scheme, parse_doi, parse_issns, parse_pmcid, parse_pmid
from domain.metadata import Metadata
from infrastructure.sources.asking import KEY_REFUSED, ask_json, in_path, refuse, value_of
from infrastructure.sources.licences import short_name
from infrastructure.sources.reading import first_text, record, records, text, texts, web_address, year

BASE = "https://api.openalex.org"
_VERSIONS = {version.value: version for version in Version}


class OpenAlex:
    """Every place of a DOI that it calls open."""

    name = "openalex"

    def __init__(self, fetcher: Fetcher, *, key: str, base: str = BASE) -> None:
        self._fetcher, self._key, self._base = fetcher, key, base.rstrip("/")

    def serves(self, identifiers: Collection[Identifier]) -> bool:
        """Whether there is a DOI."""
        return value_of(identifiers, Scheme.DOI) is not None

    def find(self, identifiers: Collection[Identifier]) -> Finding:
        """The open copies of the DOI, its metadata and other identifiers. Raises SourceUnavailable."""
        doi = value_of(identifiers, Scheme.DOI)
        work = ask_json(self._fetcher, self.name, self._url(doi), causes=KEY_REFUSED) if doi else None
        if doi is None or work is None:
            return Finding()
        if "doi" not in work and "locations" not in work:
            refuse(self.name, "the answer is not about a paper")
        if (named := text(work.get("doi"))) and (parse_doi(named) or named.lower()) != doi:
            return Finding(known=True)  # of another paper: its copies would be the wrong ones
        places = [*records(work.get("locations")), record(work.get("best_oa_location"))]
        return Finding(
            known=True,
            copies=distinct(copy for place in places for copy in _copies(place)),
            metadata=_metadata(work),
            identifiers=_identifiers(work),
        )

    def _url(self, doi: str) -> str:
        return f"{self._base}/works/doi:{in_path(doi)}?api_key={quote(self._key, safe='')}"


def _copies(place: Mapping[str, Any]) -> Iterator[Copy]:
    """The file and the page of a place that is open."""
    if place.get("is_oa") is not True:
        return
    file, page = web_address(place.get("pdf_url")), web_address(place.get("landing_page_url"))
    version = _VERSIONS.get(text(place.get("version")) or "", Version.UNKNOWN)
    licence = short_name(text(place.get("license")))
    if file:
        yield Copy(url=file, source=OpenAlex.name, version=version, licence=licence)
    if page and not (file and same_place(page) == same_place(file)):
        yield Copy(url=page, source=OpenAlex.name, kind=CopyKind.LANDING_PAGE, version=version, licence=licence)


def _identifiers(work: Mapping[str, Any]) -> tuple[Identifier, ...]:
    ids = record(work.get("ids"))
    found = {
        Scheme.PMID: parse_pmid(text(ids.get("pmid")) or ""),
        Scheme.PMCID: parse_pmcid((text(ids.get("pmcid")) or "").rstrip("/").rpartition("/")[2]),
    }
    return tuple(Identifier(scheme, value) for scheme, value in found.items() if value)


def _metadata(work: Mapping[str, Any]) -> Metadata:
    source = record(record(work.get("primary_location")).get("source"))
    return Metadata(
        title=first_text(work.get("title"), work.get("display_name")),
        authors=tuple(known for one in records(work.get("authorships")) if (known := _author(one))),
        journal=text(source.get("display_name")) if text(source.get("type")) == "journal" else None,
        issn=parse_issns(" ".join((*texts(source.get("issn")), *texts(source.get("issn_l"))))),
        year=year(work.get("publication_year")),
        publisher=text(source.get("host_organization_name")),
        type=first_text(work.get("type_crossref"), work.get("type")),
        url=web_address(work.get("doi")),
    )


def _author(authorship: Mapping[str, Any]) -> str | None:
    return first_text(authorship.get("raw_author_name"), record(authorship.get("author")).get("display_name"))
