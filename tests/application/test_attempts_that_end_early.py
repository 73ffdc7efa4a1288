"""Attempts that end early: stopped, taken back, or broken off by a fault; nothing is lost, and nothing lies about."""

import pytest

from application.ports.library import CheckerUnavailable, LibraryFull, LibraryUnavailable, Verdict
from domain.causes import CAUSES
from domain.metadata import Metadata
from domain.paper_commands import AddIdentifier, Exclude, Queue, UpdateMetadata
from domain.paper_events import Deferred, Queued, Reverted
from domain.pipeline import Status
from tests.application.desk import Desk, copy
from tests.application.lists import doi, pmid
from tests.fakes.fetcher import failing

A, B = (f"https://{host}.example/1.pdf" for host in "ab")


@pytest.mark.case("X19")
def test_a_stop_in_the_middle_takes_the_paper_back_and_leaves_nothing(desk: Desk) -> None:
    name = desk.located(copy(A), copy(B))

    def stop(url: str) -> None:
        desk.stopped = True

    desk.fetcher.web, desk.fetcher.before = {A: desk.file(Verdict.DOUBTFUL)}, stop
    assert desk.download(name) is Status.LOCATED
    assert desk.fetcher.asked == [A]
    assert desk.events(name)[-1] == Reverted(to=Status.LOCATED, why="stop")


def test_a_stop_during_the_last_try_is_no_failure(desk: Desk) -> None:
    name = desk.located(copy(A))

    def stop(url: str) -> None:
        desk.stopped = True

    desk.fetcher.web, desk.fetcher.before = {A: failing("server_error", A, status=500)}, stop
    assert desk.download(name) is Status.LOCATED
    assert desk.events(name)[-1] == Reverted(to=Status.LOCATED, why="stop")


@pytest.mark.parametrize(("by_hand", "planned_again"), [(False, True), (True, False)])
def test_a_pause_during_the_last_try_leaves_the_plan_as_it_was(desk: Desk, by_hand: bool, planned_again: bool) -> None:
    name, due = desk.located(copy(A)), desk.clock.now()
    desk.do(name, Queue(module="download", due=due, hour="hour-1"))

    def pause(url: str) -> None:
        desk.stopped = desk.paused = True

    desk.fetcher.web, desk.fetcher.before = {A: failing("server_error", A, status=500)}, pause
    desk.downloading().download(name, due=due, by_hand=by_hand)
    queued = Queued(module="download", due=due, hour="hour-1")
    again = (Reverted(to=Status.LOCATED, why="scraper paused"), queued)
    assert (tuple(desk.events(name)[-2:]) == again) == planned_again
    assert desk.paper(name).status is (Status.PENDING if planned_again else Status.LOCATED)


def test_a_right_file_is_kept_although_the_application_stops(desk: Desk) -> None:
    name = desk.located(copy(A))

    def stop(url: str) -> None:
        desk.stopped = True

    desk.fetcher.web, desk.fetcher.before = {A: desk.file(Verdict.RIGHT)}, stop
    assert desk.download(name) is Status.DONE


@pytest.mark.case("I04")
@pytest.mark.parametrize("verdict", [Verdict.RIGHT, Verdict.DOUBTFUL, Verdict.WRONG])
def test_a_result_that_comes_too_late_is_refused_and_its_file_removed(desk: Desk, verdict: Verdict) -> None:
    name = desk.located(copy(A))
    desk.fetcher.web, desk.fetcher.before = {A: desk.file(verdict, "wrong_document")}, desk.revert(name)
    events = len(desk.events(name))
    assert desk.download(name) is None
    assert [type(event) for event in desk.events(name)[events + 1 :]] == [Reverted]


@pytest.mark.parametrize("verdict", [Verdict.RIGHT, Verdict.DOUBTFUL, Verdict.WRONG])
def test_what_an_import_tells_of_the_paper_meanwhile_does_not_end_the_attempt(desk: Desk, verdict: Verdict) -> None:
    name = desk.located(copy(A))
    news = UpdateMetadata(source="import 1", metadata=Metadata(title="Told meanwhile"))
    desk.fetcher.web = {A: desk.file(verdict, "wrong_document")}
    desk.fetcher.before = lambda _: desk.do(name, news, AddIdentifier(identifier=pmid(7), source="import 1"))
    expected = {Verdict.RIGHT: Status.DONE, Verdict.DOUBTFUL: Status.DOUBTFUL, Verdict.WRONG: Status.FAILED}
    assert desk.download(name) is expected[verdict]
    assert desk.paper(name).metadata.title == "Told meanwhile"
    assert desk.paper(name).identifiers == (doi(1), pmid(7))


