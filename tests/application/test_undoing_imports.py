"""Taking imports back: what nothing else names is set aside, what others name stays, and it may come back."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from attrs import define, evolve, field
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from application.handling import Actor, decided, load
from application.ports.event_log import Origin, Recorded, Write, WrongVersion
from application.ports.tabular import Record
from application.ports.tasks import TaskStatus
from application.queries import PaperFilter
from application.undoing_imports import UndoingImports
from domain import importing, paper
from domain.copies import Copy
from domain.errors import DoesNotExist, NotAllowed
from domain.importing import ImportStatus, Undone, UndoStarted
from domain.paper import Paper
from domain.paper_commands import Command, Exclude, Reinstate
from domain.paper_events import (
    CopiesLocated,
    Downloaded,
    File,
    FileAttached,
    ProcessingStarted,
    Queued,
    Requested,
    Reverted,
    Withdrawn,
)
from domain.pipeline import Status
from domain.refusals import Refused
from infrastructure.database import Database, sqlite_url
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models.import_queries import SqlImports
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.read_models.rebuild import differences
from infrastructure.schema import READ_MODELS, create
from tests.application.lists import REQUEST, Library, doi, row
from tests.contract.making import everything
from tests.databases import Databases, fewer
from tests.fakes.clock import FakeClock
from tests.fakes.tasks import FakeTasks
from tests.fakes.uploads import FakeUploads

ME = Actor(name="somebody (browser)", is_person=True)
COPY = Copy(url="https://repository.example/a.pdf", source="unpaywall")
FILE = File(path="2020/a.pdf", sha256="ab" * 32, size=10, pages=1)


@define
class Shelf:
    """Lists that are imported into a database and taken back."""

    database: Database
    library: Library
    tasks: FakeTasks = field(factory=FakeTasks)

    @property
    def undoing(self) -> UndoingImports:
        """The handler."""
        return UndoingImports(log=self.library.log, imports=SqlImports(self.database), tasks=self.tasks)

    def take(self, *numbers: object, **request: Any) -> str:
        """Import a list of papers; returns the import's id."""
        upload = self.library.file(*(row(doi(number)) for number in numbers))
        import_id = self.library.handler.accept(upload, evolve(REQUEST, **request)).import_id
        self.library.handler.run(import_id)
        return import_id

    def name(self, number: object) -> str:
        """The id of a paper."""
        return self.library.log.papers_of([doi(number)])[doi(number)]

    def paper(self, number: object) -> Paper:
        """The paper as it is."""
        return load(self.library.log, paper.DECIDER, paper.stream_of(self.name(number)))[0]

    def statuses(self) -> dict[str, Status]:
        """The status of each paper that is not set aside, by its DOI."""
        rows = SqlPapers(self.database).all(PaperFilter())
        return {str(one.doi): one.status for one in rows if one.status is not Status.EXCLUDED}

    def tell(self, number: object, *events: Any) -> None:
        """Let things happen to a paper."""
        write = Write(stream=paper.stream_of(self.name(number)), expected=None, events=events)
        self.library.log.append((write,), Origin(command="test", actor="tests", correlation="test"))

    def do(self, number: object, command: Command) -> None:
        """Do something with a paper, as a person does."""
        stream = paper.stream_of(self.name(number))
        write = decided(paper.DECIDER, stream, *load(self.library.log, paper.DECIDER, stream), (command,))
        self.library.log.append((write,), Origin(command="test", actor="tests", correlation="test"))

    def state(self, import_id: str) -> importing.Import:
        """An import as it is."""
        return load(self.library.log, importing.DECIDER, importing.stream_of(import_id))[0]

    def events(self, import_id: str, kind: type) -> list[Recorded]:
        """What happened to an import, of one kind."""
        return [one for one in self.library.log.stream(importing.stream_of(import_id)) if isinstance(one.event, kind)]


