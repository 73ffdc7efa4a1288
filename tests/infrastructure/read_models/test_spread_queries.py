"""How papers are spread over prefixes and hosts, on both databases."""

import pytest

from domain.copies import Copy
from domain.identifiers import Identifier, Scheme
from domain.paper_commands import RecordCopies, Register, StartProcessing
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models.spread_queries import SqlSpread
from infrastructure.schema import READ_MODELS
from tests.fakes.clock import FakeClock
from tests.plans import Yard

DOIS = ("10.1016/a", "10.1016/j.b", "10.10160/c", "10.1016x/d", "10.1007/e", "10.101/f")


@pytest.fixture
def yard(database: Database) -> Yard:
    return Yard(SqlEventLog(database, FakeClock(), READ_MODELS))


def registered(yard: Yard) -> None:
    papers = {f"p{number}": Register(identifiers=(Identifier(Scheme.DOI, doi),)) for number, doi in enumerate(DOIS)}
    papers["p9"] = Register(identifiers=(Identifier(Scheme.PMID, "1"),))
    yard.registered(papers)


def test_of_nothing_nothing_is_counted(database: Database) -> None:
    spread = SqlSpread(database)
    assert (spread.by_prefix(["10.1016"]), spread.dois(), spread.by_host()) == ({}, 0, {})


def test_dois_are_counted_by_their_whole_prefix(database: Database, yard: Yard) -> None:
    registered(yard)
    spread = SqlSpread(database)
    assert spread.by_prefix(["10.1016", "10.1007", "10.9999"]) == {"10.1016": 2, "10.1007": 1}
    assert spread.by_prefix([]) == {}
    assert spread.dois() == len(DOIS)


def test_papers_are_counted_by_the_host_of_their_first_copy(database: Database, yard: Yard) -> None:
    registered(yard)
    for name, host in (("p0", "a.example"), ("p1", "a.example"), ("p2", "b.example")):
        copies = (Copy(url=f"https://{host}/1.pdf", source="unpaywall"),)
        yard.do(name, StartProcessing(module="locate", worker="w", attempt=name), RecordCopies(copies=copies))
    assert SqlSpread(database).by_host() == {"a.example": 2, "b.example": 1}
