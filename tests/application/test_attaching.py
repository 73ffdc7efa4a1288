"""Files given by hand: what is taken, what is refused, and what crashes, races and full disks leave behind."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import define, evolve
from hypothesis import given
from hypothesis import strategies as st

from application.attaching import (
    LONGEST_NOTE,
    Attached,
    Attaching,
    Gift,
    NotProven,
    NotReadable,
    WrongPaper,
    _note,
    giver_of,
    token_of,
)
from application.downloading import attempt_of, paper_of
from application.ports.event_log import Appended, Origin, Write
from application.ports.library import Checked, CheckerUnavailable, LibraryFull, LibraryUnavailable, Verdict
from application.recovering import Recovering
from application.underway import Underway
from domain.errors import DoesNotExist, NotAllowed
from domain.metadata import Metadata
from domain.paper_commands import Exclude, Queue, UpdateMetadata
from domain.paper_events import FileAttached, FileLost, FileRemoved, FileReplaced, Reverted
from domain.pipeline import Status
from domain.refusals import Refused
from infrastructure.database import Database
from infrastructure.library.store import FolderLibrary
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from tests.application.desk import Desk, copy
from tests.fakes.workers import FakeWorkers
from tests.simulation.installation import PERSON, Killed

OWN, OTHER = "worker-1", "worker-2"
HERE = "https://a.example/1.pdf"


@define
class Counter:
    """A desk where people hand files in; `fate` is asked before and after each append."""

    desk: Desk
    underway: Underway
    fate: Callable[[str], object] = lambda _: None

    def attaching(self) -> Attaching:
        return Attaching(
            log=FatedLog(self),
            library=self.desk.library,
            checker=self.desk.checker,
            worker=OWN,
            underway=self.underway,
        )

    def give(self, name: str, body: bytes, *, filename: str = "mine.pdf", anyway: bool = False) -> Attached:
        """Give a file, and see that nothing is left where it came from."""
        upload = self.desk.folder.parent / "an upload"
        upload.write_bytes(body)
        gift = Gift(path=upload, name=filename, sha256=sha256(body))
        try:
            return self.attaching().attach(name, gift, PERSON, anyway=anyway)
        finally:
            upload.unlink(missing_ok=True)

    def tidy(self, name: str) -> bool:
        """Whether the library holds the file that the log names, and nothing else."""
        file = self.desk.paper(name).file
        return self.desk.left() == ([file.path] if file else [])


class FatedLog:
    """The desk's log, with a fate."""

    def __init__(self, counter: Counter) -> None:
        self._counter, self._log = counter, counter.desk.log

    def append(self, writes: list[Write], origin: Origin) -> Appended:
        self._counter.fate("before")
        appended = self._log.append(writes, origin)
        self._counter.fate("after")
        return appended

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@pytest.fixture
def counter(desk: Desk) -> Counter:
    return Counter(desk, Underway())


