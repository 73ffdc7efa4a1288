"""Every status of a paper meets every command: the table of status x command, spelled out."""

from collections.abc import Iterator, Mapping

import pytest

from domain import paper_commands as ask
from domain.errors import AlreadyExists, DoesNotExist, NotAllowed
from domain.metadata import Metadata
from domain.paper import DECIDER
from domain.paper_events import Reverted, SourceAnswer
from domain.pipeline import ALLOWED, IN_TRANSIT, MODULES, REVERTS_FIRST, Status
from tests.domain.papers import (
    BETTER_FILE,
    COPY,
    DOI,
    FILE,
    MOMENT,
    OTHER_DOI,
    PMID,
    REGISTER,
    SITUATIONS,
    a_paper,
    queue,
    start,
)
from tests.domain.spec import given
from tests.strategies import PAPER_COMMAND_TYPES

COMMANDS: Mapping[str, ask.Command] = {
    "update metadata": ask.UpdateMetadata(source="crossref", metadata=Metadata(title="Of Things")),
    "add identifier": ask.AddIdentifier(identifier=PMID, source="crossref"),
    "correct identifier": ask.CorrectIdentifier(wrong=DOI, right=OTHER_DOI),
    "queue/locate": queue("locate"),
    "queue/download": queue("download"),
    "start processing/locate": start("locate"),
    "start processing/download": start("download"),
    "record try": ask.RecordTry(url=COPY.url, source="unpaywall", outcome="timeout"),
    "record answers": ask.RecordAnswers(answers=(SourceAnswer(source="unpaywall", said="known"),)),
    "record copies": ask.RecordCopies(copies=(COPY,)),
    "record no copy": ask.RecordNoCopy(cause="no_open_copy"),
    "record download": ask.RecordDownload(file=FILE, copy=COPY),
    "record doubt": ask.RecordDoubt(file=FILE, copy=COPY),
    "record failure": ask.RecordFailure(cause="timeout"),
    "defer": ask.Defer(until=MOMENT, cause="rate_limited"),
    "revert": ask.Revert(why="stopped"),
    "block copy": ask.BlockCopy(url=COPY.url, cause="wrong_document"),
    "settle doubt/accepted": ask.SettleDoubt(accepted=True),
    "settle doubt/rejected": ask.SettleDoubt(accepted=False),
    "reopen": ask.Reopen(why="asked"),
    "mark unavailable": ask.MarkUnavailable(reason="only in print"),
    "request": ask.Request(note="interlibrary loan"),
    "attach file": ask.AttachFile(file=BETTER_FILE),
    "rename file": ask.RenameFile(path="another/name.pdf", was=FILE.path),
    "lose file": ask.LoseFile(why="missing"),
    "remove file": ask.RemoveFile(),
    "exclude": ask.Exclude(reason="off topic"),
    "withdraw": ask.Withdraw(reason="undone"),
    "merge": ask.Merge(into="another"),
    "reinstate": ask.Reinstate(),
}

# Rows are commands, columns situations, cells the status after it. "=": the paper stays where it is, ".": refused.
OUTCOMES = """
                          new  loc  una  don  dou  fai  exc  pe/l pe/d pr/l pr/d don/h
update metadata           =    =    =    =    =    =    =    =    =    =    =    =
add identifier            =    =    =    =    =    =    =    =    =    =    =    =
correct identifier        =    new  new  =    new  new  .    .    .    .    .    =
queue/locate              pen  .    .    .    .    .    .    .    .    .    .    .
queue/download            .    pen  .    .    .    .    .    .    .    .    .    .
start processing/locate   pro  .    .    .    .    .    .    pro  .    .    .    .
start processing/download .    pro  .    .    .    .    .    .    pro  .    .    .
record try                .    .    .    .    .    .    .    .    .    =    =    .
record answers            .    .    .    .    .    .    .    .    .    =    .    .
record copies             .    .    .    .    .    .    .    .    .    loc  .    .
record no copy            .    .    .    .    .    .    .    .    .    una  .    .
record download           .    .    .    .    .    .    .    .    .    .    don  .
record doubt              .    .    .    .    .    .    .    .    .    .    dou  .
record failure            .    .    .    .    .    .    .    .    .    .    fai  .
defer                     .    .    .    .    .    .    .    new  loc  new  loc  .
revert                    .    .    .    .    .    .    .    new  loc  new  loc  .
block copy                =    =    =    =    =    =    =    .    .    .    .    =
settle doubt/accepted     .    .    .    .    don  .    .    .    .    .    .    .
settle doubt/rejected     .    .    .    .    loc  .    .    .    .    .    .    .
reopen                    .    new  new  .    loc  loc  .    .    .    .    .    .
mark unavailable          una  una  .    .    una  una  .    .    .    .    .    .
request                   .    =    =    .    =    =    .    .    .    .    .    .
attach file               don  don  don  don  don  don  .    don  don  don  don  don
rename file               .    .    .    =    =    .    =    .    .    .    .    =
lose file                 .    .    .    loc  loc  .    .    .    .    .    .    loc
remove file               .    .    .    .    .    .    .    .    .    .    .    loc
exclude                   exc  exc  exc  exc  exc  exc  .    exc  exc  exc  exc  exc
withdraw                  exc  exc  exc  exc  exc  exc  .    exc  exc  exc  exc  exc
merge                     exc  exc  exc  exc  exc  exc  .    exc  exc  exc  exc  exc
reinstate                 .    .    .    .    .    .    loc  .    .    .    .    .
"""
STATUSES = {status.value[:3]: status for status in Status}


