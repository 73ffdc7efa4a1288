"""Jobs that are not as they should be, and what became of those of the last day."""

import os

import pytest
from attrs import evolve

from application.health import State
from application.queries import JobStatus
from domain.paper_commands import Defer, RecordFailure
from infrastructure.health import jobs, work
from infrastructure.workers import SqlWorkers
from tests.infrastructure.health.ward import HOUR, MINUTE, NAMES, Ward


class TestMatched:
    def test_all(self, any_ward: Ward) -> None:
        any_ward.yard.plan(any_ward.now, {"p0": any_ward.now, "p1": any_ward.now})
        any_ward.yard.begin("p1")
        assert jobs.matched(any_ward.place).state is State.OK

    @pytest.mark.parametrize(
        ("statement", "words"),
        [
            ("DELETE FROM open_jobs WHERE paper = 'p0'", "1 paper is in transit without a job"),
            ("UPDATE papers SET status = 'located' WHERE id = 'p0'", "1 open job has no paper in transit"),
            ("DELETE FROM papers WHERE id = 'p0'", "1 open job has no paper in transit"),
            (
                "UPDATE jobs SET status = 'running' WHERE paper = 'p0' AND due IS NOT NULL",
                "1 job is not in the state of",
            ),
            ("UPDATE jobs SET status = 'finished' WHERE paper = 'p0'", "1 job is not in the state of its paper"),
        ],
    )
    def test_tables_that_contradict_each_other(self, any_ward: Ward, statement: str, words: str) -> None:
        any_ward.yard.plan(any_ward.now, dict.fromkeys(NAMES, any_ward.now))
        any_ward.alter(statement)
        told = jobs.matched(any_ward.place)
        assert told.state is State.ERROR
        assert words in told.value
        assert "scipaperloader rebuild" in told.remedy


class TestHung:
    def test_none_runs(self, any_ward: Ward) -> None:
        assert jobs.hung(any_ward.place).value == "None runs."

    def test_one_that_runs_for_long_in_a_living_process(self, any_ward: Ward) -> None:
        with SqlWorkers(any_ward.database) as worker:
            any_ward.yard.worker = worker.own
            any_ward.yard.begin("p0")
            assert jobs.hung(any_ward.place).value == "None that runs for long."
            assert jobs.hung(evolve(any_ward.place, hung_after=-MINUTE)).state is State.WARNING
            told = jobs.hung(evolve(any_ward.place, hung_after=-2 * MINUTE))
        assert told.value.endswith(f"in process {os.getpid()}, which lives: it may hang.")
        assert "jobs revoke" in told.remedy
        assert "quick-fix" in told.remedy

    def test_the_time_is_told(self, any_ward: Ward) -> None:
        with SqlWorkers(any_ward.database) as worker:
            any_ward.yard.worker = worker.own
            any_ward.yard.begin("p0")
            any_ward.yard.begin("p1")
            any_ward.alter("UPDATE jobs SET started_at = '2026-03-01T11:00:00.000000+00:00'")
            told = jobs.hung(any_ward.place)
        assert told.value.startswith("2 jobs have been running for more than 30 minutes in process ")

    def test_one_of_a_process_that_has_ended_does_not_hang(self, any_ward: Ward) -> None:
        any_ward.yard.begin("p0")
        any_ward.clock.advance(HOUR)
        assert jobs.hung(any_ward.place).state is State.OK


class TestLate:
    def test_none(self, any_ward: Ward) -> None:
        any_ward.yard.plan(any_ward.now, {"p0": any_ward.now})
        assert jobs.late(any_ward.place).value == "None."
        assert work.transit(any_ward.place).value == "1 job is planned."

    @pytest.mark.case("X04")
    def test_jobs_whose_hour_is_over(self, any_ward: Ward) -> None:
        any_ward.yard.plan(any_ward.now, {"p0": any_ward.now, "p1": any_ward.now})
        any_ward.yard.begin("p2")
        any_ward.clock.advance(HOUR)
        told = jobs.late(any_ward.place)
        assert told.state is State.WARNING
        assert told.value == "2 jobs are planned still, although the hour is over."
        assert "scipaperloader run" in told.remedy
        told = work.transit(any_ward.place)
        assert told.state is State.WARNING
        assert told.value == (
            "1 paper is in the hands of a process that has ended and 2 jobs are planned for an hour that is over."
        )
        assert "diagnose-scraper" in told.remedy


class TestOutcomes:
    def fail(self, any_ward: Ward, name: str, cause: str = "forbidden") -> None:
        any_ward.yard.begin(name)
        any_ward.yard.do(name, RecordFailure(cause=cause))

    def test_none(self, any_ward: Ward) -> None:
        any_ward.clock.advance(25 * HOUR)
        assert jobs.outcomes(any_ward.place).value == "No job ended in the last day."

    def test_the_share_of_failures_by_cause(self, any_ward: Ward) -> None:
        self.fail(any_ward, "p0")
        any_ward.yard.begin("p1")
        any_ward.yard.do("p1", Defer(until=any_ward.now + HOUR, cause="rate_limited"))
        self.fail(any_ward, "p2")
        told = jobs.outcomes(any_ward.place)
        assert told.state is State.OK
        assert told.value == "Of 6 jobs of the last day 3 failed or were put off: 2 forbidden and 1 rate_limited."
        assert told.facts == {
            "jobs": {JobStatus.FINISHED: 3, JobStatus.FAILED: 2, JobStatus.DEFERRED: 1},
            "causes": {"forbidden": 2, "rate_limited": 1},
        }

    def test_one(self, any_ward: Ward) -> None:
        self.fail(any_ward, "p0")
        assert "1 failed or was put off: 1 forbidden." in jobs.outcomes(any_ward.place).value

    def test_too_many(self, any_ward: Ward) -> None:
        for number in range(10):
            any_ward.yard.begin("p0")
            any_ward.yard.do("p0", Defer(until=any_ward.now, cause=("server_error", "rate_limited")[number % 2]))
        told = jobs.outcomes(any_ward.place)
        assert told.state is State.WARNING
        assert "10 failed" in told.value
        assert "papers --cause" in told.remedy

    def test_only_the_last_day_counts(self, any_ward: Ward) -> None:
        self.fail(any_ward, "p0")
        any_ward.clock.advance(24 * HOUR + MINUTE)
        self.fail(any_ward, "p1")
        assert jobs.outcomes(any_ward.place).value.startswith("Of 1 job of the last day 1 failed")


class TestOpenNow:
    def test_none(self, any_ward: Ward) -> None:
        assert jobs.open_now(any_ward.place).value == "No job runs, and none is planned."

    def test_each_with_who_has_it(self, any_ward: Ward) -> None:
        any_ward.yard.plan(any_ward.now, {"p0": any_ward.now + MINUTE, "p1": any_ward.now})
        any_ward.yard.begin("p2")
        with SqlWorkers(any_ward.database) as worker:
            any_ward.yard.worker = worker.own
            any_ward.yard.begin("p1")
            told = jobs.open_now(any_ward.place)
        assert told.value == "2 jobs run, and 1 job is planned."
        rows = told.facts["jobs"]
        assert isinstance(rows, list)
        by_paper = {row["paper"]: (row["status"], row["pid"], row["alive"]) for row in rows}
        assert by_paper == {
            "p0": ("planned", None, False),
            "p1": ("running", os.getpid(), True),
            "p2": ("running", None, False),
        }
        assert {row["doi"] for row in rows} == {f"10.5555/{name}" for name in NAMES}
        assert next(row["due"] for row in rows if row["paper"] == "p0") == "2026-03-01T12:01:00+00:00"
