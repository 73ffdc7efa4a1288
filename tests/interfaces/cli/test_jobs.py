"""`jobs`: listed, revoked, run."""

import pytest

from application.queries import JobFilter
from tests.interfaces.cli.conftest import Terminal, opened
from tests.interfaces.planned import HOUR


def listed(terminal: Terminal, *options: str) -> list[dict[str, object]]:
    """The jobs of a list."""
    found: list[dict[str, object]] = terminal.json("jobs", "list", "--module", "download", *options)["jobs"]
    return found


def test_jobs_are_listed_newest_first_with_what_runs_beside_them(planned: Terminal) -> None:
    planned("rebuild", "papers")
    told = planned.json("jobs", "list", "--module", "download")
    assert [job["status"] for job in told["jobs"]] == ["planned", "planned"]
    assert told["jobs"][0]["id"] > told["jobs"][1]["id"]
    assert told["jobs"][0]["hour"] == "hour-2099-01-02T13:00Z"
    assert told["counts"]["planned"] == 2
    assert (told["after"], told["imports"]) == (None, [])
    assert [(task["kind"], task["title"], task["status"]) for task in told["tasks"]] == [
        ("rebuild", "papers", "finished")
    ]
    shown = planned("jobs", "list").stdout
    assert "2 Jan 2099, 13:" in shown
    assert "First title" in shown
    assert "Jobs: 2 planned and 2 finished." in shown
    assert "rebuild “papers”: finished" in shown


def test_lists_are_narrowed_and_paged(planned: Terminal) -> None:
    first = planned.json("jobs", "list", "--status", "planned", "--limit", "1")
    rest = planned.json("jobs", "list", "--status", "planned", "--limit", "1", "--after", str(first["after"]))
    assert first["after"] == first["jobs"][0]["id"]
    assert first["jobs"][0]["due"] < rest["jobs"][0]["due"], "planned jobs come by their moments"
    assert rest["after"] is None
    newest = planned.json("jobs", "list", "--limit", "1")["jobs"][0]["id"]
    assert f"Next page: --after {newest}" in planned("jobs", "list", "--limit", "1").stdout
    assert [job["doi"] for job in listed(planned, "--paper", "10.5555/ONE")] == ["10.5555/one"]
    for options in (
        ("--hour", HOUR.isoformat()), ("--host", "repository.example"), ("--collection", "a review"),
        ("--status", "planned", "--status", "running"),
    ):  # fmt: skip
        assert len(listed(planned, *options)) == 2
    assert listed(planned, "--host", "elsewhere.example") == []
    assert "does not exist" in planned.refusal("jobs", "list", "--collection", "nothing")
    assert "hour is 'noon'" in planned.refusal("jobs", "list", "--hour", "noon")


def test_jobs_are_revoked_by_name_and_their_papers_go_back(planned: Terminal) -> None:
    job = listed(planned)[0]
    assert planned("jobs", "revoke", str(job["id"])).stdout == "1 job was revoked.\n"
    assert planned.json("papers", "--status", "located")["count"] == 1
    (revoked,) = listed(planned, "--status", "revoked")
    assert (revoked["id"], revoked["reason"], revoked["outcome"]) == (job["id"], "revoked", "located")
    assert "Its job was revoked." in planned("jobs", "list", "--status", "revoked").stdout
    assert f"job {job['id']} is revoked" in planned.refusal("jobs", "revoke", str(job["id"]))
    assert "The job 999 does not exist." in planned.refusal("jobs", "revoke", "999")


def test_where_one_of_several_jobs_is_unknown_none_is_revoked(planned: Terminal) -> None:
    known = str(listed(planned)[0]["id"])
    assert "The job 999 does not exist." in planned.refusal("jobs", "revoke", known, "999")
    assert len(listed(planned, "--status", "planned")) == 2


def test_jobs_are_revoked_by_filter(planned: Terminal) -> None:
    assert planned.json("jobs", "revoke", "--host", "elsewhere.example") == {"revoked": 0}
    assert planned.json("jobs", "revoke", "--all", "--paper", "10.5555/one") == {"revoked": 1}
    assert planned.json("jobs", "revoke", "--all") == {"revoked": 1}
    assert planned.json("status")["papers"]["located"] == 2


@pytest.mark.parametrize("options", [(), ("1", "--all"), ("1", "--host", "x"), ("one",)])
def test_what_to_revoke_must_be_plain(planned: Terminal, options: tuple[str, ...]) -> None:
    planned("jobs", "revoke", *options, code=2)
    assert len(listed(planned, "--status", "planned")) == 2


@pytest.mark.parametrize(("job", "said"), [("999", "does not exist"), ("1", "does not exist")])
def test_a_job_that_is_none_does_not_run(planned: Terminal, job: str, said: str) -> None:
    assert said in planned.refusal("jobs", "run", job)


def test_a_revoked_job_does_not_run(planned: Terminal) -> None:
    job = str(listed(planned)[0]["id"])
    planned("jobs", "revoke", "--all")
    assert "is revoked" in planned.refusal("jobs", "run", job)
    assert planned.lines("events", "--json")[-1]["type"] == "command.refused"


def test_an_import_that_runs_stands_beside_them(planned: Terminal) -> None:
    from application.handling import PROGRAM
    from application.importing import Request

    with opened(planned) as container:
        upload = container.uploads.keep([b"DOI\n10.5555/three\n"])
        container.importing.accept(upload, Request(filename="late.csv", collection="Late", actor=PROGRAM))
        assert container.jobs.count(JobFilter()) == 4
    assert [row["filename"] for row in planned.json("jobs", "list")["imports"]] == ["late.csv"]
    assert "import “late.csv”: row 0 of 1" in planned("jobs", "list").stdout
