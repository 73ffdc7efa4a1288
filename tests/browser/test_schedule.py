"""Painting the schedule in Chromium: by mouse, by keyboard, by numbers, and without JavaScript."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from application.handling import PROGRAM, Actor
from application.importing import Request
from domain.schedule import Order
from interfaces.container import Container
from tests.browser.conftest import Open, serving
from tests.browser.test_browser import assert_usable
from tests.interfaces.web.serving import application

pytestmark = pytest.mark.browser
BEN = Actor(name="ben (terminal)", is_person=True)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Container]]:
    """A server of this test's own with thirty papers, and the application behind it."""
    with application(tmp_path) as container:
        upload = container.uploads.keep(["\n".join(f"10.5555/{number}" for number in range(30)).encode()])
        accepted = container.importing.accept(upload, Request(filename="list.txt", collection="Mine", actor=PROGRAM))
        container.importing.run(accepted.import_id)
        with serving(container) as base:
            yield base, container


def numbers(page: Page) -> list[str]:
    """What the form would send."""
    found: list[str] = page.eval_on_selector_all('input[name="w"]', "fields => fields.map((one) => one.value)")
    return found


def drag(page: Page, start: int, end: int) -> None:
    """Press at one hour, release at another."""
    boxes = [page.locator(f"#cell-{number}").bounding_box() for number in (start, end)]
    places = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes if box]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=4)
    page.mouse.up()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save the schedule").last.click()
    expect(page).to_have_url(re.compile(r"told="))


