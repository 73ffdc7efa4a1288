"""Every page with the keyboard alone: all that can be used is reached, seen, and told to have the focus."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open, Site
from tests.browser.test_browser import addresses

pytestmark = pytest.mark.browser

MOST = 600
"""Presses of the Tab key on one page."""
USABLE = (
    "a[href], button:not(:disabled), input:not([type=hidden]):not(:disabled), select:not(:disabled), "
    "textarea:not(:disabled), summary, [tabindex]:not([tabindex^='-'])"
)
FOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body || element === document.documentElement) return null;
  window.reached ??= new Set();
  const again = window.reached.has(element);
  window.reached.add(element);
  const box = element.getBoundingClientRect();
  const x = box.left + box.width / 2, y = box.top + Math.min(box.height / 2, 20);
  const top = document.elementFromPoint(x, y);
  const outlined = (one) => getComputedStyle(one).outlineStyle !== "none";
  const label = element.labels?.[0];
  return {
    again,
    html: element.outerHTML.slice(0, 160),
    seen: box.width > 0 && box.height > 0 && top !== null
      && (element.contains(top) || top.contains(element) || Boolean(label?.contains(top))),
    told: [element, ...element.children].some(outlined) || getComputedStyle(element).boxShadow !== "none",
  };
}"""
MISSED = """(usable) => [...document.querySelectorAll(usable)]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !window.reached.has(one))
  .filter((one) => one.tabIndex >= 0 && !(one.type === "radio" && !one.checked))
  .map((one) => one.outerHTML.slice(0, 160))"""


def walked(page: Page) -> list[dict[str, Any]]:
    """What has the focus after each press of Tab, until the page is through.

    The browser's viewer of PDFs has keys of its own, and is left out.
    """
    page.evaluate("document.querySelectorAll('iframe').forEach((frame) => { frame.inert = true; })")
    steps: list[dict[str, Any]] = []
    while len(steps) < MOST:
        page.keyboard.press("Tab")
        step = page.evaluate(FOCUSED)
        if step is None or step["again"]:
            return steps
        steps.append(step)
    pytest.fail("the page takes the focus and does not give it back")


@pytest.mark.parametrize("width", [1280, 320])
def test_everything_is_reached_by_tab_and_seen(open_page: Open, site: Site, width: int) -> None:
    page = open_page("/healthz", viewport={"width": width, "height": 800}).page
    for address in addresses(site):
        page.goto(address, wait_until="load")
        steps = walked(page)
        assert steps, address
        assert [step["html"] for step in steps if not step["seen"]] == [], address
        assert [step["html"] for step in steps if not step["told"]] == [], address
        assert page.evaluate(MISSED, USABLE) == [], address


def test_the_content_is_one_key_away(open_page: Open) -> None:
    page = open_page("/papers").page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
