"""Takes the pictures of the README anew, from the demo: `python -P -m tests.docs.pictures`. Needs Chromium."""

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
"""Seconds until every paper of the demo has met its fate."""
LIST = """Authors,Title,Year,Source title,DOI
"Doe, J.; Roe, R.",Sleep and the memory of lists,2019,Journal of Examples,10.5555/sleep.1
"Roe, R.","Naps, and what they are good for",2021,Journal of Examples,https://doi.org/10.5555/sleep.2
"Doe, J.",Sleep and the memory of lists,2019,Journal of Examples,doi:10.5555/SLEEP.1
"Doe, J.",A study whose DOI went through a spreadsheet,2020,Annals of Examples,1.0107E+4
"Roe, R.",Dreams of researchers: a survey,2022,Annals of Examples,10.5555/sleep.3
"""


@contextmanager
def demo() -> Iterator[None]:
    """The demo, when it has nothing left to do."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-P", "-c", "from interfaces.cli.main import main; main()", "demo"]
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
            papers = json.load(urlopen(f"{HOME}/api/v1/status"))["papers"]
        except URLError:
            continue
        if papers["done"] and not any(papers[status] for status in ("new", "located", "processing")):
            return
    raise TimeoutError("the demo did not come to its end")


def take(page: Page) -> None:
    """Every picture."""
    page.goto(f"{HOME}/import")
    upload = FilePayload(name="sleep and memory.csv", mimeType="text/csv", buffer=LIST.encode())
    page.set_input_files("#file", upload)
    page.get_by_role("button", name="Check first").click()
    page.wait_for_selector("#verdict-title")
    page.wait_for_timeout(500)
    page.screenshot(path=FOLDER / "import.png", full_page=True)
    page.goto(f"{HOME}/papers?q=letters&sort=title")
    page.screenshot(path=FOLDER / "papers.png")
    page.goto(f"{HOME}/papers?cause=open_but_blocked")
    page.locator("a.paper-title").first.click()
    page.wait_for_load_state()
    page.wait_for_timeout(500)
    page.screenshot(path=FOLDER / "paper.png")


def main() -> None:
    """Take them, in the light theme."""
    FOLDER.mkdir(exist_ok=True)
    with demo(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        take(browser.new_page(viewport={"width": 1200, "height": 820}, color_scheme="light", locale="en-GB"))
        browser.close()


if __name__ == "__main__":
    main()
