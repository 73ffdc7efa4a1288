"""DataCite: who, what and when of the DOIs of repositories (https://support.datacite.org/docs/api, REST API).

A DOI of DataCite is often that of a data set or a program: only what may be a text has copies, and only where its
rights make it open.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from application.ports.clock import Clock
from application.ports.fetcher import Fetcher
from application.ports.sources import Finding
from domain.copies import Copy, CopyKind, Version, distinct
from domain.identifiers import Identifier, Scheme, parse_doi, parse_issns
from domain.metadata import Metadata
from infrastructure.sources.asking import ask_json, in_path, refuse, value_of
from infrastructure.sources.licences import creative_commons
from infrastructure.sources.reading import (
    day,
    first_of,
    first_text,
    record,
    records,
    text,
    texts,
    web_address,
    year,
)

BASE = "https://api.datacite.org"
_OPEN = frozenset({"info:eu-repo/semantics/openaccess", "http://purl.org/coar/access_right/c_abf2", "open access"})
_TYPES = {
    "JournalArticle": "journal-article",
    "Preprint": "posted-content",
    "ConferencePaper": "proceedings-article",
    "ConferenceProceeding": "proceedings",
    "PeerReview": "peer-review",
}
"""DataCite's general types by the names that Crossref has for them; other names are only written as it writes them."""
_NO_TEXT = frozenset({
    "Audiovisual", "Award", "Collection", "ComputationalNotebook", "Dataset", "Event", "Image", "Instrument",
    "InteractiveResource", "Model", "PhysicalObject", "Project", "Service", "Software", "Sound", "StudyRegistration",
    "Workflow",
})  # fmt: skip
_FINAL = frozenset({
    "Book", "BookChapter", "ConferencePaper", "DataPaper", "Dissertation", "JournalArticle", "Report", "Standard",
})  # fmt: skip
"""Types of which the DOI names the published version itself."""


class DataCite:
    """Metadata of a DOI, and its page and files where its rights make them open."""

    name = "datacite"

    def __init__(self, fetcher: Fetcher, clock: Clock, *, base: str = BASE) -> None:
        self._fetcher, self._clock, self._base = fetcher, clock, base.rstrip("/")

    def serves(self, identifiers: Collection[Identifier]) -> bool:
        """Whether there is a DOI."""
        return value_of(identifiers, Scheme.DOI) is not None

    def find(self, identifiers: Collection[Identifier]) -> Finding:
        """What is registered for the DOI. Raises SourceUnavailable."""
        doi = value_of(identifiers, Scheme.DOI)
        answer = ask_json(self._fetcher, self.name, f"{self._base}/dois/{in_path(doi)}") if doi else None
        if doi is None or answer is None:
            return Finding()
        attributes = record(answer.get("data")).get("attributes")
        if not isinstance(attributes, dict):
            refuse(self.name, "the answer is not about a DOI")
        if (named := text(attributes.get("doi"))) and (parse_doi(named) or named.lower()) != doi:
            return Finding(known=True)  # of another work: not to be mixed with this one
        copies = distinct(_copies(attributes))
        opens = None if copies else first_of(_available(attributes), self._clock.now().date())
        return Finding(known=True, copies=copies, metadata=_metadata(attributes), open_from=opens)


def _kind(attributes: Mapping[str, Any]) -> str:
    return text(record(attributes.get("types")).get("resourceTypeGeneral")) or ""


def _copies(attributes: Mapping[str, Any]) -> Iterator[Copy]:
    """The files that are named, if they are PDFs, then the page."""
    licence, is_open = _rights(attributes)
    if not is_open or _kind(attributes) in _NO_TEXT:
        return
    files = [url for value in texts(attributes.get("contentUrl")) if (url := web_address(value))]
    are_pdf = [form.lower() for form in texts(attributes.get("formats"))] == ["application/pdf"]
    for url in files:
        if are_pdf or urlsplit(url).path.lower().endswith(".pdf"):
            yield _copy(url, CopyKind.PDF, attributes, licence)
    if page := web_address(attributes.get("url")):
        yield _copy(page, CopyKind.LANDING_PAGE, attributes, licence)


def _copy(url: str, kind: CopyKind, attributes: Mapping[str, Any], licence: str | None) -> Copy:
    return Copy(url=url, source=DataCite.name, kind=kind, version=_version(attributes), licence=licence)


def _version(attributes: Mapping[str, Any]) -> Version:
    kind = _kind(attributes)
    if kind == "Preprint":
        return Version.SUBMITTED
    return Version.PUBLISHED if kind in _FINAL else Version.UNKNOWN


def _rights(attributes: Mapping[str, Any]) -> tuple[str | None, bool]:
    """The Creative Commons licence, and whether the work is open by it or by a word of its repository."""
    stated = [
        value
        for entry in records(attributes.get("rightsList"))
        for name in ("rightsUri", "rightsIdentifier", "rights")
        if (value := text(entry.get(name)))
    ]
    licence = next((name for value in stated if (name := _licence(value))), None)
    return licence, licence is not None or any(value.lower() in _OPEN for value in stated)


def _licence(value: str) -> str | None:
    """The short name of a licence, from its identifier (SPDX) too."""
    return creative_commons(value) or creative_commons(re.sub(r"[ -]\d\.\d([ -][a-z]{2,3})?$", "", value.lower()))


def _available(attributes: Mapping[str, Any]) -> Iterator[date | None]:
    """When the work becomes available."""
    for entry in records(attributes.get("dates")):
        if text(entry.get("dateType")) == "Available":
            yield day(entry.get("date"))


def _metadata(attributes: Mapping[str, Any]) -> Metadata:
    container = record(attributes.get("container"))
    titles = records(attributes.get("titles"))
    is_issn = (text(container.get("identifierType")) or "").upper() == "ISSN"
    publisher = attributes.get("publisher")
    return Metadata(
        title=first_text(*(one.get("title") for one in titles if not one.get("titleType")), *_all_titles(titles)),
        authors=tuple(known for one in records(attributes.get("creators")) if (known := _author(one))),
        journal=text(container.get("title")),
        issn=parse_issns(text(container.get("identifier")) or "") if is_issn else (),
        year=year(attributes.get("publicationYear")),
        publisher=text(publisher) or text(record(publisher).get("name")),
        type=_type(_kind(attributes)),
        url=web_address(attributes.get("url")),
    )


def _all_titles(titles: tuple[Mapping[str, Any], ...]) -> Iterator[object]:
    return (one.get("title") for one in titles)


def _author(person: Mapping[str, Any]) -> str | None:
    family, given = text(person.get("familyName")), text(person.get("givenName"))
    return f"{family}, {given}" if family and given else first_text(person.get("name"), family)


def _type(kind: str) -> str | None:
    if kind in ("", "Text", "Other"):
        return None
    return _TYPES.get(kind) or re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind).lower()
