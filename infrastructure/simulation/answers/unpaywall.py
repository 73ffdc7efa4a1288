"""Unpaywall's DOI object, data format version 2 (unpaywall.org/data-format)."""

from typing import Any

from infrastructure.simulation.answers import At, doi_url
from infrastructure.simulation.papers import Paper, Spot
from infrastructure.simulation.scenarios import Told

_OWN_SITES = ("publisher", "troubled", "restricted")


def record(paper: Paper, at: At) -> dict[str, Any]:
    """The DOI object."""
    locations = [_location(paper, spot, at) for spot in paper.told_by("unpaywall")]
    for number, location in enumerate(locations):
        location["is_best"] = number == 0
    first = locations[0] if locations else None
    hosted = {location["host_type"] for location in locations}
    return {
        "doi": paper.doi.lower(),
        "doi_url": doi_url(paper, at),
        "title": paper.title,
        "genre": "journal-article",
        "is_paratext": False,
        "published_date": paper.published.isoformat(),
        "year": paper.published.year,
        "journal_name": paper.journal,
        "journal_issns": paper.issn,
        "journal_issn_l": paper.issn,
        "journal_is_oa": False,
        "journal_is_in_doaj": False,
        "publisher": paper.publisher,
        "is_oa": bool(locations),
        "oa_status": "hybrid" if "publisher" in hosted else "green" if hosted else "closed",
        "has_repository_copy": "repository" in hosted,
        "best_oa_location": first,
        "first_oa_location": first,
        "oa_locations": locations,
        "oa_locations_embargoed": [],
        "updated": f"{paper.published.isoformat()}T12:00:00",
        "data_standard": 2,
        "z_authors": [_author(number, name) for number, name in enumerate(paper.names)],
    }


def _location(paper: Paper, spot: Spot, at: At) -> dict[str, Any]:
    own, told = spot.place.at in _OWN_SITES, spot.place.told
    file = at(spot.host, spot.file) if told is Told.FILE else None
    page = doi_url(paper, at) if told is Told.DOI else at(spot.host, spot.page)
    return {
        "url": file or page,
        "url_for_pdf": file,
        "url_for_landing_page": page,
        "evidence": "open (via page says license)" if own else "oa repository (via OAI-PMH doi match)",
        "license": "cc-by" if own else None,
        "version": spot.place.version.value,
        "host_type": "publisher" if own else "repository",
        "is_best": False,
        "pmh_id": None if own else f"oai:{spot.host}:{paper.number}",
        "endpoint_id": None if own else f"endpoint{spot.host}",
        "repository_institution": None if own else "Sample Repository",
        "oa_date": paper.published.isoformat(),
        "updated": f"{paper.published.isoformat()}T12:00:00",
    }


def _author(number: int, name: str) -> dict[str, Any]:
    return {
        "author_position": "first" if number == 0 else "additional",
        "raw_author_name": name,
        "is_corresponding": number == 0,
        "raw_affiliation_strings": [],
    }
