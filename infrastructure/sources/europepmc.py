"""Europe PMC: free full texts of the life sciences (https://europepmc.org/RestfulWebService, search, core results)."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from application.ports.fetcher import Fetcher
from application.ports.sources import Finding
from domain.copies import Copy, Version, distinct
from domain.identifiers import Identifier, Scheme, parse_doi, parse_issns, parse_pmcid, parse_pmid
from domain.metadata import Metadata
from infrastructure.sources.asking import ask_json, refuse, value_of
from infrastructure.sources.licences import short_name
from infrastructure.sources.reading import first_text, record, records, text, web_address, year

BASE = "https://www.ebi.ac.uk/europepmc"
PDF_BASE = "https://europepmc.org"
_QUERIES = {Scheme.DOI: 'DOI:"{}"', Scheme.PMID: "SRC:MED AND EXT_ID:{}", Scheme.PMCID: "PMCID:{}"}
_FREE = frozenset({"OA", "F"})
"""Availability codes: open access, and free to read."""
_MANUSCRIPT = ("authMan", "epmcAuthMan", "nihAuthMan")


class EuropePmc:
    """Files that Europe PMC and the places it knows give away, and the paper's other identifiers."""

    name = "europepmc"

    def __init__(self, fetcher: Fetcher, *, base: str = BASE, pdf_base: str = PDF_BASE) -> None:
        self._fetcher, self._base, self._pdf_base = fetcher, base.rstrip("/"), pdf_base.rstrip("/")

    def serves(self, identifiers: Collection[Identifier]) -> bool:
        """Whether there is a DOI, a PMID or a PMCID."""
        return any(identifier.scheme in _QUERIES for identifier in identifiers)

    def find(self, identifiers: Collection[Identifier]) -> Finding:
        """The free copies of the paper. Raises SourceUnavailable."""
        scheme = next((scheme for scheme in _QUERIES if value_of(identifiers, scheme)), None)
        if scheme is None:
            return Finding()
        asked = Identifier(scheme, value_of(identifiers, scheme) or "")
        results = [result for result in self._results(asked) if asked in _identifiers(result)]
        if not results:
            return Finding()
        return Finding(
            known=True,
            copies=distinct(copy for result in results for copy in self._copies(result)),
            metadata=_metadata(results[0]),
            identifiers=tuple(dict.fromkeys(known for result in results for known in _identifiers(result))),
        )

    def _results(self, asked: Identifier) -> tuple[Mapping[str, Any], ...]:
        query = _QUERIES[asked.scheme].format(asked.value.replace('"', ""))
        parameters = urlencode({"query": query, "resultType": "core", "format": "json"})
        answer = ask_json(self._fetcher, self.name, f"{self._base}/webservices/rest/search?{parameters}")
        if answer is None:
            return ()
        if "resultList" not in answer and "hitCount" not in answer:
            refuse(self.name, "the answer is no list of results")
        return records(record(answer.get("resultList")).get("result"))

    def _copies(self, result: Mapping[str, Any]) -> Iterator[Copy]:
        version, licence = _version(result), short_name(text(result.get("license")))
        for url in (*self._rendered(result), *_files(result)):
            yield Copy(url=url, source=self.name, version=version, licence=licence)

    def _rendered(self, result: Mapping[str, Any]) -> Iterator[str]:
        """The file that Europe PMC makes of an open article."""
        pmcid = parse_pmcid(text(result.get("pmcid")) or "")
        if pmcid and text(result.get("isOpenAccess")) == "Y" and text(result.get("hasPDF")) != "N":
            yield f"{self._pdf_base}/articles/{pmcid}?pdf=render"


def _files(result: Mapping[str, Any]) -> Iterator[str]:
    for entry in records(record(result.get("fullTextUrlList")).get("fullTextUrl")):
        url = web_address(entry.get("url"))
        if url and text(entry.get("documentStyle")) == "pdf" and text(entry.get("availabilityCode")) in _FREE:
            yield url


def _version(result: Mapping[str, Any]) -> Version:
    if text(result.get("source")) == "PPR":
        return Version.SUBMITTED
    return Version.ACCEPTED if any(text(result.get(flag)) == "Y" for flag in _MANUSCRIPT) else Version.PUBLISHED


def _identifiers(result: Mapping[str, Any]) -> tuple[Identifier, ...]:
    found = {
        Scheme.DOI: parse_doi(text(result.get("doi")) or ""),
        Scheme.PMID: parse_pmid(text(result.get("pmid")) or ""),
        Scheme.PMCID: parse_pmcid(text(result.get("pmcid")) or ""),
    }
    return tuple(Identifier(scheme, value) for scheme, value in found.items() if value)


def _metadata(result: Mapping[str, Any]) -> Metadata:
    issue = record(result.get("journalInfo"))
    journal = record(issue.get("journal"))
    numbers = (journal.get("ISSN"), journal.get("issn"), journal.get("ESSN"), journal.get("essn"))
    issns = [number for value in (*numbers, result.get("journalIssn")) if (number := text(value))]
    return Metadata(
        title=text(result.get("title")),
        authors=_authors(result),
        journal=first_text(journal.get("title"), result.get("journalTitle")),
        issn=parse_issns(" ".join(issns)),
        year=year(result.get("pubYear")) or year(issue.get("yearOfPublication")),
        type=first_text(record(result.get("pubTypeList")).get("pubType"), result.get("pubType")),
    )


def _authors(result: Mapping[str, Any]) -> tuple[str, ...]:
    people = records(record(result.get("authorList")).get("author"))
    known = tuple(name for person in people if (name := _author(person)))
    listed = (text(result.get("authorString")) or "").rstrip(".").split(", ")
    return known or tuple(filter(None, listed))


def _author(person: Mapping[str, Any]) -> str | None:
    family, given = text(person.get("lastName")), text(person.get("firstName"))
    return (
        f"{family}, {given}" if family and given else first_text(person.get("fullName"), person.get("collectiveName"))
    )