def test_a_late_result_does_not_disturb_who_has_the_paper_now(desk: Desk) -> None:
    name = desk.located(copy(A))
    rival_done: list[Status | None] = []

    def lose_it(url: str) -> None:
        desk.fetcher.before = lambda _: None
        desk.revert(name)(url)
        rival_done.append(desk.downloading().download(name))

    desk.fetcher.web, desk.fetcher.before = {A: desk.file(Verdict.RIGHT)}, lose_it
    assert desk.download(name) is None
    assert rival_done == [Status.DONE]


@pytest.mark.case("I05")
def test_a_paper_that_somebody_has_is_left_alone(desk: Desk) -> None:
    name = desk.located(copy(A))
    outcomes: list[Status | None] = []

    def compete(url: str) -> None:
        desk.fetcher.before = lambda _: None
        outcomes.append(desk.downloading().download(name))

    desk.fetcher.web, desk.fetcher.before = {A: desk.file(Verdict.RIGHT)}, compete
    assert desk.download(name) is Status.DONE
    assert outcomes == [None]
    assert desk.fetcher.asked == [A]


def test_an_excluded_paper_is_not_downloaded(desk: Desk) -> None:
    name = desk.located(copy(A))
    desk.do(name, Exclude(reason="not in scope"))
    assert desk.download(name) is None
    assert not desk.fetcher.asked


@pytest.mark.case("K01")
def test_a_full_disk_puts_the_paper_off_and_is_told(desk: Desk) -> None:
    name = desk.located(copy(A))
    desk.library.full = True
    with pytest.raises(LibraryFull):
        desk.downloading().download(name)
    pause = CAUSES["disk_full"].waits[0]
    assert desk.events(name)[-1] == Deferred(to=Status.LOCATED, until=desk.clock.now() + pause, cause="disk_full")
    assert not desk.fetcher.asked
    assert desk.left() == []


@pytest.mark.case("K02")
@pytest.mark.parametrize("verdict", [Verdict.RIGHT, Verdict.DOUBTFUL])
def test_a_disk_that_fills_up_meanwhile_loses_nothing(desk: Desk, verdict: Verdict) -> None:
    name = desk.located(copy(A), copy(B))

    def fill(url: str) -> None:
        desk.library.full = url == B

    desk.fetcher.web = {A: desk.file(Verdict.DOUBTFUL), B: desk.file(verdict, content=b"B")}
    desk.fetcher.before = fill
    with pytest.raises(LibraryFull):
        desk.downloading().download(name)
    assert desk.paper(name).status is Status.LOCATED
    assert desk.left() == []
    desk.library.full, desk.fetcher.before = False, lambda _: None
    assert desk.download(name) in {Status.DONE, Status.DOUBTFUL}


@pytest.mark.case("K11")
def test_a_library_that_is_gone_puts_the_paper_off_and_is_told(desk: Desk) -> None:
    name = desk.located(copy(A))
    desk.library.missing = True
    with pytest.raises(LibraryUnavailable):
        desk.downloading().download(name)
    assert desk.paper(name).status is Status.LOCATED


def test_a_mistake_of_the_program_puts_the_paper_off_and_leaves_nothing(desk: Desk) -> None:
    name = desk.located(copy(A))
    desk.fetcher.web = {A: ZeroDivisionError()}
    with pytest.raises(ZeroDivisionError):
        desk.downloading().download(name)
    pause = CAUSES["crashed"].waits[0]
    assert desk.events(name)[-1] == Deferred(to=Status.LOCATED, until=desk.clock.now() + pause, cause="crashed")
    assert desk.left() == []


def test_without_a_checker_the_paper_waits(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    name = desk.located(copy(A))
    desk.fetcher.web = {A: desk.file(Verdict.RIGHT)}

    def refuse(*_: object) -> None:
        raise CheckerUnavailable("The check does not start.")

    monkeypatch.setattr(desk.checker, "check", refuse)
    with pytest.raises(CheckerUnavailable):
        desk.downloading().download(name)
    assert desk.paper(name).status is Status.LOCATED
    assert desk.left() == []
