"""What every library and every check of PDFs does, the real ones and their stand-ins."""

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from application.ports.library import Library, LibraryUnavailable, PdfChecker, Verdict
from domain.causes import CAUSES
from domain.metadata import Metadata
from infrastructure.library.checker import WarmPdfChecker
from infrastructure.library.store import FolderLibrary
from infrastructure.simulation.pdf import paper_pdf
from tests.fakes.library import FakeLibrary, FakePdfChecker
from tests.infrastructure.library.papers import AUTHORS, DOI, OTHER_DOI, OTHER_TITLE, TITLE, wanted, written

PAPER = Metadata(title=TITLE, authors=AUTHORS, year=2021)
ATTEMPT, OTHER_ATTEMPT = "a1", "b2"


@pytest.fixture(params=[FolderLibrary, FakeLibrary])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    made: Library = request.param(tmp_path / "library")
    return made


class TestLibrary:
    def test_stores_a_staged_file_and_tells_its_size_and_hash(self, library: Library) -> None:
        staged = written(library.staging(ATTEMPT), b"content")
        stored = library.store(staged, ATTEMPT, PAPER)
        assert (stored.size, stored.sha256) == (7, hashlib.sha256(b"content").hexdigest())
        assert library.open(stored.path).read_bytes() == b"content"
        assert list(library.files()) == [stored.path]
        assert not staged.exists()

    def test_keeps_two_files_of_one_paper_apart(self, library: Library) -> None:
        first = library.store(written(library.staging(ATTEMPT), b"1"), ATTEMPT, PAPER)
        second = library.store(written(library.staging(OTHER_ATTEMPT), b"2"), OTHER_ATTEMPT, PAPER)
        assert library.open(first.path).read_bytes() == b"1"
        assert library.open(second.path).read_bytes() == b"2"
        assert sorted(library.files()) == sorted([first.path, second.path])

    def test_that_is_gone_tells_so(self, library: Library, tmp_path: Path) -> None:
        library.staging(ATTEMPT)
        if isinstance(library, FakeLibrary):
            library.missing = True
        else:
            (tmp_path / "library").rename(tmp_path / "another disk")
        with pytest.raises(LibraryUnavailable):
            library.staging(ATTEMPT)
        with pytest.raises(LibraryUnavailable):
            library.unsettled()

    def test_shows_no_file_before_it_is_stored(self, library: Library) -> None:
        written(library.staging(ATTEMPT), b"half")
        assert list(library.files()) == []

    def test_gives_an_attempt_the_same_path_again(self, library: Library) -> None:
        assert library.staging(ATTEMPT) == library.staging(ATTEMPT)

    def test_refuses_to_store_what_is_not_there(self, library: Library) -> None:
        with pytest.raises(LibraryUnavailable):
            library.store(library.staging(ATTEMPT), ATTEMPT, PAPER)

    def test_removes_a_file_and_does_not_mind_to_do_it_twice(self, library: Library) -> None:
        stored = library.store(written(library.staging(ATTEMPT), b"1"), ATTEMPT, PAPER)
        library.remove(stored.path)
        library.remove(stored.path)
        assert list(library.files()) == []
        with pytest.raises(LibraryUnavailable):
            library.open(stored.path)

    @pytest.mark.parametrize("path", ["../secret", "/etc/hostname", "a/../../secret", "", ".."])
    def test_refuses_paths_that_lead_out(self, library: Library, path: str) -> None:
        with pytest.raises(LibraryUnavailable):
            library.open(path)
        with pytest.raises(LibraryUnavailable):
            library.remove(path)

    def test_discards_what_attempts_staged_and_stored(self, library: Library) -> None:
        staged = written(library.staging(ATTEMPT), b"1")
        stored = library.store(written(library.staging(OTHER_ATTEMPT), b"2"), OTHER_ATTEMPT, PAPER)
        gone = library.discard([ATTEMPT, OTHER_ATTEMPT, "unheardof"])
        assert len(gone) == 2
        assert stored.path in gone
        assert not staged.exists()
        assert list(library.files()) == []

    def test_discards_an_attempt_that_was_settled(self, library: Library) -> None:
        stored = library.store(written(library.staging(ATTEMPT), b"1"), ATTEMPT, PAPER)
        library.settle(ATTEMPT)
        assert library.discard([ATTEMPT]) == (stored.path,)

    def test_keeps_what_it_is_told_to_keep_and_what_is_of_others(self, library: Library) -> None:
        kept = library.store(written(library.staging(ATTEMPT), b"1"), ATTEMPT, PAPER)
        other = library.store(written(library.staging(OTHER_ATTEMPT), b"2"), OTHER_ATTEMPT, PAPER)
        assert library.discard([ATTEMPT], keep=[kept.path]) == ()
        assert library.discard([]) == ()
        assert sorted(library.files()) == sorted([kept.path, other.path])

    def test_tells_of_attempts_until_they_are_settled(self, library: Library) -> None:
        library.store(written(library.staging(ATTEMPT), b"1"), ATTEMPT, PAPER)
        library.staging(OTHER_ATTEMPT)
        assert sorted(library.unsettled()) == [ATTEMPT, OTHER_ATTEMPT]
        library.settle(ATTEMPT)
        library.settle(ATTEMPT)
        assert library.unsettled() == (OTHER_ATTEMPT,)

    @pytest.mark.case("I04")
    def test_tells_of_a_file_that_is_stored_after_others_settled_its_attempt(self, library: Library) -> None:
        """The worker stood still for so long that it was taken for dead, and goes on."""
        staged = written(library.staging(ATTEMPT), b"1")
        library.settle(ATTEMPT)
        stored = library.store(staged, ATTEMPT, PAPER)
        assert library.unsettled() == (ATTEMPT,)
        assert library.discard(library.unsettled()) == (stored.path,)

    def test_tells_of_a_stored_file_that_is_let_go_until_it_is_discarded(self, library: Library) -> None:
        stored = library.store(written(library.staging(ATTEMPT), b"1"), ATTEMPT, PAPER)
        library.settle(ATTEMPT)
        library.let_go(ATTEMPT, stored.path)
        assert library.unsettled() == (ATTEMPT,)
        assert library.discard([ATTEMPT], keep=[stored.path]) == ()
        assert library.discard([ATTEMPT]) == (stored.path,)

    @pytest.mark.case("K15")
    def test_sweeps_staged_files_that_nobody_has_written_to(self, library: Library) -> None:
        old, new = (written(library.staging(attempt), b"x") for attempt in (ATTEMPT, OTHER_ATTEMPT))
        os.utime(old, (1_000_000, 1_000_000))
        assert len(library.sweep(datetime(2020, 1, 1, tzinfo=UTC))) == 1
        assert not old.exists()
        assert new.exists()