def shelf_on(database: Database, folder: Path) -> Shelf:
    log = SqlEventLog(database, FakeClock(), READ_MODELS)
    return Shelf(database, Library(log, FakeUploads(folder), imports=SqlImports(database)))


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Shelf:
    """On each kind of database."""
    return shelf_on(database, tmp_path / "uploads")


def test_papers_that_nothing_else_names_go_and_the_others_stay(shelf: Shelf) -> None:
    first, second = shelf.take(1, 2), shelf.take(2, 3, collection="Another")
    assert shelf.undoing.undo(second, ME).status is ImportStatus.UNDONE
    assert shelf.statuses() == {"10.5555/1": Status.NEW, "10.5555/2": Status.NEW}
    assert shelf.paper(3).withdrawn
    (undone,) = shelf.events(second, Undone)
    assert undone.event == Undone(withdrawn=1)
    shelf.undoing.undo(first, ME)
    assert shelf.statuses() == {}
    assert not [fault for model in READ_MODELS for fault in differences(shelf.database, model)]


def test_what_is_told_before_is_what_is_done(shelf: Shelf) -> None:
    shelf.take("shared")
    name = shelf.take("shared", "new", "done", "given", "asked", "aside", "planned", collection="Another")
    shelf.tell("done", ProcessingStarted(module="locate", worker="w", attempt="a"), CopiesLocated(copies=(COPY,)))
    shelf.tell("done", ProcessingStarted(module="download", worker="w", attempt="b"), Downloaded(file=FILE, copy=COPY))
    shelf.tell("given", FileAttached(file=evolve(FILE, path="2020/b.pdf")))
    shelf.tell("asked", Requested(note="library"))
    shelf.tell("planned", Queued(module="locate", due=FakeClock().now()))
    shelf.do("aside", Exclude(reason="no article"))
    stakes = shelf.undoing.stakes(name)
    assert stakes.leaving == {Status.NEW: 2, Status.DONE: 2, Status.PENDING: 1}
    assert (stakes.papers, stakes.with_file, stakes.by_hand, stakes.requested) == (5, 2, 1, 1)
    assert (stakes.shared, stakes.aside) == (1, 1)
    assert not shelf.undoing.is_harmless(name)
    shelf.undoing.undo(name, ME)
    (undone,) = shelf.events(name, Undone)
    assert undone.event == Undone(withdrawn=5)
    assert shelf.paper("done").file == FILE, "files stay in the library"
    assert not shelf.paper("aside").withdrawn


def test_a_paper_in_transit_is_taken_back_in_the_same_decision(shelf: Shelf) -> None:
    name = shelf.take(1)
    shelf.tell(1, ProcessingStarted(module="locate", worker="w", attempt="a"))
    shelf.undoing.undo(name, ME)
    kinds = [type(one.event) for one in shelf.library.log.stream(paper.stream_of(shelf.name(1)))]
    assert kinds[-2:] == [Reverted, Withdrawn]


def test_all_of_it_has_one_correlation_and_the_name_of_the_person(shelf: Shelf) -> None:
    name = shelf.take(1, 2)
    position = shelf.library.log.head().position
    shelf.undoing.undo(name, ME)
    events = shelf.library.log.read(position)
    assert [type(one.event) for one in events] == [UndoStarted, Withdrawn, Withdrawn, Undone]
    assert len({one.correlation for one in events}) == 1
    assert {one.actor for one in events} == {ME.name}


