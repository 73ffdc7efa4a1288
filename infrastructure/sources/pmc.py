"""PubMed Central's files in the cloud (https://pmc.ncbi.nlm.nih.gov/tools/cloud/, the layout of 2026).

Every version of an article has a folder, PMC123.1, with a description that names the file and its MD5.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from application.ports.fetcher import Fetcher
from application.ports.sources import Finding
from domain.copies import Copy, Version
from domain.identifiers import Identifier, Scheme, parse_doi, parse_pmcid, parse_pmid
from domain.metadata import Metadata
from infrastructure.sources.asking import ask, ask_json, refuse, value_of
from infrastructure.sources.licences import short_name
from infrastructure.sources.reading import text, web_address

BASE = "https://pmc-oa-opendata.s3.amazonaws.com"
_BUCKET = "s3://pmc-oa-opendata/"
_MD5 = re.compile(r"[0-9a-f]{32}")


class Pmc:
    """The newest file of an article; serves PMCIDs."""

    name = "pmc"

    def __init__(self, fetcher: Fetcher, *, base: str = BASE) -> None:
        self._fetcher, self._base = fetcher, base.rstrip("/")

    def serves(self, identifiers: Collection[Identifier]) -> bool:
        """Whether there is a PMCID."""
        return value_of(identifiers, Scheme.PMCID) is not None

    def find(self, identifiers: Collection[Identifier]) -> Finding:
        """The file of the newest version, and the paper's other identifiers. Raises SourceUnavailable."""
        pmcid = value_of(identifiers, Scheme.PMCID)
        newest = self._newest(pmcid) if pmcid else None
        if pmcid is None or newest is None:
            return Finding()
        described = ask_json(self._fetcher, self.name, f"{self._base}/{newest}/{newest}.json")
        if described is None or parse_pmcid(text(described.get("pmcid")) or "") != pmcid:
            refuse(self.name, "a version that is listed has no description of its own")
        copy = self._copy(described)
        return Finding(
            known=True,
            copies=(copy,) if copy else (),
            metadata=Metadata(title=text(described.get("title"))),
            identifiers=_identifiers(described, pmcid),
        )

    def _newest(self, pmcid: str) -> str | None:
        """The folder of the newest version; None where there is none."""
        url = f"{self._base}/?list-type=2&prefix={quote(pmcid)}.&delimiter=/"
        listed = ask(self._fetcher, self.name, url)
        if listed is None:
            return None
        if b"<ListBucketResult" not in listed[:1000]:
            refuse(self.name, "the answer is no list of files")
        found = re.findall(rf"<Prefix>({pmcid}\.(\d{{1,6}}))/</Prefix>".encode(), listed)
        return max(found, key=lambda one: int(one[1]))[0].decode() if found else None

    def _copy(self, described: Mapping[str, Any]) -> Copy | None:
        """The file; its address is that of a bucket, its MD5 a parameter."""
        told = text(described.get("pdf_url")) or ""
        url = web_address(told.replace(_BUCKET, f"{self._base}/", 1))
        if url is None:
            return None
        return Copy(
            url=url.partition("?")[0],
            source=self.name,
            version=Version.ACCEPTED if described.get("is_manuscript") is True else Version.PUBLISHED,
            licence=short_name(text(described.get("license_code"))),
            md5=_md5(url),
        )


def _md5(url: str) -> str | None:
    told = parse_qs(urlsplit(url).query).get("md5", [""])[0].lower()
    return told if _MD5.fullmatch(told) else None


def _identifiers(described: Mapping[str, Any], pmcid: str) -> tuple[Identifier, ...]:
    pmid = described.get("pmid")
    found = {
        Scheme.PMCID: pmcid,
        Scheme.DOI: parse_doi(text(described.get("doi")) or ""),
        Scheme.PMID: parse_pmid(text(pmid) or (str(pmid) if type(pmid) is int else "")),
    }
    return tuple(Identifier(scheme, value) for scheme, value in found.items() if value)
