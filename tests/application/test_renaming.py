"""Stored files get other names: what the log says is true at any moment, whatever breaks off."""

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import define, evolve

from application.handling import Actor
from application.letting_go import execute_letting_go
from application.ports.event_log import Origin
from application.ports.library import LibraryUnavailable
from application.ports.renaming import Move, RenamingAlready
from application.queries import PaperRow
from application.renaming import Renaming
from domain.metadata import Metadata
from domain.paper import stream_of
from domain.paper_commands import Exclude, LoseFile, RecordDownload, Reinstate, StartProcessing, UpdateMetadata
from domain.paper_events import File, FileRenamed
from infrastructure.database import Database
from infrastructure.library.naming import InvalidPattern
from infrastructure.library.renaming import FolderNames
from infrastructure.library.store import FolderLibrary
from infrastructure.log.sql import SqlEventLog
from infrastructure.maintenance import DatabaseMaintenance
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from tests.application.desk import Desk, copy
from tests.fakes.tasks import FakeTasks
from tests.simulation.installation import Killed

ME = Actor(name="me", is_person=True)
BEFORE, AFTER = "{title}", "{journal}/{author}_{year}_{title}"
COPY = copy("https://a.example/1.pdf")


@define
class House:
    """A database and a library with papers that have files."""

    desk: Desk
    library: FolderLibrary
    folder: Path
    papers: SqlPapers
    renaming: Renaming
    tool: DatabaseMaintenance

    def done(self, title: str, **told: Any) -> str:
        """A paper with its file; returns its id."""
        known = Metadata(title=title, **told)
        name = self.desk.located(COPY)
        attempt = f"{name}_1"
        self.desk.do(name, UpdateMetadata(source="test", metadata=known))
        staged = self.library.staging(attempt)
        staged.write_bytes(f"the content of {title}".encode())
        found = self.library.store(staged, attempt, known)
        file = File(path=found.path, sha256=found.sha256, size=found.size, pages=1)
        start = StartProcessing(module="download", worker="us", attempt=attempt)
        self.desk.do(name, start, RecordDownload(file=file, copy=COPY))
        self.library.settle(attempt)
        return name

    def row(self, name: str) -> PaperRow:
        """The paper."""
        row = self.papers.find(name)
        assert row
        return row

    def path(self, name: str) -> str:
        """Where its file is; it is there, and nowhere else."""
        path = self.row(name).file_path or ""
        assert (self.folder / path).is_file()
        return path

    def sound(self) -> None:
        """Everything agrees: log, read models, files; nothing lies about."""
        assert self.tool.verify().faults == ()
        assert list((self.folder / ".renaming").glob("*.note")) == []
        assert sorted(self.library.files()) == sorted(path for _, path, _ in self.papers.files())


@pytest.fixture
def house(tmp_path: Path, database: Database) -> House:
    desk = Desk(tmp_path / "fake")
    desk.log = SqlEventLog(database, desk.clock, READ_MODELS)
    folder = tmp_path / "library"
    library = FolderLibrary(
        folder, BEFORE, reserve_bytes=0, memory=tmp_path / "memory", free_bytes=lambda _: sys.maxsize
    )
    papers, names = SqlPapers(database), FolderNames(library)
    renaming = Renaming(log=desk.log, papers=papers, names=names, tasks=FakeTasks())
    tool = DatabaseMaintenance(database, READ_MODELS, papers, library, names)
    return House(desk, library, folder, papers, renaming, tool)


def test_files_get_the_names_that_the_pattern_gives_now(house: House) -> None:
    one = house.done("One", authors=("Berg, Ada",), year=2020, journal="Sleep")
    two = house.done("Two")
    house.desk.register()
    assert house.renaming.plan().renaming == 0
    house.library.adopt(AFTER)
    planned = house.renaming.plan()
    assert (planned.files, planned.renaming) == (2, 2)
    assert planned.examples[0].old == house.path(one)
    renamed = house.renaming.run(ME)
    assert (renamed.done, renamed.left, renamed.whole) == (2, 0, True)
    assert house.path(one).startswith("Sleep/Berg_2020_One_")
    assert house.path(one) == planned.examples[0].new
    assert house.path(two).startswith("no journal/unknown_undated_Two_")
    assert house.row(one).status.value == "done"
    last = house.desk.events(one)[-1]
    assert last == FileRenamed(path=planned.examples[0].new, was=planned.examples[0].old)
    assert house.desk.log.stream(stream_of(one))[-1].actor == "me"
    house.sound()
    assert house.renaming.run(ME).done == 0