def test_hours_are_painted_by_mouse(open_page: Open, server: tuple[str, Container]) -> None:
    base, container = server
    watched = open_page(f"{base}/schedule")
    page = watched.page
    expect(page.locator("#unsaved")).to_be_hidden()
    page.locator(".level", has_text=re.compile(r"^\s*0\s*$")).click()
    drag(page, 0, 7)
    drag(page, 23, 18)  # backwards
    page.locator(".level", has_text="50").click()
    page.locator("#cell-12").click()
    page.get_by_label("Another weight to paint with").fill("33.5")
    page.locator("#cell-13").click()
    wanted = ["0"] * 8 + ["100"] * 4 + ["50", "33.5"] + ["100"] * 4 + ["0"] * 6
    assert numbers(page) == wanted
    expect(page.locator("#unsaved")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    assert numbers(page)[12:14] == ["100", "100"]
    page.get_by_role("button", name="Redo").click()
    page.get_by_role("button", name="Redo").click()
    expect(page.get_by_role("button", name="Redo")).to_be_disabled()
    save(page)
    assert [f"{weight:g}" for weight in container.scheduling.painted().schedule.weights] == wanted
    expect(page.locator("#unsaved")).to_be_hidden()
    watched.sound()


def test_hours_are_painted_by_keyboard(open_page: Open, server: tuple[str, Container]) -> None:
    base, container = server
    watched = open_page(f"{base}/schedule")
    page, keys = watched.page, watched.page.keyboard
    page.locator("#cell-0").focus()
    keys.press("ArrowRight")
    keys.type("75")
    assert numbers(page)[:3] == ["100", "75", "100"]
    expect(page.locator("#cell-1")).to_have_attribute("aria-label", re.compile(r"^01:00(, now)?: 75, \d\.\d %$"))
    keys.press("End")
    for _ in range(3):
        keys.press("Shift+ArrowLeft")
    expect(page.locator('.cell[aria-selected="true"]')).to_have_count(4)
    keys.press("Delete")
    assert numbers(page)[19:] == ["100", "0", "0", "0", "0"]
    keys.press("Home")
    keys.press("Space")
    keys.press("-")
    assert numbers(page)[0] == "95"
    keys.press("Control+z")
    keys.press("Control+z")
    assert numbers(page)[19:] == ["100"] * 5
    assert numbers(page)[1] == "75"
    keys.press("Control+z")
    assert numbers(page) == ["100"] * 24
    keys.press("Control+y")
    keys.press("Control+a")
    keys.type("40")
    assert numbers(page) == ["40"] * 24
    keys.press("Escape")
    keys.press("ArrowRight")
    keys.press("5")
    save(page)
    assert sorted(set(container.scheduling.painted().schedule.weights)) == [5.0, 40.0]
    watched.sound()


def test_a_week_is_painted_in_blocks_days_and_hours(open_page: Open, server: tuple[str, Container]) -> None:
    base, container = server
    watched = open_page(f"{base}/schedule")
    page = watched.page
    page.get_by_role("button", name="Different by day of the week").click()
    expect(page.locator(".cell")).to_have_count(168)
    page.locator(".level", has_text=re.compile(r"^\s*0\s*$")).click()
    drag(page, 9, 4 * 24 + 16)  # office hours from Monday to Friday
    page.locator('.row-head[data-day="6"]').click()
    page.locator('.col-head[data-hour="23"]').click()
    found = [numbers(page)[day : day + 24] for day in range(0, 168, 24)]
    workday = ["100"] * 9 + ["0"] * 8 + ["100"] * 6 + ["0"]
    assert found == [workday] * 5 + [["100"] * 23 + ["0"], ["0"] * 24]
    page.locator("#cell-0").focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.type("7")
    assert [numbers(page)[place] for place in (0, 1, 2, 24, 25, 26, 48)] == ["7", "7", "100", "7", "7", "100", "100"]
    save(page)
    assert len(container.scheduling.painted().schedule.weights) == 168
    watched.sound()


def test_a_preset_can_be_taken_back(open_page: Open, server: tuple[str, Container]) -> None:
    base, _ = server
    watched = open_page(f"{base}/schedule")
    page = watched.page
    page.get_by_role("button", name="Mornings").click()
    assert numbers(page) == ["0"] * 6 + ["100"] * 6 + ["0"] * 12
    expect(page).to_have_url(f"{base}/schedule")
    page.get_by_role("button", name="Undo").click()
    assert numbers(page) == ["100"] * 24
    expect(page.locator("#unsaved")).to_be_hidden()
    page.get_by_role("button", name="Weekends full").click()
    expect(page.locator(".cell")).to_have_count(168)
    expect(page.locator("#unsaved")).to_be_visible()
    watched.sound()


def test_the_preview_follows_the_painting(open_page: Open, server: tuple[str, Container]) -> None:
    base, container = server
    watched = open_page(f"{base}/schedule")
    page = watched.page
    expect(page.locator("#preview")).to_contain_text("30 papers, if every one has a copy")
    page.get_by_label("Papers a day").fill("0")
    expect(page.locator("#preview .outcome")).to_contain_text("never")
    expect(page.locator("#preview-title")).to_contain_text("with what is painted above")
    page.get_by_label("Papers a day").fill("2400")
    expect(page.locator("#preview .outcome")).to_contain_text("100")
    page.get_by_role("button", name="Nights").click()
    expect(page.locator("#preview .outcome")).to_contain_text("0–267")
    page.get_by_text("Each hour as a table").click()
    expect(page.locator("#preview-table tbody tr").first).to_contain_text("(now)")
    assert container.scheduling.painted().version == 0
    watched.sound()


def test_painting_is_not_disturbed_by_what_others_do(open_page: Open, server: tuple[str, Container]) -> None:
    base, container = server
    watched = open_page(f"{base}/schedule")
    page = watched.page
    page.locator("#cell-3").focus()
    page.keyboard.type("12")
    page.wait_for_timeout(300)  # the stream opens
    container.scheduling.change({"volume": 77}, BEN)
    expect(page.locator("#ticks")).to_contain_text("ben (terminal) changed the schedule while this page was open")
    expect(page.locator("#past")).to_contain_text("The daily volume is now 77 papers.")
    expect(page.locator("#cell-3")).to_be_focused()
    assert numbers(page)[3] == "12"
    watched.sound()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_conflict_keeps_what_was_typed(open_page: Open, server: tuple[str, Container], javascript: bool) -> None:
    base, container = server
    page = open_page(f"{base}/schedule", java_script_enabled=javascript).page
    page.get_by_label("Papers a day").fill("50")
    container.scheduling.change({"volume": 77}, BEN)
    page.get_by_role("button", name="Save the schedule").last.click()
    expect(page.get_by_role("alert")).to_contain_text("ben (terminal)")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator(".conflict tr", has_text="Papers a day")).to_contain_text("77 papers a day")
    expect(page.get_by_label("Papers a day")).to_have_value("50")
    page.get_by_role("button", name="Save mine over it").first.click()
    expect(page.locator(".page-sub")).to_contain_text("50 papers a day")
    assert container.scheduling.painted().schedule.volume == 50


