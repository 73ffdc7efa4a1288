"""Schedule and modules, for programs."""

from typing import Any

import pytest
from litestar.testing import TestClient

from domain import refusals
from interfaces.container import Container
from tests.interfaces.planned import locate_all

Browser = TestClient[Any]
ADDRESS = "/api/v1/schedule"
EVEN = [1] * 24


def put(browser: Browser, content: str | None = None, headers: dict[str, str] | None = None, **fields: Any) -> Any:
    """Change the schedule."""
    given: dict[str, Any] = {"json": fields} if content is None else {"content": content.encode()}
    return browser.put(ADDRESS, headers=headers, **given)


class TestSchedule:
    """GET and PUT."""

    def test_the_first_schedule_is_shown_with_its_version(self, browser: Browser) -> None:
        answer = browser.get(ADDRESS)
        assert answer.headers["etag"] == '"0"'
        found = answer.json()
        assert (found["volume"], found["timezone"], found["order"], found["version"]) == (200, "UTC", "random", 0)
        assert found["weights"] == [1.0] * 24
        assert found["paused_by_schedule"] is False

    def test_any_of_its_parts_are_changed_at_once(self, browser: Browser) -> None:
        answer = put(browser, volume=50, weights=[*EVEN[1:], 2], timezone="Europe/Berlin", order="oldest")
        assert answer.status_code == 200
        assert answer.headers["etag"] == '"4"'
        assert answer.json() == browser.get(ADDRESS).json()
        assert put(browser, volume=60).json()["timezone"] == "Europe/Berlin"

    @pytest.mark.case("T12")
    def test_weights_are_shown_as_shares(self, browser: Browser) -> None:
        shares = put(browser, weights=[3, 1, *[0] * 22]).json()["shares"]
        assert shares[:3] == [75.0, 25.0, 0.0]

    @pytest.mark.case("T11")
    def test_every_fault_has_an_entry_of_its_own(self, browser: Browser, container: Container) -> None:
        weights = '[-1, NaN, 1e308, "١٢", null, true, "x", 1e999' + ", 1" * 17 + "]"
        answer = put(browser, content=f'{{"volume": "١٢", "weights": {weights}, "timezone": "Mars", "speed": 1}}')
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        errors = {error["field"]: error["detail"] for error in answer.json()["errors"]}
        assert list(errors) == [
            *("volume", "weights", *(f"weights[{hour}]" for hour in range(8))),
            *("timezone", "field"),
        ]
        assert errors["weights"] == "weights is '25 numbers'. Expected: 24 numbers, or 168 for a week."
        assert errors["weights[3]"] == "weights[3] is '١٢'. Expected: numbers from 0 to 1,000,000."
        assert browser.get(ADDRESS).json()["version"] == 0
        assert len(container.log.stream(refusals.STREAM)) == 1

    @pytest.mark.case("T11")
    @pytest.mark.parametrize("count", [0, 23, 25, 167])
    def test_hours_that_are_missing_or_too_many_are_told(self, browser: Browser, count: int) -> None:
        (error,) = put(browser, weights=[1] * count).json()["errors"]
        assert error["field"] == "weights"

    @pytest.mark.parametrize("version", [-1, "1", True, 1.5, [], {}])
    def test_a_version_that_is_none_is_told(self, browser: Browser, version: object) -> None:
        answer = put(browser, volume=1, version=version)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "version"

    @pytest.mark.case("T17")
    def test_a_second_tab_gets_409_with_who_changed_what_and_when(self, browser: Browser) -> None:
        first, second = browser.get(ADDRESS).json(), browser.get(ADDRESS).json()
        assert browser.put(ADDRESS, json=first | {"volume": 50}).json()["version"] == 1
        answer = browser.put(ADDRESS, json=second | {"volume": 70, "order": "oldest"})
        assert answer.status_code == 409
        problem = answer.json()
        assert problem["version"] == 1
        (change,) = problem["changes"]
        assert change["text"] == "The daily volume is now 50 papers."
        assert change["by"].endswith("(interface)")
        assert change["at"] < "9999"
        assert "The daily volume is now 50 papers." in problem["detail"]
        assert browser.get(ADDRESS).json()["volume"] == 50

    @pytest.mark.case("T17")
    @pytest.mark.parametrize("tag", ['"0"', 'W/"1"', '"x"', "1", '"0", "7"', '"' + "9" * 40 + '"'])
    def test_an_entity_tag_that_does_not_match_is_a_failed_precondition(self, browser: Browser, tag: str) -> None:
        put(browser, volume=50)
        answer = put(browser, volume=70, headers={"if-match": tag})
        assert answer.status_code == 412
        assert answer.json()["status"] == 412
        assert answer.json()["version"] == 1
        assert browser.get(ADDRESS).json()["volume"] == 50

    @pytest.mark.parametrize("tag", ['"1"', "*", '"0", "1"', '"1" , W/"3"'])
    def test_an_entity_tag_that_matches_lets_the_change_in(self, browser: Browser, tag: str) -> None:
        put(browser, volume=50)
        assert put(browser, volume=70, headers={"if-match": tag}).json()["version"] == 2

    def test_a_wrong_field_is_no_failed_precondition(self, browser: Browser) -> None:
        assert put(browser, volume=-1, headers={"if-match": '"0"'}).status_code == 422

    @pytest.mark.parametrize("content", ["[]", "", "7", '"x"'])
    def test_a_body_that_changes_nothing_changes_nothing(self, browser: Browser, content: str) -> None:
        answer = put(browser, content=content)
        assert answer.status_code == (200 if not content else 400)
        assert browser.get(ADDRESS).json()["version"] == 0


