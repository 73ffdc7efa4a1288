"""Papers, events, exports and the state of things, for programs."""

import csv
import io
import json
import re
from typing import Any

import pytest
from litestar.testing import TestClient

from application.exporting import FORMATS
from domain.pipeline import Status
from tests.interfaces.web.world import HOSTILE, World

Browser = TestClient[Any]


class TestPapers:
    """GET /api/v1/papers."""

    def test_a_paper_is_found_by_id_and_by_any_spelling_of_its_doi(self, reader: Browser, world: World) -> None:
        for name in (world.done, "10.5555/done", "10.5555%2Fdone", "10.5555/DONE", "doi:10.5555%2Fdone",
                     "https:%2F%2Fdoi.org%2F10.5555%2Fdone"):  # fmt: skip
            found = reader.get(f"/api/v1/papers/{name}").json()
            assert (found["id"], found["status"]) == (world.done, "done"), name

    def test_a_doi_with_slashes_has_a_history_and_a_file(self, reader: Browser) -> None:
        history = reader.get("/api/v1/papers/10.5555/hostile/0/events").json()["events"]
        assert [one["type"] for one in history] == ["paper.registered"]
        assert reader.get("/api/v1/papers/10.5555/hostile/0/file").status_code == 404

    @pytest.mark.parametrize("name", ["nobody", "10.9999/unknown", "10.9999%2Funknown/events", "%00", "a" * 5_000])
    def test_a_paper_that_is_none_is_not_found(self, reader: Browser, name: str) -> None:
        answer = reader.get(f"/api/v1/papers/{name}")
        assert answer.status_code == 404
        assert answer.json()["status"] == 404

    def test_pages_join_without_gap_and_overlap(self, reader: Browser) -> None:
        seen, after = [], ""
        while True:
            page = reader.get(f"/api/v1/papers?limit=4&sort=-title&after={after}").json()
            seen += [paper["id"] for paper in page["papers"]]
            assert page["count"] == len(Status) + len(HOSTILE)
            if page["after"] is None:
                break
            after = page["after"]
        assert len(seen) == len(set(seen)) == len(Status) + len(HOSTILE)

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("status=done", 1),
            ("status=done&status=failed", 2),
            ("status=done,failed", 2),
            ("status=&q=&cause=&collection=&import=", 18),
            ("q=ordinary", 9),
            ("q=10.5555/failed", 1),
            ("q=_%25_", 0),
            ("cause=open_but_blocked", 1),
            ("collection=sleep%20%26%20%3CMEMORY%3E", 18),
            ("import=nobody", 0),
        ],
    )
    def test_filters_narrow_the_list(self, reader: Browser, query: str, count: int) -> None:
        assert reader.get(f"/api/v1/papers?{query}").json()["count"] == count

    @pytest.mark.case("W20")
    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("status=lost", 422),
            ("sort=sha256;drop table papers", 422),
            ("after=nonsense", 422),
            ("after=%00", 422),
            ("collection=unknown", 404),
            ("limit=0", 400),
            ("limit=501", 400),
            ("limit=many", 400),
        ],
    )
    def test_a_wrong_filter_is_told(self, reader: Browser, query: str, status: int) -> None:
        answer = reader.get(f"/api/v1/papers?{query}")
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json().keys() >= {"type", "title", "status", "detail", "instance"}

    @pytest.mark.case("W20")
    @pytest.mark.parametrize("text", ["%", "_", "'", '"', "\\", "\0", "a" * 60_000, "(((", "ſ", "10.5555/%"])
    def test_any_text_can_be_searched_for(self, reader: Browser, text: str) -> None:
        assert reader.get("/api/v1/papers", params={"q": text}).status_code in {200, 414}


class TestEvents:
    """GET /api/v1/events."""

    def test_pages_of_events_join(self, reader: Browser, world: World) -> None:
        seen: list[int] = []
        while page := reader.get(f"/api/v1/events?limit=10&after={seen[-1] if seen else 0}").json()["events"]:
            seen += [one["position"] for one in page]
        assert seen == list(range(1, world.container.log.head().position + 1))

    def test_an_event_comes_with_its_fields_and_in_words(self, reader: Browser, world: World) -> None:
        found = reader.get("/api/v1/papers/10.5555/failed/events").json()["events"]
        tried = next(one for one in found if one["type"] == "paper.candidate_tried")
        assert tried["data"]["http_status"] == 403
        assert tried["text"].startswith("Tried repository.example")
        assert tried["actor"] == "<q>tests</q>"

    def test_events_of_one_paper_are_those_of_its_stream(self, reader: Browser, world: World) -> None:
        found = reader.get("/api/v1/events?paper=10.5555/done&limit=500").json()
        assert {one["stream"] for one in found["events"]} == {f"paper-{world.done}"}
        rest = reader.get(f"/api/v1/events?paper={world.done}&after={found['events'][1]['position']}").json()["events"]
        assert rest == found["events"][2:]
        assert reader.get("/api/v1/events?paper=nobody").status_code == 404


