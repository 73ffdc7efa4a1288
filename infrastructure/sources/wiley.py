"""Wiley: the file of an article (https://onlinelibrary.wiley.com/library-info/resources/text-and-datamining).

The interface has nothing but files, so nothing is asked here: every DOI of Wiley's has one there, and whether the
token entitles to it shows when it is fetched. The fetcher shows the token to its host, and to no other.
"""

from collections.abc import Collection
from urllib.parse import quote

from application.ports.sources import Finding
from domain.copies import Copy, Version
from domain.identifiers import Identifier, Scheme
from infrastructure.sources.asking import value_of

BASE = "https://api.wiley.com"
_PREFIXES = (
    "10.1002/", "10.1029/", "10.1034/", "10.1046/", "10.1049/", "10.1096/", "10.1111/", "10.1112/", "10.1113/",
    "10.1348/", "10.1890/",
)  # fmt: skip


class Wiley:
    """The published version of Wiley's articles."""

    name = "wiley"

    def __init__(self, *, base: str = BASE) -> None:
        self._base = base.rstrip("/")

    def serves(self, identifiers: Collection[Identifier]) -> bool:
        """Whether there is a DOI of Wiley's."""
        return value_of(identifiers, Scheme.DOI, _PREFIXES) is not None

    def find(self, identifiers: Collection[Identifier]) -> Finding:
        """The address of the file."""
        doi = value_of(identifiers, Scheme.DOI, _PREFIXES)
        if doi is None:
            return Finding()
        url = f"{self._base}/onlinelibrary/tdm/v1/articles/{quote(doi, safe='')}"
        return Finding(copies=(Copy(url=url, source=self.name, version=Version.PUBLISHED),), by_rule=True)
