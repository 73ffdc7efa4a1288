"""Semantic Scholar: an open file of a paper, and its other identifiers (https://api.semanticscholar.org, Graph API).

It answers without a key as well, out of a pool that all callers share: often not at all. So without a key no paper
waits for it.
"""

from collections.abc import Collection, Mapping
from typing import Any

from application.ports.fetcher import Fetcher
from application.ports.sources import Finding, SourceUnavailable
from domain.copies import Copy, CopyKind, Version
from domain.identifiers import Identifier, Scheme, parse_arxiv, parse_doi, parse_pmcid, parse_pmid
from domain.metadata import Metadata
from infrastructure.sources.asking import KEY_REFUSED, ask_json, in_path, refuse, value_of
from infrastructure.sources.licences import short_name
from infrastructure.sources.reading import first_text, record, records, text, web_address, year

BASE = "https://api.semanticscholar.org"
_FIELDS = "title,year,authors,journal,venue,publicationTypes,externalIds,isOpenAccess,openAccessPdf"
_PREFIXES = {Scheme.DOI: "DOI:", Scheme.ARXIV: "ARXIV:", Scheme.PMID: "PMID:", Scheme.PMCID: "PMCID:"}
_DOI_HOSTS = ("doi.org", "dx.doi.org")


class SemanticScholar:
    """One open file of a paper. `keyed` tells that the fetcher shows a key to its host."""

    name = "semanticscholar"

    def __init__(self, fetcher: Fetcher, *, keyed: bool = False, base: str = BASE) -> None:
        self._fetcher, self._keyed, self._base = fetcher, keyed, base.rstrip("/")

    def serves(self, identifiers: Collection[Identifier]) -> bool:
        """Whether there is any identifier."""
        return any(identifier.scheme in _PREFIXES for identifier in identifiers)

    def find(self, identifiers: Collection[Identifier]) -> Finding:
        """The open file of the paper, and its other identifiers. Raises SourceUnavailable."""
        scheme = next((scheme for scheme in _PREFIXES if value_of(identifiers, scheme)), None)
        if scheme is None:
            return Finding()
        asked = Identifier(scheme, value_of(identifiers, scheme) or "")
        try:
            answer = ask_json(self._fetcher, self.name, self._url(asked), causes=KEY_REFUSED)
        except SourceUnavailable as error:
            error.is_awaited = self._keyed
            raise
        if answer is None:
            return Finding()
        if "paperId" not in answer:
            refuse(self.name, "the answer is not about a paper")
        known = _identifiers(answer)
        if any(one.scheme is scheme and one != asked for one in known):
            return Finding(known=True)  # of another paper: its file would be the wrong one
        copy = _copy(answer)
        return Finding(known=True, copies=(copy,) if copy else (), metadata=_metadata(answer), identifiers=known)

    def _url(self, asked: Identifier) -> str:
        value = in_path(asked.value) if asked.scheme is Scheme.DOI else asked.value.removeprefix("PMC")
        return f"{self._base}/graph/v1/paper/{_PREFIXES[asked.scheme]}{value}?fields={_FIELDS}"


def _copy(answer: Mapping[str, Any]) -> Copy | None:
    """The file; the address may be that of the paper's page."""
    told = record(answer.get("openAccessPdf"))
    url = web_address(told.get("url"))
    if url is None:
        return None
    copy = Copy(url=url, source=SemanticScholar.name, licence=short_name(_lower(told.get("license"))))
    kind = CopyKind.LANDING_PAGE if copy.host in _DOI_HOSTS else CopyKind.PDF
    version = Version.SUBMITTED if copy.host.removeprefix("export.") == "arxiv.org" else Version.UNKNOWN
    return Copy(url=url, source=copy.source, kind=kind, version=version, licence=copy.licence)


def _lower(value: object) -> str | None:
    """It writes CCBYNC for cc-by-nc."""
    told = (text(value) or "").lower()
    if not told.startswith("ccby"):
        return told or None
    return "-".join(("cc", "by", *(part for part in ("nc", "nd", "sa") if part in told[4:])))


def _identifiers(answer: Mapping[str, Any]) -> tuple[Identifier, ...]:
    ids = {name: text(value) or "" for name, value in record(answer.get("externalIds")).items()}
    found = {
        Scheme.DOI: parse_doi(ids.get("DOI", "")),
        Scheme.ARXIV: parse_arxiv(ids.get("ArXiv", "")),
        Scheme.PMID: parse_pmid(ids.get("PubMed", "")),
        Scheme.PMCID: parse_pmcid(ids.get("PubMedCentral", "")),
    }
    return tuple(Identifier(scheme, value) for scheme, value in found.items() if value)


def _metadata(answer: Mapping[str, Any]) -> Metadata:
    people = records(answer.get("authors"))
    return Metadata(
        title=text(answer.get("title")),
        authors=tuple(known for person in people if (known := text(person.get("name")))),
        journal=first_text(record(answer.get("journal")).get("name"), answer.get("venue")),
        year=year(answer.get("year")),
    )
