"""PubMed Central in the cloud: the newest version's file, with its checksum."""

from typing import Any

import pytest

from application.ports.sources import Finding, SourceUnavailable
from domain.copies import Version
from domain.identifiers import Identifier, Scheme
from infrastructure.sources.pmc import BASE, Pmc
from tests.infrastructure.sources.fakes import Replying

PMCID = Identifier(Scheme.PMCID, "PMC123")
LIST = f"{BASE}/?list-type=2&prefix=PMC123.&delimiter=/"
MD5 = "0123456789abcdef" * 2


def listed(*folders: str) -> bytes:
    inside = "".join(f"<CommonPrefixes><Prefix>{folder}/</Prefix></CommonPrefixes>" for folder in folders)
    return f'<?xml version="1.0"?>\n<ListBucketResult><Prefix>PMC123.</Prefix>{inside}</ListBucketResult>'.encode()


def described(**fields: Any) -> dict[str, Any]:
    return {
        "pmcid": "PMC123",
        "version": 1,
        "pmid": 77,
        "doi": "10.1000/X",
        "title": "T",
        "is_manuscript": False,
        "license_code": "CC BY-NC",
        "pdf_url": f"s3://pmc-oa-opendata/PMC123.1/PMC123.1.pdf?md5={MD5}",
        **fields,
    }


def found(**fields: Any) -> Finding:
    web = {LIST: listed("PMC123.1"), f"{BASE}/PMC123.1/PMC123.1.json": described(**fields)}
    return Pmc(Replying(web)).find([PMCID])


def test_the_file_has_a_web_address_and_its_checksum_beside_it() -> None:
    (copy,) = found().copies
    assert copy.url == f"{BASE}/PMC123.1/PMC123.1.pdf"
    assert (copy.md5, copy.licence, copy.version) == (MD5, "cc-by-nc", Version.PUBLISHED)


def test_a_manuscript_is_the_accepted_version() -> None:
    assert found(is_manuscript=True).copies[0].version is Version.ACCEPTED


@pytest.mark.parametrize("query", ["", "?md5=", "?md5=zz", f"?md5={MD5}0"])
def test_what_is_no_checksum_is_none(query: str) -> None:
    (copy,) = found(pdf_url=f"s3://pmc-oa-opendata/PMC123.1/PMC123.1.pdf{query}").copies
    assert copy.md5 is None


def test_the_newest_version_counts_by_its_number() -> None:
    web = {
        LIST: listed("PMC123.2", "PMC123.10", "PMC123.9"),
        f"{BASE}/PMC123.10/PMC123.10.json": described(pdf_url="s3://pmc-oa-opendata/PMC123.10/PMC123.10.pdf"),
    }
    fetcher = Replying(web)
    assert Pmc(fetcher).find([PMCID]).copies[0].url.endswith("/PMC123.10/PMC123.10.pdf")
    assert fetcher.asked == list(web)


def test_an_article_without_a_file_is_known() -> None:
    finding = found(pdf_url=None)
    assert (finding.known, finding.copies, finding.metadata.title) == (True, (), "T")


def test_the_paper_gets_its_other_identifiers() -> None:
    assert found().identifiers == (
        PMCID,
        Identifier(Scheme.DOI, "10.1000/x"),
        Identifier(Scheme.PMID, "77"),
    )


@pytest.mark.parametrize("folders", [(), ("PMC1234.1",), ("PMC123.x",)])
def test_an_article_that_is_not_in_the_cloud_is_unknown(folders: tuple[str, ...]) -> None:
    assert Pmc(Replying({LIST: listed(*folders)})).find([PMCID]) == Finding()


@pytest.mark.parametrize(
    "web",
    [
        {LIST: b"<html>welcome</html>"},
        {LIST: listed("PMC123.1")},
        {LIST: listed("PMC123.1"), f"{BASE}/PMC123.1/PMC123.1.json": described(pmcid="PMC9")},
    ],
)
def test_half_an_answer_is_none(web: dict[str, Any]) -> None:
    with pytest.raises(SourceUnavailable):
        Pmc(Replying(web)).find([PMCID])


def test_files_of_a_mirror_lie_on_the_mirror() -> None:
    base = "http://127.0.0.1:9"
    web = {
        f"{base}/?list-type=2&prefix=PMC123.&delimiter=/": listed("PMC123.1"),
        f"{base}/PMC123.1/PMC123.1.json": described(),
    }
    assert Pmc(Replying(web), base=f"{base}/").find([PMCID]).copies[0].url == f"{base}/PMC123.1/PMC123.1.pdf"
