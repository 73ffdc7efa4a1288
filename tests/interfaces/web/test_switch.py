"""The switch, by the interface for programs and by the buttons of the home page."""

from typing import Any

import pytest
from litestar.testing import TestClient
from selectolax.lexbor import LexborHTMLParser

from domain import refusals
from domain.scraper import Action
from infrastructure.database import DatabaseBusy
from interfaces.container import Container
from tests.interfaces.planned import plan
from tests.interfaces.web.reading import one

Browser = TestClient[Any]
HX = {"hx-request": "true", "hx-request-type": "partial"}
LIST = {"text": (None, "10.5555/a\n10.5555/b\n")}


@pytest.fixture
def filled(browser: Browser, container: Container) -> Container:
    """A container with two planned papers."""
    browser.post("/import", files=LIST)
    assert len(plan(container)) == 2
    return container


def busy(*_: object) -> None:
    """Stands in for an append while somebody else holds the database."""
    raise DatabaseBusy("The database is busy.")


class TestInterface:
    """/api/v1/scraper"""

    def test_it_tells_how_the_scraper_stands(self, browser: Browser, filled: Container) -> None:
        found = browser.get("/api/v1/scraper").json()
        assert (found["status"], found["by"]) == ("running", "scipaperloader")
        assert found["jobs"] == {"planned": 2, "running": 0}
        assert found["hour"] is None  # the plan is for an hour far off
        assert found["next_hour"]["quota"] in {8, 9}
        assert set(found["actions"]) == {"pause", "stop", "emergency-stop"}
        assert found["actions"]["stop"] == "Puts 2 planned papers and 0 in work back."
        assert found["basis"]

    def test_it_is_used(self, browser: Browser, filled: Container) -> None:
        def use(action: str, **body: object) -> Any:
            return browser.post(f"/api/v1/scraper/{action}", json=body).json()

        assert use("pause", reason="lunch") == {"status": "paused", "reverted": 0, "told": True}
        assert browser.get("/api/v1/scraper").json()["reason"] == "lunch"
        assert use("resume") == {"status": "running", "reverted": 0, "told": True}
        assert use("stop", reason="enough") == {"status": "stopped", "reverted": 2, "told": True}
        assert use("start")["status"] == "running"
        assert use("emergency-stop", reason="a complaint")["status"] == "emergency-stopped"
        found = browser.get("/api/v1/scraper").json()
        assert (found["status"], found["reason"]) == ("emergency-stopped", "a complaint")
        assert found["by"].endswith("(interface)")
        assert list(found["actions"]) == ["reset"]
        assert browser.get("/api/v1/status").json()["scraper"] == "emergency-stopped"
        assert use("reset")["status"] == "stopped"

    def test_a_body_is_optional(self, browser: Browser) -> None:
        assert browser.post("/api/v1/scraper/start").json()["status"] == "running"
        assert browser.post("/api/v1/scraper/pause", content=b" ").json()["status"] == "paused"

    def test_what_is_not_possible_is_a_conflict_and_on_record(self, browser: Browser, container: Container) -> None:
        answer = browser.post("/api/v1/scraper/resume")
        assert answer.status_code == 409
        assert answer.headers["content-type"] == "application/problem+json"
        assert "the scraper is stopped" in answer.json()["detail"]
        (recorded,) = container.log.stream(refusals.STREAM)
        assert recorded.actor.endswith("(interface)")

    @pytest.mark.parametrize(
        ("content", "status"),
        [
            (b"[]", 400),
            (b"{", 400),
            (b'{"reason": 1e', 400),
            (b"[" * 100_000, 400),
            (b"\xff", 400),
            (b'{"reason": 7}', 422),
            (b'{"reason": "' + b"x" * 501 + b'"}', 422),
            (b'{"reson": "x"}', 422),
        ],
    )
    def test_a_body_that_makes_no_sense_is_told(self, browser: Browser, content: bytes, status: int) -> None:
        browser.post("/api/v1/scraper/start")
        answer = browser.post("/api/v1/scraper/pause", content=content)
        assert (answer.status_code, answer.json()["status"]) == (status, status)
        assert browser.get("/api/v1/scraper").json()["status"] == "running"

    @pytest.mark.parametrize("reason", ["<b>", "\\ud83d\\ude00", "a\\u0000b", "\\ud800"])
    def test_any_reason_can_be_kept(self, browser: Browser, reason: str) -> None:
        content = f'{{"reason": "{reason}"}}'.encode()
        assert browser.post("/api/v1/scraper/emergency-stop", content=content).status_code == 200
        assert browser.get("/api/v1/scraper").status_code == 200
        assert browser.get("/api/v1/events").json()["events"][-1]["type"] == "scraper.emergency_stopped"

    def test_an_action_that_is_none_is_not_found(self, browser: Browser) -> None:
        assert browser.post("/api/v1/scraper/fly").status_code == 404
        assert browser.post("/api/v1/scraper/%3Cb%3E").status_code == 404

    def test_an_emergency_stop_holds_though_the_database_does_not_answer(
        self, browser: Browser, filled: Container, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(filled.log, "append", busy)
            answer = browser.post("/api/v1/scraper/emergency-stop", json={"reason": "fire"})
        assert answer.status_code == 200
        assert answer.json() == {"status": "emergency-stopped", "reverted": 0, "told": False}
        assert (filled.settings.data / "emergency-stop").is_file()
        assert filled.controlling.record_emergency() == 2

    def test_its_actions_are_described(self, browser: Browser) -> None:
        paths = browser.get("/schema/openapi.json").json()["paths"]
        operation = paths["/api/v1/scraper/{action}"]["post"]
        (parameter,) = operation["parameters"]
        assert parameter["schema"]["enum"] == [action.value for action in Action]
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        assert list(schema["properties"]) == ["reason"]


class TestButtons:
    """The card on the home page."""

    def buttons(self, html: str) -> dict[str, str]:
        """Each button with what it says that it does."""
        page = LexborHTMLParser(html)
        forms = page.css("form.switch-actions")
        assert all(form.attributes["method"] == "post" for form in forms)
        found = {}
        for button in page.css(".switch-actions button"):
            assert button.attributes["formaction"] == button.attributes["hx-post"]
            effect = one(page, f"#{button.attributes['aria-describedby']}")
            found[str(button.attributes["formaction"])] = effect.text()
        return found

    def test_they_tell_what_they_do(self, browser: Browser, filled: Container) -> None:
        page = browser.get("/").text
        assert self.buttons(page) == {
            "/scraper/pause": "The plan of the hour stays, with 2 papers; 0 papers in work go back.",
            "/scraper/stop": "Puts 2 planned papers and 0 in work back.",
            "/scraper/emergency-stop": "Ends everything until a reset, also what you began by hand: 2 papers go back.",
        }
        assert "The scraper is running" in " ".join(one(LexborHTMLParser(page), "#switch-title").text().split())

    def test_without_javascript_the_page_comes_again(self, browser: Browser, filled: Container) -> None:
        answer = browser.post("/scraper/stop")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert list(self.buttons(browser.get("/").text)) == ["/scraper/start", "/scraper/emergency-stop"]

    def test_htmx_gets_the_part(self, browser: Browser, filled: Container) -> None:
        answer = browser.post("/scraper/emergency-stop", headers=HX)
        assert answer.status_code == 200
        assert "<html" not in answer.text
        assert list(self.buttons(answer.text)) == ["/scraper/reset"]
        assert "Emergency stop" in one(LexborHTMLParser(answer.text), ".page-sub").text()

    @pytest.mark.parametrize(
        ("action", "then", "works"),
        [("stop", "start", True), ("pause", "resume", True), ("emergency-stop", "reset", False)],
    )
    def test_the_page_names_what_is_possible_next(
        self, browser: Browser, filled: Container, action: str, then: str, works: bool
    ) -> None:
        assert browser.delete("/api/v1/jobs?all=true").json() == {"revoked": 2}
        browser.post(f"/scraper/{action}")
        page = LexborHTMLParser(browser.get("/").text)
        assert ("none before a reset" in one(page, ".switch").text()) == (not works)
        told = " ".join(one(page, ".todo").text().split())
        assert f"{then} the scraper above" in told
        assert ("scipaperloader work" in told) == works

    def test_what_is_not_possible_any_more_is_told(self, browser: Browser, filled: Container) -> None:
        browser.post("/scraper/stop")
        assert browser.post("/scraper/stop").status_code == 409
        part = browser.post("/scraper/stop", headers=HX)
        assert (part.status_code, part.headers["content-type"]) == (409, "text/plain; charset=utf-8")
        assert "the scraper is stopped" in part.text
        assert browser.post("/scraper/fly").status_code == 404

    def test_an_emergency_stop_that_the_log_does_not_take_is_told(
        self, browser: Browser, filled: Container, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(filled.log, "append", busy)
        answer = browser.post("/scraper/emergency-stop")
        assert answer.status_code == 503
        assert "The emergency stop holds: nothing leaves this computer any more." in answer.text
        assert browser.post("/scraper/emergency-stop", headers=HX).text.startswith("The emergency stop holds")

    @pytest.mark.case("T09")
    def test_a_schedule_that_takes_nothing_is_told(self, browser: Browser, filled: Container) -> None:
        browser.put("/api/v1/schedule", json={"weights": [0] * 24})
        card = one(LexborHTMLParser(browser.get("/").text), ".switch").text()
        assert "Paused by the schedule" in card
        assert "Next run: never." in card
        assert "Next hour" not in card
