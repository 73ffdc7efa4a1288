"""Europe PMC's search result (RESTful web service, resultType core, europepmc.org/RestfulWebService)."""

from collections.abc import Iterable
from typing import Any

from infrastructure.simulation.answers import At, doi_url
from infrastructure.simulation.papers import Paper, Spot


def found(query: str, papers: Iterable[Paper], at: At) -> dict[str, Any]:
    """The result of a search."""
    results = [_result(paper, at) for paper in papers]
    return {
        "version": "6.9",
        "hitCount": len(results),
        "request": {"queryString": query, "resultType": "core", "cursorMark": "*", "pageSize": 25, "synonym": False},
        "resultList": {"result": results},
    }


def _result(paper: Paper, at: At) -> dict[str, Any]:
    spots = paper.told_by("europepmc")
    result = {
        **_bibliography(paper),
        "fullTextUrlList": {"fullTextUrl": [*_urls(spots, at), _doi(paper, at)]},
        **dict.fromkeys(("isOpenAccess", "inEPMC", "inPMC", "hasPDF"), "Y" if spots else "N"),
        **dict.fromkeys(("hasBook", "hasSuppl", "authMan", "epmcAuthMan", "nihAuthMan"), "N"),
        "license": "cc by" if spots else None,
        "citedByCount": 0,
    }
    return {name: value for name, value in result.items() if value is not None}


def _bibliography(paper: Paper) -> dict[str, Any]:
    return {
        "id": paper.pmid,
        "source": "MED",
        "pmid": paper.pmid,
        "pmcid": paper.pmcid,
        "doi": paper.doi.lower(),
        "title": f"{paper.title}.",
        "authorString": ", ".join(f"{family} {given[0]}" for given, family in paper.authors) + ".",
        "authorList": {"author": [_author(given, family) for given, family in paper.authors]},
        "journalInfo": {
            "issue": str(paper.issue),
            "volume": str(paper.volume),
            "yearOfPublication": paper.published.year,
            "journal": {"title": paper.journal, "issn": paper.issn, "essn": paper.issn},
        },
        "pubYear": str(paper.published.year),
        "pubTypeList": {"pubType": ["Journal Article"]},
        "language": "eng",
        "firstPublicationDate": paper.published.isoformat(),
    }


def _author(given: str, family: str) -> dict[str, str]:
    return {"fullName": f"{family} {given[0]}", "firstName": given, "lastName": family, "initials": given[0]}


def _urls(spots: Iterable[Spot], at: At) -> list[dict[str, str]]:
    common = {"availability": "Open access", "availabilityCode": "OA", "site": "Europe_PMC"}
    return [
        {**common, "documentStyle": style, "url": at(spot.host, path)}
        for spot in spots
        for style, path in (("html", spot.page), ("pdf", spot.file))
    ]


def _doi(paper: Paper, at: At) -> dict[str, str]:
    return {
        "availability": "Subscription required",
        "availabilityCode": "S",
        "documentStyle": "doi",
        "site": "DOI",
        "url": doi_url(paper, at),
    }
