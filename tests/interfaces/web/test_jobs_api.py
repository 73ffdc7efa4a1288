"""Jobs, and single papers, for programs."""

from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve
from litestar.testing import TestClient

from application.handling import PROGRAM
from application.importing import Request
from application.queries import JobRow, PaperFilter
from domain import refusals
from domain.pipeline import Status
from domain.scraper import Action
from interfaces.container import Container
from tests.interfaces.planned import HOUR, plan
from tests.interfaces.web.serving import visitor

Browser = TestClient[Any]
JOBS = "/api/v1/jobs"
DOIS = ("10.5555/a", "10.5555/b", "10.5555/c/revert")


class Steps:
    """Stand-ins for the modules: they note what they are asked to do."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, str]] = []

    def locate(self, paper: str, **given: Any) -> Status:
        """Note it."""
        self.taken.append(("locate", paper, given["actor"].name.split()[-1]))
        return Status.UNAVAILABLE

    def download(self, paper: str, **given: Any) -> Status:
        """Note it."""
        self.taken.append(("download", paper, given["actor"].name.split()[-1]))
        return Status.DONE


@pytest.fixture
def steps() -> Steps:
    return Steps()


@pytest.fixture
def at_once(container: Container, steps: Steps) -> Container:
    """A container that does at once what is wanted by hand, with three papers."""
    upload = container.uploads.keep(["\n".join(DOIS).encode()])
    accepted = container.importing.accept(upload, Request(filename="list.txt", collection="Mine", actor=PROGRAM))
    container.importing.run(accepted.import_id)
    return evolve(
        container,
        by_hand=lambda action: action(),
        running_jobs=evolve(container.running_jobs, download=steps.download),
        processing=evolve(container.processing, locate=steps.locate, download=steps.download),
    )


@pytest.fixture
def jobs(at_once: Container) -> list[JobRow]:
    """A planned job for each paper."""
    return plan(at_once)


@pytest.fixture
def client(at_once: Container) -> Iterator[Browser]:
    """A program on this machine."""
    with visitor(at_once, headers={}) as client:
        yield client


def ids(client: Browser, query: str = "") -> list[int]:
    """The ids of a list of download jobs."""
    return [job["id"] for job in client.get(f"{JOBS}?module=download&{query}").json()["jobs"]]


def paper_of(container: Container, doi: str) -> str:
    """The id of a paper."""
    row = container.papers.find(doi)
    assert row is not None
    return row.id


class TestJobs:
    """Looking."""

    def test_jobs_come_with_counts_tasks_and_imports(
        self, client: Browser, jobs: list[JobRow], at_once: Container
    ) -> None:
        client.get("/api/v1/export?format=jsonl")
        upload = at_once.uploads.keep([b"10.5555/late\n10.5555/later\n"])
        at_once.importing.accept(upload, Request(filename="late.txt", collection="Late", actor=PROGRAM))
        found = client.get(f"{JOBS}?module=download").json()
        assert sorted(ids(client)) == sorted(job.id for job in jobs)
        assert found["counts"]["planned"] == 3
        assert found["counts"]["running"] == 0
        assert found["jobs"][0]["due"].startswith("2099-01-02T13:")
        assert found["jobs"][0]["status"] == "planned"
        (task,) = found["tasks"]
        assert (task["kind"], task["status"], task["done"], task["whole"]) == ("export", "finished", 3, 3)
        assert [row["filename"] for row in found["imports"]] == ["late.txt"]

    def test_pages_join(self, client: Browser, jobs: list[JobRow]) -> None:
        first = client.get(f"{JOBS}?limit=2&module=download").json()
        rest = client.get(f"{JOBS}?limit=2&module=download&after={first['after']}").json()
        assert [job["id"] for job in first["jobs"] + rest["jobs"]] == sorted((job.id for job in jobs), reverse=True)
        assert rest["after"] is None

    def test_lists_are_narrowed(self, client: Browser, jobs: list[JobRow]) -> None:
        assert len(ids(client, f"paper={jobs[0].doi}")) == 1
        assert len(ids(client, f"hour={HOUR:%Y-%m-%dT%H:%MZ}&status=planned,running&collection=mine")) == 3
        assert ids(client, "host=elsewhere.example") == []
        assert ids(client, "by_hand=true") == []
        assert ids(client, "status=finished") == []

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("status=lost", 422), ("module=fly", 422), ("hour=noon", 422), ("hour=now", 404), ("paper=x", 404),
            ("collection=x", 404), ("limit=0", 400), ("after=x", 400), ("by_hand=perhaps", 400),
        ],
    )  # fmt: skip
    def test_a_wrong_filter_is_told(self, client: Browser, query: str, status: int) -> None:
        answer = client.get(f"{JOBS}?{query}")
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        if not query.startswith(("limit", "after")):
            assert client.delete(f"{JOBS}?all=true&{query}").status_code == status

    def test_one_job_is_shown(self, client: Browser, jobs: list[JobRow]) -> None:
        found = client.get(f"{JOBS}/{jobs[0].id}").json()
        assert (found["id"], found["paper"], found["doi"]) == (jobs[0].id, jobs[0].paper, jobs[0].doi)
        for name in ("999", "0", "-1", "9" * 30):
            assert client.get(f"{JOBS}/{name}").status_code == 404, name
        assert client.get(f"{JOBS}/first").status_code == 404


class TestRevoking:
    """Taking back."""

    def test_one_job_is_revoked_once(self, client: Browser, jobs: list[JobRow], at_once: Container) -> None:
        assert client.delete(f"{JOBS}/{jobs[0].id}").json() == {"revoked": 1}
        assert client.get(f"{JOBS}/{jobs[0].id}").json()["status"] == "revoked"
        again = client.delete(f"{JOBS}/{jobs[0].id}")
        assert again.status_code == 409
        assert "is revoked" in again.json()["detail"]
        assert client.delete(f"{JOBS}/999").status_code == 404
        assert len(at_once.log.stream(refusals.STREAM)) == 2
        assert at_once.papers.by_status(PaperFilter())[Status.LOCATED] == 1

    def test_jobs_are_revoked_by_filter(self, client: Browser, jobs: list[JobRow]) -> None:
        assert client.delete(f"{JOBS}?host=elsewhere.example").json() == {"revoked": 0}
        assert client.delete(f"{JOBS}?paper={jobs[0].paper}").json() == {"revoked": 1}
        assert client.delete(f"{JOBS}?status=planned&collection=Mine").json() == {"revoked": 2}

    def test_every_job_must_be_meant(self, client: Browser, jobs: list[JobRow]) -> None:
        for query in ("", "?all=false", "?status=&host=+"):
            answer = client.delete(f"{JOBS}{query}")
            assert answer.status_code == 422
            assert "all=true" in answer.json()["detail"]
        assert client.delete(f"{JOBS}?all=true").json() == {"revoked": 3}


class TestRunning:
    """Running one now."""

    def test_a_planned_job_runs(self, client: Browser, jobs: list[JobRow], steps: Steps) -> None:
        answer = client.post(f"{JOBS}/{jobs[0].id}/run")
        assert (answer.status_code, answer.json()["id"]) == (202, jobs[0].id)
        assert steps.taken == [("download", jobs[0].paper, "(interface)")]

    def test_what_may_not_run_is_refused_before(
        self, client: Browser, jobs: list[JobRow], steps: Steps, at_once: Container
    ) -> None:
        client.delete(f"{JOBS}/{jobs[0].id}")
        assert client.post(f"{JOBS}/{jobs[0].id}/run").status_code == 409
        assert client.post(f"{JOBS}/999/run").status_code == 404
        at_once.scheduling.toggle("download", False, PROGRAM)
        assert "switched off" in client.post(f"{JOBS}/{jobs[1].id}/run").json()["detail"]
        at_once.controlling.use(Action.EMERGENCY_STOP, "", PROGRAM)
        assert "emergency stop" in client.post(f"{JOBS}/{jobs[2].id}/run").json()["detail"]
        assert steps.taken == []
        assert len(at_once.log.stream(refusals.STREAM)) == 4


class TestPapers:
    """What a person wants done with one paper."""

    def test_a_paper_is_processed_now(self, client: Browser, at_once: Container, steps: Steps) -> None:
        for name in ("10.5555/a", "10.5555%2Fb", "10.5555/c/revert"):
            answer = client.post(f"/api/v1/papers/{name}/process")
            assert answer.status_code == 202, name
            assert answer.json()["status"] == "new"
        assert [paper for _, paper, _ in steps.taken] == [paper_of(at_once, doi) for doi in DOIS]

    def test_a_planned_paper_is_taken_back(self, client: Browser, jobs: list[JobRow]) -> None:
        for doi in DOIS:
            answer = client.post(f"/api/v1/papers/{doi}/revert")
            assert (answer.status_code, answer.json()["status"]) == (200, "located")
        assert client.post("/api/v1/papers/10.5555/a/revert").status_code == 409
        assert client.get("/api/v1/papers/10.5555/c/revert").json()["doi"] == DOIS[2]

    def test_a_paper_is_tried_again(self, client: Browser, jobs: list[JobRow]) -> None:
        refused = client.post("/api/v1/papers/10.5555/a/retry")
        assert refused.status_code == 409
        client.delete(f"{JOBS}?all=true")
        answer = client.post("/api/v1/papers/10.5555/a/retry")
        assert (answer.status_code, answer.json()["status"]) == (200, "new")

    @pytest.mark.parametrize("action", ["process", "retry", "revert"])
    def test_what_cannot_be_is_refused_and_on_record(
        self, client: Browser, at_once: Container, steps: Steps, action: str
    ) -> None:
        assert client.post(f"/api/v1/papers/10.9999/nothing/{action}").status_code == 404
        at_once.controlling.use(Action.EMERGENCY_STOP, "", PROGRAM)
        assert client.post(f"/api/v1/papers/10.5555/a/{action}").status_code == 409
        assert steps.taken == []
        assert [one.event.command for one in at_once.log.stream(refusals.STREAM)] != []  # type: ignore[attr-defined]

    def test_an_action_that_is_none_is_not_found(self, client: Browser) -> None:
        assert client.post("/api/v1/papers/10.5555/a/fly").status_code in {404, 405}
