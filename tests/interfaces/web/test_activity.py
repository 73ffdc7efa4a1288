"""The activity log over HTTP: filters, pages both ways, groups, files; and how things stood at a moment."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient

from application.kinds import Group
from application.ports.event_log import Write
from application.ports.tasks import TaskStatus
from domain.pipeline import Status
from domain.schedule import VolumeChanged
from domain.scraper import Paused
from interfaces.container import Container
from tests.contract.making import origin, write
from tests.interfaces.web.world import World

Browser = TestClient[Any]
EVENTS = "/api/v1/events"


def asked(reader: Browser, **fields: Any) -> dict[str, Any]:
    """The page of a query."""
    answer = reader.get(EVENTS, params={"limit": 500, **fields})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


class TestFilters:
    """GET /api/v1/events with its filters."""

    def test_each_filter_narrows_the_list(self, reader: Browser, world: World) -> None:
        everything = asked(reader)["events"]
        assert len(everything) == world.container.log.head().position
        for fields in (
            {"kind": "search"}, {"kind": ["download", "job"]}, {"kind": "download,job"}, {"without": "paper,import"},
            {"level": "warning"}, {"paper": "10.5555/failed"}, {"actor": "<q>tests</q>"}, {"correlation": "one"},
            {"text": "repository.example"}, {"import": world.import_id, "kind": "import"},
            {"collection": "sleep & <MEMORY>", "level": "info"},
        ):  # fmt: skip
            found = asked(reader, **fields)
            assert 0 < len(found["events"]) < len(everything), fields
            assert found["after"] == everything[-1]["position"]
            assert not found["more"]

    def test_an_event_tells_what_it_is_about_and_how_much_it_matters(self, reader: Browser) -> None:
        found = asked(reader, kind="download", level="warning")["events"]
        assert {(one["type"], one["group"], one["level"]) for one in found} == {
            ("paper.failed", "download", "warning"),
            ("paper.doubted", "download", "warning"),
        }

    def test_an_import_has_its_own_events_and_those_of_its_papers(self, reader: Browser, world: World) -> None:
        found = asked(reader, **{"import": world.import_id})["events"]
        assert {one["stream"].partition("-")[0] for one in found} == {"import", "paper"}
        assert len(found) == len(asked(reader)["events"]) - 1  # the collection's own
        assert asked(reader, collection="Sleep & <memory>")["events"] == asked(reader)["events"]

    def test_a_time_is_within_its_ends(self, reader: Browser, world: World) -> None:
        first = world.container.log.read(limit=1)[0].recorded_at
        assert asked(reader, since=first.isoformat(), limit=1)["events"][0]["position"] == 1
        assert asked(reader, until=(first - timedelta(seconds=1)).isoformat())["events"] == []
        assert asked(reader, since="2001-01-01", until="2099-01-01")["events"] == asked(reader)["events"]
        plus = reader.get(f"{EVENTS}?until=2001-01-01T00:00+01:00")
        assert (plus.status_code, plus.json()["events"]) == (200, [])

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("kind=weather", 422),
            ("without=weather", 422),
            ("level=loud", 422),
            ("since=yesterday", 422),
            ("until=2026-02-30", 422),
            ("paper=nobody", 404),
            ("import=nobody", 404),
            ("collection=nobody", 404),
        ],
    )
    @pytest.mark.parametrize("address", [EVENTS, f"{EVENTS}/export", f"{EVENTS}/stream"])
    def test_a_wrong_filter_is_told(self, reader: Browser, address: str, query: str, status: int) -> None:
        answer = reader.get(f"{address}?{query}")
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"

    @pytest.mark.parametrize(
        ("query", "status"), [("sort=type", 422), ("group=day", 422), ("limit=501", 400), ("after=x", 400)]
    )
    def test_a_wrong_page_is_told(self, reader: Browser, query: str, status: int) -> None:
        assert reader.get(f"{EVENTS}?{query}").status_code == status

    def test_a_kind_that_does_not_exist_names_those_that_do(self, reader: Browser) -> None:
        detail = reader.get(f"{EVENTS}?kind=weather").json()["detail"]
        assert all(group in detail for group in Group)

    def test_empty_fields_are_no_conditions(self, reader: Browser) -> None:
        empty = dict.fromkeys(("kind", "without", "level", "paper", "import", "collection", "actor", "since", "until",
                               "text", "correlation", "group"), "")  # fmt: skip
        assert asked(reader, **empty) == asked(reader)

    @pytest.mark.case("W20")
    @pytest.mark.parametrize("text", ["%", "_", "'", '"', "\\", "\0", "a" * 60_000, "(((", "ſ", "/"])
    def test_any_text_can_be_looked_for(self, reader: Browser, text: str) -> None:
        for name in ("text", "actor", "correlation"):
            assert reader.get(EVENTS, params={name: text}).status_code in {200, 414}


class TestPages:
    """Pages of events, both ways."""

    def test_newest_first_and_on_to_the_oldest(self, reader: Browser, world: World) -> None:
        seen, before, more = [], "", True
        while more:
            page = reader.get(f"{EVENTS}?sort=-position&limit=7{before}").json()
            seen += [one["position"] for one in page["events"]]
            assert page["after"] is None
            before, more = f"&before={page['before']}", page["more"]
        assert seen == list(range(world.container.log.head().position, 0, -1))

    def test_a_page_ends_before_a_position(self, reader: Browser) -> None:
        assert [one["position"] for one in asked(reader, after=3, before=6)["events"]] == [4, 5]

    def test_polling_with_a_filter_goes_on_where_it_was(self, browser: Browser, container: Container) -> None:
        container.log.append((write("scraper", 5),), origin())
        first = asked(browser, kind="schedule")
        assert (first["events"], first["after"]) == ([], 5)
        container.log.append((Write(stream="schedule", expected=0, events=(VolumeChanged(volume=7),)),), origin())
        assert [one["position"] for one in asked(browser, kind="schedule", after=first["after"])["events"]] == [6]
        assert asked(browser, after=10**30)["after"] == 10**30


class TestGroups:
    """GET /api/v1/events?group=correlation."""

    def test_an_upload_is_one_group_that_can_be_opened(self, reader: Browser, world: World) -> None:
        found = asked(reader, group="correlation")
        assert "events" not in found
        upload = next(group for group in found["groups"] if group["correlation"] == world.import_id)
        assert upload["text"].startswith("Import of “<b>list</b>.csv” into “Sleep & <memory>”: 20 rows")
        assert upload["count"] == len(upload["events"]) == sum(upload["kinds"].values())
        assert asked(reader, correlation=world.import_id)["events"] == upload["events"]


class TestExport:
    """GET /api/v1/events/export."""

    def test_every_event_is_a_line_of_json(self, reader: Browser, world: World) -> None:
        answer = reader.get(f"{EVENTS}/export?format=jsonl")
        assert answer.headers["content-type"] == "application/jsonl"
        head = world.container.log.head()
        assert answer.headers["x-log-anchor"] == f"{head.position}:{head.hash}"
        assert [json.loads(line) for line in answer.text.splitlines()] == asked(reader)["events"]

    def test_a_table_has_a_row_for_every_event_that_matches(self, reader: Browser) -> None:
        answer = reader.get(f"{EVENTS}/export?level=warning")
        assert 'filename="events.csv"' in answer.headers["content-disposition"]
        rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
        wanted = asked(reader, level="warning")["events"]
        assert [int(row["position"]) for row in rows] == [one["position"] for one in wanted]
        assert [json.loads(row["data"]) for row in rows] == [one["data"] for one in wanted]

    @pytest.mark.case("C25")
    def test_a_spreadsheet_runs_nothing_of_it(self, browser: Browser, container: Container) -> None:
        pause = Write(stream="scraper", expected=0, events=(Paused(reason="=1+1"),))
        container.log.append((pause,), origin(actor="=cmd()", correlation="@SUM(1)", command="-1"))
        (row,) = csv.DictReader(io.StringIO(browser.get(f"{EVENTS}/export").text, newline=""))
        assert (row["actor"], row["correlation"], row["command"]) == ("'=cmd()", "'@SUM(1)", "'-1")
        assert json.loads(row["data"]) == {"reason": "=1+1"}

    def test_an_export_stands_among_the_tasks(self, browser: Browser, container: Container) -> None:
        container.log.append((write("scraper", 5),), origin())
        browser.get(f"{EVENTS}/export?format=jsonl")
        (task,) = container.tasks.recent()
        assert (task.kind, task.title, task.status) == ("export", "events.jsonl", TaskStatus.FINISHED)
        assert (task.done, task.whole) == (5, 5)

    def test_an_unknown_form_is_told(self, reader: Browser) -> None:
        assert reader.get(f"{EVENTS}/export?format=xlsx").status_code == 422


class TestAsOf:
    """`as_of` where it is asked for."""

    def test_the_status_as_it_was(self, reader: Browser, world: World) -> None:
        status = "/api/v1/status"
        now = reader.get(status).json()
        position = now["position"]
        then = reader.get(status, params={"as_of": position}).json()
        assert (then["papers"], then["scraper"], then["position"]) == (now["papers"], now["scraper"], position)
        assert then["schedule"]["volume"] == 200
        before = reader.get(status, params={"as_of": "2001-01-01"}).json()
        assert (before["position"], before["recorded_at"]) == (0, None)
        assert set(before["papers"].values()) == {0}
        assert reader.get(status, params={"as_of": "2099-01-01T00:00+01:00"}).json() == then
        assert reader.get(f"{status}?as_of=").json() == now

    def test_a_paper_as_it_was(self, reader: Browser, world: World) -> None:
        address = f"/api/v1/papers/{world.done}"
        history = reader.get(f"{address}/events").json()["events"]
        statuses = [reader.get(f"{address}?as_of={one['position']}").json()["status"] for one in history]
        assert statuses == ["new", "processing", "located", "processing", "done"]
        now = reader.get(address).json()
        assert reader.get(f"{address}?as_of={history[-1]['position']}").json() == now
        assert now["status"] == Status.DONE
        assert reader.get(f"/api/v1/papers/10.5555/done?as_of={history[0]['position']}").json()["status"] == "new"
        early = reader.get(f"{address}?as_of={history[0]['position'] - 1}")
        assert early.status_code == 404
        assert "later" in early.json()["detail"]

    def test_the_schedule_and_the_switch_as_they_were(self, browser: Browser) -> None:
        schedule, scraper = "/api/v1/schedule", "/api/v1/scraper"
        for volume, action in ((7, "start"), (8, "stop")):
            assert browser.put(schedule, json={"volume": volume}).status_code == 200
            assert browser.post(f"{scraper}/{action}").status_code == 200
        then = [browser.get(schedule, params={"as_of": position}) for position in range(5)]
        assert [answer.json()["volume"] for answer in then] == [200, 7, 7, 8, 8]
        assert [answer.headers["etag"] for answer in then] == ['"0"', '"1"', '"1"', '"2"', '"2"']
        switch = [browser.get(scraper, params={"as_of": position}).json()["status"] for position in range(5)]
        assert switch == ["stopped", "stopped", "running", "running", "stopped"]

    @pytest.mark.parametrize(
        "address",
        ["/api/v1/status", "/api/v1/papers/10.5555/done", "/api/v1/schedule", "/api/v1/scraper"],
    )
    def test_a_moment_that_cannot_be_read_is_told(self, reader: Browser, address: str) -> None:
        answer = reader.get(f"{address}?as_of=yesterday")
        assert answer.status_code == 422
        assert "2026-03-01T12:00+01:00" in answer.json()["detail"]
