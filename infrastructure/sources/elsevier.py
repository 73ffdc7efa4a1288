"""Elsevier: the file of an article to which the key entitles (https://dev.elsevier.com, article retrieval).

Without entitlement its interface gives a preview of one page, as if it were the article: so it is asked first whether
the key entitles. The fetcher shows the key to its host, and to no other.
"""

from collections.abc import Collection, Mapping
from typing import Any

from application.ports.fetcher import Fetcher
from application.ports.sources import Finding
from domain.copies import Copy, Version
from domain.identifiers import Identifier, Scheme
from infrastructure.sources.asking import ask_json, in_path, refuse, value_of
from infrastructure.sources.reading import record, text

BASE = "https://api.elsevier.com"
_PREFIXES = (
    "10.1006/", "10.1016/", "10.1053/", "10.1054/", "10.1067/", "10.1078/", "10.1197/", "10.1205/", "10.1383/",
    "10.1529/", "10.2353/", "10.3182/", "10.3816/",
)  # fmt: skip
_CAUSES: Mapping[int, str] = {401: "missing_credential"}
_NOT_ENTITLED = 403


class Elsevier:
    """The published version of Elsevier's articles."""

    name = "elsevier"

    def __init__(self, fetcher: Fetcher, *, base: str = BASE) -> None:
        self._fetcher, self._base = fetcher, base.rstrip("/")

    def serves(self, identifiers: Collection[Identifier]) -> bool:
        """Whether there is a DOI of Elsevier's."""
        return value_of(identifiers, Scheme.DOI, _PREFIXES) is not None

    def find(self, identifiers: Collection[Identifier]) -> Finding:
        """The file, where the key entitles to it. Raises SourceUnavailable."""
        doi = value_of(identifiers, Scheme.DOI, _PREFIXES)
        if doi is None:
            return Finding()
        url = f"{self._base}/content/article/entitlement/doi/{in_path(doi)}?httpAccept=application/json"
        answer = ask_json(self._fetcher, self.name, url, causes=_CAUSES, unknown={404, 410, _NOT_ENTITLED})
        if answer is None:
            return Finding()
        told = record(answer.get("entitlement-response"))
        if "document-entitlement" not in told:
            refuse(self.name, "the answer says nothing of an entitlement")
        file = f"{self._base}/content/article/doi/{in_path(doi)}?httpAccept=application/pdf"
        copy = Copy(url=file, source=self.name, version=Version.PUBLISHED)
        return Finding(known=True, copies=(copy,) if _is_entitled(told) else ())


def _is_entitled(told: Mapping[str, Any]) -> bool:
    entitled = record(told.get("document-entitlement")).get("entitled")
    return entitled is True or text(entitled) == "true"
