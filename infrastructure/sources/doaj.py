"""DOAJ: articles of open access journals (https://doaj.org/api/docs, version 4, search of articles)."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from application.ports.fetcher import Fetcher
from application.ports.sources import Finding
from domain.copies import Copy, CopyKind, Version, distinct
from domain.identifiers import Identifier, Scheme, parse_doi, parse_issns
from domain.metadata import Metadata
from infrastructure.sources.asking import ask_json, refuse, value_of
from infrastructure.sources.licences import short_name
from infrastructure.sources.reading import first_text, record, records, text, texts, web_address, year

BASE = "https://doaj.org"


class Doaj:
    """Pages and files of open access journals. Every journal in it is open, whatever the licence."""

    name = "doaj"

    def __init__(self, fetcher: Fetcher, *, base: str = BASE) -> None:
        self._fetcher, self._base = fetcher, base.rstrip("/")

    def serves(self, identifiers: Collection[Identifier]) -> bool:
        """Whether there is a DOI."""
        return value_of(identifiers, Scheme.DOI) is not None

    def find(self, identifiers: Collection[Identifier]) -> Finding:
        """The pages and files of the DOI. Raises SourceUnavailable."""
        doi = value_of(identifiers, Scheme.DOI)
        articles = [one for one in self._articles(doi) if doi in _dois(one)] if doi else []
        if not articles:
            return Finding()
        copies = distinct(copy for one in articles for copy in _copies(one))
        return Finding(known=True, copies=copies, metadata=_metadata(articles[0]))

    def _articles(self, doi: str) -> list[Mapping[str, Any]]:
        query = 'doi:"{}"'.format(doi.replace('"', ""))
        answer = ask_json(self._fetcher, self.name, f"{self._base}/api/v4/search/articles/{quote(query, safe='')}")
        if answer is None:
            return []
        if not isinstance(answer.get("results"), list):
            refuse(self.name, "the answer is no list of articles")
        return [record(one.get("bibjson")) for one in records(answer.get("results"))]


def _dois(article: Mapping[str, Any]) -> set[str | None]:
    named = records(article.get("identifier"))
    return {parse_doi(text(one.get("id")) or "") for one in named if (text(one.get("type")) or "").lower() == "doi"}


def _copies(article: Mapping[str, Any]) -> Iterator[Copy]:
    for link in records(article.get("link")):
        url = web_address(link.get("url"))
        if url and text(link.get("type")) == "fulltext":
            is_file = "pdf" in (text(link.get("content_type")) or "").lower()
            yield Copy(
                url=url,
                source=Doaj.name,
                kind=CopyKind.PDF if is_file else CopyKind.LANDING_PAGE,
                version=Version.PUBLISHED,
                licence=_licence(article),
            )


def _licence(article: Mapping[str, Any]) -> str | None:
    told = records(record(article.get("journal")).get("license"))
    return short_name(first_text(*(value for one in told for value in (one.get("type"), one.get("title")))))


def _metadata(article: Mapping[str, Any]) -> Metadata:
    journal, people = record(article.get("journal")), records(article.get("author"))
    return Metadata(
        title=text(article.get("title")),
        authors=tuple(known for person in people if (known := text(person.get("name")))),
        journal=text(journal.get("title")),
        issn=parse_issns(" ".join(texts(journal.get("issns")))),
        year=year(article.get("year")),
        publisher=text(journal.get("publisher")),
        type="journal-article",
    )