def test_folders_that_are_empty_then_go(house: House) -> None:
    house.library.adopt(AFTER)
    house.done("One", journal="Sleep")
    house.done("Two", journal="Dreams")
    (house.folder / "Dreams" / "mine.txt").write_text("a note")
    house.library.adopt(BEFORE)
    assert house.renaming.run(ME).done == 2
    assert sorted(path.name for path in house.folder.iterdir() if path.is_dir() and path.name[0] != ".") == ["Dreams"]
    house.sound()


POINTS: dict[str, tuple[Any, str, bool]] = {
    "before the note": (FolderNames, "_write_note", False),
    "after the note": (FolderNames, "_write_note", True),
    "after the second name": (FolderNames, "begin", True),
    "before the event": (SqlEventLog, "append", False),
    "after the event": (SqlEventLog, "append", True),
    "before the first name goes": (FolderNames, "_remove", False),
    "after the first name went": (FolderNames, "_remove", True),
    "at the end": (FolderNames, "end", True),
}


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("again", [False, True])
def test_a_crash_at_any_moment_is_mended(
    house: House, monkeypatch: pytest.MonkeyPatch, point: str, again: bool
) -> None:
    """By the next start of the program, and by the next renaming, which goes on where it was."""
    names = [house.done(title) for title in ("One", "Two", "Three")]
    house.library.adopt(AFTER)
    with monkeypatch.context() as patched:
        _kill_at(patched, *POINTS[point])
        with pytest.raises(Killed):
            house.renaming.run(ME)
    for name in names:
        house.path(name)  # the log is right, before anything is mended
    if not again:
        house.renaming.settle()
        house.sound()
    renamed = house.renaming.run(ME)
    assert renamed.left == 0
    assert all(house.path(name).startswith("no journal/") for name in names)
    house.sound()
    assert sum(len(house.desk.events(name, FileRenamed)) for name in names) == 3


def _kill_at(patched: pytest.MonkeyPatch, owner: Any, name: str, after: bool) -> None:
    """Kill at the second file."""
    real, times = getattr(owner, name), iter((False, True))

    def wrapped(*arguments: Any, **named: Any) -> Any:
        kills = next(times)
        if kills and not after:
            raise Killed
        done = real(*arguments, **named)
        if kills:
            raise Killed
        return done

    patched.setattr(owner, name, wrapped)


def test_a_name_that_another_file_has_is_not_taken(house: House) -> None:
    name = house.done("One")
    house.library.adopt("{journal}")
    (wanted,) = [move.new for move in house.renaming.examples()]
    (house.folder / wanted).write_bytes(b"somebody's own")
    assert house.renaming.run(ME).done == 1
    assert house.path(name) != wanted
    assert house.path(name).startswith("no journal-2_")
    assert (house.folder / wanted).read_bytes() == b"somebody's own"
    assert house.renaming.plan().renaming == 0


