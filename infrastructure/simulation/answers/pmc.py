"""PubMed Central's files in the cloud: the list of an article's versions, and the description of one of them."""

import hashlib
from typing import Any

from infrastructure.simulation.papers import Paper


def versions(prefix: str, paper: Paper | None) -> str:
    """The list of folders that begin with a prefix (Amazon S3, ListObjectsV2)."""
    folders = f"<CommonPrefixes><Prefix>{folder(paper)}/</Prefix></CommonPrefixes>" if paper else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>pmc-oa-opendata</Name>'
        f"<Prefix>{prefix}</Prefix><KeyCount>{1 if paper else 0}</KeyCount><MaxKeys>1000</MaxKeys>"
        f"<Delimiter>/</Delimiter><IsTruncated>false</IsTruncated>{folders}</ListBucketResult>"
    )


def folder(paper: Paper) -> str:
    """The folder of the one version that there is."""
    return f"{paper.pmcid}.1"


def description(paper: Paper, file: bytes) -> dict[str, Any]:
    """What is said of the version; its file's MD5 is a parameter of the file's address."""
    at = f"s3://pmc-oa-opendata/{folder(paper)}/{folder(paper)}"
    md5 = hashlib.md5(file, usedforsecurity=False).hexdigest()
    return {
        "pmcid": paper.pmcid,
        "version": 1,
        "pmid": int(paper.pmid or 0),
        "doi": paper.doi.lower(),
        "mid": None,
        "title": paper.title,
        "citation": f"{paper.journal}. {paper.published.year}; {paper.volume}({paper.issue})",
        "is_pmc_openaccess": True,
        "is_manuscript": False,
        "is_historical_ocr": False,
        "is_retracted": False,
        "license_code": "CC BY",
        "xml_url": None,
        "text_url": None,
        "pdf_url": f"{at}.pdf?md5={md5}",
        "media_urls": [],
    }
