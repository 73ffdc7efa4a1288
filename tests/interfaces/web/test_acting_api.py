"""What is done with one paper, and with many, for programs."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from attrs import evolve
from litestar.testing import TestClient

from application.handling import PROGRAM
from application.importing import Request
from application.queries import PaperFilter
from domain.pipeline import Status
from domain.refusals import Refused
from interfaces.container import Container
from tests.interfaces.planned import locate_all, plan
from tests.interfaces.web.serving import visitor

Browser = TestClient[Any]
PAPERS = "/api/v1/papers"
ACTIONS = f"{PAPERS}/actions"
DOIS = ("10.5555/a", "10.5555/b", "10.5555/c/exclude", "10.5555/d")


@pytest.fixture
def later() -> list[Callable[[], object]]:
    return []


@pytest.fixture
def filled(container: Container, later: list[Callable[[], object]]) -> Container:
    """Four papers with copies; what is done in bulk waits."""
    upload = container.uploads.keep(["\n".join(DOIS).encode()])
    accepted = container.importing.accept(upload, Request(filename="list.txt", collection="Mine", actor=PROGRAM))
    container.importing.run(accepted.import_id)
    locate_all(container)
    return evolve(container, in_bulk=later.append)


@pytest.fixture
def client(filled: Container) -> Iterator[Browser]:
    with visitor(filled) as browser:
        yield browser


def statuses(container: Container) -> dict[str, int]:
    return {status.value: count for status, count in container.papers.by_status(PaperFilter()).items()}


class TestOne:
    @pytest.mark.parametrize(
        ("action", "sent", "status", "told"),
        [
            ("exclude", {"reason": "off topic"}, "excluded", "off topic"),
            ("unavailable", {"reason": "lost"}, "unavailable", "lost"),
            ("requested", {"note": "loan 7"}, "located", "loan 7"),
            ("exclude", {}, "excluded", ""),
        ],
    )
    def test_is_done_with_what_was_said(
        self, client: Browser, action: str, sent: dict[str, str], status: str, told: str
    ) -> None:
        answer = client.post(f"{PAPERS}/10.5555%2Fa/{action}", json=sent)
        assert (answer.status_code, answer.json()["status"]) == (200, status)
        last = client.get(f"{PAPERS}/10.5555/a/events").json()["events"][-1]
        assert told in (last["data"].get("reason"), last["data"].get("note"))
        assert last["command"] == action

    def test_an_excluded_one_is_wanted_again(self, client: Browser) -> None:
        client.post(f"{PAPERS}/10.5555/c/exclude/exclude")
        assert client.get(f"{PAPERS}/10.5555/c/exclude").json()["status"] == "excluded"
        assert client.post(f"{PAPERS}/10.5555/c/exclude/reinstate").json()["status"] == "located"

    def test_what_is_not_possible_is_refused_and_recorded(self, client: Browser, filled: Container) -> None:
        answer = client.post(f"{PAPERS}/10.5555/a/reinstate")
        assert answer.status_code == 409
        assert "the paper is located" in answer.json()["detail"]
        (last,) = filled.log.read(filled.log.head().position - 1)
        assert isinstance(last.event, Refused)
        assert client.post(f"{PAPERS}/10.9999/nothing/exclude").status_code == 404

    @pytest.mark.parametrize(
        ("action", "sent"),
        [
            ("exclude", {"note": "x"}),
            ("requested", {"reason": "x"}),
            ("exclude", {"reason": 7}),
            ("unavailable", {"reason": "x" * 501}),
        ],
    )
    def test_what_is_not_understood_changes_nothing(self, client: Browser, action: str, sent: dict[str, Any]) -> None:
        assert client.post(f"{PAPERS}/10.5555/a/{action}", json=sent).status_code == 422
        assert client.get(f"{PAPERS}/10.5555/a").json()["status"] == "located"


class TestMany:
    def test_a_dry_run_counts_and_changes_nothing(self, client: Browser, filled: Container) -> None:
        client.post(f"{PAPERS}/10.5555/a/exclude")
        head = filled.log.head()
        answer = client.post(ACTIONS, json={"action": "exclude", "all": True, "dry_run": True})
        assert (answer.status_code, answer.json()) == (
            200,
            {
                "action": "exclude",
                "matching": 4,
                "changing": 3,
                "skipped": [{"why": "excluded", "papers": 1}],
                "dry_run": True,
            },
        )
        assert filled.log.head() == head

    @pytest.mark.case("N04")
    @pytest.mark.parametrize(
        ("which", "changed"),
        [
            ({"status": "located"}, 4),
            ({"status": ["located", "new"], "collection": "Mine"}, 4),
            ({"q": "10.5555/a"}, 1),
            ({"cause": "timeout"}, 0),
            ({"all": True}, 4),
        ],
    )
    def test_all_that_match_are_changed(
        self, client: Browser, filled: Container, which: dict[str, Any], changed: int
    ) -> None:
        answer = client.post(ACTIONS, json={"action": "exclude", "reason": "off topic", **which})
        assert (answer.status_code, answer.json()["changing"]) == (202, changed)
        assert statuses(filled).get("excluded", 0) == changed
        shown = client.get(f"{ACTIONS}/{answer.json()['id']}").json()
        assert (shown["status"], shown["changed"], shown["words"]) == ("ended", changed, "off topic")

    def test_the_filter_is_that_of_the_list(self, client: Browser) -> None:
        description = client.get("/schema/openapi.json").json()
        listed = {one["name"] for one in description["paths"][PAPERS]["get"]["parameters"]} - {"sort", "limit", "after"}
        body = description["paths"][ACTIONS]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert listed <= body["properties"].keys()

    def test_listed_ones_are_changed(self, client: Browser, filled: Container) -> None:
        ids = [row.id for row in filled.papers.all(PaperFilter())][:2]
        answer = client.post(ACTIONS, json={"action": "requested", "note": "loan", "ids": [*ids, "nothing"]}).json()
        assert (answer["matching"], answer["changing"]) == (3, 2)
        assert answer["skipped"] == [{"why": "unknown", "papers": 1}]

    def test_planned_papers_are_taken_back(self, client: Browser, filled: Container) -> None:
        plan(filled)
        client.post(ACTIONS, json={"action": "revert", "status": "pending"})
        assert statuses(filled) == {"located": 4}

    def test_the_same_request_again_begins_nothing(self, client: Browser) -> None:
        sent = {"action": "requested", "all": True, "id": str(uuid4())}
        first, again = (client.post(ACTIONS, json=sent).json() for _ in range(2))
        assert (first["id"], first["repeated"], again["repeated"]) == (sent["id"], False, True)
        assert again["position"] == first["position"]
        events = client.get(f"/api/v1/events?correlation={sent['id']}&kind=paper.requested").json()["events"]
        assert len(events) == 4

    def test_many_are_done_in_the_background(
        self,
        client: Browser,
        filled: Container,
        later: list[Callable[[], object]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("application.bulk.BATCH", 2)
        answer = client.post(ACTIONS, json={"action": "exclude", "all": True}).json()
        shown = client.get(f"{ACTIONS}/{answer['id']}").json()
        assert (shown["status"], shown["papers"], shown["seen"], shown["changed"]) == ("running", 4, 0, None)
        assert client.post(f"{ACTIONS}/{answer['id']}/undo").status_code == 409
        (run,) = later
        run()
        assert client.get(f"{ACTIONS}/{answer['id']}").json()["status"] == "ended"
        (task,) = client.get("/api/v1/jobs").json()["tasks"]
        assert (task["id"], task["status"], task["title"]) == (answer["id"], "finished", "Exclude: 4 papers")

    def test_it_is_taken_back(self, client: Browser, filled: Container) -> None:
        begun = client.post(ACTIONS, json={"action": "exclude", "all": True}).json()
        back = client.post(f"{ACTIONS}/{begun['id']}/undo")
        assert (back.status_code, back.json()["changed"], back.json()["undoes"]) == (202, 4, begun["id"])
        assert statuses(filled) == {"located": 4}
        assert client.get(f"{ACTIONS}/{begun['id']}").json()["undone_by"] == back.json()["id"]
        assert client.post(f"{ACTIONS}/{begun['id']}/undo").status_code == 409

    def test_what_is_not_there_is_not_found(self, client: Browser) -> None:
        assert client.get(f"{ACTIONS}/{uuid4()}").status_code == 404
        assert client.post(f"{ACTIONS}/{uuid4()}/undo").status_code == 404
        assert client.get(f"{ACTIONS}/mine").status_code == 404

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"all": True}, "action"),
            ({"action": "delete", "all": True}, "action"),
            ({"action": "exclude"}, "filter"),
            ({"action": "exclude", "q": " "}, "filter"),
            ({"action": "exclude", "colour": "red"}, "field"),
            ({"action": "exclude", "status": "lost"}, "status"),
            ({"action": "exclude", "q": {"a": 1}}, "q"),
            ({"action": "exclude", "all": 1}, "all"),
            ({"action": "exclude", "all": True, "dry_run": "yes"}, "dry_run"),
            ({"action": "exclude", "all": True, "id": "mine"}, "id"),
            ({"action": "exclude", "ids": []}, "ids"),
            ({"action": "exclude", "ids": "a"}, "ids"),
            ({"action": "exclude", "ids": ["a"], "q": "b"}, "ids"),
            ({"action": "exclude", "all": True, "reason": "a", "note": "b"}, "note"),
            ({"action": "retry", "all": True, "reason": "a"}, "reason"),
        ],
    )
    def test_what_is_not_understood_changes_nothing(
        self, client: Browser, filled: Container, sent: dict[str, Any], field: str
    ) -> None:
        answer = client.post(ACTIONS, json=sent)
        assert answer.status_code == 422
        assert field in [one["field"] for one in answer.json()["errors"]]
        assert statuses(filled) == {Status.LOCATED: 4}

    def test_an_unknown_collection_is_not_found(self, client: Browser) -> None:
        sent = {"action": "exclude", "collection": "nothing"}
        assert client.post(ACTIONS, json=sent).status_code == 404
