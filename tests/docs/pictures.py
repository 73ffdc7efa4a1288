"""Takes the pictures of the README anew, from the demo: `make pictures`. Needs Chromium."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import FilePayload, Page, sync_playwright

from tests.docs.pages import DOCS

FOLDER = DOCS / "pictures"
PORT = 5987
HOME = f"http://127.0.0.1:{PORT}"
PATIENCE = 180.0
"""Seconds until most papers of the demo have met their fate, and the schedule has the others."""
LIST = """Authors,Title,Year,Source title,DOI
"Doe, J.; Roe, R.",Sleep and the memory of lists,2019,Journal of Examples,10.5555/sleep.1
"Roe, R.","Naps, and what they are good for",2021,Journal of Examples,https://doi.org/10.5555/sleep.2
"Doe, J.",Sleep and the memory of lists,2019,Journal of Examples,doi:10.5555/SLEEP.1
"Doe, J.",A study whose DOI went through a spreadsheet,2020,Annals of Examples,1.0107E+4
"Roe, R.",Dreams of researchers: a survey,2022,Annals of Examples,10.5555/sleep.3
"""


@contextmanager
def demo() -> Iterator[None]:
    """The demo, when the schedule has what is left."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-P", "-c", "from interfaces.cli.main import main; main()", "demo", "--schedule"]
        server = subprocess.Popen([*command, "--port", str(PORT), "--data-dir", folder])
        try:
            _wait()
            yield
        finally:
            server.terminate()
            server.wait()


def _wait() -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        time.sleep(1)
        try:
            stands = json.load(urlopen(f"{HOME}/api/v1/status"))
        except URLError:
            continue
        if stands["scraper"] == "running" and stands["papers"]["pending"]:
            return
    raise TimeoutError("the demo did not come to its end")


PAGES = {
    "dashboard": "/",
    "papers": "/papers?sort=title",
    "needs": "/needs",
    "schedule": "/schedule",
    "scraper": "/scraper",
    "jobs": "/jobs",
    "activity": "/activity",
    "diagnostics": "/diagnostics",
}
"""The pictures that show a page as it opens."""


def take(page: Page, suffix: str = "") -> None:
    """A picture of every page."""
    for name, address in PAGES.items():
        page.goto(HOME + address)
        page.wait_for_timeout(800)
        page.screenshot(path=FOLDER / f"{name}{suffix}.png")


def take_what_is_done(page: Page) -> None:
    """Pictures of a list that is checked, and of a paper that has a story."""
    page.goto(f"{HOME}/import")
    upload = FilePayload(name="sleep and memory.csv", mimeType="text/csv", buffer=LIST.encode())
    page.set_input_files("#file", upload)
    page.get_by_role("button", name="Check first").click()
    page.wait_for_selector("#verdict-title")
    page.wait_for_timeout(500)
    page.screenshot(path=FOLDER / "import.png", full_page=True)
    page.goto(f"{HOME}/papers?status=done")
    page.locator("a.paper-title").first.click()
    page.wait_for_load_state()
    page.wait_for_timeout(1_500)
    page.screenshot(path=FOLDER / "paper.png")


def main() -> None:
    """Take them: all in the light theme, the pages in the dark one and on a narrow screen too."""
    FOLDER.mkdir(exist_ok=True)
    wide, narrow = {"width": 1280, "height": 860}, {"width": 320, "height": 640}
    with demo(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        light = browser.new_page(viewport=wide, color_scheme="light", locale="en-GB")
        take(light)
        take_what_is_done(light)
        take(browser.new_page(viewport=wide, color_scheme="dark", locale="en-GB"), "-dark")
        take(browser.new_page(viewport=narrow, color_scheme="light", locale="en-GB"), "-narrow")
        browser.close()


if __name__ == "__main__":
    main()
