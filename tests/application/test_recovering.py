"""Recovering: what dead processes left goes back, with its files; what living ones work on is left alone."""

from pathlib import Path

import pytest
from attrs import evolve

from application.downloading import attempt_of
from application.ports.library import Verdict
from application.recovering import Recovering
from application.underway import Underway
from domain.paper_commands import Exclude, Queue, RecordDownload, Revert, StartProcessing
from domain.paper_events import File, ProcessingStarted, Reverted
from domain.pipeline import Status
from infrastructure.database import Database
from infrastructure.library.store import FolderLibrary
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from tests.application.desk import Desk, copy
from tests.contract.making import at_once
from tests.fakes.workers import FakeWorkers

COPY = copy("https://a.example/1.pdf")
DEAD, ALIVE, OWN = "a dead process", "a living process", "this process"


class Ward:
    """Papers in a database, files in a folder, and who works on them."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.desk = Desk(folder / "fake")
        self.desk.log = SqlEventLog(database, self.desk.clock, READ_MODELS)
        self.folder = folder / "library"
        self.library = FolderLibrary(self.folder, reserve_bytes=0)
        self.workers = FakeWorkers(OWN, {ALIVE})
        self.papers = SqlPapers(database)

    def recovering(self) -> Recovering:
        """The handler."""
        return Recovering(log=self.desk.log, papers=self.papers, workers=self.workers, library=self.library)

    def claimed(self, worker: str, name: str | None = None) -> tuple[str, str]:
        """A paper that a worker downloads: its id and the attempt, which has a file on its way."""
        name = name or self.desk.located(COPY)
        attempt = attempt_of(name)
        self.desk.do(name, StartProcessing(module="download", worker=worker, attempt=attempt))
        self.library.staging(attempt).write_bytes(b"half a file")
        return name, attempt

    def stored(self, attempt: str) -> File:
        """The attempt's file in its place."""
        found = self.library.store(self.library.staging(attempt), attempt, self.desk.paper(attempt).metadata)
        return File(path=found.path, sha256=found.sha256, size=found.size, pages=1)

    def status(self, name: str) -> Status | None:
        """Where the paper is, as the log and the read model agree."""
        row = self.papers.find(name)
        assert row is not None
        assert row.status is self.desk.paper(name).status
        return row.status

    def left(self) -> tuple[set[str], set[str]]:
        """Staged and stored files, and unsettled attempts."""
        staged = {path.name for path in (self.folder / ".incoming").glob("*.part*")}
        return staged | set(self.library.files()), set(self.library.unsettled())


@pytest.fixture
def ward(tmp_path: Path, sqlite: Database) -> Ward:
    return Ward(tmp_path, sqlite)


@pytest.mark.case("X04")
@pytest.mark.case("X07")
def test_papers_of_dead_processes_go_back_and_their_files_go(ward: Ward) -> None:
    name, _ = ward.claimed(DEAD)
    new = ward.desk.register()
    ward.desk.do(new, StartProcessing(module="locate", worker=DEAD, attempt="some attempt"))
    assert ward.recovering().recover() == 2
    assert (ward.status(name), ward.status(new)) == (Status.LOCATED, Status.NEW)
    assert ward.desk.events(name)[-1] == Reverted(to=Status.LOCATED, why="crash")
    assert ward.left() == (set(), set())


def test_papers_of_living_processes_are_left_alone(ward: Ward) -> None:
    name, attempt = ward.claimed(ALIVE)
    own, own_attempt = ward.claimed(OWN)
    assert ward.recovering().recover() == 0
    assert ward.status(name) is ward.status(own) is Status.PROCESSING
    attempts = {attempt, own_attempt}
    assert ward.left() == ({f"{one}.part" for one in attempts}, attempts)


@pytest.mark.parametrize("told", [False, True])
def test_a_process_that_could_not_renew_its_lease_takes_nothing_from_itself(ward: Ward, told: bool) -> None:
    """After the machine slept, or while the database was busy for long, its own lease is over as well."""
    name, attempt = ward.claimed(OWN)
    dead, _ = ward.claimed(DEAD)
    ward.workers.late = True
    underway = Underway()
    recovering = evolve(ward.recovering(), underway=underway if told else None)
    with underway.holding(attempt):
        assert recovering.recover() == 1
    assert (ward.status(name), ward.status(dead)) == (Status.PROCESSING, Status.LOCATED)
    assert ward.left() == ({f"{attempt}.part"}, {attempt})


