"""What a person does with one paper."""

import pytest

from application.acting import Acting
from application.reversing import ChangedSince, NotReversible
from domain.acts import Act, Action, act
from domain.errors import DoesNotExist, NotAllowed
from domain.paper_events import Excluded, Reverted
from domain.pipeline import Status
from domain.refusals import Refused
from tests.application.schedules import Yard
from tests.application.test_processing import DOUBTFUL, LIMITED, MISSING, RIGHT, process
from tests.simulation.installation import PERSON, Killed


def do(yard: Yard, name: str, action: Action, words: str = "") -> None:
    acting(yard).act(name, act(action, words), PERSON)


def acting(yard: Yard) -> Acting:
    return Acting(log=yard.process.log, library=yard.installation.library)


def last_correlation(yard: Yard, name: str) -> str:
    return yard.process.log.stream(f"paper-{name}")[-1].correlation


class TestActing:
    def test_a_paper_is_set_aside_and_wanted_again(self, any_yard: Yard) -> None:
        do(any_yard, RIGHT, Action.EXCLUDE, "off topic")
        assert any_yard.paper(RIGHT).status is Status.EXCLUDED
        do(any_yard, RIGHT, Action.REINSTATE)
        assert any_yard.paper(RIGHT).status is Status.LOCATED

    def test_a_paper_is_given_up_or_asked_for_elsewhere(self, yard: Yard) -> None:
        do(yard, RIGHT, Action.REQUESTED, "library loan 7")
        assert yard.paper(RIGHT).requested
        do(yard, RIGHT, Action.UNAVAILABLE, "out of print")
        assert yard.paper(RIGHT).status is Status.UNAVAILABLE

    def test_a_planned_paper_leaves_the_plan(self, yard: Yard) -> None:
        yard.plan()
        name = yard.planned()[0].paper
        do(yard, name, Action.EXCLUDE)
        assert name not in [job.paper for job in yard.planned()]
        assert [type(event) for event in yard.events(name)[-2:]] == [Reverted, Excluded]

    @pytest.mark.parametrize(("action", "status"), [("exclude", Status.EXCLUDED), ("revert", Status.LOCATED)])
    def test_an_attempt_that_runs_ends_without_a_result(self, any_yard: Yard, action: str, status: Status) -> None:
        any_yard.meanwhile(lambda: do(any_yard, RIGHT, Action(action)))
        process(any_yard, RIGHT)
        assert any_yard.paper(RIGHT).status is status
        assert list(any_yard.installation.library.files()) == []
        assert any_yard.installation.library.unsettled() == ()

    @pytest.mark.parametrize("action", [Action.UNAVAILABLE, Action.RETRY])
    def test_a_doubtful_file_goes_where_the_paper_has_it_no_more(self, any_yard: Yard, action: Action) -> None:
        process(any_yard, DOUBTFUL)
        process(any_yard, RIGHT)
        do(any_yard, DOUBTFUL, action)
        kept = any_yard.paper(RIGHT).file
        assert kept is not None
        assert list(any_yard.installation.library.files()) == [kept.path]
        assert any_yard.installation.library.unsettled() == ()

    @pytest.mark.parametrize("action", [Action.EXCLUDE, Action.REQUESTED])
    def test_it_stays_where_the_paper_has_it_still(self, yard: Yard, action: Action) -> None:
        process(yard, DOUBTFUL)
        do(yard, DOUBTFUL, action)
        kept = yard.paper(DOUBTFUL).file
        assert kept is not None
        assert list(yard.installation.library.files()) == [kept.path]

    @pytest.mark.parametrize("moment", ["before", "after"])
    def test_it_goes_with_the_event_also_where_it_is_broken_off(self, yard: Yard, moment: str) -> None:
        process(yard, DOUBTFUL)

        def fate(when: str, _: object) -> None:
            if when == moment:
                raise Killed

        yard.process.log.fate = fate
        with pytest.raises(Killed):
            do(yard, DOUBTFUL, Action.UNAVAILABLE)
        yard.process = yard.installation.restart(yard.process)
        told = yard.paper(DOUBTFUL).file
        assert list(yard.installation.library.files()) == ([told.path] if told else [])
        assert (told is None) == (moment == "after")

    @pytest.mark.parametrize("action", Action)
    def test_what_is_not_allowed_is_refused_and_recorded(self, yard: Yard, action: Action) -> None:
        process(yard, RIGHT)
        if action is Action.EXCLUDE:
            do(yard, RIGHT, Action.EXCLUDE)
        with pytest.raises(NotAllowed):
            do(yard, RIGHT, action)
        (refused,) = yard.happened(Refused)
        assert isinstance(refused, Refused)
        assert refused.command == action.value
        with pytest.raises(DoesNotExist):
            do(yard, "p999999", action)


class TestTakingBack:
    def test_each_way_leads_back(self, yard: Yard) -> None:
        do(yard, RIGHT, Action.EXCLUDE, "off topic")
        acting(yard).take_back(RIGHT, last_correlation(yard, RIGHT), PERSON)
        assert yard.paper(RIGHT).status is Status.LOCATED
        acting(yard).take_back(RIGHT, last_correlation(yard, RIGHT), PERSON)
        assert yard.events(RIGHT)[-1] == Excluded(reason="off topic")
        do(yard, LIMITED, Action.UNAVAILABLE, "lost")
        acting(yard).take_back(LIMITED, last_correlation(yard, LIMITED), PERSON)
        assert yard.paper(LIMITED).status is Status.LOCATED

    def test_what_was_changed_since_is_left_alone(self, yard: Yard) -> None:
        do(yard, RIGHT, Action.EXCLUDE)
        first = last_correlation(yard, RIGHT)
        do(yard, RIGHT, Action.REINSTATE)
        do(yard, RIGHT, Action.EXCLUDE)
        with pytest.raises(ChangedSince):
            acting(yard).take_back(RIGHT, first, PERSON)
        assert len(yard.happened(Refused)) == 1

    def test_some_things_cannot_be_taken_back(self, yard: Yard) -> None:
        process(yard, MISSING)
        acting(yard).act(MISSING, Act(action=Action.RETRY), PERSON)
        with pytest.raises(NotReversible):
            acting(yard).take_back(MISSING, last_correlation(yard, MISSING), PERSON)
