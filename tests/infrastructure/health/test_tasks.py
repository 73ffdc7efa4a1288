"""Long work beside the jobs, and what is due next."""

from domain.collection import Created
from domain.paper_commands import Defer
from infrastructure.health import tasks
from infrastructure.tasks import SqlTasks
from tests.infrastructure.health.ward import HOUR, MINUTE, Ward
from tests.infrastructure.read_models.keeping import STARTED


def test_imports_and_how_far_they_are(ward: Ward) -> None:
    assert tasks.imports(ward.place).value == "None."
    ward.happen("collection-c0", Created(name="A review"))
    ward.happen("import-i0", STARTED)
    told = tasks.imports(ward.place)
    assert told.value == "“list.csv”: 0 of 3 rows."
    (row,) = told.facts["imports"]  # type: ignore[misc]
    assert (row["rows"], row["recorded"], row["status"]) == (3, 0, "running")


def test_other_work(ward: Ward) -> None:
    assert tasks.others(ward.place).value == "None runs."
    with SqlTasks(ward.database, ward.clock).run("rebuild", "Rebuilding papers") as report:
        report(1_000, 2_000)
        told = tasks.others(ward.place)
    assert told.value == "Rebuilding papers: 1\u202f000 of 2\u202f000."
    told = tasks.others(ward.place)
    assert told.value == "None runs."
    (task,) = told.facts["tasks"]  # type: ignore[misc]
    assert (task["kind"], task["status"]) == ("rebuild", "finished")


def test_what_is_due_next(ward: Ward) -> None:
    assert tasks.next_due(ward.place).value == "Nothing has a moment of its own."
    ward.yard.begin("p0")
    ward.yard.do("p0", Defer(until=ward.now + HOUR, cause="rate_limited"))
    assert tasks.next_due(ward.place).value == "A paper that waits may be taken up at 1 Mar 2026, 13:00 UTC."
    ward.yard.plan(ward.now, {"p1": ward.now + 5 * MINUTE, "p2": ward.now + 2 * MINUTE})
    told = tasks.next_due(ward.place)
    assert told.value == (
        "A job at 1 Mar 2026, 12:02 UTC and a paper that waits may be taken up at 1 Mar 2026, 13:00 UTC."
    )
    assert told.facts == {"job": "2026-03-01T12:02:00+00:00", "paper": "2026-03-01T13:00:00+00:00"}
