"""Crossref's answer for a work (REST API, api.crossref.org/swagger-ui)."""

from typing import Any

from infrastructure.simulation.answers import At, doi_url
from infrastructure.simulation.papers import Paper
from infrastructure.simulation.scenarios import Told

_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def work(paper: Paper, at: At) -> dict[str, Any]:
    """The work. A file that is not open has a link too: for those who may, under the publisher's own terms."""
    is_open = bool(paper.spots) and paper.home is paper.spots[0]
    message = {
        **_registration(paper),
        **_bibliography(paper),
        "license": [_licence(paper, at, is_open)],
        "link": [_link(paper, at, is_open)],
        "URL": doi_url(paper, at),
        "resource": {"primary": {"URL": at(paper.home.host, paper.home.page)}},
    }
    return {"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": message}


def _registration(paper: Paper) -> dict[str, Any]:
    """What Crossref itself notes down."""
    return {
        "DOI": paper.doi.lower(),
        "prefix": paper.doi.partition("/")[0],
        "member": "0",
        "source": "Crossref",
        **dict.fromkeys(("indexed", "created", "deposited"), _date(paper)),
        "content-domain": {"domain": [], "crossmark-restriction": False},
        "reference-count": 0,
        "references-count": 0,
        "is-referenced-by-count": paper.number % 50,
        "relation": {},
        "score": 1,
    }


def _bibliography(paper: Paper) -> dict[str, Any]:
    """What the publisher deposits."""
    return {
        "type": "journal-article",
        "title": [paper.title],
        **{f"{kind}-title": [] for kind in ("original", "short", "short-container")},
        "subtitle": [],
        "author": [_author(number, *names) for number, names in enumerate(paper.authors)],
        "container-title": [paper.journal],
        "publisher": paper.publisher,
        "ISSN": [paper.issn],
        "issn-type": [{"type": "electronic", "value": paper.issn}],
        "volume": str(paper.volume),
        "issue": str(paper.issue),
        "page": f"{paper.number}-{paper.number + paper.pages}",
        **{name: {"date-parts": _date(paper)["date-parts"]} for name in ("issued", "published", "published-online")},
        "language": "en",
        "subject": [],
    }


def _author(number: int, given: str, family: str) -> dict[str, Any]:
    position = "first" if number == 0 else "additional"
    return {"given": given, "family": family, "sequence": position, "affiliation": []}


def _date(paper: Paper) -> dict[str, Any]:
    day = paper.published
    return {"date-parts": [[day.year, day.month, day.day]], "date-time": f"{day.isoformat()}T12:00:00Z"}


def _licence(paper: Paper, at: At, is_open: bool) -> dict[str, Any]:
    return {
        "URL": _LICENCE if is_open else at(paper.home.host, "/terms"),
        "content-version": "vor" if is_open else "tdm",
        "delay-in-days": 0,
        "start": _date(paper),
    }


def _link(paper: Paper, at: At, is_open: bool) -> dict[str, Any]:
    names_file = paper.home.place.told is Told.FILE
    return {
        "URL": at(paper.home.host, paper.home.file if names_file else paper.home.page),
        "content-type": "application/pdf" if names_file else "text/html",
        "content-version": "vor",
        "intended-application": "text-mining" if is_open else "similarity-checking",
    }
