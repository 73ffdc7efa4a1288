"""Real DOIs as people write them: cells of libraries' spreadsheets, other programs' tests, lists of real queries.

Policies that are chosen (see domain.identifiers) and therefore not counted: a DOI may hold other scripts than Latin,
and characters inside a DOI are never dropped.
"""

import csv
import json
import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.identifiers import find_dois, parse_doi
from tests.conformance.known_misses import settle

RECORDINGS = Path(os.environ.get("SCIPAPERLOADER_RECORDINGS") or Path(__file__).parents[2] / "../shared/recordings")
DOIS = RECORDINGS / "dois"
if not DOIS.is_dir():
    pytest.skip("the recordings are not here", allow_module_level=True)

OTHER_POLICY = ("rejects non-ASCII by policy", "cleans junk characters")
PLAIN_LISTS = ("random_crossref_2000.txt", "crossref_recorded_dois.tsv", "oadoi_melb.txt")


def _tricky() -> Iterator[tuple[str, str | None, str]]:
    for entry in json.loads((DOIS / "tricky.json").read_text("utf-8")):
        if not any(policy in entry["note"] for policy in OTHER_POLICY):
            # What a person had to look up is no DOI for a program, as the note of the case says.
            yield entry["raw"], None if "HUMAN REPAIR" in entry["note"] else entry["expected"], entry["note"]


def _table(name: str) -> Iterator[list[str]]:
    with (DOIS / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


@pytest.mark.parametrize(("raw", "expected", "note"), list(_tricky()))
def test_a_tricky_cell_comes_out_as_stated(raw: str, expected: str | None, note: str) -> None:
    found = next(iter(find_dois(raw)), None) if "findInText" in note else parse_doi(raw)
    wanted = unicodedata.normalize("NFC", expected).lower() if expected else None
    settle("tricky", raw, None if (found and found.lower()) == wanted else f"{found} instead of {wanted}")


@pytest.mark.parametrize("raw", [raw for raw, *_ in _tricky()])
def test_the_normal_form_of_a_tricky_cell_is_stable(raw: str) -> None:
    for doi in find_dois(raw):
        assert parse_doi(doi) == doi


def test_cells_of_libraries_give_the_doi_that_the_curators_saw_in_them() -> None:
    count = 0
    for raw, curated, *_ in list(_table("openapc_all_changed_pairs.tsv"))[1:]:
        if _stands_in(curated.lower(), raw.lower()):
            count += 1
            settle("curated", raw, None if curated.lower() in find_dois(raw) else f"{find_dois(raw)} without {curated}")
    assert count > 0


def _stands_in(curated: str, raw: str) -> bool:
    """Whether the curators found the DOI in the cell; elsewhere they put another one, or nothing, in its place."""
    squeezed = "".join(raw.replace("%2f", "/").split())
    return curated.startswith("10.") and bool(re.search(re.escape(curated) + r"(?![\w/-]|\.\w)", squeezed))


def test_odd_but_valid_dois_are_kept_whole() -> None:
    for category, doi in _table("weird_valid.tsv"):
        wanted = doi.lower().replace("//", "/").strip("/") if category == "double slash" else doi.lower()
        found = (parse_doi(doi) or "").replace("//", "/") if category == "double slash" else parse_doi(doi)
        settle("odd", doi, None if found == wanted else f"{found} instead of {wanted}")


@pytest.mark.parametrize("name", PLAIN_LISTS)
def test_registered_dois_are_their_own_normal_form(name: str) -> None:
    for doi, *_ in _table(name):
        settle("registered", doi, None if parse_doi(doi) == doi.strip().lower() else f"{parse_doi(doi)}")