class TestTaken:
    """Files that become a paper's."""

    @pytest.mark.parametrize("verdict", [Verdict.RIGHT, Verdict.DOUBTFUL])
    def test_a_right_file_and_one_that_a_person_vouches_for(self, counter: Counter, verdict: Verdict) -> None:
        name = counter.desk.register()
        attached = counter.give(name, counter.desk.file(verdict), anyway=verdict is Verdict.DOUBTFUL)
        paper = counter.desk.paper(name)
        (event,) = counter.desk.events(name, FileAttached)
        assert (paper.status, paper.file) == (Status.DONE, event.file)
        assert (event.file.pages, attached.position) == (3, counter.desk.log.head().position)
        assert "“mine.pdf”" in event.note
        assert f"it is {verdict.value}" in event.note
        assert ("all the same" in event.note) is (verdict is Verdict.DOUBTFUL)
        assert counter.desk.log.stream(f"paper-{name}")[-1].actor == PERSON.name
        assert counter.tidy(name)

    def test_another_paper_only_if_the_person_says_so(self, counter: Counter) -> None:
        name = counter.desk.register()
        body = counter.desk.file(Verdict.WRONG, "wrong_document")
        with pytest.raises(WrongPaper, match="it is wrong"):
            counter.give(name, body)
        assert (counter.desk.paper(name).status, counter.desk.left()) == (Status.NEW, [])
        counter.give(name, body, anyway=True)
        (event,) = counter.desk.events(name, FileAttached)
        assert "another document" in event.note
        assert counter.tidy(name)

    def test_what_the_check_does_not_prove_only_if_the_person_says_so(self, counter: Counter) -> None:
        name = counter.desk.register()
        body = counter.desk.file(Verdict.DOUBTFUL)
        with pytest.raises(NotProven, match="neither prove nor disprove") as refusal:
            counter.give(name, body)
        assert "anyway=true" in refusal.value.remedy
        assert "--anyway" in refusal.value.remedy
        assert (counter.desk.paper(name).status, counter.desk.left()) == (Status.NEW, [])

    def test_the_old_file_goes(self, counter: Counter) -> None:
        name = counter.desk.register()
        bodies = [counter.desk.file(Verdict.RIGHT, content=content) for content in (b"one", b"two", b"three")]
        for body in bodies:
            counter.give(name, body)
            assert counter.tidy(name)
        assert len(counter.desk.events(name, FileReplaced)) == 2

    def test_a_downloaded_file_and_a_doubtful_one_are_replaced(self, counter: Counter) -> None:
        for verdict in (Verdict.RIGHT, Verdict.DOUBTFUL):
            desk = counter.desk
            name = desk.located(copy(f"{HERE}?{verdict}"))
            desk.fetcher.web[f"{HERE}?{verdict}"] = desk.file(verdict)
            desk.downloading().download(name)
            counter.give(name, desk.file(Verdict.RIGHT, content=b"better"))
            file = desk.paper(name).file
            assert file is not None
            assert [one for one in desk.left() if one.startswith(name)] == [file.path]

    def test_the_very_same_file_changes_nothing(self, counter: Counter) -> None:
        name = counter.desk.register()
        body = counter.desk.file(Verdict.RIGHT)
        counter.give(name, body)
        before = counter.desk.events(name)
        assert counter.give(name, body).position is None
        assert counter.desk.events(name) == before
        assert counter.tidy(name)

    def test_a_paper_in_transit_leaves_it(self, counter: Counter) -> None:
        desk = counter.desk
        name = desk.located(copy(HERE))
        desk.do(name, Queue(module="download", due=desk.clock.now()))
        counter.give(name, desk.file(Verdict.RIGHT))
        assert [type(event) for event in desk.events(name)[-2:]] == [Reverted, FileAttached]
        assert counter.tidy(name)

    def test_a_download_that_runs_meanwhile_comes_too_late(self, counter: Counter) -> None:
        desk = counter.desk
        name = desk.located(copy(HERE))
        desk.fetcher.web[HERE] = desk.file(Verdict.RIGHT, content=b"theirs")
        mine = desk.file(Verdict.RIGHT, content=b"mine")
        desk.fetcher.before = lambda _: counter.give(name, mine)
        assert desk.downloading().download(name) is None
        file = desk.paper(name).file
        assert file is not None
        assert file.sha256 == sha256(mine)
        assert counter.tidy(name)

    def test_what_others_tell_of_the_paper_is_no_hindrance(self, counter: Counter) -> None:
        name = counter.desk.register()
        once = [UpdateMetadata(source="an import", metadata=Metadata(year=1999))]

        def fate(moment: str) -> None:
            if moment == "before" and once:
                counter.desk.do(name, once.pop())

        counter.fate = fate
        counter.give(name, counter.desk.file(Verdict.RIGHT))
        assert counter.desk.paper(name).status is Status.DONE
        assert counter.tidy(name)


