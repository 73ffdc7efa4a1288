"""Crossref: who, what and when of a DOI, and files under an open licence (https://api.crossref.org, REST API).

A link alone tells nothing about access: publishers deposit links for text mining and for similarity checking of works
that are closed. So a link counts only with a Creative Commons licence for it that has begun.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from application.ports.clock import Clock
from application.ports.fetcher import Fetcher
from application.ports.sources import Finding
from domain.copies import Copy, CopyKind, Version, distinct
from domain.identifiers import Identifier, Scheme, doi_url, parse_doi, parse_issns
from domain.metadata import Metadata
from infrastructure.sources.asking import ask_json, in_path, refuse, value_of
from infrastructure.sources.licences import creative_commons
from infrastructure.sources.reading import (
    first_of,
    first_text,
    items,
    names,
    record,
    records,
    text,
    texts,
    web_address,
    year,
)

BASE = "https://api.crossref.org"
_VERSIONS = {"vor": Version.PUBLISHED, "am": Version.ACCEPTED}
_APPLICATIONS = frozenset({"text-mining", "unspecified"})
_FOR_ALL_VERSIONS = frozenset({"unspecified", "tdm"})
_DATES = ("issued", "published", "published-print", "published-online", "posted")
_OPEN_PREPRINTS = (
    "10.48550/", "10.1101/", "10.64898/", "10.26434/", "10.21203/", "10.20944/", "10.31219/", "10.31222/", "10.31223/",
    "10.31234/", "10.31235/", "10.35542/", "10.36227/", "10.22541/", "10.7287/", "10.12688/", "10.5194/egusphere-",
)  # fmt: skip
"""DOIs of preprint servers where every work is free to read."""


class Crossref:
    """Metadata of a DOI; copies only where a licence makes them open."""

    name = "crossref"

    def __init__(self, fetcher: Fetcher, clock: Clock, *, email: str = "", base: str = BASE) -> None:
        self._fetcher, self._clock, self._email, self._base = fetcher, clock, email, base.rstrip("/")

    def serves(self, identifiers: Collection[Identifier]) -> bool:
        """Whether there is a DOI."""
        return value_of(identifiers, Scheme.DOI) is not None

    def find(self, identifiers: Collection[Identifier]) -> Finding:
        """What is registered for the DOI. Raises SourceUnavailable."""
        doi = value_of(identifiers, Scheme.DOI)
        answer = ask_json(self._fetcher, self.name, self._url(doi)) if doi else None
        if doi is None or answer is None:
            return Finding()
        work = answer.get("message")
        if not isinstance(work, dict):
            refuse(self.name, "the answer is not about a paper")
        if (named := text(work.get("DOI"))) and (parse_doi(named) or named.lower()) != doi:
            return Finding(known=True)  # an alias, or another paper: not to be mixed with this one
        today = self._clock.now().date()
        copies = distinct((*_files(work, today), *_preprints(work)))
        return Finding(known=True, copies=copies, metadata=_metadata(work), open_from=first_of(_starts(work), today))

    def _url(self, doi: str) -> str:
        polite = f"?mailto={quote(self._email, safe='')}" if self._email else ""
        return f"{self._base}/works/{in_path(doi)}{polite}"


def _files(work: Mapping[str, Any], today: date) -> Iterator[Copy]:
    for link in records(work.get("link")):
        version, url = text(link.get("content-version")), web_address(link.get("URL"))
        licence = _open_licence(work, version, today)
        wanted = text(link.get("intended-application")) in _APPLICATIONS
        if url and licence and wanted and text(link.get("content-type")) == "application/pdf":
            yield Copy(url=url, source=Crossref.name, version=_version(work, version), licence=licence)


def _version(work: Mapping[str, Any], version: str | None) -> Version:
    preprint = text(work.get("type")) == "posted-content"
    return Version.SUBMITTED if preprint else _VERSIONS.get(version or "", Version.UNKNOWN)


def _open_licence(work: Mapping[str, Any], version: str | None, today: date) -> str | None:
    """The Creative Commons licence that holds today for a version, None where there is none."""
    for licence in records(work.get("license")):
        covered = text(licence.get("content-version")) or "unspecified"
        name = creative_commons(text(licence.get("URL")))
        begun = _date(licence.get("start"))
        if name and (covered == version or covered in _FOR_ALL_VERSIONS) and (begun is None or begun <= today):
            return name
    return None


def _starts(work: Mapping[str, Any]) -> Iterator[date | None]:
    """When each Creative Commons licence begins."""
    for licence in records(work.get("license")):
        if creative_commons(text(licence.get("URL"))):
            yield _date(licence.get("start"))


def _preprints(work: Mapping[str, Any]) -> Iterator[Copy]:
    for relation in records(record(work.get("relation")).get("has-preprint")):
        doi = parse_doi(text(relation.get("id")) or "")
        if doi and doi.startswith(_OPEN_PREPRINTS):
            yield Copy(url=doi_url(doi), source=Crossref.name, kind=CopyKind.LANDING_PAGE, version=Version.SUBMITTED)


def _metadata(work: Mapping[str, Any]) -> Metadata:
    primary = record(record(work.get("resource")).get("primary"))
    return Metadata(
        title=first_text(work.get("title")),
        authors=names(work.get("author")),
        journal=first_text(work.get("container-title")),
        issn=parse_issns(" ".join(texts(work.get("ISSN")))),
        year=next((known for name in _DATES if (known := year(_date_parts(work.get(name))[0]))), None),
        publisher=text(work.get("publisher")),
        type=text(work.get("type")),
        url=web_address(work.get("URL")) or web_address(primary.get("URL")),
    )


def _date(value: object) -> date | None:
    """The day of a partial date; a missing month or day counts as the first."""
    parts = _date_parts(value)
    try:
        return date(*(part if part is not None else 1 for part in parts)) if parts[0] else None
    except (TypeError, ValueError, OverflowError):
        return None


def _date_parts(value: object) -> tuple[Any, Any, Any]:
    parts = next(iter(items(record(value).get("date-parts"))), ())
    known = [part if isinstance(part, int | str) else None for part in items(parts)[:3]]
    first, second, third = (*known, None, None, None)[:3]
    return first, second, third