def test_files_of_a_paper_that_could_not_be_taken_back_stay_until_it_is(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has it may live again by then, and must not be left without its file."""
    name, attempt = ward.claimed(DEAD)
    with monkeypatch.context() as patched:
        patched.setattr(ward.papers, "in_transit", lambda: ())  # it was claimed a moment later
        ward.recovering().recover()
    assert ward.status(name) is Status.PROCESSING
    assert ward.left() == ({f"{attempt}.part"}, {attempt})
    assert ward.recovering().recover() == 1
    assert ward.left() == (set(), set())


@pytest.mark.case("X10")
def test_a_file_that_was_stored_and_not_told_is_removed(ward: Ward) -> None:
    name, attempt = ward.claimed(DEAD)
    ward.stored(attempt)
    assert ward.recovering().recover() == 1
    assert ward.status(name) is Status.LOCATED
    assert ward.left() == (set(), set())


def test_files_of_a_paper_that_was_taken_back_already_are_removed(ward: Ward) -> None:
    name, attempt = ward.claimed(DEAD)
    ward.stored(attempt)
    ward.desk.do(name, Revert(why="crash"))
    assert ward.recovering().recover() == 0
    assert ward.left() == (set(), set())


@pytest.mark.case("X11")
def test_a_file_that_was_told_is_kept(ward: Ward) -> None:
    name, attempt = ward.claimed(DEAD)
    file = ward.stored(attempt)
    ward.desk.do(name, RecordDownload(file=file, copy=COPY))
    assert ward.recovering().recover() == 0
    assert ward.status(name) is Status.DONE
    assert ward.left() == ({file.path}, set())


def test_an_early_attempt_leaves_nothing_beside_the_file_of_a_later_one(ward: Ward) -> None:
    name, early = ward.claimed(DEAD)
    ward.stored(early)
    ward.desk.do(name, Revert(why="crash"))
    _, later = ward.claimed(ALIVE, name)
    file = ward.stored(later)
    ward.desk.do(name, RecordDownload(file=file, copy=COPY))
    ward.recovering().recover()
    assert ward.left() == ({file.path}, set())


def test_a_paper_that_a_person_excluded_meanwhile_stays_so(ward: Ward) -> None:
    name, attempt = ward.claimed(DEAD)
    ward.stored(attempt)
    ward.desk.do(name, Exclude(reason="not in scope"))
    assert ward.recovering().recover() == 0
    assert ward.status(name) is Status.EXCLUDED
    assert ward.left() == (set(), set())


def test_planned_jobs_are_kept(ward: Ward) -> None:
    name = ward.desk.located(COPY)
    ward.desk.do(name, Queue(module="download", due=ward.desk.clock.now()))
    assert ward.recovering().recover() == ward.recovering().release() == 0
    assert ward.status(name) is Status.PENDING


@pytest.mark.case("X19")
def test_at_its_end_a_process_gives_back_what_it_has(ward: Ward) -> None:
    own, _ = ward.claimed(OWN)
    other, attempt = ward.claimed(ALIVE)
    dead, _ = ward.claimed(DEAD)
    assert ward.recovering().release() == 1
    assert (ward.status(own), ward.status(other)) == (Status.LOCATED, Status.PROCESSING)
    assert ward.desk.events(own)[-1] == Reverted(to=Status.LOCATED, why="stop")
    assert ward.status(dead) is Status.PROCESSING
    assert attempt in ward.left()[1]


def test_two_processes_that_recover_at_once_take_each_paper_back_once(ward: Ward) -> None:
    names = [ward.claimed(DEAD)[0] for _ in range(8)]
    assert sum(at_once(ward.recovering().recover, ward.recovering().recover)) == len(names)
    assert all(len(ward.desk.events(name, Reverted)) == 1 for name in names)
    assert ward.left() == (set(), set())


def test_who_began_while_others_recover_is_left_alone(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    dead, _ = ward.claimed(DEAD)
    fresh = ward.desk.located(COPY)
    files: list[File] = []
    look_up, look_around = ward.papers.in_transit, ward.library.unsettled

    def begin() -> object:
        monkeypatch.setattr(ward.papers, "in_transit", look_up)
        ward.workers.others.add("a new process")
        files.append(ward.stored(ward.claimed("a new process", fresh)[1]))
        found = look_up()
        ward.desk.do(dead, Revert(why="crash"))  # it was as quick, and has that paper too
        ward.claimed("a new process", dead)
        return found

    def end() -> object:
        monkeypatch.setattr(ward.library, "unsettled", look_around)
        found = look_around()
        ward.desk.do(fresh, RecordDownload(file=files[0], copy=COPY))
        ward.workers.others.remove("a new process")
        return found

    monkeypatch.setattr(ward.papers, "in_transit", begin)
    assert ward.recovering().recover() == 0
    assert (ward.status(fresh), ward.status(dead)) == (Status.PROCESSING, Status.PROCESSING)
    monkeypatch.setattr(ward.library, "unsettled", end)
    ward.recovering().recover()
    assert ward.status(fresh) is Status.DONE
    assert ward.recovering().recover() == 1, "the other paper that it had"
    assert ward.left() == ({files[0].path}, set())


def test_recovering_again_changes_nothing(ward: Ward) -> None:
    ward.claimed(DEAD)
    ward.recovering().recover()
    head = ward.desk.log.head()
    assert ward.recovering().recover() == 0
    assert ward.desk.log.head() == head


class Killed(BaseException):
    """The process ends at this very place."""


def killed(*_: object, **__: object) -> None:
    raise Killed


STORE = "infrastructure.library.store"
STEPS = [
    pytest.param("nothing came yet", None, marks=[pytest.mark.case("X05"), pytest.mark.case("X06")]),
    pytest.param("half a file", None, marks=pytest.mark.case("X07")),
    pytest.param("before fsync", f"{STORE}.hash_and_sync", marks=pytest.mark.case("X08")),
    pytest.param("before rename", f"{STORE}.make_folders", marks=pytest.mark.case("X09")),
    pytest.param("before the event", f"{STORE}.sync_folder", marks=pytest.mark.case("X10")),
    pytest.param("after the event", f"{STORE}.FolderLibrary.settle", marks=pytest.mark.case("X11")),
]


@pytest.mark.parametrize(("step", "at"), STEPS)
def test_wherever_a_download_is_killed_nothing_of_it_is_left_and_it_can_be_done_again(
    ward: Ward, monkeypatch: pytest.MonkeyPatch, step: str, at: str | None
) -> None:
    desk = ward.desk
    name, body = desk.located(COPY), desk.file(Verdict.RIGHT)
    desk.fetcher.web[COPY.url] = body
    downloading = evolve(desk.downloading(), library=ward.library)
    with monkeypatch.context() as patched:
        patched.setattr(f"{STORE}._remove_quietly", lambda _: None)  # who is killed tidies nothing up
        if at:
            patched.setattr(at, killed)
        else:
            half = body[: len(body) // 2] if step == "half a file" else b""
            desk.fetcher.before = lambda _: (ward.library.staging(attempt()).write_bytes(half), killed())
        attempt = lambda: str(desk.events(name, ProcessingStarted)[-1].attempt)  # noqa: E731 (known when it runs)
        with pytest.raises(Killed):
            downloading.download(name)
    desk.fetcher.before = lambda _: None
    ward.workers = FakeWorkers("another process")
    done = step == "after the event"
    assert ward.recovering().recover() == (not done)
    assert ward.status(name) is (Status.DONE if done else Status.LOCATED)
    assert len(ward.left()[0]) == done
    assert ward.left()[1] == set()
    assert done or downloading.download(name) is Status.DONE
    (kept,) = ward.left()[0]
    stored = desk.paper(name).file
    assert stored is not None
    assert kept == stored.path
    assert ward.library.open(kept).read_bytes() == body


@pytest.mark.case("K11")
def test_papers_go_back_though_the_library_is_gone_and_their_files_go_when_it_is_there(ward: Ward) -> None:
    recovering, library = evolve(ward.recovering(), library=ward.desk.library), ward.desk.library
    for worker in (DEAD, OWN):
        name, attempt = ward.claimed(worker)
        library.staging(attempt).write_bytes(b"half a file")
        library.missing = True
        assert (recovering.recover if worker == DEAD else recovering.release)() == 1
        assert ward.status(name) is Status.LOCATED
        library.missing = False
        assert library.unsettled() == (attempt,)
        recovering.recover()
        assert library.unsettled() == ()
