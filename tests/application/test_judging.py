"""Judging a doubtful file: what it leads to, what goes, and what a crash or a race leaves."""

import pytest

from application.judging import Judging
from application.ports.library import Verdict
from domain.errors import CommandRefused, NotAllowed
from domain.paper_commands import AttachFile, Exclude
from domain.paper_events import CandidateBlocked, DoubtSettled, File
from domain.pipeline import Status
from domain.refusals import Refused
from tests.application.desk import Desk, copy
from tests.application.schedules import Yard
from tests.simulation.installation import PERSON, Killed
from tests.simulation.web import KINDS

DOUBTFUL, WRONG = (f"p{KINDS.index(kind):06}" for kind in ("doubtful", "wrong"))
HERE, THERE = "https://a.example/1.pdf", "https://b.example/1.pdf"


def judging(yard: Yard) -> Judging:
    return Judging(log=yard.process.log, library=yard.installation.library)


@pytest.fixture
def doubtful(any_yard: Yard) -> Yard:
    """A yard with a paper whose file waits for a verdict."""
    assert any_yard.process.processing.process(DOUBTFUL, PERSON) is Status.DOUBTFUL
    return any_yard


def stored(yard: Yard) -> list[str]:
    return list(yard.installation.library.files())


def test_an_accepted_file_stays_and_the_paper_is_done(doubtful: Yard) -> None:
    file = doubtful.paper(DOUBTFUL).file
    assert file is not None
    judging(doubtful).accept(DOUBTFUL, PERSON, sha256=file.sha256)
    assert (doubtful.paper(DOUBTFUL).status, doubtful.paper(DOUBTFUL).file) == (Status.DONE, file)
    assert stored(doubtful) == [file.path]
    assert doubtful.installation.library.unsettled() == ()


def test_a_rejected_file_goes_and_its_copy_is_not_tried_again(doubtful: Yard) -> None:
    url = doubtful.paper(DOUBTFUL).file_url
    appended = judging(doubtful).reject(DOUBTFUL, PERSON)
    settled = doubtful.events(DOUBTFUL)[-1]
    assert settled == DoubtSettled(accepted=False, to=Status.FAILED)
    assert doubtful.events(DOUBTFUL)[-2] == CandidateBlocked(url=url or "", cause="wrong_document")
    assert doubtful.process.log.head().position == appended.last
    row = doubtful.process.papers.find(DOUBTFUL)
    assert row is not None
    assert (row.status, row.cause, row.file_path) == (Status.FAILED, "wrong_document", None)
    assert stored(doubtful) == []
    assert doubtful.installation.library.unsettled() == ()


def test_another_copy_is_tried_after_a_rejection(desk: Desk) -> None:
    name = desk.located(copy(HERE), copy(THERE))
    desk.fetcher.web[HERE] = desk.file(Verdict.DOUBTFUL)
    desk.fetcher.web[THERE] = desk.file(Verdict.DOUBTFUL, content=b"another")
    desk.download(name)
    Judging(log=desk.log, library=desk.library).reject(name, PERSON)
    assert (desk.paper(name).status, [one.url for one in desk.paper(name).open_copies]) == (Status.LOCATED, [THERE])
    assert desk.left() == []


@pytest.mark.parametrize("moment", ["before", "after"])
def test_the_file_goes_with_the_event_also_where_it_is_broken_off(doubtful: Yard, moment: str) -> None:
    def fate(when: str, _: object) -> None:
        if when == moment:
            raise Killed

    doubtful.process.log.fate = fate
    with pytest.raises(Killed):
        judging(doubtful).reject(DOUBTFUL, PERSON)
    doubtful.process = doubtful.installation.restart(doubtful.process)
    told = doubtful.paper(DOUBTFUL).file
    assert stored(doubtful) == ([told.path] if told else [])
    assert (told is None) == (moment == "after")
    assert doubtful.installation.library.unsettled() == ()


@pytest.mark.parametrize("trouble", ["full", "missing"])
def test_trouble_with_the_disk_does_not_hinder_a_verdict(doubtful: Yard, trouble: str) -> None:
    setattr(doubtful.installation.library, trouble, True)
    judging(doubtful).reject(DOUBTFUL, PERSON)
    assert doubtful.paper(DOUBTFUL).status is Status.FAILED


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_only_a_file_that_waits_can_be_judged(doubtful: Yard, verdict: str) -> None:
    getattr(judging(doubtful), verdict)(DOUBTFUL, PERSON)
    before = (doubtful.events(DOUBTFUL), stored(doubtful))
    for again in ("accept", "reject"):
        with pytest.raises(NotAllowed):
            getattr(judging(doubtful), again)(DOUBTFUL, PERSON)
    assert (doubtful.events(DOUBTFUL), stored(doubtful)) == before
    assert [event.command for event in doubtful.happened(Refused) if isinstance(event, Refused)] == ["accept", "reject"]


def test_of_no_paper_is_refused(yard: Yard) -> None:
    with pytest.raises(CommandRefused):
        judging(yard).accept("p999999", PERSON)


def test_a_file_that_was_not_looked_at_is_not_judged(doubtful: Yard) -> None:
    with pytest.raises(NotAllowed, match="another one by now"):
        judging(doubtful).reject(DOUBTFUL, PERSON, sha256="0" * 64)
    assert doubtful.paper(DOUBTFUL).status is Status.DOUBTFUL
    assert len(stored(doubtful)) == 1


def test_what_others_did_meanwhile_is_looked_at_again(doubtful: Yard) -> None:
    """A file is given while the old one is being rejected: the verdict comes too late, and nothing of it goes."""
    other = File(path="another.pdf", sha256="1" * 64, size=3, pages=1)
    once = [AttachFile(file=other)]

    def fate(when: str, writes: object) -> None:
        if when == "before" and once:
            doubtful.tell(DOUBTFUL, once.pop())

    doubtful.process.log.fate = fate
    with pytest.raises(NotAllowed):
        judging(doubtful).reject(DOUBTFUL, PERSON)
    assert doubtful.paper(DOUBTFUL).file == other
    doubtful.process.recovering.recover()
    assert doubtful.paper(DOUBTFUL).status is Status.DONE


def test_what_others_tell_of_the_paper_is_no_hindrance(doubtful: Yard) -> None:
    doubtful.tell(DOUBTFUL, Exclude(reason="not in scope"))
    with pytest.raises(NotAllowed):
        judging(doubtful).accept(DOUBTFUL, PERSON)
    assert len(stored(doubtful)) == 1
