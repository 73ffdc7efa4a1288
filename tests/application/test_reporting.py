"""How things stand, in numbers."""

from application.reporting import report
from domain.pipeline import Status
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models.import_queries import SqlImports
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from tests.contract.making import doi, origin, registration
from tests.fakes.clock import FakeClock


def test_every_status_is_counted(sqlite: Database) -> None:
    log = SqlEventLog(sqlite, FakeClock(), READ_MODELS)
    log.append((registration("p1", doi(1)), registration("p2", doi(2))), origin())
    found = report(log, SqlPapers(sqlite), SqlImports(sqlite)).as_dict()
    assert found["papers"] == {status.value: 2 if status is Status.NEW else 0 for status in Status}
    assert (found["scraper"], found["position"], found["imports"]) == ("stopped", 2, {"running": 0})