class TestTakenBack:
    """Files that a person gave by mistake."""

    def test_the_paper_is_where_it_was_and_the_file_gone(self, counter: Counter) -> None:
        desk = counter.desk
        name = desk.located(copy(HERE))
        desk.downloading().download(name)  # nothing is there
        before = desk.paper(name)
        assert before.status is Status.FAILED
        counter.give(name, desk.file(Verdict.RIGHT))
        counter.attaching().take_back(name, PERSON)
        after = desk.paper(name)
        assert (after.status, after.cause, after.not_before) == (before.status, before.cause, before.not_before)
        assert isinstance(desk.events(name)[-1], FileRemoved)
        assert desk.left() == []

    def test_one_that_the_program_found_stays(self, counter: Counter) -> None:
        desk = counter.desk
        name = desk.located(copy(HERE))
        desk.fetcher.web[HERE] = desk.file(Verdict.RIGHT)
        desk.downloading().download(name)
        with pytest.raises(NotAllowed, match="the program found"):
            counter.attaching().take_back(name, PERSON)
        assert counter.tidy(name)
        assert isinstance(desk.log.read(desk.log.head().position - 1, 1)[0].event, Refused)

    def test_only_the_file_that_was_meant(self, counter: Counter) -> None:
        name = counter.desk.register()
        body = counter.desk.file(Verdict.RIGHT)
        counter.give(name, body)
        with pytest.raises(NotAllowed, match="another file"):
            counter.attaching().take_back(name, PERSON, sha256="0" * 64)
        counter.attaching().take_back(name, PERSON, sha256=sha256(body))
        assert (counter.desk.paper(name).status, counter.desk.left()) == (Status.NEW, [])


