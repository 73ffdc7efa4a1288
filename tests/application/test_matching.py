"""Which paper a dropped file is: what is sure, what is only possible, and what stays with the person."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from attrs import define

from application.attaching import Attaching, WrongPaper
from application.matching import Matching, NotWaiting
from application.ports.dropped import Waiting
from application.queries import PaperRow
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.paper_commands import Exclude
from domain.paper_events import FileAttached
from domain.pipeline import Status
from infrastructure.simulation.pdf import paper_pdf
from tests.application.desk import Desk
from tests.application.papers import paper_row
from tests.fakes.dropped import FakeDropped
from tests.simulation.installation import PERSON

TITLE = "Slow drift of tidal sediments in sheltered northern estuaries"
OTHER = "A survey of lichens on the roofs of village churches"
AUTHORS = ("Ada Berg", "Ole Lind")


@define
class FakeTitles:
    """Stand-in for application.needs.Titles over a few papers; it counts the questions."""

    desk: Desk
    papers: dict[str, Metadata]
    asked: list[str]

    def titled(self, titles: Sequence[str], limit: int) -> Sequence[PaperRow]:
        self.asked.append("titled")
        folded = {title.lower() for title in titles}
        return self._rows([name for name, known in self.papers.items() if (known.title or "").lower() in folded])[
            :limit
        ]

    def worded(self, lines: Sequence[str], limit: int) -> Sequence[PaperRow]:
        self.asked.append("worded")
        words = {word for line in lines for word in line.lower().split() if len(word) > 5}
        found = [name for name, known in self.papers.items() if words & set((known.title or "").lower().split())]
        return self._rows(found)[:limit]

    def _rows(self, names: list[str]) -> list[PaperRow]:
        return [paper_row(id=name) for name in names]


@define
class Table:
    """A desk onto which people drop files."""

    desk: Desk
    titles: FakeTitles
    dropped: FakeDropped
    matching: Matching

    def paper(self, doi: str | None = None, title: str | None = TITLE, authors: tuple[str, ...] = AUTHORS) -> str:
        identifiers = (
            (Identifier(Scheme.DOI, doi),) if doi else (Identifier(Scheme.PMID, str(len(self.titles.papers) + 1)),)
        )
        name = self.desk.register(*identifiers, title=title, authors=authors)
        self.titles.papers[name] = Metadata(title=title)
        return name

    def drop(self, body: bytes, filename: str = "download (3).pdf") -> Waiting:
        """Drop a file, and look into it."""
        waiting = self.matching.take(self.dropped.keep([body]), filename, PERSON)
        assert not waiting.looked
        return self.matching.look(waiting.sha256)

    def found(self, body: bytes, filename: str = "download (3).pdf") -> list[tuple[str, bool]]:
        return [(one.paper, one.sure) for one in self.drop(body, filename).proposals]


@pytest.fixture
def table(desk: Desk, tmp_path: Path) -> Table:
    titles, dropped = FakeTitles(desk, {}, []), FakeDropped(tmp_path / "dropped")
    attaching = Attaching(log=desk.log, library=desk.library, checker=desk.checker, worker="worker-1")
    matching = Matching(
        log=desk.log, titles=titles, reader=desk.checker, dropped=dropped, attaching=attaching, clock=desk.clock
    )
    return Table(desk, titles, dropped, matching)


class TestMatched:
    def test_by_the_doi_in_the_file_whatever_its_title(self, table: Table) -> None:
        name = table.paper("10.5555/drift.2021.117", title="Another spelling of the title altogether")
        table.paper("10.5555/lichen.2019.4", title=OTHER)
        waiting = table.drop(paper_pdf(TITLE, AUTHORS, "10.5555/drift.2021.117"))
        (proposal,) = waiting.proposals
        assert (proposal.paper, proposal.sure) == (name, True)
        assert proposal.why == ("the DOI is on the first page",)
        assert (waiting.pages, waiting.title, waiting.trouble) == (2, waiting.title, "")
        assert table.titles.asked == []

    def test_by_the_title_where_no_identifier_helps(self, table: Table) -> None:
        name = table.paper("10.5555/drift.2021.117")
        table.paper("10.5555/lichen.2019.4", title=OTHER)
        assert table.found(paper_pdf(TITLE, AUTHORS)) == [(name, True)]
        assert table.titles.asked == ["titled"]

    def test_by_words_of_a_title_that_is_broken_over_lines(self, table: Table) -> None:
        name = table.paper("10.5555/drift.2021.117", title=f"{TITLE}: a reply.")
        assert table.found(paper_pdf(f"{TITLE}: a reply", AUTHORS)) == [(name, True)]
        assert table.titles.asked == ["titled", "worded"]

    @pytest.mark.parametrize("filename", ["10.5555_drift.2021.117.pdf", "10.5555%2Fdrift.2021.117.pdf"])
    def test_by_the_name_of_the_file_only_where_its_content_agrees(self, table: Table, filename: str) -> None:
        name = table.paper("10.5555/drift.2021.117", title=TITLE)
        assert table.found(paper_pdf(TITLE, AUTHORS), filename) == [(name, True)]
        assert table.titles.asked == []
        assert table.found(paper_pdf(OTHER, AUTHORS, "10.5555/lichen.2019.4"), filename) == []

    def test_what_cannot_be_proved_is_possible_only(self, table: Table) -> None:
        name = table.paper("10.5555/drift.2021.117", title="Editorial", authors=("Carl Quist",))
        assert table.found(paper_pdf(OTHER, AUTHORS), "10.5555_drift.2021.117.pdf") == [(name, False)]

    def test_two_papers_that_are_right_are_both_only_possible(self, table: Table) -> None:
        names = [table.paper(None), table.paper(None)]
        assert table.found(paper_pdf(TITLE, AUTHORS)) == [(name, False) for name in names]

    def test_an_unknown_file_is_no_paper(self, table: Table) -> None:
        table.paper("10.5555/drift.2021.117")
        waiting = table.drop(paper_pdf(OTHER, AUTHORS, "10.5555/lichen.2019.4"))
        assert (waiting.looked, waiting.proposals) == (True, ())
        assert Identifier(Scheme.DOI, "10.5555/lichen.2019.4") in waiting.identifiers

    def test_papers_that_were_set_aside_are_not_proposed(self, table: Table) -> None:
        name = table.paper("10.5555/drift.2021.117")
        table.desk.do(name, Exclude(reason="not in scope"))
        assert table.found(paper_pdf(TITLE, AUTHORS, "10.5555/drift.2021.117")) == []

    @pytest.mark.parametrize(
        ("body", "words"),
        [(b"", "empty"), (b"<html>", "web page"), (b"%PDF-1.7 cut", "cut off"), (b"MZ", "no readable")],
    )
    def test_what_is_no_pdf_is_told(self, table: Table, body: bytes, words: str) -> None:
        waiting = table.drop(body)
        assert words in waiting.trouble
        assert waiting.proposals == ()

    def test_nothing_is_given_by_looking(self, table: Table) -> None:
        name = table.paper("10.5555/drift.2021.117")
        before = table.desk.events(name)
        table.drop(paper_pdf(TITLE, AUTHORS, "10.5555/drift.2021.117"))
        assert table.desk.events(name) == before


class TestSettled:
    def test_a_file_is_given_and_waits_no_more(self, table: Table) -> None:
        name = table.paper("10.5555/drift.2021.117")
        body = paper_pdf(TITLE, AUTHORS, "10.5555/drift.2021.117")
        waiting = table.drop(body, "mine.pdf")
        assert table.matching.give(waiting.sha256, name, PERSON).position is not None
        (event,) = table.desk.events(name, FileAttached)
        assert "“mine.pdf”" in event.note
        assert event.file.sha256 == hashlib.sha256(body).hexdigest()
        assert list(table.dropped.waiting()) == []
        with pytest.raises(NotWaiting):
            table.matching.give(waiting.sha256, name, PERSON)

    def test_what_is_refused_waits_on_and_the_paper_that_was_meant_is_kept_in_mind(self, table: Table) -> None:
        name = table.paper("10.5555/drift.2021.117")
        waiting = table.drop(paper_pdf(OTHER, AUTHORS, "10.5555/lichen.2019.4"))
        with pytest.raises(WrongPaper):
            table.matching.give(waiting.sha256, name, PERSON)
        (left,) = table.dropped.waiting()
        assert (left.meant, "another DOI" in left.said) == (name, True)
        assert table.dropped.path(waiting.sha256).is_file()
        table.matching.give(waiting.sha256, name, PERSON, anyway=True)
        assert table.desk.paper(name).status is Status.DONE

    def test_a_paper_that_was_proposed_is_vouched_for_by_whoever_chooses_it(self, table: Table) -> None:
        name = table.paper("10.5555/drift.2021.117")
        waiting = table.drop(paper_pdf(OTHER, AUTHORS), "10.5555_drift.2021.117.pdf")
        assert [(one.paper, one.sure) for one in waiting.proposals] == [(name, False)]
        table.matching.give(waiting.sha256, name, PERSON)
        assert table.desk.paper(name).status is Status.DONE

    def test_a_discarded_file_is_gone(self, table: Table) -> None:
        waiting = table.drop(b"%PDF-1.7")
        table.matching.discard(waiting.sha256)
        with pytest.raises(FileNotFoundError):
            table.dropped.path(waiting.sha256)
        with pytest.raises(NotWaiting):
            table.matching.discard(waiting.sha256)

    def test_a_file_that_was_removed_by_hand_waits_no_more(self, table: Table) -> None:
        waiting = table.drop(b"%PDF-1.7")
        table.dropped.path(waiting.sha256).unlink()
        for ask in (table.matching.look, lambda sha256: table.matching.give(sha256, "p", PERSON)):
            with pytest.raises(NotWaiting):
                ask(waiting.sha256)

    def test_a_file_for_one_paper_is_not_kept(self, table: Table) -> None:
        name = table.paper("10.5555/drift.2021.117")
        good = table.dropped.keep([paper_pdf(TITLE, AUTHORS, "10.5555/drift.2021.117")])
        bad = table.dropped.keep([b"no pdf"])
        table.matching.hand_over(good, "a.pdf", name, PERSON)
        with pytest.raises(Exception, match="not taken"):
            table.matching.hand_over(bad, "b.pdf", name, PERSON)
        for upload in (good, bad):
            assert not upload.path.exists()
        with pytest.raises(NotWaiting):
            table.matching.hand_over(bad, "b.pdf", name, PERSON)
