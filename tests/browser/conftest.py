"""A server on loopback with a library, and pages of Chromium that notice every fault of ours."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field, frozen
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from application.handling import PROGRAM
from application.importing import Request
from interfaces.container import Container
from tests.interfaces.planned import plan
from tests.interfaces.web.serving import application, serving
from tests.interfaces.web.world import World, populated

INSTALL = "Chromium is missing: apt-get install chromium"
REQUIRED = os.environ.get("SCIPAPERLOADER_TEST_BROWSER") == "required"
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text()
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
PAPERS = 120
"""Papers of the long list."""
OWN = re.compile(r"(http://127\.0\.0\.1:|data:|blob:|chrome:|chrome-extension:)")
"""Addresses that pages may ask for; the browser shows a PDF with pages of its own."""


@frozen(kw_only=True)
class Site:
    """A running server and what is in its library."""

    base: str
    world: World

    @property
    def container(self) -> Container:
        """The application behind it."""
        return self.world.container


@define(slots=False, eq=False)  # Playwright notes its listeners on the object
class Watched:
    """A page, and the faults that were seen on it."""

    page: Page
    faults: list[str] = field(factory=list)

    def watch(self) -> "Watched":
        """Collect what the console and uncaught errors tell."""
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("console", self._console)
        self.page.on("request", self._asked)
        return self

    def _asked(self, request: Any) -> None:
        if not OWN.match(request.url):
            self.faults.append(f"asked elsewhere: {request.url}")

    def _console(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(f"{message.type}: {message.text}")

    def sound(self) -> None:
        """Raises AssertionError where the page had a fault, or broke its policy."""
        assert self.faults == []
        assert self.page.evaluate("window.violations ?? []") == []


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium, or a skip that tells how to get it."""
    path = shutil.which("chromium")
    if path is None:
        (pytest.fail if REQUIRED else pytest.skip)(INSTALL)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with a paper in every status and a long list. Tests change it only by adding."""
    with application(tmp_path_factory.mktemp("site")) as container:
        world = populated(container)
        rows = "\n".join(
            f"10.5555/long/{number:03},Paper number {number:03},{1900 + number}" for number in range(PAPERS)
        )
        upload = container.uploads.keep([f"DOI,Title,Year\n{rows}\n".encode()])
        accepted = container.importing.accept(
            upload, Request(filename="long.csv", collection="Long list", actor=PROGRAM)
        )
        container.importing.run(accepted.import_id)
        with serving(container) as base:
            yield Site(base=base, world=world)


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server without papers and without a contact address."""
    with application(tmp_path_factory.mktemp("bare"), contact_email="") as container, serving(container) as base:
        yield base


Open = Callable[..., Watched]


@pytest.fixture
def open_page(chromium: Browser, site: Site) -> Iterator[Open]:
    """Opens an address of the site in a page of its own; the options are those of a browser context."""
    contexts: list[BrowserContext] = []

    def opened(address: str, **options: Any) -> Watched:
        settings = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", "base_url": site.base}
        context = chromium.new_context(**(settings | options))
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.add_init_script(WATCH)
        watched = Watched(context.new_page()).watch()
        watched.page.goto(address, wait_until="load")
        return watched

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def planned(tmp_path: Path) -> Iterator[tuple[str, Container]]:
    """A server whose two papers are planned, and the application behind it."""
    with application(tmp_path) as container:
        upload = container.uploads.keep([b"10.5555/a\n10.5555/b\n"])
        accepted = container.importing.accept(upload, Request(filename="list.txt", collection="Mine", actor=PROGRAM))
        container.importing.run(accepted.import_id)
        plan(container)
        with serving(container) as base:
            yield base, container