class TestExport:
    """GET /api/v1/export."""

    def test_every_paper_is_a_line_of_json(self, reader: Browser) -> None:
        answer = reader.get("/api/v1/export?format=jsonl&collection=Sleep %26 <memory>")
        assert answer.headers["content-type"] == "application/jsonl"
        papers = [json.loads(line) for line in answer.text.splitlines()]
        assert len(papers) == 18
        done = next(paper for paper in papers if paper["status"] == "done")
        assert done["file"]["pages"] == 1
        assert done["source"] == "unpaywall"

    def test_a_table_has_a_row_for_every_paper(self, reader: Browser) -> None:
        answer = reader.get("/api/v1/export")
        assert 'filename="papers.csv"' in answer.headers["content-disposition"]
        rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
        assert len(rows) == 18
        assert HOSTILE[0] in {row["title"] for row in rows}

    def test_an_export_can_be_narrowed(self, reader: Browser) -> None:
        assert len(reader.get("/api/v1/export?format=jsonl&status=done").text.splitlines()) == 1

    @pytest.mark.parametrize("name", FORMATS)
    def test_every_form_is_a_download_with_the_anchor(self, reader: Browser, name: str) -> None:
        answer = reader.get(f"/api/v1/export?format={name}&status=done")
        assert answer.headers["content-type"].partition(";")[0] == FORMATS[name].media_type
        assert f'filename="{FORMATS[name].filename}"' in answer.headers["content-disposition"]
        assert re.fullmatch(r"\d+:[0-9a-f]{64}", answer.headers["x-log-anchor"])
        assert "unpaywall" in answer.text or ".pdf" in answer.text
        assert not FORMATS[name].marked or answer.headers["x-log-anchor"] in answer.text

    def test_an_unknown_form_is_told(self, reader: Browser) -> None:
        assert reader.get("/api/v1/export?format=xlsx").status_code == 422


class TestState:
    """Status, probes, description."""

    def test_status_counts_every_status(self, reader: Browser, world: World) -> None:
        found = reader.get("/api/v1/status").json()
        assert found["papers"] == {status.value: 1 + 9 * (status is Status.NEW) for status in Status}
        assert found["scraper"] == "stopped"
        assert found["position"] == world.container.log.head().position
        assert found["imports"] == {"running": 0}

    def test_probes_answer(self, reader: Browser) -> None:
        assert reader.get("/healthz").json() == {"status": "ok"}
        assert reader.get("/readyz").json()["status"] == "ok"

    def test_the_interface_describes_itself_and_nothing_else(self, reader: Browser) -> None:
        found = reader.get("/schema/openapi.json").json()
        assert set(found["paths"]) == {
            "/api/v1/papers", "/api/v1/papers/{name}", "/api/v1/papers/{name}/events", "/api/v1/papers/{name}/file",
            "/api/v1/papers/{name}/file/accept", "/api/v1/papers/{name}/file/reject",
            "/api/v1/export", "/api/v1/imports", "/api/v1/imports/{import_id}",
            "/api/v1/imports/{import_id}/rejected.csv", "/api/v1/imports/{import_id}/stakes",
            "/api/v1/imports/{import_id}/undo", "/api/v1/imports/{import_id}/cancel", "/api/v1/collections",
            "/api/v1/events",
            "/api/v1/events/export", "/api/v1/events/stream", "/api/v1/status", "/healthz", "/readyz",
            *(f"/api/v1/papers/{{name}}/{action}" for action in ("process", "retry", "revert")),
            *(f"/api/v1/papers/{{name}}/{action}" for action in ("exclude", "reinstate", "unavailable", "requested")),
            "/api/v1/papers/actions", "/api/v1/papers/actions/{bulk_id}", "/api/v1/papers/actions/{bulk_id}/undo",
            "/api/v1/scraper", "/api/v1/scraper/{action}", "/api/v1/schedule", "/api/v1/schedule/preview",
            "/api/v1/schedule/history", "/api/v1/modules", "/api/v1/modules/{name}", "/api/v1/sources",
            "/api/v1/publishers",
            "/api/v1/jobs", "/api/v1/jobs/{job_id}", "/api/v1/jobs/{job_id}/run",
        }  # fmt: skip
        assert all(operation.get("summary") for path in found["paths"].values() for operation in path.values())
        for viewer in ("/schema/swagger", "/schema/redoc", "/schema/elements"):
            assert reader.get(viewer).status_code == 404

    def test_an_address_that_is_none_is_a_problem(self, reader: Browser) -> None:
        assert reader.get("/api/v1/nothing").headers["content-type"] == "application/problem+json"
        assert reader.post("/api/v1/papers").status_code == 405
