"""The same done with many papers."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from uuid import uuid4

import pytest
from attrs import define, evolve, field
from hypothesis import given
from hypothesis import strategies as st

import application.bulk as module
from application.acting import Acting
from application.bulk import CHANGED, UNKNOWN, ActingInBulk, Begun, Order, listed
from application.ports.event_log import KeyReused, WrongVersion
from application.ports.tasks import TaskStatus
from application.queries import PaperFilter, PaperPage, PaperRow
from application.reversing import ChangedSince, NotReversible
from domain.acts import Act, Action, act, allowed
from domain.bulk import Bulk, Skipped
from domain.errors import CommandRefused, DoesNotExist, InvalidValue, NotAllowed
from domain.paper import Paper
from domain.paper_commands import Reinstate
from domain.paper_events import Excluded, Reinstated
from domain.pipeline import Status
from domain.refusals import Refused
from infrastructure.read_models.activity_queries import SqlActivity
from tests.application.desk import Desk
from tests.application.schedules import Yard
from tests.application.test_processing import DOUBTFUL, process
from tests.domain.papers import SITUATIONS
from tests.fakes.activity import MemoryActivity
from tests.fakes.tasks import FakeTasks
from tests.simulation.installation import PERSON

EXCLUDE = act(Action.EXCLUDE, "off topic")
EVERYTHING = Order(wanted=EXCLUDE, which=PaperFilter())


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 4)


def on_yard(yard: Yard) -> ActingInBulk:
    log = yard.process.log
    return ActingInBulk(
        log=log,
        papers=yard.process.papers,
        library=yard.installation.library,
        activity=SqlActivity(yard.installation.database, log),
        tasks=FakeTasks(yard.clock),
        clock=yard.clock,
    )


def on_desk(desk: Desk, stop: Callable[[], bool] = lambda: False) -> ActingInBulk:
    """Over a log in memory, for listed papers."""
    return ActingInBulk(
        log=desk.log,
        papers=NoPapers(),  # type: ignore[arg-type]
        library=desk.library,
        activity=MemoryActivity(desk.log),
        tasks=FakeTasks(desk.clock),
        clock=desk.clock,
        stop=stop,
    )


class NoPapers:
    """Nobody asks it where papers are listed."""


def at_once(action: Callable[[], object]) -> object:
    """No thread is waited for."""
    return action()


def done(bulks: ActingInBulk, order: Order) -> tuple[Begun, Bulk]:
    begun = bulks.begin(order, PERSON)
    return begun, bulks.run(begun.id, order, PERSON)


def statuses(yard: Yard) -> dict[Status, int]:
    return dict(yard.process.papers.by_status(PaperFilter()))


class TestByFilter:
    @pytest.mark.case("N04")
    def test_every_paper_that_matches_is_changed_and_told(self, any_yard: Yard) -> None:
        bulks = on_yard(any_yard)
        assert bulks.expect(EVERYTHING).matching == 30
        begun, state = done(bulks, EVERYTHING)
        assert (begun.papers, begun.repeated, state.changed, state.complete) == (30, False, 30, True)
        assert statuses(any_yard) == {Status.EXCLUDED: 30}
        assert any_yard.process.log.read(begun.position - 1, 1)[0].correlation == begun.id
        assert bulks.task(begun.id).status is TaskStatus.FINISHED  # type: ignore[union-attr]
        assert bulks.tasks.told[-1] == (30, 30)  # type: ignore[attr-defined]

    def test_each_is_an_event_of_its_own_paper_under_one_correlation(self, yard: Yard) -> None:
        begun, _ = done(on_yard(yard), EVERYTHING)
        records = yard.process.log.stream("paper-p000007")
        assert records[-1].event == Excluded(reason="off topic")
        assert (records[-1].correlation, records[-1].actor) == (begun.id, PERSON.name)

    def test_many_papers_are_done_outside_of_the_request(self, yard: Yard) -> None:
        later: list[Callable[[], object]] = []
        bulks = on_yard(yard)
        begun = bulks.start(EVERYTHING, PERSON, later.append)
        assert statuses(yard) == {Status.LOCATED: 30}
        assert bulks.start(EVERYTHING, PERSON, later.append, begun.id) == evolve(begun, repeated=True)
        (run,) = later
        run()
        assert statuses(yard) == {Status.EXCLUDED: 30}

    @pytest.mark.case("N04")
    def test_papers_that_do_not_take_it_are_counted_by_their_status(self, any_yard: Yard) -> None:
        any_yard.plan()
        for name in ("p000001", "p000002"):
            any_yard.tell(name, EXCLUDE.command)
        bulks, order = on_yard(any_yard), Order(wanted=act(Action.UNAVAILABLE), which=PaperFilter())
        planned = len(any_yard.planned())
        skipped = (Skipped(why="excluded", papers=2), Skipped(why="pending", papers=planned))
        expected = bulks.expect(order)
        assert (expected.matching, expected.changing, expected.skipped) == (30, 28 - planned, skipped)
        _, state = done(bulks, order)
        assert (state.changed, state.skipped) == (28 - planned, skipped)

    def test_only_what_matches_is_changed(self, yard: Yard) -> None:
        yard.tell("p000003", EXCLUDE.command)
        order = Order(
            wanted=act(Action.REINSTATE), which=PaperFilter(statuses=(Status.EXCLUDED,)), told="status=excluded"
        )
        bulks = on_yard(yard)
        assert bulks.expect(order) == module.Expected(matching=1, changing=1)
        _, state = done(bulks, order)
        assert (state.changed, state.which) == (1, "status=excluded")
        assert statuses(yard) == {Status.LOCATED: 30}

    def test_papers_in_transit_leave_it(self, any_yard: Yard) -> None:
        any_yard.plan()
        done(on_yard(any_yard), EVERYTHING)
        assert any_yard.planned() == []
        assert statuses(any_yard) == {Status.EXCLUDED: 30}

    @pytest.mark.parametrize("action", [Action.RETRY, Action.UNAVAILABLE])
    def test_doubtful_files_go(self, yard: Yard, action: Action) -> None:
        process(yard, DOUBTFUL)
        done(on_yard(yard), Order(wanted=Act(action=action), which=PaperFilter()))
        assert list(yard.installation.library.files()) == []
        assert yard.installation.library.unsettled() == ()

    def test_an_attempt_that_runs_ends_without_a_result(self, yard: Yard) -> None:
        yard.meanwhile(lambda: done(on_yard(yard), EVERYTHING))
        process(yard, "p000000")
        assert statuses(yard) == {Status.EXCLUDED: 30}
        assert list(yard.installation.library.files()) == []

    def test_an_append_has_few_events(self, yard: Yard) -> None:
        yard.plan()
        sizes: list[int] = []
        yard.process.log.fate = lambda when, writes: sizes.append(sum(len(one.events) for one in writes))
        done(on_yard(yard), EVERYTHING)
        assert max(sizes) <= 2 * module.BATCH

    def test_papers_that_come_meanwhile_are_left_alone(self, yard: Yard) -> None:
        papers = yard.process.papers
        rows = list(papers.all(PaperFilter()))

        class Growing:
            """More papers come all the time."""

            def page(self, *_: object, **__: object) -> PaperPage:
                return PaperPage(papers=(rows[9],), after=None, before=None)

            def all(self, which: PaperFilter) -> Iterator[PaperRow]:
                yield from papers.all(which)
                yield from (evolve(rows[0], id=f"q{number}") for number in count())

            def count(self, which: PaperFilter) -> int:
                return 10

        _, state = done(evolve(on_yard(yard), papers=Growing()), EVERYTHING)
        assert (state.changed, state.skipped, state.complete) == (10, (), True)


class TestListed:
    def test_each_is_looked_at_once_and_unknown_ones_are_counted(self, yard: Yard) -> None:
        order = Order(wanted=EXCLUDE, papers=("p000001", "p000001", "p999999"))
        assert on_yard(yard).expect(order) == module.Expected(
            matching=2, changing=1, skipped=(Skipped(why=UNKNOWN, papers=1),)
        )
        _, state = done(on_yard(yard), order)
        assert (state.changed, state.skipped) == (1, (Skipped(why=UNKNOWN, papers=1),))

    def test_there_are_some_and_not_too_many(self) -> None:
        assert listed(["b", "a", "b"]) == ("b", "a")
        for wrong in ([], [str(number) for number in range(module.MOST_LISTED + 1)]):
            with pytest.raises(InvalidValue, match="ids"):
                listed(wrong)


class TestRepeating:
    def test_the_same_id_begins_nothing_new(self, yard: Yard) -> None:
        bulks, name = on_yard(yard), str(uuid4())
        first = bulks.begin(EVERYTHING, PERSON, name)
        again = bulks.begin(EVERYTHING, PERSON, name.upper())
        assert again == evolve(first, repeated=True)
        with pytest.raises(InvalidValue, match="id"):
            bulks.begin(EVERYTHING, PERSON, "mine")

    def test_the_same_id_for_something_else_is_refused(self, yard: Yard) -> None:
        bulks, name, listed_one = on_yard(yard), str(uuid4()), str(uuid4())
        bulks.begin(EVERYTHING, PERSON, name)
        done(bulks, EVERYTHING)
        others = (
            evolve(EVERYTHING, wanted=act(Action.RETRY)),
            evolve(EVERYTHING, wanted=act(Action.EXCLUDE, "too old")),
            evolve(EVERYTHING, told="q=a"),
            Order(wanted=EXCLUDE, papers=("p000001",)),
        )
        for other in others:
            with pytest.raises(KeyReused):
                bulks.start(other, PERSON, at_once, name)
        reinstated = Order(wanted=act(Action.REINSTATE), papers=("p000001",))
        first = bulks.start(reinstated, PERSON, at_once, listed_one)
        assert bulks.start(reinstated, PERSON, at_once, listed_one) == evolve(first, repeated=True)
        head = yard.process.log.head()
        with pytest.raises(KeyReused):
            bulks.start(evolve(reinstated, papers=("p000002",)), PERSON, at_once, listed_one)
        assert yard.process.log.head() == head

    def test_a_run_that_is_repeated_changes_nothing_twice(self, yard: Yard) -> None:
        bulks = on_yard(yard)
        begun, state = done(bulks, Order(wanted=act(Action.REQUESTED, "loan"), which=PaperFilter()))
        head = yard.process.log.head()
        assert bulks.run(begun.id, Order(wanted=act(Action.REQUESTED, "loan"), which=PaperFilter()), PERSON) == state
        assert yard.process.log.head() == head

    def test_it_ends_early_where_the_process_ends_and_says_so(self, yard: Yard) -> None:
        asked: list[None] = []

        def stop() -> bool:
            asked.append(None)
            return len(asked) > 2

        bulks = evolve(on_yard(yard), stop=stop)
        begun, state = done(bulks, EVERYTHING)
        assert (state.changed, state.complete) == (8, False)
        assert statuses(yard) == {Status.LOCATED: 22, Status.EXCLUDED: 8}
        assert not bulks.is_running(begun.id)

    def test_what_breaks_it_off_is_told_and_what_was_done_stays_done(self, yard: Yard) -> None:
        def fate(when: str, writes: Sequence[object]) -> None:
            if when == "before" and yard.paper("p000005").status is Status.EXCLUDED and len(writes) > 1:
                raise OSError("the disk is gone")

        yard.process.log.fate = fate
        bulks = on_yard(yard)
        begun = bulks.begin(EVERYTHING, PERSON)
        with pytest.raises(OSError, match="the disk is gone"):
            bulks.run(begun.id, EVERYTHING, PERSON)
        state = bulks.find(begun.id)
        assert (state.changed, state.complete) == (8, False)
        assert bulks.task(begun.id).status is TaskStatus.FAILED  # type: ignore[union-attr]

    def test_one_that_nobody_ended_is_counted_from_the_log(self, yard: Yard) -> None:
        def fate(when: str, writes: Sequence[object]) -> None:
            if when == "before" and len(writes) == 1 and yard.paper("p000029").status is Status.EXCLUDED:
                raise NotAllowed("append", "the log", "gone")

        bulks = on_yard(yard)
        begun = bulks.begin(EVERYTHING, PERSON)
        assert bulks.is_running(begun.id)
        yard.process.log.fate = fate
        bulks.run(begun.id, EVERYTHING, PERSON)
        assert not bulks.is_running(begun.id)
        assert bulks.done_so_far(begun.id) == 30

    def test_one_that_nobody_takes_up_does_not_run(self, yard: Yard) -> None:
        bulks = on_yard(yard)
        begun = bulks.begin(EVERYTHING, PERSON)
        assert bulks.is_running(begun.id)
        yard.advance(module.SOON)
        assert not bulks.is_running(begun.id)

    def test_others_who_are_quicker_are_no_trouble(self, yard: Yard) -> None:
        meddled: list[None] = []

        def fate(when: str, writes: Sequence[object]) -> None:
            if when == "before" and len(writes) > 1 and not meddled:
                meddled.append(None)
                yard.tell("p000002", EXCLUDE.command)

        yard.process.log.fate = fate
        _, state = done(on_yard(yard), EVERYTHING)
        assert (state.changed, state.skipped) == (29, (Skipped(why="excluded", papers=1),))

    def test_a_paper_that_others_change_all_the_time_is_left_alone(self, yard: Yard) -> None:
        def fate(when: str, writes: Sequence[object]) -> None:
            streams = [getattr(one, "stream", "") for one in writes]
            if when == "before" and "paper-p000002" in streams and streams:
                raise WrongVersion("paper-p000002", 3, 4)

        yard.process.log.fate = fate
        _, state = done(on_yard(yard), EVERYTHING)
        assert (state.changed, state.skipped) == (29, (Skipped(why="busy", papers=1),))


class TestUndoing:
    def test_exactly_what_was_changed_goes_back(self, any_yard: Yard) -> None:
        any_yard.tell("p000001", EXCLUDE.command)
        bulks = on_yard(any_yard)
        begun, _ = done(bulks, EVERYTHING)
        back = bulks.undo(begun.id, PERSON, at_once)
        state = bulks.find(back.id)
        assert (state.changed, state.undoes, state.action) == (29, begun.id, Action.REINSTATE)
        assert statuses(any_yard) == {Status.EXCLUDED: 1, Status.LOCATED: 29}
        assert bulks.undone_by(begun.id) == back.id

    def test_what_was_changed_since_is_left_alone(self, yard: Yard) -> None:
        bulks = on_yard(yard)
        begun, _ = done(bulks, EVERYTHING)
        yard.tell("p000001", Reinstate())
        back = bulks.undo(begun.id, PERSON, at_once)
        state = bulks.find(back.id)
        assert (state.changed, state.skipped) == (29, (Skipped(why=CHANGED, papers=1),))

    def test_it_is_undone_once_and_the_undoing_can_be_undone(self, yard: Yard) -> None:
        bulks = on_yard(yard)
        begun, _ = done(bulks, EVERYTHING)
        back = bulks.undo(begun.id, PERSON, at_once)
        with pytest.raises(ChangedSince):
            bulks.undo(begun.id, PERSON, at_once)
        bulks.undo(back.id, PERSON, at_once)
        assert statuses(yard) == {Status.EXCLUDED: 30}
        assert yard.events("p000004")[-2:] == [Reinstated(to=Status.LOCATED), Excluded(reason="off topic")]

    def test_some_things_cannot_be_taken_back(self, yard: Yard) -> None:
        bulks = on_yard(yard)
        begun, _ = done(bulks, Order(wanted=act(Action.RETRY), which=PaperFilter()))
        with pytest.raises(NotReversible):
            bulks.undo(begun.id, PERSON, at_once)
        with pytest.raises(DoesNotExist):
            bulks.undo(str(uuid4()), PERSON, at_once)
        running = bulks.begin(EVERYTHING, PERSON)
        with pytest.raises(NotAllowed):
            bulks.undo(running.id, PERSON, at_once)
        assert len(yard.happened(Refused)) == 3


@define
class Town:
    """A desk with papers in drawn situations."""

    desk: Desk
    names: list[str] = field(factory=list)

    def settle(self, situations: Sequence[str]) -> "Town":
        for number, situation in enumerate(situations):
            name = f"p{number}"
            self.names.append(name)
            first, *rest = SITUATIONS[situation]
            own = evolve(first, identifiers=(evolve(first.identifiers[0], value=f"10.1234/{number}"),))
            self.desk.do(name, own, *rest)
        return self

    def papers(self) -> list[Paper]:
        return [self.desk.paper(name) for name in self.names]

    def one_by_one(self, wanted: Act) -> int:
        return sum(self._done(name, wanted) for name in self.names)

    def _done(self, name: str, wanted: Act) -> bool:
        try:
            Acting(log=self.desk.log, library=self.desk.library).act(name, wanted, PERSON)
        except CommandRefused:
            return False
        return True


TOWNS = st.lists(st.sampled_from(list(SITUATIONS)), min_size=1, max_size=14)
New = Callable[[Sequence[str]], Town]


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> New:
    """Makes a town of papers in these situations."""
    return lambda situations: Town(Desk(tmp_path_factory.mktemp("town"))).settle(situations)


class TestManyAreAsOneByOne:
    @given(situations=TOWNS, action=st.sampled_from(Action))
    def test_a_bulk_does_what_its_commands_do_one_by_one(
        self, settled: New, situations: Sequence[str], action: Action
    ) -> None:
        many, single = settled(situations), settled(situations)
        bulks, order = on_desk(many.desk), Order(wanted=Act(action=action), papers=tuple(many.names))
        expected = bulks.expect(order)
        _, state = done(bulks, order)
        assert state.changed == single.one_by_one(order.wanted) == expected.changing
        assert many.papers() == single.papers()
        assert state.skipped == expected.skipped
        refused = {one.why for one in state.skipped}
        assert refused.isdisjoint(one.value for one in allowed(action))
        assert state.changed + sum(one.papers for one in state.skipped) == len(situations) == state.papers

    @given(situations=TOWNS, action=st.sampled_from(Action), batches=st.integers(0, 3))
    def test_one_that_was_broken_off_and_repeated_does_the_same(
        self, settled: New, situations: Sequence[str], action: Action, batches: int
    ) -> None:
        many, single = settled(situations), settled(situations)
        left = [batches]

        def stop() -> bool:
            left[0] -= 1
            return left[0] < 0

        order = Order(wanted=Act(action=action), papers=tuple(many.names))
        begun, state = done(on_desk(many.desk, stop), order)
        assert state.complete == (batches * module.BATCH >= len(situations))
        on_desk(many.desk).run(begun.id, order, PERSON)
        single.one_by_one(order.wanted)
        assert many.papers() == single.papers()

    @given(situations=TOWNS, action=st.sampled_from([Action.EXCLUDE, Action.REINSTATE]))
    def test_a_bulk_that_is_undone_leaves_the_papers_where_they_were(
        self, settled: New, situations: Sequence[str], action: Action
    ) -> None:
        town = settled(situations)
        resting = [one.resting for one in town.papers()]
        bulks = on_desk(town.desk)
        begun, _ = done(bulks, Order(wanted=Act(action=action), papers=tuple(town.names)))
        bulks.undo(begun.id, PERSON, at_once)
        assert [one.resting for one in town.papers()] == resting
