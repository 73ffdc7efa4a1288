"""Springer Nature: open access articles (https://dev.springernature.com, Open Access API); asked with a key only."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from application.ports.fetcher import Fetcher
from application.ports.sources import Finding
from domain.copies import Copy, CopyKind, Version, distinct
from domain.identifiers import Identifier, Scheme, parse_doi, parse_issns
from domain.metadata import Metadata
from infrastructure.sources.asking import KEY_REFUSED, ask_json, refuse, value_of
from infrastructure.sources.reading import records, text, web_address, year

BASE = "https://api.springernature.com"
_PREFIXES = (
    "10.1007/", "10.1013/", "10.1038/", "10.1057/", "10.1134/", "10.1140/", "10.1186/", "10.1208/", "10.1245/",
    "10.1251/", "10.1361/", "10.1365/", "10.1617/", "10.1891/", "10.3758/", "10.5052/",
)  # fmt: skip


class Springer:
    """The published version of the open articles of Springer, Nature and BMC."""

    name = "springer"

    def __init__(self, fetcher: Fetcher, *, key: str, base: str = BASE) -> None:
        self._fetcher, self._key, self._base = fetcher, key, base.rstrip("/")

    def serves(self, identifiers: Collection[Identifier]) -> bool:
        """Whether there is a DOI of theirs."""
        return value_of(identifiers, Scheme.DOI, _PREFIXES) is not None

    def find(self, identifiers: Collection[Identifier]) -> Finding:
        """The open files of the DOI. Raises SourceUnavailable."""
        doi = value_of(identifiers, Scheme.DOI, _PREFIXES)
        articles = [one for one in self._articles(doi) if parse_doi(text(one.get("doi")) or "") == doi] if doi else []
        if not articles:
            return Finding()
        copies = distinct(copy for one in articles for copy in _copies(one))
        return Finding(known=True, copies=copies, metadata=_metadata(articles[0]))

    def _articles(self, doi: str) -> tuple[Mapping[str, Any], ...]:
        query = urlencode({"q": 'doi:"{}"'.format(doi.replace('"', "")), "p": 2, "api_key": self._key})
        url = f"{self._base}/openaccess/json?{query}"
        answer = ask_json(self._fetcher, self.name, url, causes=KEY_REFUSED)
        if answer is None:
            return ()
        if not isinstance(answer.get("records"), list):
            refuse(self.name, "the answer is no list of articles")
        return records(answer.get("records"))


def _copies(article: Mapping[str, Any]) -> Iterator[Copy]:
    """The file, or the page where no file is named."""
    if (text(article.get("openaccess")) or "").lower() != "true":
        return
    places = [(text(one.get("format")), web_address(one.get("value"))) for one in records(article.get("url"))]
    for form, kind in (("pdf", CopyKind.PDF), ("html", CopyKind.LANDING_PAGE)):
        for told, url in places:
            if url and told == form:
                yield Copy(url=url, source=Springer.name, kind=kind, version=Version.PUBLISHED)


def _metadata(article: Mapping[str, Any]) -> Metadata:
    people = records(article.get("creators"))
    numbers = (text(article.get(name)) or "" for name in ("issn", "eIssn"))
    return Metadata(
        title=text(article.get("title")),
        authors=tuple(known for person in people if (known := text(person.get("creator")))),
        journal=text(article.get("publicationName")),
        issn=parse_issns(" ".join(numbers)),
        year=year(article.get("publicationDate")),
        publisher=text(article.get("publisher")),
    )
