"""One chosen paper: tried again in its turn, or processed at once."""

from collections.abc import Callable

import pytest

from application.controlling import EmergencyStopped, ModuleOff
from application.queries import JobStatus
from domain.errors import DoesNotExist, NotAllowed
from domain.paper_commands import Exclude
from domain.paper_events import ProcessingStarted, Reopened
from domain.pipeline import Status
from domain.refusals import Refused
from domain.scraper import Action
from tests.application.schedules import NOON, Yard
from tests.simulation.installation import PERSON, Killed
from tests.simulation.web import KINDS

RIGHT, MISSING, LIMITED, DOUBTFUL, WRONG = (
    f"p{KINDS.index(kind):06}" for kind in ("right", "missing", "limited", "doubtful", "wrong")
)
NEW, NONE = "p000030", f"p{20 + KINDS.index('none'):06}"
"""Two of those that are imported later."""


def process(yard: Yard, name: str) -> Status:
    return yard.process.processing.process(name, PERSON)


class TestProcessing:
    @pytest.mark.parametrize(
        ("name", "status"),
        [
            (RIGHT, Status.DONE),
            (MISSING, Status.FAILED),
            (DOUBTFUL, Status.DOUBTFUL),
            (WRONG, Status.FAILED),
            (LIMITED, Status.LOCATED),
        ],
    )
    def test_a_paper_with_a_copy_is_downloaded(self, any_yard: Yard, name: str, status: Status) -> None:
        assert process(any_yard, name) is status

    @pytest.mark.parametrize("action", [None, Action.STOP, Action.PAUSE])
    def test_a_new_paper_is_located_and_downloaded_whatever_the_switch_says(
        self, yard: Yard, action: Action | None
    ) -> None:
        if action:
            yard.process.use(action)
        yard.installation.add_papers(1)
        assert process(yard, NEW) is Status.DONE
        begun = [event for event in yard.events(NEW) if isinstance(event, ProcessingStarted)]
        assert [(event.module, event.by_hand) for event in begun] == [("locate", True), ("download", True)]

    def test_a_paper_without_a_copy_is_looked_for_again(self, yard: Yard) -> None:
        yard.installation.add_papers(20)
        assert [process(yard, NONE) for _ in range(2)] == [Status.UNAVAILABLE] * 2
        assert len([event for event in yard.events(NONE) if isinstance(event, Reopened)]) == 1
        assert yard.paper(NONE).attempts == 2

    def test_a_planned_job_is_run_by_it(self, yard: Yard) -> None:
        yard.plan()
        job = yard.planned()[0]
        assert process(yard, job.paper) is Status.DONE
        ended = yard.process.jobs.find(job.id)
        assert ended is not None
        assert (ended.status, ended.by_hand) == (JobStatus.FINISHED, True)

    def test_what_others_work_on_is_refused(self, yard: Yard) -> None:
        refusals: list[NotAllowed] = []

        def again() -> None:
            with pytest.raises(NotAllowed) as refusal:
                process(yard, RIGHT)
            refusals.append(refusal.value)

        yard.meanwhile(again)
        assert process(yard, RIGHT) is Status.DONE
        assert len(refusals) == 1

    @pytest.mark.parametrize(
        ("prepare", "error"),
        [
            (lambda yard: yard.process.use(Action.EMERGENCY_STOP), EmergencyStopped),
            (lambda yard: process(yard, RIGHT), NotAllowed),
            (lambda yard: yard.tell(RIGHT, Exclude(reason="not in scope")), NotAllowed),
            (lambda yard: yard.process.toggle("download", enabled=False), ModuleOff),
            (lambda yard: yard.process.toggle("locate", enabled=False), ModuleOff),
        ],
        ids=["emergency", "done", "excluded", "no downloads", "no locating"],
    )
    def test_is_refused_where_it_cannot_be(
        self, yard: Yard, prepare: Callable[[Yard], object], error: type[Exception]
    ) -> None:
        prepare(yard)
        asked = len(yard.installation.web.asked)
        for refused in (lambda: process(yard, RIGHT), lambda: yard.process.processing.check(RIGHT, PERSON)):
            with pytest.raises(error):
                refused()
        assert len(yard.happened(Refused)) == 2
        assert len(yard.installation.web.asked) == asked

    def test_of_no_paper_is_refused(self, yard: Yard) -> None:
        with pytest.raises(DoesNotExist):
            process(yard, "p999999")


class TestTryingAgain:
    @pytest.mark.parametrize("name", [MISSING, WRONG, DOUBTFUL])
    def test_a_paper_that_failed_goes_through_the_pipeline_again(self, any_yard: Yard, name: str) -> None:
        process(any_yard, name)
        before = any_yard.paper(name)
        assert any_yard.process.processing.retry(name, PERSON) is before.start
        after = any_yard.paper(name)
        assert (after.cause, after.not_before, after.attempts) == (None, None, before.attempts)

    def test_a_paper_that_was_put_off_is_asked_for_again_at_once(self, yard: Yard) -> None:
        process(yard, LIMITED)
        assert (yard.paper(LIMITED).not_before or NOON) > yard.clock.now()
        assert yard.process.processing.retry(LIMITED, PERSON) is Status.NEW
        assert process(yard, LIMITED) is Status.DONE

    def test_a_doubtful_file_goes_and_nothing_else(self, yard: Yard) -> None:
        process(yard, DOUBTFUL)
        process(yard, RIGHT)
        yard.process.processing.retry(DOUBTFUL, PERSON)
        kept = yard.paper(RIGHT).file
        assert kept is not None
        assert list(yard.installation.library.files()) == [kept.path]
        assert yard.installation.library.unsettled() == ()

    @pytest.mark.parametrize("moment", ["before", "after"])
    def test_a_doubtful_file_goes_with_the_event_also_where_it_is_broken_off(self, yard: Yard, moment: str) -> None:
        process(yard, DOUBTFUL)

        def fate(when: str, _: object) -> None:
            if when == moment:
                raise Killed

        yard.process.log.fate = fate
        with pytest.raises(Killed):
            yard.process.processing.retry(DOUBTFUL, PERSON)
        yard.process = yard.installation.restart(yard.process)
        told = yard.paper(DOUBTFUL).file
        assert list(yard.installation.library.files()) == ([told.path] if told else [])
        assert (told is None) == (moment == "after")
        assert yard.installation.library.unsettled() == ()

    @pytest.mark.case("K11")
    @pytest.mark.parametrize("trouble", ["full", "missing"])
    def test_trouble_with_the_disk_does_not_hinder_it(self, yard: Yard, trouble: str) -> None:
        process(yard, DOUBTFUL)
        setattr(yard.installation.library, trouble, True)
        assert yard.process.processing.retry(DOUBTFUL, PERSON) is Status.LOCATED

    @pytest.mark.parametrize("prepare", [lambda yard: process(yard, RIGHT), lambda yard: yard.plan()])
    def test_is_refused_for_what_is_done_or_planned(self, yard: Yard, prepare: Callable[[Yard], object]) -> None:
        prepare(yard)
        with pytest.raises(NotAllowed):
            yard.process.processing.retry(RIGHT, PERSON)
        assert len(yard.happened(Refused)) == 1