class TestPreview:
    """GET preview and history."""

    def test_it_tells_the_hours_and_the_end_and_what_that_is_based_on(
        self, browser: Browser, container: Container
    ) -> None:
        browser.post("/import", files={"text": (None, "\n".join(f"10.5555/{number}" for number in range(30)))})
        locate_all(container)
        found = browser.get(f"{ADDRESS}/preview").json()
        assert found["queue"] == 30
        assert sum(hour["papers"] for hour in found["hours"]) == 30
        assert found["done_at"] <= found["hours"][-1]["end"]
        assert found["basis"][0].startswith("30 papers wait with a known copy")

    def test_another_schedule_is_tried_out(self, browser: Browser) -> None:
        weights = ",".join(["1"] + ["0"] * 23)
        found = browser.get(f"{ADDRESS}/preview", params={"volume": "48", "weights": weights}).json()
        assert {hour["quota"] for hour in found["hours"] if hour["hour"] != 0} == {0}
        assert (found["next_hour"]["hour"], found["next_hour"]["quota"]) == (0, 48)
        assert browser.get(f"{ADDRESS}/preview?timezone=Asia/Kathmandu").json()["hours"][1]["start"][14:16] == "15"
        assert browser.get(ADDRESS).json()["version"] == 0

    @pytest.mark.case("T09")
    @pytest.mark.parametrize("query", ["volume=0", "weights=" + ",".join(["0"] * 24)])
    def test_a_schedule_that_takes_nothing_says_never(self, browser: Browser, query: str) -> None:
        browser.post("/import", files={"text": (None, "10.5555/a\n10.5555/b\n")})
        found = browser.get(f"{ADDRESS}/preview?{query}").json()
        assert (found["next_hour"], found["done_at"]) == ("never", "never")
        assert "Paused by the schedule: its volume, or every weight, is 0." in found["basis"]

    def test_what_cannot_be_is_told_by_its_field(self, browser: Browser) -> None:
        answer = browser.get(f"{ADDRESS}/preview", params={"volume": "-1", "weights": "1,x", "timezone": "Mars"})
        assert answer.status_code == 422
        fields = [error["field"] for error in answer.json()["errors"]]
        assert fields == ["volume", "weights", "weights[1]", "timezone"]

    def test_the_history_tells_who_changed_what(self, browser: Browser) -> None:
        put(browser, volume=50)
        browser.put("/api/v1/modules/download", json={"on": False})
        changes = browser.get(f"{ADDRESS}/history").json()["changes"]
        assert [(one["version"], one["text"]) for one in changes] == [
            (None, "The module “download” was switched off."),
            (1, "The daily volume is now 50 papers."),
        ]
        assert len(browser.get(f"{ADDRESS}/history?limit=1").json()["changes"]) == 1


class TestModules:
    """Modules, on and off."""

    def test_they_are_switched(self, browser: Browser) -> None:
        assert browser.get("/api/v1/modules").json() == {"locate": True, "download": True}
        off = {"locate": True, "download": False}
        assert browser.put("/api/v1/modules/download", json={"on": False}).json() == off
        assert browser.get("/api/v1/modules").json() == off

    @pytest.mark.parametrize("body", [{}, {"on": "yes"}, {"on": 1}, {"on": None}, {"on": True, "off": True}])
    def test_what_is_meant_must_be_plain(self, browser: Browser, body: dict[str, object]) -> None:
        assert browser.put("/api/v1/modules/download", json=body).status_code == 422

    def test_a_module_that_is_none_is_not_found(self, browser: Browser) -> None:
        assert browser.put("/api/v1/modules/fly", json={"on": True}).status_code == 404


def test_bodies_are_described(browser: Browser) -> None:
    paths = browser.get("/schema/openapi.json").json()["paths"]
    body = paths[ADDRESS]["put"]["requestBody"]
    assert body["required"] is True
    assert set(body["content"]["application/json"]["schema"]["properties"]) == {
        *("volume", "weights", "timezone", "order", "version")
    }
    names = {parameter["name"]: parameter["in"] for parameter in paths[ADDRESS]["put"]["parameters"]}
    assert names == {"If-Match": "header"}
    assert "requestBody" in paths["/api/v1/modules/{name}"]["put"]
