"""Real PDFs, and those of a recorded web: what is whole is accepted, and for its own paper alone."""

import csv
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from application.ports.library import Verdict, Wanted
from domain.identifiers import Identifier, Scheme, parse_doi
from domain.metadata import Metadata
from infrastructure.library.checker import WarmPdfChecker
from infrastructure.library.facts import Facts
from infrastructure.library.identity import judge
from infrastructure.library.reading import FactsReading
from tests.conformance.scores import count

_SHARED = Path(__file__).parents[2] / "../shared"
RECORDINGS = Path(os.environ.get("SCIPAPERLOADER_RECORDINGS") or _SHARED / "recordings") / "pdfs"
WORLD = Path(os.environ.get("SCIPAPERLOADER_REPLAY") or _SHARED / "replay") / "world"

CAUSES: dict[str, set[str | None]] = {
    "complete": {None},
    "damaged": {"bad_pdf", "truncated"},
    "needs_password": {"needs_password"},
    "not_pdf": {"bad_pdf", "html_instead_of_pdf"},
    "empty": {"empty_body"},
    "any": {None, "bad_pdf", "truncated", "unsafe_pdf"},
}
NOTHING = Wanted(identifiers=(), metadata=Metadata())


def table(path: Path, delimiter: str) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


@pytest.fixture(scope="module")
def checker() -> Iterator[WarmPdfChecker]:
    with WarmPdfChecker(workers=1) as made:
        yield made


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings are not here")
@pytest.mark.parametrize("row", table(RECORDINGS / "expected.tsv", "\t"), ids=lambda row: row["file"])
def test_what_is_whole_is_accepted_and_nothing_else(checker: WarmPdfChecker, row: dict[str, str]) -> None:
    checked = checker.check(RECORDINGS / row["file"], NOTHING)
    count("pdfs", right=checked.cause in CAUSES[row["verdict"]])
    assert checked.cause in CAUSES[row["verdict"]]
    assert (checked.verdict is Verdict.WRONG) is (checked.cause is not None)


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings are not here")
def test_every_recorded_file_has_a_verdict(checker: WarmPdfChecker) -> None:
    files = [path for path in RECORDINGS.iterdir() if path.suffix != ".tsv"]
    verdicts = {path.name: checker.check(path, NOTHING) for path in files}
    assert len(verdicts) > 90
    assert all(checked.evidence for checked in verdicts.values())


def papers() -> dict[str, Wanted]:
    """The papers of the list that a user uploads, by DOI."""
    found: dict[str, Wanted] = {}
    for row in table(WORLD / "list.csv", ","):
        doi = parse_doi(row["DOI"])
        if doi:
            metadata = Metadata(title=row["Title"])
            found.setdefault(doi, Wanted(identifiers=(Identifier(Scheme.DOI, doi),), metadata=metadata))
    return found


def files() -> dict[str, Path]:
    """The right file of each DOI that has one."""
    bodies = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in (WORLD / "bodies").iterdir()}
    return {row["doi"]: bodies[row["sha256"]] for row in table(WORLD / "expected.tsv", "\t") if row["sha256"]}


@pytest.mark.skipif(not WORLD.is_dir(), reason="the recorded web is not here")
class TestRecordedWeb:
    def test_every_right_file_is_right_for_its_paper(self, checker: WarmPdfChecker) -> None:
        wanted = papers()
        verdicts = {doi: checker.check(path, wanted[doi]).verdict for doi, path in files().items()}
        assert len(verdicts) > 70
        assert {doi for doi, verdict in verdicts.items() if verdict is not Verdict.RIGHT} == set()

    @pytest.mark.timeout(600)
    @pytest.mark.parametrize("known", ["doi and title", pytest.param("title", marks=pytest.mark.slow)])
    def test_no_file_is_right_for_another_paper(self, checker: WarmPdfChecker, known: str) -> None:
        wanted = papers()
        if known == "title":
            wanted = {doi: Wanted(identifiers=(), metadata=paper.metadata) for doi, paper in wanted.items()}
        for own, path in files().items():
            facts, size = self._facts(checker, path), path.stat().st_size
            right = {doi for doi, paper in wanted.items() if judge(facts, paper, size=size).verdict is Verdict.RIGHT}
            assert right == {own}

    def test_what_is_served_in_the_place_of_a_file_is_never_right(self, checker: WarmPdfChecker) -> None:
        wanted = papers()
        right = set(files().values())
        for path in set((WORLD / "bodies").iterdir()) - right:
            if checker.check(path, NOTHING).cause is None:
                facts, size = self._facts(checker, path), path.stat().st_size
                verdicts = {judge(facts, paper, size=size).verdict for paper in wanted.values()}
                assert Verdict.RIGHT not in verdicts

    @staticmethod
    def _facts(checker: WarmPdfChecker, path: Path) -> Facts:
        found = checker.read(path)
        assert isinstance(found, FactsReading)
        return found.facts
