"""OpenAlex's work object (docs.openalex.org/api-entities/works/work-object)."""

from typing import Any

from infrastructure.simulation.answers import At, doi_url
from infrastructure.simulation.papers import Paper, Spot
from infrastructure.simulation.scenarios import Told

_OWN_SITES = ("publisher", "troubled", "restricted")


def work(paper: Paper, at: At) -> dict[str, Any]:
    """The work, with the places that Unpaywall tells of too: both come from one house."""
    places = [_location(paper, spot, at) for spot in paper.told_by("unpaywall")]
    closed = {**_source(paper), "is_oa": False, "landing_page_url": doi_url(paper, at), "pdf_url": None}
    ids = {"openalex": _id(paper), "doi": f"https://doi.org/{paper.doi.lower()}"}
    more = {"pmid": f"https://pubmed.ncbi.nlm.nih.gov/{paper.pmid}"} if paper.pmid else {}
    first = places[0] if places else None
    return {
        "id": _id(paper),
        "doi": ids["doi"],
        "title": paper.title,
        "display_name": paper.title,
        "publication_year": paper.published.year,
        "publication_date": paper.published.isoformat(),
        "ids": ids | more,
        "language": "en",
        "type": "article",
        "type_crossref": "journal-article",
        "is_retracted": False,
        "is_paratext": False,
        "primary_location": first or {**closed, "license": None, "version": None},
        "best_oa_location": first,
        "locations": places or [{**closed, "license": None, "version": None}],
        "open_access": {
            "is_oa": bool(places),
            "oa_status": "green" if places else "closed",
            "oa_url": (first or {}).get("pdf_url") or (first or {}).get("landing_page_url"),
            "any_repository_has_fulltext": False,
        },
        "authorships": [
            {"author_position": "middle", "author": {"display_name": name}, "raw_author_name": name}
            for name in paper.names
        ],
        "cited_by_count": 0,
    }


def _id(paper: Paper) -> str:
    return f"https://openalex.org/W9{paper.number:09d}"


def _source(paper: Paper) -> dict[str, Any]:
    return {
        "source": {
            "display_name": paper.journal,
            "issn_l": paper.issn,
            "issn": [paper.issn],
            "host_organization_name": paper.publisher,
            "type": "journal",
        }
    }


def _location(paper: Paper, spot: Spot, at: At) -> dict[str, Any]:
    told = spot.place.told
    return {
        **_source(paper),
        "is_oa": True,
        "landing_page_url": doi_url(paper, at) if told is Told.DOI else at(spot.host, spot.page),
        "pdf_url": at(spot.host, spot.file) if told is Told.FILE else None,
        "license": "cc-by" if spot.place.at in _OWN_SITES else None,
        "version": spot.place.version.value,
    }
