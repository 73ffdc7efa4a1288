"""What people are told that they did, and taking it back."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import define, evolve, field

from application.acting import Acting
from application.bulk import SOON, ActingInBulk, Order
from application.handling import PROGRAM
from application.notices import MOST_NEWS, Notice, Notices, news_text
from application.ports.event_log import Origin, Write
from application.queries import PaperFilter
from application.reversing import ChangedSince, NotReversible
from application.scheduling import Scheduling
from application.sourcing import Sourcing
from application.undoing import Undoing
from application.undoing_imports import UndoingImports
from domain.acts import Action, act
from domain.errors import DoesNotExist
from domain.events import Event
from domain.paper_events import Excluded, Failed, File, FileAttached, NotLocated, ProcessingStarted, Reopened
from domain.pipeline import Status
from domain.schedule import Order as DrawOrder
from domain.schedule import Schedule
from domain.scraper import Action as Use
from domain.scraper import ScraperStatus
from domain.sources import SOURCES
from infrastructure.read_models.activity_queries import SqlActivity
from infrastructure.read_models.import_queries import SqlImports
from tests.application.lists import Library, doi, row
from tests.application.schedules import Yard
from tests.fakes.tasks import FakeTasks
from tests.fakes.uploads import FakeUploads
from tests.simulation.installation import PERSON


def at_once(action: Callable[[], object]) -> object:
    """No thread is waited for."""
    return action()


@define
class Office:
    """A yard, and the handlers of a person who acts and takes back."""

    yard: Yard
    activity: SqlActivity = field(init=False)
    acting: Acting = field(init=False)
    bulks: ActingInBulk = field(init=False)
    scheduling: Scheduling = field(init=False)
    imports: UndoingImports = field(init=False)
    undoing: Undoing = field(init=False)
    notices: Notices = field(init=False)

    def __attrs_post_init__(self) -> None:
        log, library = self.yard.process.log, self.yard.installation.library
        self.activity = SqlActivity(self.yard.installation.database, log)
        self.acting = Acting(log=log, library=library)
        self.bulks = ActingInBulk(
            log=log,
            papers=self.yard.process.papers,
            library=library,
            activity=self.activity,
            tasks=FakeTasks(self.yard.clock),
            clock=self.yard.clock,
        )
        self.scheduling = Scheduling(log=log)
        model = SqlImports(self.yard.installation.database)
        self.imports = UndoingImports(log=log, imports=model, tasks=FakeTasks(self.yard.clock))
        self.undoing = Undoing(
            log=log,
            acting=self.acting,
            bulks=self.bulks,
            scheduling=self.scheduling,
            controlling=self.yard.process.controlling,
            imports=self.imports,
        )
        self.notices = Notices(
            log=log,
            papers=self.yard.process.papers,
            activity=self.activity,
            bulks=self.bulks,
            undoing=self.undoing,
        )

    def do(self, name: str, action: Action, words: str = "") -> Notice:
        """What a person is told of an act on one paper."""
        return self.told(self.acting.act(name, act(action, words), PERSON).last)

    def bulk(self, action: Action, words: str = "") -> Notice:
        """What a person is told of an act on every paper, when it is done."""
        order = Order(wanted=act(action, words), which=PaperFilter())
        return self.told(self.bulks.start(order, PERSON, at_once).position)

    def told(self, position: int) -> Notice:
        """The notice of a position."""
        notice = self.notices.at(position)
        assert notice is not None
        return notice

    def happened(self, name: str, *events: Event) -> None:
        """Something happens to a paper by itself."""
        write = Write(stream=f"paper-{name}", expected=None, events=events)
        self.yard.process.log.append((write,), Origin(command="try", actor=PROGRAM.name, correlation=name))

    def latest(self) -> Notice:
        """The newest notice."""
        return self.notices.latest().notices[0]

    def undo(self, notice: Notice) -> Notice:
        """Take back what a notice told; what a person is told of that."""
        return self.told(self.undoing.undo(notice.position, PERSON, at_once))


@pytest.fixture
def office(yard: Yard) -> Office:
    return Office(yard)


@pytest.fixture
def any_office(any_yard: Yard) -> Office:
    return Office(any_yard)


class TestOnePaper:
    def test_what_was_done_is_told_and_taken_back(self, any_office: Office) -> None:
        notice = any_office.do("p000003", Action.EXCLUDE, "off topic")
        assert (notice.text, notice.undo) == ("Excluded: off topic", "Reinstate it")
        assert (notice.paper, notice.title, notice.actor) == ("p000003", "10.5555/3", PERSON.name)
        back = any_office.undo(notice)
        assert (back.text, back.undo) == ("Wanted again, as “located”.", "Exclude it again")
        assert any_office.undo(back).text == "Excluded: off topic"

    @pytest.mark.parametrize("module", ["locate", "download"])
    def test_what_waits_to_be_tried_again_waits_again_after_an_undo(self, any_office: Office, module: str) -> None:
        until, name = any_office.yard.clock.now() + timedelta(days=90), "p000003"
        ended: Event = Failed(cause="forbidden", not_before=until)
        if module == "locate":
            any_office.happened(name, Reopened(to=Status.NEW, why="retry"))
            ended = NotLocated(cause="no_open_copy", not_before=until)
        any_office.happened(name, ProcessingStarted(module=module, worker="w", attempt="a"), ended)
        papers = any_office.yard.process.papers
        before = papers.find(name)
        assert before is not None
        assert before.not_before == until
        any_office.undo(any_office.do(name, Action.EXCLUDE))
        after = papers.find(name)
        assert after is not None
        assert evolve(after, position=before.position, updated_at=before.updated_at) == before
        assert any_office.yard.paper(name).not_before == until

    def test_what_was_given_up_is_back_where_it_was(self, any_office: Office) -> None:
        before = any_office.yard.paper("p000003")
        notice = any_office.do("p000003", Action.UNAVAILABLE, "lost")
        assert notice.undo == "Back to where it was"
        back = any_office.undo(notice)
        assert (back.text, back.undo) == ("Wanted again, as “located”.", "Give it up again")
        assert any_office.yard.paper("p000003") == before
        assert any_office.undo(back).text == "Marked unavailable: lost"

    def test_a_planned_paper_tells_what_was_wanted_not_that_it_made_room(self, office: Office) -> None:
        office.yard.plan()
        notice = office.do(office.yard.planned()[0].paper, Action.EXCLUDE, "off topic")
        assert notice.text == "Excluded: off topic"
        assert office.undo(notice).text.startswith("Wanted again")

    def test_what_was_changed_since_has_no_way_back(self, office: Office) -> None:
        notice = office.do("p000003", Action.EXCLUDE)
        office.undo(notice)
        assert office.told(notice.position).undo == ""
        with pytest.raises(ChangedSince):
            office.undo(notice)

    @pytest.mark.parametrize("action", [Action.RETRY, Action.REQUESTED])
    def test_some_things_have_no_way_back(self, office: Office, action: Action) -> None:
        notice = office.do("p000003", action)
        assert notice.undo == ""
        with pytest.raises(NotReversible):
            office.undo(notice)


class TestMany:
    def test_many_are_one_notice(self, any_office: Office) -> None:
        any_office.yard.tell("p000001", act(Action.EXCLUDE).command)
        notice = any_office.bulk(Action.EXCLUDE, "off topic")
        assert notice.text == "29 papers were excluded: off topic. 1 paper left alone: 1 excluded."
        assert (notice.undo, notice.running) == ("Undo", False)
        assert any_office.notices.at(notice.position) == notice
        back = any_office.undo(notice)
        assert back.text == "29 papers were reinstated."
        assert any_office.told(notice.position).text.endswith("This was undone.")
        assert any_office.told(notice.position).undo == ""
        assert dict(any_office.yard.process.papers.by_status(PaperFilter())) == {
            Status.EXCLUDED: 1,
            Status.LOCATED: 29,
        }

    def test_one_that_runs_says_so(self, office: Office) -> None:
        order = Order(wanted=act(Action.EXCLUDE), which=PaperFilter())
        notice = office.told(office.bulks.begin(order, PERSON).position)
        assert notice.text == "Exclude: 30 papers. This goes on in the background."
        assert (notice.running, notice.undo) == (True, "")

    def test_one_that_was_broken_off_says_so(self, office: Office) -> None:
        order = Order(wanted=act(Action.EXCLUDE), which=PaperFilter())
        begun = office.bulks.begin(order, PERSON)
        office.yard.advance(SOON)
        notice = office.told(begun.position)
        assert notice.text.startswith("0 papers were excluded. It was broken off before it had come to all 30 papers")
        assert notice.undo == ""

    def test_what_has_no_reverse_has_no_way_back(self, office: Office) -> None:
        assert office.bulk(Action.RETRY).undo == ""


class TestTheRest:
    def test_a_schedule_goes_back_to_what_it_was(self, any_office: Office) -> None:
        before = any_office.scheduling.painted().schedule
        wanted = {"volume": 7, "timezone": "Europe/Berlin", "order": "newest", "weights": list(range(24))}
        any_office.scheduling.change(wanted, PERSON)
        notice = any_office.latest()
        assert notice.undo == "Back to what it was"
        any_office.undo(notice)
        assert any_office.scheduling.painted().schedule == before
        assert before == Schedule(volume=240, order=DrawOrder.OLDEST)

    def test_a_schedule_that_was_changed_since_stays(self, office: Office) -> None:
        office.scheduling.change({"volume": 7, "order": "newest"}, PERSON)
        notice = office.latest()
        assert notice.text == "The daily volume is now 7 papers. Papers are now drawn newest first."
        office.scheduling.change({"order": "random"}, PERSON)
        assert office.told(notice.position).undo == ""

    def test_what_others_changed_beside_it_stays(self, office: Office) -> None:
        office.scheduling.change({"volume": 7}, PERSON)
        notice = office.latest()
        office.scheduling.change({"order": "random"}, PERSON)
        office.undo(notice)
        assert office.scheduling.painted().schedule == Schedule(volume=240, order=DrawOrder.RANDOM)

    @pytest.mark.parametrize(("on", "label"), [(False, "Switch it on"), (True, "Switch it off")])
    def test_a_module_is_switched_back(self, office: Office, on: bool, label: str) -> None:
        office.scheduling.toggle("locate", False, PERSON)
        if on:
            office.scheduling.toggle("locate", True, PERSON)
        notice = office.latest()
        assert notice.undo == label
        office.undo(notice)
        assert office.scheduling.modules().runs("locate") != on
        assert office.told(notice.position).undo == ""

    @pytest.mark.parametrize(("on", "label"), [(False, "Switch it on"), (True, "Switch it off")])
    def test_a_source_is_switched_back(self, office: Office, on: bool, label: str) -> None:
        sourcing = Sourcing(log=office.scheduling.log)
        sourcing.toggle("arxiv", False, PERSON)
        if on:
            sourcing.toggle("arxiv", True, PERSON)
        notice = office.latest()
        assert notice.undo == label
        office.undo(notice)
        assert office.scheduling.modules().asks("arxiv") != on
        assert office.told(notice.position).undo == ""

    def test_the_order_of_the_sources_comes_back(self, office: Office) -> None:
        sourcing = Sourcing(log=office.scheduling.log)
        sourcing.reorder(["arxiv", "crossref"], PERSON)
        before = office.scheduling.modules().ordered(tuple(SOURCES))
        sourcing.reorder(["europepmc"], PERSON)
        notice = office.latest()
        assert notice.undo == "Back to the order before"
        office.undo(notice)
        assert office.scheduling.modules().ordered(tuple(SOURCES)) == before
        assert office.told(notice.position).undo == ""

    def test_a_pause_ends(self, office: Office) -> None:
        office.yard.plan()
        (job, *_) = office.yard.planned()
        office.yard.meanwhile(lambda: office.yard.process.use(Use.PAUSE))
        office.yard.run(job)
        notice = office.latest()
        assert office.yard.whys() == ["scraper paused"]
        assert (notice.text, notice.undo) == (
            "The scraper was paused: a reason. Back to “located”: the scraper was paused.",
            "Resume",
        )
        office.undo(notice)
        assert office.yard.process.controlling.status() is ScraperStatus.RUNNING
        assert office.told(notice.position).undo == ""

    def test_a_stop_tells_how_many_went_back(self, office: Office) -> None:
        planned = office.yard.plan()
        office.yard.process.use(Use.STOP)
        notice = office.latest()
        assert notice.text == f"{planned} papers went back and 1 stop of the scraper."
        assert notice.undo == ""

    @pytest.mark.parametrize("position", [-1, 0, 10_000])
    def test_there_is_nothing_where_there_is_no_event(self, office: Office, position: int) -> None:
        assert office.notices.at(position) is None
        with pytest.raises(DoesNotExist):
            office.undoing.undo(position, PERSON, at_once)


class TestTheList:
    def test_what_people_did_is_listed_newest_first_and_nothing_else(self, any_office: Office) -> None:
        any_office.do("p000001", Action.EXCLUDE, "one")
        any_office.do("p000002", Action.EXCLUDE, "two")
        by_itself(any_office, "p000003")
        any_office.bulk(Action.REQUESTED, "three")
        page = any_office.notices.latest(limit=3)
        assert [one.text.partition(": ")[2].partition(".")[0] for one in page.notices] == ["three", "two", "one"]
        older = any_office.notices.latest(before=page.before)
        assert older.notices
        assert not {one.correlation for one in older.notices} & {one.correlation for one in page.notices}
        assert older.before is None

    def test_a_large_bulk_does_not_hide_what_was_before(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("application.notices.PAGE", 10)
        monkeypatch.setattr("application.notices.PAGES", 3)
        office.do("p000001", Action.EXCLUDE, "before")
        office.bulk(Action.EXCLUDE, "many")
        texts = [one.text for one in office.notices.latest().notices]
        assert texts[:2] == ["29 papers were excluded: many. 1 paper left alone: 1 excluded.", "Excluded: before"]

    def test_a_large_bulk_does_not_hide_what_others_do_meanwhile(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("application.notices.PAGE", 4)
        order = Order(wanted=act(Action.EXCLUDE, "many"), which=PaperFilter())
        begun = office.bulks.begin(order, PERSON)
        by_bulk(office, begun.id, range(5, 15))
        office.do("p000001", Action.EXCLUDE, "meanwhile")
        by_bulk(office, begun.id, range(15, 25))
        texts = [one.text for one in office.notices.latest().notices]
        assert texts[:2] == ["Exclude: 30 papers. This goes on in the background.", "Excluded: meanwhile"]
        assert len(texts) == len(set(texts))

    def test_a_list_that_takes_too_long_goes_on_with_the_next_page(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = office.notices.latest().notices
        monkeypatch.setattr("application.notices.PAGE", 1)
        monkeypatch.setattr("application.notices.PAGES", 1)
        found, before = list[Notice](), None
        for _ in whole:
            page = office.notices.latest(before)
            found += page.notices
            before = page.before
        assert tuple(found) == whole

    def test_news_are_counted_by_click(self, office: Office) -> None:
        head = office.yard.process.log.head().position
        office.do("p000001", Action.EXCLUDE)
        office.bulk(Action.EXCLUDE)
        by_itself(office, "p000003")
        assert office.notices.news(head) == 2
        assert (news_text(2), news_text(MOST_NEWS + 1)) == ("2", "99+")


def by_bulk(office: Office, bulk_id: str, numbers: range) -> None:
    """A bulk comes to papers."""
    writes = [
        Write(stream=f"paper-p{number:06}", expected=None, events=(Excluded(reason="many"),)) for number in numbers
    ]
    office.yard.process.log.append(writes, Origin(command="exclude", actor=PERSON.name, correlation=bulk_id))


def by_itself(office: Office, name: str) -> None:
    """The program itself does something with a paper."""
    office.happened(name, Reopened(to=Status.NEW, why="retry"))


class TestImports:
    @pytest.fixture
    def shelf(self, office: Office, tmp_path: Path) -> Library:
        """Importing into the office's database."""
        log, database = office.yard.process.log, office.yard.installation.database
        return Library(log, FakeUploads(tmp_path / "uploads"), imports=SqlImports(database))

    def test_a_small_one_is_taken_back(self, office: Office, shelf: Library) -> None:
        shelf.take(row(doi("one")), row(doi("two")))
        notice = office.latest()
        assert notice.undo == "Undo the import"
        back = office.undo(notice)
        assert back.text == "The import was undone; 2 papers went with it."
        assert [one.undo for one in office.notices.latest().notices[:2]] == ["", ""]

    def test_one_with_files_is_taken_back_on_its_own_page(self, office: Office, shelf: Library) -> None:
        shelf.take(row(doi("one")))
        name = shelf.log.papers_of([doi("one")])[doi("one")]
        file = File(path="one.pdf", sha256="ab" * 32, size=1, pages=1)
        write = Write(stream=f"paper-{name}", expected=None, events=(FileAttached(file=file),))
        shelf.log.append((write,), Origin(command="test", actor="tests", correlation="test"))
        (notice,) = [one for one in office.notices.latest().notices if "Import of" in one.text]
        assert notice.undo == ""
        with pytest.raises(NotReversible):
            office.undo(notice)

    def test_a_large_one_too(self, office: Office, shelf: Library, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("application.undoing_imports.FEW", 1)
        shelf.take(row(doi("one")), row(doi("two")))
        assert office.latest().undo == ""
