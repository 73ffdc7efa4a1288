"""The page of the schedule: the form, its faults, conflicts, preview and history."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import pytest
from attrs import evolve
from litestar.testing import TestClient
from selectolax.lexbor import LexborHTMLParser

from application.formats import local
from application.handling import Actor
from domain import schedule
from domain.presets import PRESETS
from domain.schedule import Order, Schedule
from domain.scraper import Action
from interfaces.container import Container
from tests.interfaces.planned import HOUR, plan
from tests.interfaces.web.reading import one
from tests.interfaces.web.serving import visitor
from tests.interfaces.web.world import HOSTILE

Browser = TestClient[Any]
HX = {"hx-request": "true", "hx-request-type": "partial"}
BEN = Actor(name="ben (terminal)", is_person=True)
FORM = {"content-type": "application/x-www-form-urlencoded"}


def read(text: str) -> LexborHTMLParser:
    return LexborHTMLParser(text)


def filled(page: LexborHTMLParser) -> list[tuple[str, str]]:
    """The fields of the form as a browser sends them."""
    form = one(page, "#schedule-form")
    fields = [
        (str(field.attributes["name"]), str(field.attributes.get("value") or ""))
        for field in form.css("input")
        if field.attributes.get("name") and not field.attributes.get("form")
    ]
    return [*fields, ("order", str(one(form, "#order option[selected]").attributes["value"]))]


def changed(fields: Sequence[tuple[str, str]], **news: str | Sequence[str]) -> list[tuple[str, str]]:
    """The fields with other values; those that come often take a list."""
    kept = [(name, value) for name, value in fields if name not in news]
    for name, value in news.items():
        kept += [(name, each) for each in ([value] if isinstance(value, str) else value)]
    return kept


def weights(page: LexborHTMLParser) -> list[str]:
    return [str(field.attributes["value"]) for field in page.css('input[name="w"]')]


def send(browser: Browser, fields: Sequence[tuple[str, str]]) -> Any:
    return browser.post("/schedule", content=urlencode(fields), headers=FORM)


@pytest.fixture
def page(browser: Browser) -> LexborHTMLParser:
    """The page of a schedule that nobody touched."""
    return read(browser.get("/schedule").text)


class TestForm:
    """What is filled in and saved."""

    def test_has_what_is_saved(self, browser: Browser, container: Container) -> None:
        container.scheduling.change({"volume": 7, "timezone": "Asia/Kathmandu", "order": "newest"}, BEN)
        container.scheduling.change({"weights": [25] * 12 + [80] * 12}, BEN)
        page = read(browser.get("/schedule").text)
        assert weights(page) == ["25"] * 12 + ["80"] * 12
        assert dict(filled(page)) == {
            "version": "4",
            "w": "80",
            "volume": "7",
            "timezone": "Asia/Kathmandu",
            "order": "newest",
        }
        assert one(page, "#unsaved").attributes.get("hidden", "no") is None

    def test_shows_small_proportions_as_shares_of_a_hundred(self, page: LexborHTMLParser) -> None:
        assert weights(page) == ["100"] * 24

    def test_saves_everything_at_once(self, browser: Browser, container: Container, page: LexborHTMLParser) -> None:
        news = changed(filled(page), w=["10"] * 23 + ["0.5"], volume="48", timezone="Europe/Berlin", order="oldest")
        answer = send(browser, news)
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/schedule?told={container.log.head().position}"
        assert browser.get(answer.headers["location"]).status_code == 200
        assert container.scheduling.painted().schedule == Schedule(
            volume=48, weights=(10.0,) * 23 + (0.5,), timezone="Europe/Berlin", order=Order.OLDEST
        )
        assert container.log.stream(schedule.STREAM)[0].actor.endswith("(browser)")

    def test_changes_nothing_where_nothing_was_touched(
        self, browser: Browser, container: Container, page: LexborHTMLParser
    ) -> None:
        answer = send(browser, filled(page))
        assert (answer.status_code, answer.headers["location"]) == (303, "/schedule")
        assert not container.log.stream(schedule.STREAM)

    def test_keeps_weights_as_they_are_where_only_the_volume_changes(
        self, browser: Browser, container: Container, page: LexborHTMLParser
    ) -> None:
        send(browser, changed(filled(page), volume="5"))
        assert container.scheduling.painted().schedule == Schedule(volume=5)

    def test_tells_htmx_to_go_there(self, browser: Browser, page: LexborHTMLParser) -> None:
        answer = browser.post("/schedule", content=urlencode(changed(filled(page), volume="5")), headers={**FORM, **HX})
        assert (answer.status_code, answer.headers["hx-redirect"]) == (200, "/schedule?told=1")

    @pytest.mark.case("T11")
    def test_tells_what_is_wrong_beside_each_field_and_keeps_it(
        self, browser: Browser, container: Container, page: LexborHTMLParser
    ) -> None:
        wrong = ["5", "-1", "١٢", "", "1e308", *["50"] * 19]
        answer = send(browser, changed(filled(page), w=wrong, volume="many", timezone="Nowhere/At all", order="best"))
        assert answer.status_code == 422
        found = read(answer.text)
        assert weights(found) == wrong
        for name in ("w-1", "w-2", "w-3", "w-4", "volume", "timezone", "order"):
            field = one(found, f"#{name}")
            assert field.attributes["aria-invalid"] == "true", name
            told = one(found, f"#{field.attributes['aria-describedby']}").text()
            assert "There is no time zone “Nowhere/At all”. Choose one" in told or "Expected:" in told
        assert "aria-invalid" not in one(found, "#w-0").attributes
        assert one(found, "#volume").attributes["value"] == "many"
        assert one(found, "#timezone").attributes["value"] == "Nowhere/At all"
        assert "7 fields cannot be taken so" in one(found, ".faults").text()
        assert "open" in one(found, ".numbers").attributes
        assert not container.log.stream(schedule.STREAM)

    @pytest.mark.parametrize("count", [0, 1, 23, 25, 167, 169, 500])
    def test_takes_a_day_or_a_week_of_weights(
        self, browser: Browser, container: Container, page: LexborHTMLParser, count: int
    ) -> None:
        answer = send(browser, changed(filled(page), w=["1"] * count))
        assert answer.status_code == (422 if count else 303)
        assert not container.log.stream(schedule.STREAM)

    @pytest.mark.parametrize("text", HOSTILE)
    def test_repeats_what_strangers_typed_as_text(self, browser: Browser, page: LexborHTMLParser, text: str) -> None:
        answer = send(browser, changed(filled(page), timezone=text, volume=text, order=text, w=[text] * 24))
        assert answer.status_code == 422
        found = read(answer.text)
        assert weights(found) == [text] * 24
        assert not found.css("img, a[hx-get]")
        assert [script.text() for script in found.css("script") if script.text().strip()] == []

    @pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "1.5"])
    def test_takes_no_version_for_the_present_one(
        self, browser: Browser, container: Container, page: LexborHTMLParser, version: str
    ) -> None:
        assert send(browser, changed(filled(page), version=version, volume="9")).status_code == 303
        assert container.scheduling.painted().schedule.volume == 9


@pytest.mark.case("T17")
class TestConflict:
    """Two people at once."""

    def test_is_told_with_both_values(self, browser: Browser, container: Container, page: LexborHTMLParser) -> None:
        container.scheduling.change({"volume": 77, "timezone": "Asia/Tokyo"}, BEN)
        answer = send(browser, changed(filled(page), volume="50", w=["0"] * 12 + ["50"] * 12))
        assert answer.status_code == 409
        found = read(answer.text)
        told = one(found, ".conflict").text()
        assert "ben (terminal)" in told
        assert "The daily volume is now 77 papers." in told
        assert "Before: 200 papers a day." in told
        rows = [[cell.text() for cell in row.css("th, td")] for row in found.css(".conflict tbody tr")]
        assert rows == [
            ["Papers a day", "77 papers a day", "50 papers a day"],
            ["Weights of the hours", "even", "0 until 12:00, 50"],
            ["Time zone", "Asia/Tokyo", "UTC"],
        ]
        assert container.scheduling.painted().version == 2

    def test_loses_nothing_and_can_be_saved_over(
        self, browser: Browser, container: Container, page: LexborHTMLParser
    ) -> None:
        container.scheduling.change({"volume": 77}, BEN)
        again = read(send(browser, changed(filled(page), volume="50")).text)
        assert dict(filled(again))["volume"] == "50"
        assert dict(filled(again))["version"] == "1"
        assert send(browser, filled(again)).status_code == 303
        assert container.scheduling.painted().schedule.volume == 50

    def test_is_none_where_both_wanted_the_same(
        self, browser: Browser, container: Container, page: LexborHTMLParser
    ) -> None:
        news = changed(filled(page), volume="50")
        assert send(browser, news).status_code == 303
        assert send(browser, news).status_code == 303  # a second press of the button
        assert container.scheduling.painted().version == 1

    def test_is_told_on_the_open_page(self, browser: Browser, container: Container) -> None:
        assert "while this page was open" not in browser.get("/schedule/ticks?seen=0").text
        container.scheduling.change({"volume": 77}, BEN)
        found = browser.get("/schedule/ticks?seen=0").text
        assert "ben (terminal) changed the schedule while this page was open" in " ".join(found.split())
        assert "while this page was open" not in browser.get("/schedule/ticks?seen=1").text


class TestButtons:
    """What works by the address alone, without JavaScript."""

    @pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
    def test_a_preset_fills_the_form(self, browser: Browser, container: Container, preset: Any) -> None:
        found = read(browser.get(f"/schedule?volume=33&do=preset-{preset.name}").text)
        assert [float(weight) for weight in weights(found)] == list(preset.weights)
        assert one(found, "#volume").attributes["value"] == "33"
        assert one(found, "#unsaved").attributes.get("hidden", "no") == "no"
        assert not container.log.stream(schedule.STREAM)

    def test_a_day_becomes_a_week_and_a_week_the_average_day(self, browser: Browser, page: LexborHTMLParser) -> None:
        day = [str(hour) for hour in range(24)]
        week = read(browser.get("/schedule?" + urlencode([*changed(filled(page), w=day), ("do", "week")])).text)
        assert weights(week) == day * 7
        assert [legend.text() for legend in week.css(".numbers-day legend")][::6] == ["Monday", "Sunday"]
        uneven = day * 6 + ["7"] * 24
        back = read(browser.get("/schedule?" + urlencode([*changed(filled(week), w=uneven), ("do", "day")])).text)
        assert weights(back) == [f"{round((6 * hour + 7) / 7, 2):g}" for hour in range(24)]

    def test_a_week_with_a_word_in_it_becomes_its_monday(self, browser: Browser) -> None:
        week = ["1"] * 24 + ["x"] * 144
        found = read(browser.get("/schedule?" + urlencode([*(("w", one) for one in week), ("do", "day")])).text)
        assert weights(found) == ["1"] * 24

    def test_faults_are_told_for_an_address_too(self, browser: Browser) -> None:
        answer = browser.get("/schedule?volume=-3&do=preview")
        assert answer.status_code == 422
        assert "There is no preview while a field cannot be taken" in answer.text


class TestPreview:
    """What would happen."""

    @pytest.fixture
    def waiting(self, browser: Browser, container: Container) -> None:
        """Thirty papers wait."""
        text = "\n".join(f"10.5555/{number}" for number in range(30))
        browser.post("/import", files={"text": (None, text)})

    @pytest.mark.usefixtures("waiting")
    def test_follows_what_is_typed(self, browser: Browser, container: Container) -> None:
        def told(**fields: str) -> str:
            page = read(browser.get(f"/schedule/preview?{urlencode(fields)}").text)
            return " ".join(one(page, ".outcome").text(separator=" ").split())

        assert "UTC; 30 papers, if every one has a copy" in told()
        assert "10 at most" in told(volume="240")
        assert "never 30 papers wait" in told(volume="0")
        assert not container.log.stream(schedule.STREAM)

    @pytest.mark.usefixtures("waiting")
    def test_has_a_picture_and_a_table(self, browser: Browser) -> None:
        found = read(browser.get("/schedule/preview?volume=24").text)
        assert "Papers of the next 24 hours" in str(one(found, ".ahead-bars").attributes["aria-label"])
        rows = found.css("#preview-table tbody tr")
        assert len(rows) in {24, 25}
        assert "(now)" in rows[0].text()
        assert "1 paper a day" not in found.html

    def test_tells_what_is_wrong(self, browser: Browser) -> None:
        answer = browser.get("/schedule/preview?volume=x", headers=HX)
        assert answer.status_code == 422
        assert answer.headers["content-type"].startswith("text/html")
        assert "<html" not in answer.text
        assert "the daily volume cannot be “x”." in one(read(answer.text), "#preview").text()

    @pytest.mark.case("T12")
    def test_shares_are_of_the_day_whatever_the_sum(self, browser: Browser) -> None:
        found = read(browser.get("/schedule?" + urlencode([("w", "30"), ("w", "10"), *[("w", "0")] * 22])).text)
        assert one(found, "#w-0-share").text() == "75.0 %"
        assert one(found, "#w-1-share").text() == "25.0 %"


class TestTicks:
    """What was, and what comes next."""

    def test_nothing_yet(self, browser: Browser) -> None:
        found = one(read(browser.get("/schedule").text), "#ticks").text()
        assert "No hour was planned within a day." in found
        assert "The scraper is stopped" in found

    def test_the_next_hour_is_told_while_it_runs(self, browser: Browser, container: Container) -> None:
        container.controlling.use(Action.START, "", BEN)
        assert "At most 8 papers." in one(read(browser.get("/schedule").text), "#ticks").text().replace("9", "8")

    @pytest.mark.case("T09")
    def test_a_schedule_that_takes_nothing_is_told(self, browser: Browser, container: Container) -> None:
        container.controlling.use(Action.START, "", BEN)
        container.scheduling.change({"weights": [0] * 24}, BEN)
        found = one(read(browser.get("/schedule").text), "#ticks").text()
        assert "Paused by the schedule" in found
        assert "Next run: never." in found

    def test_the_last_hours_are_told_with_what_became_of_them(
        self, browser: Browser, container: Container, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        browser.post("/import", files={"text": (None, "10.5555/a\n10.5555/b\n")})
        jobs = plan(container)
        container.running_jobs.revoke(jobs[0].id, BEN)
        monkeypatch.setattr(type(container.clock), "now", lambda _: HOUR.replace(minute=30))
        page = read(browser.get("/schedule").text)
        (row,) = page.css("#past tbody tr")
        assert "13:00" in one(row, "th").text()
        told = {cell.attributes["data-label"]: cell.text() for cell in row.css("td")}
        assert (told["Planned"], told["Taken back"], told["To come"]) == ("2", "1", "1")
        ticks = " ".join(one(page, "#ticks").text().split())
        assert "This hour 13:00 Fri 2 Jan, UTC 2 planned of at most" in ticks
        assert "Next hour 14:00 Fri 2 Jan, UTC At most" in ticks

    def test_hours_are_told_in_one_zone(
        self, browser: Browser, container: Container, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        browser.post("/import", files={"text": (None, "10.5555/a\n10.5555/b\n")})
        plan(container)
        container.scheduling.change({"timezone": "Asia/Tokyo"}, BEN)
        monkeypatch.setattr(type(container.clock), "now", lambda _: HOUR.replace(minute=30))
        page = read(browser.get("/schedule").text)
        ticks = " ".join(one(page, "#ticks").text().split())
        assert "This hour 22:00 Fri 2 Jan, Asia/Tokyo" in ticks
        assert "Next hour 23:00 Fri 2 Jan, Asia/Tokyo" in ticks
        assert "22:00" in one(page, "#past tbody th").text()

    def test_the_end_of_the_list_has_its_zone(self, browser: Browser, container: Container) -> None:
        browser.post("/import", files={"text": (None, "10.5555/a\n")})
        container.scheduling.change({"timezone": "Asia/Tokyo"}, BEN)
        end = container.forecasting.preview().ends_at
        assert end is not None
        found = read(browser.get("/schedule").text)
        assert local(end, "Asia/Tokyo") in one(found, ".outcome").text()
        assert "Asia/Tokyo; 1 paper" in one(found, ".outcome").text()

    def test_while_nothing_answers_no_end_is_told(self, container: Container) -> None:
        silent = evolve(container.forecasting, rests=lambda: HOUR)
        with visitor(evolve(container, forecasting=silent)) as browser:
            browser.post("/import", files={"text": (None, "10.5555/a\n")})
            text = " ".join(one(read(browser.get("/schedule").text), ".outcome").text(separator=" ").split())
        assert text.startswith("The list is done not foreseeable 1 paper waits, and nothing answers")


class TestHistory:
    """Who changed it."""

    def test_tells_what_was_before_and_gives_it_again(self, browser: Browser, container: Container) -> None:
        container.scheduling.change({"volume": 50}, BEN)
        container.scheduling.change({"volume": 60, "timezone": "Asia/Tokyo"}, BEN)
        rows = read(browser.get("/schedule").text).css(".history tbody tr")
        told = [[cell.text().strip() for cell in row.css("td")][1:4] for row in rows]
        assert told == [
            ["ben (terminal)", "The schedule's time zone is now Asia/Tokyo.", "UTC"],
            ["ben (terminal)", "The daily volume is now 60 papers.", "50 papers a day"],
            ["ben (terminal)", "The daily volume is now 50 papers.", "200 papers a day"],
        ]
        again = read(browser.get(str(one(rows[2], "a").attributes["href"])).text)
        fields = dict(filled(again))
        assert (fields["volume"], fields["timezone"], fields["version"]) == ("50", "UTC", "3")
        assert one(again, "#unsaved").attributes.get("hidden", "no") == "no"
        assert dict(filled(read(browser.get("/schedule?use=0").text)))["volume"] == "200"

    def test_has_no_version_that_never_was(self, browser: Browser) -> None:
        answer = browser.get("/schedule?use=9")
        assert answer.status_code == 404
        assert "Version 9 of the schedule does not exist." in answer.text
