"""bioRxiv and medRxiv: the versions of a preprint (https://api.biorxiv.org, details by DOI).

The DOI of the published article, which they tell too, is another work's: it is no identifier of the preprint.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from application.ports.fetcher import Fetcher
from application.ports.sources import Finding
from domain.copies import Copy, Version
from domain.identifiers import Identifier, Scheme, parse_doi
from domain.metadata import Metadata
from infrastructure.sources.asking import ask_json, in_path, refuse
from infrastructure.sources.licences import short_name
from infrastructure.sources.reading import records, text, year

BASE = "https://api.biorxiv.org"
_PREPRINT = re.compile(r"10\.(?:1101|64898)/(?:\d{4}\.\d\d\.\d\d\.)?(\d{6,8})")
"""Their DOIs; the journals that share the prefix write theirs with letters."""
_SERVERS = {"biorxiv": "bioRxiv", "medrxiv": "medRxiv"}
_MEDRXIV_DIGITS = 8


class Biorxiv:
    """The newest file of a preprint, by its DOI."""

    name = "biorxiv"

    def __init__(self, fetcher: Fetcher, *, base: str = BASE) -> None:
        self._fetcher, self._base = fetcher, base.rstrip("/")

    def serves(self, identifiers: Collection[Identifier]) -> bool:
        """Whether there is a DOI of a preprint of theirs."""
        return _doi(identifiers) is not None

    def find(self, identifiers: Collection[Identifier]) -> Finding:
        """The preprint's newest file and metadata. Raises SourceUnavailable."""
        doi = _doi(identifiers)
        for server in _servers(doi) if doi else ():
            versions = self._versions(server, doi or "")
            if versions:
                newest = max(versions, key=_number)
                return Finding(known=True, copies=(_copy(server, doi or "", newest),), metadata=_metadata(newest))
        return Finding()

    def _versions(self, server: str, doi: str) -> list[Mapping[str, Any]]:
        answer = ask_json(self._fetcher, self.name, f"{self._base}/details/{server}/{in_path(doi)}/na/json")
        if answer is None:
            return []
        if not isinstance(answer.get("collection"), list):
            refuse(self.name, "the answer is no list of versions")
        found = records(answer.get("collection"))
        return [one for one in found if parse_doi(text(one.get("doi")) or "") == doi and _number(one)]


def _doi(identifiers: Collection[Identifier]) -> str | None:
    dois = sorted(identifier.value for identifier in identifiers if identifier.scheme is Scheme.DOI)
    return next((doi for doi in dois if _PREPRINT.fullmatch(doi)), None)


def _servers(doi: str) -> list[str]:
    """Both, the likelier one first: medRxiv numbers with eight digits."""
    found = _PREPRINT.fullmatch(doi)
    is_medrxiv = found is not None and len(found[1]) == _MEDRXIV_DIGITS
    return sorted(_SERVERS, reverse=is_medrxiv)


def _number(version: Mapping[str, Any]) -> int:
    """The number of a version, 0 where it is none."""
    told = version.get("version")
    digits = text(told) or (str(told) if type(told) is int else "")
    return int(digits) if re.fullmatch(r"[1-9]\d{0,3}", digits, re.ASCII) else 0


def _copy(server: str, doi: str, version: Mapping[str, Any]) -> Copy:
    url = f"https://www.{server}.org/content/{in_path(doi)}v{_number(version)}.full.pdf"
    return Copy(url=url, source=Biorxiv.name, version=Version.SUBMITTED, licence=_licence(version))


def _licence(version: Mapping[str, Any]) -> str | None:
    """They write cc_by_nc, and cc_no where nothing is allowed beyond reading."""
    told = text(version.get("license"))
    return short_name(told.replace("_", "-")) if told and told != "cc_no" else None


def _metadata(version: Mapping[str, Any]) -> Metadata:
    server = (text(version.get("server")) or "").lower()
    people = (text(version.get("authors")) or "").split(";")
    return Metadata(
        title=text(version.get("title")),
        authors=tuple(name for person in people if (name := person.strip().removesuffix(","))),
        year=year(version.get("date")),
        publisher=_SERVERS.get(server),
        type="posted-content",
    )