@pytest.fixture(scope="module")
def warm() -> Iterator[WarmPdfChecker]:
    with WarmPdfChecker(workers=1) as checker:
        yield checker


@pytest.fixture(params=["warm", "fake"])
def checker(request: pytest.FixtureRequest, warm: WarmPdfChecker) -> PdfChecker:
    return warm if request.param == "warm" else FakePdfChecker()


class TestPdfChecker:
    def test_finds_the_paper_by_doi_and_title(self, checker: PdfChecker, tmp_path: Path) -> None:
        checked = checker.check(written(tmp_path / "file"), wanted())
        assert (checked.verdict, checked.cause, checked.pages) == (Verdict.RIGHT, None, 2)
        assert "the DOI is on the first page" in checked.evidence

    def test_finds_the_paper_by_its_title_alone(self, checker: PdfChecker, tmp_path: Path) -> None:
        path = written(tmp_path / "file", paper_pdf(TITLE, AUTHORS))
        assert checker.check(path, wanted()).verdict is Verdict.RIGHT

    def test_finds_the_paper_by_its_doi_where_nothing_else_is_known(self, checker: PdfChecker, tmp_path: Path) -> None:
        assert checker.check(written(tmp_path / "file"), wanted(title=None)).verdict is Verdict.RIGHT

    def test_rejects_another_paper(self, checker: PdfChecker, tmp_path: Path) -> None:
        path = written(tmp_path / "file", paper_pdf(OTHER_TITLE, AUTHORS, OTHER_DOI))
        checked = checker.check(path, wanted())
        assert (checked.verdict, checked.cause) == (Verdict.WRONG, "wrong_document")
        assert any(OTHER_DOI in sentence for sentence in checked.evidence)

    def test_doubts_a_file_that_proves_nothing(self, checker: PdfChecker, tmp_path: Path) -> None:
        path = written(tmp_path / "file", paper_pdf(OTHER_TITLE, AUTHORS))
        checked = checker.check(path, wanted())
        assert (checked.verdict, checked.cause) == (Verdict.DOUBTFUL, None)
        assert checked.evidence

    @pytest.mark.parametrize(
        ("data", "cause"),
        [
            (b"", "empty_body"),
            (b"<!DOCTYPE html><title>Log in</title>", "html_instead_of_pdf"),
            (b"not found", "bad_pdf"),
            (b"%PDF-1.7\n", "truncated"),
            (paper_pdf(TITLE, AUTHORS, DOI)[:-2000], "truncated"),
        ],
    )
    def test_refuses_what_is_no_whole_pdf(self, checker: PdfChecker, tmp_path: Path, data: bytes, cause: str) -> None:
        checked = checker.check(written(tmp_path / "file", data), wanted())
        assert (checked.verdict, checked.cause) == (Verdict.WRONG, cause)
        assert cause in CAUSES

    def test_raises_where_there_is_no_file(self, checker: PdfChecker, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            checker.check(tmp_path / "nothing", wanted())
