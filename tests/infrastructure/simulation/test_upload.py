"""The list that a researcher would upload."""

import csv
import io
from collections import Counter
from urllib.parse import unquote

from infrastructure.simulation.world import World

WORLD = World(seed=5)


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(WORLD.csv())))


def plain(cell: str) -> str:
    """The DOI of a cell, whatever stands before and after it."""
    return unquote(cell[cell.index("10.") :]).strip().rstrip(".").lower()


def test_the_counts_are_those_of_the_list() -> None:
    dois = Counter(plain(row["DOI"]) for row in rows() if "10.5555" in row["DOI"])
    assert WORLD.counts() == {
        "rows": len(rows()),
        "papers": len(dois),
        "duplicates": dois.total() - len(dois),
        "rejected": len(rows()) - dois.total(),
    }
    assert WORLD.counts() == {"rows": 208, "papers": 200, "duplicates": 5, "rejected": 3}


def test_every_paper_is_on_the_list() -> None:
    assert {plain(row["DOI"]) for row in rows() if "10.5555" in row["DOI"]} == WORLD.expected().keys()


def test_dois_are_spelled_in_many_ways() -> None:
    cells = [row["DOI"] for row in rows()]
    for spelling in ("https://doi.org/10.", "http://dx.doi.org/10.", "doi:10.", "DOI: 10.", "  10."):
        assert any(cell.startswith(spelling) for cell in cells)
    assert any(cell.endswith(".") for cell in cells)
    assert any("%2F" in cell for cell in World(seed=1, papers=600).csv().split(","))


def test_arxiv_ids_stand_beside_preprints() -> None:
    named = {plain(row["DOI"]) for row in rows() if row["arXiv ID"]}
    assert named == {paper.doi.lower() for paper in WORLD.papers if paper.scenario.name == "preprint only"}