def test_how_far_it_is_stands_among_the_tasks(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.undoing_imports.BATCH", 2)
    name = shelf.take(1, 2, 3)
    assert shelf.undoing.task(name) is None
    shelf.undoing.undo(name, ME)
    assert shelf.tasks.told == [(2, 3), (3, 3)]
    task = shelf.undoing.task(name)
    assert task is not None
    assert (task.kind, task.title, task.status) == ("undo", "list.csv", TaskStatus.FINISHED)


def test_one_that_no_process_is_at_is_silent(shelf: Shelf) -> None:
    name, heard = shelf.take(1, 2), list[list[str]]()

    def stop() -> bool:
        heard.append(shelf.undoing.silent())
        return True

    assert shelf.undoing.silent() == []
    shelf.undoing.begin(name, ME)
    assert shelf.undoing.silent() == [name]
    shelf.undoing.run(name, stop=stop)
    assert heard == [[]]
    assert shelf.undoing.silent() == [name]
    shelf.undoing.run(name)
    assert shelf.undoing.silent() == []


def test_one_that_was_broken_off_goes_on(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.undoing_imports.BATCH", 1)
    name = shelf.take(*range(4))
    shelf.undoing.begin(name, ME)
    stops = iter([False, False, True])
    assert shelf.undoing.run(name, stop=lambda: next(stops)).status is ImportStatus.UNDOING
    assert len(shelf.statuses()) == 2
    assert list(SqlImports(shelf.database).being_undone()) == [name]
    begun = shelf.undoing.begin(name, ME)
    assert begun == shelf.events(name, UndoStarted)[0].position, "pressed again, it is the same undo"
    assert shelf.undoing.run(name).status is ImportStatus.UNDONE
    (undone,) = shelf.events(name, Undone)
    assert undone.event == Undone(withdrawn=4)
    assert list(SqlImports(shelf.database).being_undone()) == []
    position = shelf.library.log.head().position
    shelf.undoing.run(name)
    assert shelf.library.log.head().position == position


def test_what_a_person_wants_again_meanwhile_is_not_taken_twice(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.undoing_imports.BATCH", 1)
    name = shelf.take(1, 2)
    shelf.undoing.begin(name, ME)
    stops = iter([False, True])
    shelf.undoing.run(name, stop=lambda: next(stops))
    (gone,) = [number for number in (1, 2) if shelf.paper(number).withdrawn]
    shelf.do(gone, Reinstate())
    shelf.undoing.run(name)
    assert not shelf.paper(gone).withdrawn
    (undone,) = shelf.events(name, Undone)
    assert undone.event == Undone(withdrawn=1)


def test_the_same_list_again_brings_its_papers_back(shelf: Shelf) -> None:
    name = shelf.take(1, 2)
    shelf.tell(1, FileAttached(file=FILE))
    shelf.undoing.undo(name, ME)
    upload = shelf.library.file(row(doi(1)), row(doi(2)))
    assert shelf.library.handler.preview(upload).returning == 2
    again = shelf.take(1, 2)
    assert again != name
    assert shelf.statuses() == {"10.5555/1": Status.DONE, "10.5555/2": Status.NEW}
    assert shelf.state(again).counts.known == 2
    assert shelf.paper(1).file == FILE
    assert shelf.library.handler.preview(upload).returning == 0


def test_a_list_with_one_of_its_papers_brings_that_back(shelf: Shelf) -> None:
    shelf.undoing.undo(shelf.take(1, 2), ME)
    shelf.take(2, 3, collection="Another")
    assert set(shelf.statuses()) == {"10.5555/2", "10.5555/3"}


def test_what_a_person_set_aside_no_import_brings_back(shelf: Shelf) -> None:
    name = shelf.take(1)
    shelf.do(1, Exclude(reason="no article"))
    shelf.undoing.undo(name, ME)
    shelf.take(1, collection="Another")
    assert shelf.statuses() == {}


def test_a_collection_is_left_by_what_only_the_import_brought(shelf: Shelf) -> None:
    shelf.take(1, collection="Stays")
    name = shelf.take(1, 2, collection="Goes")
    shelf.undoing.undo(name, ME)
    found = {one.name: one.papers for one in SqlImports(shelf.database).collections()}
    assert found == {"Goes": 0, "Stays": 1}
    progress = {one.row.name: one.papers for one in SqlImports(shelf.database).progress()}
    assert progress == {"Goes": {}, "Stays": {Status.NEW: 1}}
    collection = next(one.id for one in SqlImports(shelf.database).collections() if one.name == "Goes")
    papers = SqlPapers(shelf.database)
    assert papers.count(PaperFilter(collection=collection)) == 0
    assert papers.count(PaperFilter(import_id=name)) == 2, "its page goes on telling what it brought"


def test_a_running_import_is_cancelled_before_it_is_undone(shelf: Shelf) -> None:
    upload = shelf.library.file(row(doi(1)), row(doi(2)))
    name = shelf.library.handler.accept(upload, REQUEST).import_id
    with pytest.raises(NotAllowed):
        shelf.undoing.undo(name, ME)
    shelf.undoing.cancel(name, ME)
    assert shelf.library.handler.run(name).status is ImportStatus.CANCELLED
    with pytest.raises(NotAllowed):
        shelf.undoing.cancel(name, ME)
    assert shelf.undoing.undo(name, ME).status is ImportStatus.UNDONE
    refused = [one.event.command for one in everything(shelf.library.log) if isinstance(one.event, Refused)]
    assert refused == ["undo import", "cancel import"]


def test_an_import_that_is_none_is_refused(shelf: Shelf) -> None:
    for command in (shelf.undoing.cancel, shelf.undoing.undo):
        with pytest.raises(DoesNotExist):
            command("nobody", ME)


@contextmanager
def meanwhile(shelf: Shelf, patch: pytest.MonkeyPatch, what: Callable[[], object], when: str) -> Iterator[None]:
    """Do something just before the first append of an event of some type."""
    log, append = shelf.library.log, shelf.library.log.append
    waiting = [what]

    def slowly(writes: Any, origin: Origin) -> Any:
        if waiting and any(when == event.TYPE for write in writes for event in write.events):
            waiting.pop()()
        return append(writes, origin)

    with patch.context() as changed:
        changed.setattr(log, "append", slowly)
        yield
    assert not waiting


def test_a_paper_that_moves_on_meanwhile_is_withdrawn_all_the_same(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = shelf.take(1, 2)
    started = ProcessingStarted(module="locate", worker="w", attempt="a")
    with meanwhile(shelf, monkeypatch, lambda: shelf.tell(1, started), "paper.withdrawn"):
        shelf.undoing.undo(name, ME)
    assert shelf.statuses() == {}


def test_a_paper_that_never_stands_still_breaks_it_off(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    name = shelf.take(1)
    log = shelf.library.log

    def lost(*_: Any) -> Any:
        raise WrongVersion("paper-x", 1, 2)

    shelf.undoing.begin(name, ME)
    with monkeypatch.context() as patch:
        patch.setattr(log, "append", lost)
        with pytest.raises(WrongVersion):
            shelf.undoing.run(name)
    assert shelf.undoing.run(name).status is ImportStatus.UNDONE


def test_a_list_that_comes_to_name_a_paper_just_when_it_is_withdrawn_keeps_it(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = shelf.take(1, 2)
    with meanwhile(shelf, monkeypatch, lambda: shelf.take(1, collection="Another"), "paper.withdrawn"):
        shelf.undoing.undo(name, ME)
    assert set(shelf.statuses()) == {"10.5555/1"}
    (undone,) = shelf.events(name, Undone)
    assert undone.event == Undone(withdrawn=1)


def test_a_paper_that_is_withdrawn_just_when_a_list_comes_to_name_it_stays(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = shelf.take(1, 2)
    with meanwhile(shelf, monkeypatch, lambda: shelf.undoing.undo(name, ME), "import.rows_recorded"):
        shelf.take(1, collection="Another")
    assert set(shelf.statuses()) == {"10.5555/1"}


def test_two_who_take_it_back_at_once_do_it_once(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    name = shelf.take(1, 2)
    with meanwhile(shelf, monkeypatch, lambda: shelf.undoing.run(name), "paper.withdrawn"):
        shelf.undoing.undo(name, ME)
    (undone,) = shelf.events(name, Undone)
    assert undone.event == Undone(withdrawn=2)
    assert len(shelf.events(name, UndoStarted)) == 1


NUMBERS = st.sets(st.integers(0, 6), min_size=1, max_size=5)


@given(lists=st.lists(NUMBERS, min_size=1, max_size=4), undone=st.sets(st.integers(0, 3)), batch=st.integers(1, 3))
@fewer(4)
def test_a_library_with_an_undone_import_is_one_that_never_had_it(
    databases: Databases, lists: list[set[int]], undone: set[int], batch: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("application.undoing_imports.BATCH", batch)
        with databases.fresh("sqlite") as had, databases.fresh("sqlite") as never:
            shelves = [shelf_on(database, Path(folder) / "uploads") for database in (had, never)]
            names = [shelves[0].take(*sorted(some), collection=str(n)) for n, some in enumerate(lists)]
            for number in sorted(undone & set(range(len(lists)))):
                shelves[0].undoing.undo(names[number], ME)
            for number, some in enumerate(lists):
                if number not in undone:
                    shelves[1].take(*sorted(some), collection=str(number))
            assert shelves[0].statuses() == shelves[1].statuses()
            counts = [{one.name: one.papers for one in SqlImports(one.database).collections()} for one in shelves]
            assert {name: count for name, count in counts[0].items() if count} == counts[1]


class Lists(RuleBasedStateMachine):
    """Imports that are begun, worked on, cancelled, taken back, broken off and sent again, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        database = Database(sqlite_url(Path(self.folder.name) / "lists.db"))
        create(database)
        self.shelf = shelf_on(database, Path(self.folder.name) / "uploads")
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr("application.undoing_imports.BATCH", 1)
        self.patch.setattr("application.importing.BATCH", 1)
        self.names: list[str] = []

    def teardown(self) -> None:
        self.patch.undo()
        self.shelf.database.close()
        self.folder.cleanup()

    @rule(numbers=NUMBERS, steps=st.integers(0, 6), collection=st.sampled_from("ab"))
    def imports(self, numbers: set[int], steps: int, collection: str) -> None:
        records: list[Record] = [row(doi(number)) for number in sorted(numbers)]
        accepted = self.shelf.library.handler.accept(
            self.shelf.library.file(*records), evolve(REQUEST, collection=collection)
        )
        if accepted.import_id not in self.names:
            self.names.append(accepted.import_id)
        left = iter([False] * steps)
        self.shelf.library.handler.run(accepted.import_id, stop=lambda: next(left, True))

    @precondition(lambda self: self.names)
    @rule(which=st.integers(0, 9), steps=st.integers(0, 6))
    def takes_back(self, which: int, steps: int) -> None:
        name = self.names[which % len(self.names)]
        before, left = self.shelf.state(name).status, iter([False] * steps)
        try:
            self.shelf.undoing.begin(name, ME)
        except NotAllowed:
            assert before in {ImportStatus.RUNNING, ImportStatus.UNDONE}
        self.shelf.undoing.run(name, stop=lambda: next(left, True))

    @precondition(lambda self: self.names)
    @rule(which=st.integers(0, 9))
    def cancels(self, which: int) -> None:
        name = self.names[which % len(self.names)]
        running = self.shelf.state(name).status is ImportStatus.RUNNING
        try:
            self.shelf.undoing.cancel(name, ME)
        except NotAllowed:
            assert not running

    @invariant()
    def a_paper_is_there_as_long_as_a_list_names_it(self) -> None:
        wanted, undecided = set[str](), set[str]()
        for name in self.names:
            status = self.shelf.state(name).status
            some = set(SqlImports(self.shelf.database).named(name))
            if status is ImportStatus.UNDOING:
                undecided |= some
            elif status is not ImportStatus.UNDONE:
                wanted |= some
        present = {one.id for one in SqlPapers(self.shelf.database).all(PaperFilter()) if one.status is Status.NEW}
        assert wanted <= present <= wanted | undecided


TestLists = Lists.TestCase
TestLists.settings = settings(fewer(8), stateful_step_count=12)
