"""DOIs whose file other projects state: what our rules make of their pages agrees, as far as that can be known here.

No answer of a service and no page was recorded for most of them; what the address of the page tells is compared then.
"""

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from attrs import frozen

from infrastructure.publishers.addresses import file_key
from infrastructure.publishers.platforms.catalogue import of_address
from infrastructure.publishers.rules import behind_viewer, files_of_page
from tests.conformance.known_misses import settle

RECORDINGS = Path(os.environ.get("SCIPAPERLOADER_RECORDINGS") or Path(__file__).parents[2] / "../shared/recordings")
if not RECORDINGS.is_dir():
    pytest.skip("the recordings are not here", allow_module_level=True)

PAGES = {
    "link.springer.com": "https://link.springer.com/article/{doi}",
    "journals.aps.org": "https://journals.aps.org/{journal}/abstract/{doi}",
    "psycnet.apa.org": "https://psycnet.apa.org/doiLanding?doi={doi}",
    "behavioralandbrainfunctions.biomedcentral.com": "https://{host}/articles/{doi}",
}
"""Where DOIs lead to, by host; on Atypon's platform and Wiley's it is the path /doi/."""
ATYPON = "https://{host}/doi/{doi}"


@frozen(kw_only=True)
class Stated:
    """A DOI, the file that is stated, and the address of the page where that can be known."""

    doi: str
    file: str
    page: str


def stated() -> Iterator[Stated]:
    with (RECORDINGS / "dois" / "gold_doi_to_pdf.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            file, doi = row["expected_pdf_url"], row["doi"].removeprefix("https://doi.org/")
            told = row["source"].partition("page=")[2]
            page = told if told and not told.startswith("http://dx.doi.org") else _page(doi, file)
            if page and file and "stale" not in row["class"]:
                yield Stated(doi=doi, file=file, page=page)


def _page(doi: str, file: str) -> str:
    """Where the DOI leads to, if its file is on a publisher's site and named after it."""
    parts = urlsplit(file)
    if not doi or doi.lower() not in file.lower() or "/tdm/" in file or of_address(file) is None:
        return ""
    host = parts.hostname or ""
    pattern = PAGES.get(host, ATYPON if "/doi/" in parts.path else "")
    return pattern.format(host=host, doi=doi, journal=parts.path.split("/")[1])


def same_file(url: str) -> str:
    """What tells files apart: an address of a viewer is that of its file, and case does not count (RSC's does not)."""
    seen = behind_viewer(url) or url
    files = [file for _, file in files_of_page(url)]
    return file_key(files[0] if files else seen).lower().removesuffix(".pdf")


CASES = list(stated())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.doi or case.page)
def test_the_rules_lead_to_the_file_that_is_stated(case: Stated) -> None:
    found = [file for _, file in files_of_page(case.page)]
    right = same_file(case.file) in {same_file(file) for file in found}
    settle("doi to pdf", case.page, None if right else f"{found} instead of {case.file}")


def test_many_can_be_compared() -> None:
    assert len(CASES) > 50