def test_a_file_that_comes_to_the_name_meanwhile_stays(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    name = house.done("One")
    house.library.adopt(AFTER)
    (move,) = house.renaming.plan().examples
    real = FolderNames._write_note

    def write_note(names: FolderNames, told: Move) -> None:
        real(names, told)
        (house.folder / move.new).parent.mkdir()
        (house.folder / move.new).write_bytes(b"somebody's own")

    monkeypatch.setattr(FolderNames, "_write_note", write_note)
    assert house.renaming.run(ME).left == 1
    assert house.path(name) == move.old
    assert (house.folder / move.new).read_bytes() == b"somebody's own"
    assert house.renaming.names.unfinished() == []


def test_a_change_of_case_only_is_none(house: House) -> None:
    name = house.done("One")
    house.desk.do(name, UpdateMetadata(source="test", metadata=Metadata(title="ONE")))
    assert house.renaming.plan().renaming == 0


def test_a_missing_file_is_left_and_the_others_go_on(house: House) -> None:
    gone, there = house.done("Gone"), house.done("There")
    (house.folder / house.path(gone)).unlink()
    house.library.adopt(AFTER)
    renamed = house.renaming.run(ME)
    assert (renamed.done, renamed.left) == (1, 1)
    assert house.path(there).startswith("no journal/")
    assert house.desk.events(gone, FileRenamed) == []
    assert [path.name for path in (house.folder / ".renaming").iterdir()] == ["lock"]


def test_a_paper_that_lost_its_file_meanwhile_keeps_none(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody takes it back between the second name and the event."""
    name = house.done("One")
    house.library.adopt(AFTER)
    real = FolderNames.begin

    def begin(names: FolderNames, move: Move) -> None:
        real(names, move)
        _replace_by(house, name)

    monkeypatch.setattr(FolderNames, "begin", begin)
    renamed = house.renaming.run(ME)
    assert (renamed.done, renamed.left) == (0, 1)
    assert house.row(name).file_path is None
    house.sound()


def _replace_by(house: House, name: str) -> None:
    """Take the file from the paper, as the loss of it would."""
    origin = Origin(command="test", actor="somebody", correlation=name)
    execute_letting_go(house.desk.log, house.library, stream_of(name), (LoseFile(why="a test"),), origin)


def test_a_renamed_file_goes_with_its_paper(house: House) -> None:
    """It is known by its attempt still."""
    name = house.done("One")
    house.library.adopt(AFTER)
    house.renaming.run(ME)
    _replace_by(house, name)
    assert list(house.library.files()) == []
    assert house.library.unsettled() == ()
    house.sound()


def test_files_of_excluded_papers_are_renamed_too(house: House) -> None:
    name = house.done("One")
    house.desk.do(name, Exclude(reason="off topic"))
    house.library.adopt(AFTER)
    assert house.renaming.run(ME).done == 1
    house.desk.do(name, Reinstate())
    assert house.path(name).startswith("no journal/")
    house.sound()


def test_two_do_not_rename_at_once(house: House) -> None:
    house.done("One")
    house.library.adopt(AFTER)
    with house.renaming.names.alone():
        with pytest.raises(RenamingAlready):
            house.renaming.run(ME)
        house.renaming.settle()  # leaves it to them
    assert house.renaming.run(ME).done == 1


def test_it_stops_when_the_process_is_to_end(house: House) -> None:
    house.done("One")
    house.library.adopt(AFTER)
    renamed = evolve(house.renaming, stop=lambda: True).run(ME)
    assert (renamed.done, renamed.whole) == (0, False)
    house.sound()


@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK])
def test_a_disk_without_links_gets_copies(house: House, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    name = house.done("One")
    house.library.adopt(AFTER)

    def no_links(*_: Any, **__: Any) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "link", no_links)
    assert house.renaming.run(ME).done == 1
    assert house.path(name).startswith("no journal/")
    house.sound()


def test_nothing_is_renamed_in_a_library_that_is_not_there(house: House, tmp_path: Path) -> None:
    house.done("One")
    house.library.adopt(AFTER)
    house.folder.rename(tmp_path / "elsewhere")
    with pytest.raises(LibraryUnavailable):
        house.renaming.run(ME)
    house.renaming.settle()
    (tmp_path / "elsewhere").rename(house.folder)
    assert house.renaming.run(ME).done == 1


def test_examples_are_of_the_papers_that_are_there(house: House) -> None:
    assert house.renaming.examples("{doi}") == ()
    for title in ("One", "Two", "Three", "Four"):
        house.done(title)
    found = house.renaming.examples("{journal}/{title}")
    assert [move.new.partition("_")[0] for move in found] == [
        f"no journal/{title}" for title in ("One", "Two", "Three")
    ]
    assert house.renaming.plan().renaming == 0
    with pytest.raises(InvalidPattern):
        house.renaming.examples("{secret}")


def test_verify_is_not_misled_by_names_that_change_meanwhile(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.done("One")
    house.library.adopt(AFTER)
    real: Callable[..., Any] = SqlPapers.files
    began = iter((True,))

    def files(papers: SqlPapers) -> Any:
        rows = list(real(papers))
        if next(began, False):
            house.renaming.run(ME)
        return iter(rows)

    monkeypatch.setattr(SqlPapers, "files", files)
    assert house.tool.verify().faults == ()


def test_verify_is_not_misled_by_a_renaming_under_way(house: House) -> None:
    house.done("One")
    house.library.adopt(AFTER)
    (move,) = house.renaming.plan().examples
    house.renaming.names.begin(move)
    assert house.tool.verify().faults == ()