class TestRefused:
    """Files that are not taken, with a sentence, and with nothing left behind."""

    @pytest.mark.parametrize("anyway", [False, True])
    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (b"", "empty file"),
            (b"<html><body>Please sign in</body></html>", "web page"),
            (b"PK\x03\x04 a spreadsheet", "no readable PDF"),
            (b"%PDF-1.7 cut off", "cut off"),
        ],
    )
    def test_what_is_no_pdf(self, counter: Counter, body: bytes, words: str, anyway: bool) -> None:
        name = counter.desk.register()
        with pytest.raises(NotReadable, match=words) as refusal:
            counter.give(name, body, filename="../../<b>evil\u202e</b>.pdf", anyway=anyway)
        assert "\u202e" not in str(refusal.value)
        assert "/" not in refusal.value.message.partition("”")[0]
        assert (counter.desk.paper(name).status, counter.desk.left()) == (Status.NEW, [])
        assert len([one for one in counter.desk.log.read() if isinstance(one.event, Refused)]) == 1

    def test_nothing_is_given_to_what_is_set_aside_or_unknown(self, counter: Counter) -> None:
        name = counter.desk.register()
        counter.desk.do(name, Exclude(reason="not in scope"))
        with pytest.raises(NotAllowed):
            counter.give(name, counter.desk.file(Verdict.RIGHT))
        with pytest.raises(DoesNotExist):
            counter.give("nobody", counter.desk.file(Verdict.RIGHT))
        assert counter.desk.left() == []
        assert counter.desk.checker.checked == []

    def test_a_paper_that_is_set_aside_meanwhile(self, counter: Counter) -> None:
        name = counter.desk.register()
        once = [Exclude(reason="not in scope")]

        def fate(moment: str) -> None:
            if moment == "before" and once:
                counter.desk.do(name, once.pop())

        counter.fate = fate
        with pytest.raises(NotAllowed):
            counter.give(name, counter.desk.file(Verdict.RIGHT))
        assert (counter.desk.paper(name).status, counter.desk.left()) == (Status.EXCLUDED, [])

    @pytest.mark.parametrize(("trouble", "error"), [("full", LibraryFull), ("missing", LibraryUnavailable)])
    def test_a_disk_that_takes_nothing(self, counter: Counter, trouble: str, error: type[Exception]) -> None:
        name = counter.desk.register()
        setattr(counter.desk.library, trouble, True)
        with pytest.raises(error):
            counter.give(name, counter.desk.file(Verdict.RIGHT))
        setattr(counter.desk.library, trouble, False)
        assert (counter.desk.paper(name).status, counter.desk.left()) == (Status.NEW, [])

    def test_a_disk_that_is_full_only_when_the_file_is_stored(self, counter: Counter) -> None:
        name = counter.desk.register()
        library = counter.desk.library
        staging = library.staging

        def last_room(attempt: str) -> Path:
            path = staging(attempt)
            library.full = True
            return path

        library.staging = last_room  # type: ignore[method-assign]
        with pytest.raises(LibraryFull):
            counter.give(name, counter.desk.file(Verdict.RIGHT))
        assert (counter.desk.paper(name).status, counter.desk.left()) == (Status.NEW, [])

    def test_a_check_that_does_not_run(self, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
        name = counter.desk.register()

        def closed(*_: object) -> None:
            raise CheckerUnavailable("The check of PDFs is closed.")

        monkeypatch.setattr(counter.desk.checker, "check", closed)
        with pytest.raises(CheckerUnavailable):
            counter.give(name, counter.desk.file(Verdict.RIGHT))
        assert counter.desk.left() == []


class TestCrashes:
    """A process that ends between the file and its event, and what the next one makes of it."""

    @pytest.fixture
    def ward(self, counter: Counter, database: Database, tmp_path: Path) -> "Ward":
        return Ward(counter, database, tmp_path)

    @pytest.mark.parametrize("moment", ["before", "after"])
    @pytest.mark.parametrize("replacing", [False, True])
    def test_the_file_that_the_log_names_is_there_and_no_other(
        self, ward: "Ward", moment: str, replacing: bool
    ) -> None:
        name = ward.counter.desk.register()
        if replacing:
            ward.give(name, b"old")
        ward.die(moment)
        with pytest.raises(Killed):
            ward.give(name, b"new")
        ward.recover()
        file = ward.counter.desk.paper(name).file
        assert ward.files() == ([file.path] if file else [])
        assert ward.library.unsettled() == ()
        expected = b"new" if moment == "after" else b"old"
        if file:
            assert ward.library.open(file.path).read_bytes().endswith(expected)
        assert (file is None) == (moment == "before" and not replacing)

    def test_another_process_leaves_alone_what_is_being_given(self, ward: "Ward") -> None:
        """The file is stored and its event is not there yet, while another process looks for what dead ones left."""
        name = ward.counter.desk.register()

        def fate(moment: str) -> None:
            if moment == "before":
                ward.recover(living={OWN, OTHER}, own=OTHER)
                ward.recover(living={OWN}, own=OWN, underway=ward.counter.underway)

        ward.counter.fate = fate
        ward.give(name, b"new")
        file = ward.counter.desk.paper(name).file
        assert file is not None
        assert ward.files() == [file.path]
        assert ward.library.unsettled() == ()

    @pytest.mark.parametrize("leaving", [False, True])
    def test_a_process_that_could_not_renew_its_lease_leaves_alone_what_it_has_in_hand(
        self, ward: "Ward", leaving: bool
    ) -> None:
        name = ward.counter.desk.register()

        def fate(moment: str) -> None:
            if moment == "before":
                recovering = ward.recovering(own=OWN, underway=ward.counter.underway, late=True)
                recovering.release() if leaving else recovering.recover()

        ward.counter.fate = fate
        ward.give(name, b"new")
        file = ward.counter.desk.paper(name).file
        assert file is not None
        assert ward.files() == [file.path]

    @pytest.mark.parametrize("replacing", [False, True])
    def test_a_file_that_others_took_away_is_told_to_be_lost(self, ward: "Ward", replacing: bool) -> None:
        """The process stood still between the file and its event, and others took it for dead."""
        name = ward.counter.desk.register()
        if replacing:
            ward.give(name, b"old")

        def fate(moment: str) -> None:
            if moment == "before":
                ward.recover(living={OTHER}, own=OTHER)

        ward.counter.fate = fate
        with pytest.raises(LibraryUnavailable, match=r"mine\.pdf.*was lost") as told:
            ward.give(name, b"new")
        assert "once more" in told.value.remedy
        ward.counter.fate = lambda _: None
        paper = ward.counter.desk.paper(name)
        assert (paper.status, paper.file) == (Status.NEW, None)
        assert len(ward.counter.desk.events(name, FileLost)) == 1
        assert (ward.files(), ward.library.unsettled()) == ([], ())
        ward.give(name, b"new")
        assert ward.counter.desk.paper(name).status is Status.DONE

    def test_a_file_that_was_lost_and_replaced_meanwhile_costs_nobody_theirs(self, ward: "Ward") -> None:
        name = ward.counter.desk.register()

        def fate(moment: str) -> None:
            ward.counter.fate = lambda _: None
            if moment == "before":
                ward.recover(living={OTHER}, own=OTHER)
                ward.counter.fate = fate
            else:
                ward.give(name, b"another one")

        ward.counter.fate = fate
        with pytest.raises(LibraryUnavailable, match="was lost"):
            ward.give(name, b"new")
        file = ward.counter.desk.paper(name).file
        assert file is not None
        assert ward.files() == [file.path]
        assert ward.counter.desk.events(name, FileLost) == []

    def test_what_a_fault_broke_off_is_taken_back_by_its_own_process(self, ward: "Ward") -> None:
        name = ward.counter.desk.register()

        def fate(_: str) -> None:
            raise RuntimeError("the database is gone")

        ward.counter.fate = fate
        with pytest.raises(RuntimeError):
            ward.give(name, b"new")
        assert len(ward.files()) == 1
        ward.recover(living={OWN}, own=OWN, underway=ward.counter.underway)
        assert (ward.files(), ward.library.unsettled()) == ([], ())


class Ward:
    """A counter over real files and a database."""

    def __init__(self, counter: Counter, database: Database, folder: Path) -> None:
        self.counter = counter
        counter.desk.log = SqlEventLog(database, counter.desk.clock, READ_MODELS)
        self.papers = SqlPapers(database)
        self.library = FolderLibrary(folder / "real library", reserve_bytes=0)
        self.folder = folder

    def give(self, name: str, content: bytes) -> None:
        upload = self.folder / "an upload"
        upload.write_bytes(self.counter.desk.file(Verdict.RIGHT, content=content))
        gift = Gift(path=upload, name="mine.pdf", sha256=sha256(upload.read_bytes()))
        evolve(self.counter.attaching(), library=self.library).attach(name, gift, PERSON)

    def die(self, when: str) -> None:
        def fate(moment: str) -> None:
            if moment == when:
                raise Killed

        self.counter.fate = fate

    def recovering(
        self,
        living: frozenset[str] | set[str] = frozenset(),
        own: str = OTHER,
        underway: Underway | None = None,
        *,
        late: bool = False,
    ) -> Recovering:
        return Recovering(
            log=self.counter.desk.log,
            papers=self.papers,
            workers=FakeWorkers(own, set(living), late=late),
            library=self.library,
            underway=underway,
        )

    def recover(
        self, living: frozenset[str] | set[str] = frozenset(), own: str = OTHER, underway: Underway | None = None
    ) -> None:
        self.recovering(living, own, underway).recover()

    def files(self) -> list[str]:
        return sorted(self.library.files())


@given(st.text(max_size=400), st.lists(st.text(max_size=400), max_size=4))
def test_a_note_is_short_and_names_no_folder(name: str, evidence: list[str]) -> None:
    checked = Checked(verdict=Verdict.RIGHT, evidence=tuple(evidence))
    note = _note(Gift(path=Path("x"), name=name, sha256=""), checked)
    assert len(note) <= LONGEST_NOTE
    assert "/" not in note.partition("”. The check")[0]


def test_a_token_tells_its_paper_and_who_has_the_file_in_hand() -> None:
    paper, worker = "0199e2a4-7c1e-7a9b-8f00-000000000001", "0199e2a4-7c1e-7a9b-8f00-0000000000ff"
    token = token_of(paper, worker)
    assert (paper_of(token), giver_of(token)) == (paper, worker)
    assert len(token) <= 100
    assert token != token_of(paper, worker)
    assert giver_of(attempt_of(paper)) is None
