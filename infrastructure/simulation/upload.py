"""The list of papers as a researcher would upload it, with the untidiness of such lists."""

import csv
import io
from collections.abc import Sequence
from random import Random
from urllib.parse import quote

from infrastructure.simulation.papers import Paper

_HEADER = ("Authors", "Title", "Year", "Source title", "ISSN", "DOI", "arXiv ID")
_SPELLINGS = (
    (40, "{doi}"),
    (25, "https://doi.org/{doi}"),
    (8, "{upper}"),
    (8, "http://dx.doi.org/{doi}"),
    (6, "doi:{doi}"),
    (4, "  {doi} "),
    (3, "DOI: {doi}"),
    (3, "{doi}."),
    (2, "https://doi.org/{quoted}"),
    (1, "info:doi/{doi}"),
)
_NO_PAPERS = (
    ("A row with words where the DOI should be", "not a doi at all"),
    ("A row with a broken DOI", "10.1/x"),
    ("A row without a DOI", ""),
)
_PAPERS_A_DUPLICATE = 40


def written(papers: Sequence[Paper], rng: Random) -> str:
    """The list as CSV: each paper, some of them again in another spelling, and rows that are no paper."""
    rows = [_row(paper, rng) for paper in papers]
    rows += [_row(paper, rng) for paper in rng.sample(papers, _duplicates(len(papers)))]
    rows += [("", title, "", "", "", cell, "") for title, cell in _NO_PAPERS]
    rng.shuffle(rows)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_HEADER, *rows])
    return text.getvalue()


def counts(papers: int) -> dict[str, int]:
    """What `written` holds for so many papers."""
    duplicates, rejected = _duplicates(papers), len(_NO_PAPERS)
    rows = papers + duplicates + rejected
    return {"rows": rows, "papers": papers, "duplicates": duplicates, "rejected": rejected}


def _duplicates(papers: int) -> int:
    return papers // _PAPERS_A_DUPLICATE


def _row(paper: Paper, rng: Random) -> tuple[str, ...]:
    authors = "; ".join(f"{family}, {given}" for given, family in paper.authors)
    year, preprint = str(paper.published.year), paper.scenario.name == "preprint only"
    arxiv = paper.arxiv_id or "" if preprint else ""
    return (authors, paper.title, year, paper.journal, paper.issn, _spelled(paper.doi, rng), arxiv)


def _spelled(doi: str, rng: Random) -> str:
    (form,) = rng.choices([form for _, form in _SPELLINGS], [weight for weight, _ in _SPELLINGS])
    return form.format(doi=doi, upper=doi.upper(), quoted=quote(doi, safe=""))