def cells() -> Iterator[tuple[str, str, str]]:
    """Command, situation, outcome."""
    _, *rows = OUTCOMES.strip().splitlines()
    for row in rows:
        *command, outcomes = row[:26].strip(), row[26:].split()
        yield from ((command[0], situation, outcome) for situation, outcome in zip(SITUATIONS, outcomes, strict=True))


CELLS = tuple(cells())


def status_of(situation: str) -> Status:
    """The status, without the module."""
    return Status(situation.split("/", maxsplit=1)[0])


def name_of(command: str) -> str:
    """The command's row in ALLOWED."""
    return command.split("/", maxsplit=1)[0]


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_situation_is_what_it_is_called(situation: str) -> None:
    state = a_paper(situation).state
    assert situation.removesuffix("/by hand") == "/".join(filter(None, (state.status, state.module)))
    assert situation.endswith("/by hand") is (state.before_gift is not None)


def test_the_cells_are_every_command_in_every_situation() -> None:
    assert {(command, situation) for command, situation, _ in CELLS} == {
        (command, situation) for command in COMMANDS for situation in SITUATIONS
    }
    assert {type(command) for command in COMMANDS.values()} == set(PAPER_COMMAND_TYPES) - {ask.Register}
    assert {status_of(situation) for situation in SITUATIONS} == set(Status)


@pytest.mark.parametrize(("command", "situation", "outcome"), CELLS)
def test_a_cell(command: str, situation: str, outcome: str) -> None:
    paper = a_paper(situation)
    met = paper.when(COMMANDS[command])
    if outcome == ".":
        refusal = met.refused(NotAllowed)
        assert paper.state.status is not None
        assert refusal.command.startswith(name_of(command))
        assert "Nothing was changed." in str(refusal)
    elif outcome == "=":
        assert met.state.status is paper.state.status
        assert met.state.module == paper.state.module
    else:
        assert met.state.status is STATUSES[outcome]


@pytest.mark.parametrize("name", ALLOWED)
def test_a_row_of_the_pipelines_table_says_where_a_command_is_possible(name: str) -> None:
    possible = {
        status_of(situation) for command, situation, outcome in CELLS if name_of(command) == name and outcome != "."
    }
    assert possible == ALLOWED[name]


@pytest.mark.parametrize("situation", [name for name in SITUATIONS if status_of(name) in IN_TRANSIT])
@pytest.mark.parametrize("name", sorted(REVERTS_FIRST))
def test_what_takes_a_paper_out_of_transit_reverts_it_first(name: str, situation: str) -> None:
    paper = a_paper(situation)
    first, last = paper.when(COMMANDS[name]).events
    assert first == Reverted(to=paper.state.resting, why=name)
    assert not isinstance(last, Reverted)


@pytest.mark.parametrize("situation", [name for name in SITUATIONS if status_of(name) in IN_TRANSIT])
@pytest.mark.parametrize("way_out", ["revert", "defer"])
def test_every_way_out_of_transit_leads_to_where_the_module_takes_papers(situation: str, way_out: str) -> None:
    paper = a_paper(situation)
    assert paper.state.module is not None
    assert paper.when(COMMANDS[way_out]).state.status in MODULES[paper.state.module].takes


@pytest.mark.parametrize("command", COMMANDS)
def test_a_paper_that_was_never_registered_does_not_exist(command: str) -> None:
    given(DECIDER).when(COMMANDS[command]).refused(DoesNotExist)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_paper_is_registered_twice(situation: str) -> None:
    a_paper(situation).when(REGISTER).refused(AlreadyExists)