def test_everything_is_done_without_javascript(open_page: Open, server: tuple[str, Container]) -> None:
    base, container = server
    page = open_page(f"{base}/schedule", java_script_enabled=False).page
    expect(page.get_by_role("grid")).to_be_hidden()
    expect(page.get_by_role("img", name="Every day: the weight of each hour")).to_be_visible()
    page.get_by_role("button", name="Nights").click()
    page.get_by_text("Edit as numbers").click()
    expect(page.get_by_role("textbox", name="12:00")).to_have_value("0")
    page.get_by_role("textbox", name="12:00").fill("30")
    page.get_by_label("Papers a day").fill("240")
    page.get_by_label("Time zone").fill("Asia/Kathmandu")
    page.get_by_label("Which papers first").select_option("oldest")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    expect(page.locator("#preview")).to_contain_text("Hours of Asia/Kathmandu.")
    assert container.scheduling.painted().version == 0
    page.get_by_role("button", name="Save the schedule").last.click()
    expect(page.locator(".page-sub")).to_contain_text("240 papers a day in the hours of Asia/Kathmandu")
    saved = container.scheduling.painted().schedule
    assert (saved.volume, saved.order, saved.weights[12]) == (240, Order.OLDEST, 30.0)
    page.get_by_role("link", name="(version 1)").click()
    expect(page.get_by_label("Time zone")).to_have_value("UTC")


def test_faults_are_shown_beside_their_fields(open_page: Open, server: tuple[str, Container]) -> None:
    base, container = server
    page = open_page(f"{base}/schedule").page
    page.get_by_label("Papers a day").fill("many")
    page.get_by_text("Edit as numbers").click()
    page.get_by_role("textbox", name="03:00").fill("-4")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("2 fields cannot be taken so")
    expect(page.get_by_label("Papers a day")).to_have_value("many")
    expect(page.locator("#w-3-fault")).to_contain_text("“-4.0” is not possible")
    assert container.scheduling.painted().version == 0


@pytest.mark.parametrize("address", ["/schedule", "/schedule?do=week", "/schedule?volume=x&do=preview"])
@pytest.mark.parametrize("width", [1280, 320])
def test_the_page_can_be_used_by_everybody(
    open_page: Open, server: tuple[str, Container], address: str, width: int
) -> None:
    base, container = server
    container.scheduling.change({"volume": 100}, BEN)
    page = open_page(f"{base}{address}", viewport={"width": width, "height": 800}).page
    for details in ("Edit as numbers", "How to paint"):
        if page.get_by_text(details).locator("..").get_attribute("open") is None:
            page.get_by_text(details).click()
    assert_usable(page, f"{address} {width}")


def test_leaving_with_something_unsaved_is_asked_and_it_is_here_again(
    open_page: Open, server: tuple[str, Container]
) -> None:
    base, container = server
    watched = open_page(f"{base}/schedule")
    page, asked = watched.page, list[str]()

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.get_by_role("link", name="Jobs").first.click()
    expect(page).to_have_url(f"{base}/jobs")
    assert asked == [], "nothing was painted"
    page.go_back()
    page.locator(".level", has_text=re.compile(r"^\s*0\s*$")).click()
    page.locator("#cell-3").click()
    page.get_by_label("Papers a day").fill("77")
    page.get_by_role("link", name="Jobs").first.click()
    expect(page).to_have_url(f"{base}/jobs")
    assert asked == ["beforeunload"]
    page.go_back()
    expect(page.get_by_label("Papers a day")).to_have_value("77")
    assert numbers(page)[3] == "0"
    expect(page.locator("#unsaved")).to_be_visible()
    save(page)
    assert asked == ["beforeunload"], "saving is no leaving"
    assert container.scheduling.painted().schedule.volume == 77
    page.get_by_label("Papers a day").fill("78")
    page.get_by_role("link", name="Discard").click()
    expect(page.get_by_label("Papers a day")).to_have_value("77")
    assert asked == ["beforeunload"], "discarding neither"
    watched.sound()


def test_the_zone_of_the_browser_is_offered_while_nobody_chose_one(
    open_page: Open, server: tuple[str, Container]
) -> None:
    base, container = server
    watched = open_page(f"{base}/schedule", timezone_id="Europe/Berlin")
    page = watched.page
    expect(page.locator("#zone-offer")).to_have_text("Your browser is in Europe/Berlin: Use it")
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    expect(page.locator("#zone-offer")).to_be_hidden()
    expect(page.locator("#unsaved")).to_be_visible()
    save(page)
    assert container.scheduling.painted().schedule.timezone == "Europe/Berlin"
    expect(page.locator("#zone-offer")).to_have_count(0)
    watched.sound()


def test_the_zone_is_not_offered_where_it_is_the_same(open_page: Open, server: tuple[str, Container]) -> None:
    page = open_page(f"{server[0]}/schedule", timezone_id="UTC").page
    expect(page.locator("#grid")).to_be_visible()
    expect(page.locator("#zone-offer")).to_be_hidden()
