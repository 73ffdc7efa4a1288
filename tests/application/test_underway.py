"""What a process has in hand: known from before the claim until after the outcome, taken back when it is dropped."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from application.ports.event_log import Appended, EventLog, Origin, Write
from application.ports.library import Verdict
from application.recovering import Recovering
from application.underway import Underway
from domain.paper_events import ProcessingStarted, Reverted
from domain.pipeline import Status
from infrastructure.database import Database, DatabaseUnavailable
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from tests.application.desk import WORKER, Desk, copy
from tests.fakes.sources import FakeSource
from tests.fakes.workers import FakeWorkers

URL = "https://a.example/1.pdf"


class Watched:
    """A log whose appends are looked at before they are made, and refused when it is `gone`."""

    def __init__(self, log: EventLog, underway: Underway) -> None:
        self._log, self._underway = log, underway
        self.gone = False
        self.held: list[bool] = []

    def append(self, writes: Sequence[Write], origin: Origin) -> Appended:
        started = [event for write in writes for event in write.events if isinstance(event, ProcessingStarted)]
        self.held += [event.attempt in self._underway for event in started]
        if self.gone:
            raise DatabaseUnavailable("The database does not work.")
        return self._log.append(writes, origin)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)


@pytest.fixture
def underway() -> Underway:
    return Underway()


@pytest.fixture
def desk(tmp_path: Path, sqlite: Database) -> Desk:
    desk = Desk(tmp_path)
    desk.log = SqlEventLog(sqlite, desk.clock, READ_MODELS)
    return desk


def recovering(desk: Desk, database: Database, underway: Underway | None) -> Recovering:
    workers = FakeWorkers(WORKER)
    papers = SqlPapers(database)
    return Recovering(log=desk.log, papers=papers, workers=workers, library=desk.library, underway=underway)


def test_a_token_is_held_while_its_attempt_runs(underway: Underway) -> None:
    def break_off() -> None:
        with underway.holding("a"), underway.holding("b"):
            assert [token in underway for token in "abc"] == [True, True, False]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert [token in underway for token in "ab"] == [False, False]


@pytest.mark.parametrize("module", ["locate", "download"])
def test_an_attempt_is_in_hand_from_its_claim_to_its_outcome(desk: Desk, underway: Underway, module: str) -> None:
    log, seen = Watched(desk.log, underway), list[bool]()

    def look(*_: object) -> None:
        seen.append(desk.paper(name).attempt in underway)

    if module == "locate":
        name = desk.register()
        locating = desk.locating(FakeSource("a source", before=look))
        assert evolve(locating, log=log, underway=underway).locate(name) is Status.UNAVAILABLE
    else:
        name = desk.located(copy(URL))
        desk.fetcher.web, desk.fetcher.before = {URL: desk.file(Verdict.RIGHT)}, look
        assert evolve(desk.downloading(), log=log, underway=underway).download(name) is Status.DONE
    assert log.held == seen == [True]
    assert not underway._tokens


@pytest.mark.case("G01")
def test_what_could_not_be_told_because_the_database_was_gone_is_taken_back_when_it_is_there(
    desk: Desk, sqlite: Database, underway: Underway
) -> None:
    log, name = Watched(desk.log, underway), desk.located(copy(URL))
    recoverer = recovering(desk, sqlite, underway)

    def lose(_: object) -> None:
        log.gone = True
        assert recoverer.recover() == 0, "it is in hand"

    desk.fetcher.web, desk.fetcher.before = {URL: desk.file(Verdict.RIGHT)}, lose
    with pytest.raises(DatabaseUnavailable):
        evolve(desk.downloading(), log=log, underway=underway).download(name)
    assert desk.paper(name).status is Status.PROCESSING
    assert desk.left()
    assert recoverer.recover() == 1
    assert desk.events(name)[-1] == Reverted(to=Status.LOCATED, why="crash")
    assert desk.left() == []
    assert recoverer.recover() == 0


def test_where_it_is_not_known_what_is_in_hand_nothing_of_this_process_is_taken_back(
    desk: Desk, sqlite: Database
) -> None:
    name = desk.register()
    desk.tell(name, ProcessingStarted(module="locate", worker=WORKER, attempt="1"))
    assert recovering(desk, sqlite, None).recover() == 0
    assert recovering(desk, sqlite, Underway()).recover() == 1
