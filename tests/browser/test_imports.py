"""Correcting what the columns of a list are, undoing an import, and collections; in Chromium."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from application.handling import PROGRAM
from application.importing import Request
from interfaces.container import Container
from tests.browser.conftest import AXE, Open, serving
from tests.interfaces.web.serving import application

pytestmark = pytest.mark.browser
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def container(tmp_path: Path) -> Iterator[Container]:
    """A library of this test's own."""
    with application(tmp_path / "library") as container:
        yield container


@pytest.fixture
def base(container: Container) -> Iterator[str]:
    """The address of a server over it."""
    with serving(container) as address:
        yield address


@pytest.fixture
def untold(tmp_path: Path) -> Path:
    """A table whose PubMed ids no heading gives away, with an unkind one."""
    path = tmp_path / "untold.csv"
    path.write_text(f'Ref,Name,"{HOSTILE}"\n17375194,First of all,=1+1\n17375195,Second,x\n')
    return path


def take(container: Container, *lines: str, filename: str = "list.csv") -> str:
    """Import a list; returns its id."""
    upload = container.uploads.keep(["\n".join(("DOI,Title", *lines)).encode()])
    request = Request(filename=filename, collection="Mine", actor=PROGRAM)
    import_id = container.importing.accept(upload, request).import_id
    container.importing.run(import_id)
    return import_id


@pytest.mark.parametrize("javascript", [True, False])
def test_columns_are_corrected_and_checked_again(
    open_page: Open, base: str, container: Container, untold: Path, javascript: bool
) -> None:
    watched = open_page("/import", base_url=base, java_script_enabled=javascript)
    page = watched.page
    page.get_by_label("Choose a file").set_input_files(untold)
    page.get_by_role("button", name="Check first").click()
    expect(page.get_by_role("alert")).to_contain_text("No column has DOIs")
    page.get_by_label("Ref is taken for").select_option(label="PubMed id")
    page.get_by_label("Name is taken for").select_option(label="Title")
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_role("heading", name="2 rows in “untold.csv”")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    if javascript:
        expect(page.locator("#verdict-title")).to_be_focused()
    page.get_by_text("New papers", exact=False).nth(1).click()
    expect(page.get_by_role("cell", name="First of all").first).to_be_visible()
    expect(page.locator(".working").filter(visible=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Import", exact=True)).to_have_count(0)
    page.get_by_label("Collection", exact=True).fill("Mended")
    page.get_by_role("button", name="Import 2 new papers").click()
    expect(page.get_by_text("Every row was dealt with.")).to_be_visible()
    (row,) = container.imports.page()
    assert (row.collection_name, row.counts.registered) == ("Mended", 2)
    faults = [fault for fault in watched.faults if "422" not in fault]
    assert faults == []


def test_rows_of_an_outcome_are_downloaded(open_page: Open, base: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("DOI,Title\n10.5555/a,=2+2\nnone,x\n")
    page = open_page("/import", base_url=base).page
    page.get_by_label("Choose a file").set_input_files(tmp_path / "a.csv")
    page.get_by_role("button", name="Check first").click()
    page.locator(".o-new summary").click()
    with page.expect_download() as waiting:
        page.locator(".o-new").get_by_role("link", name="as CSV").click()
    assert waiting.value.suggested_filename == "a new.csv"
    assert ",'=2+2," in Path(waiting.value.path()).read_text()


@pytest.mark.parametrize("javascript", [True, False])
def test_an_import_is_undone_and_comes_back(open_page: Open, base: str, container: Container, javascript: bool) -> None:
    name = take(container, "10.5555/one,One", "10.5555/two,Two")
    take(container, "10.5555/two,Two", filename="other.csv")
    watched = open_page("/imports", base_url=base, java_script_enabled=javascript)
    page = watched.page
    page.get_by_role("row", name="list.csv").get_by_role("link", name="Undo").click()
    expect(page.get_by_text("1 paper is set aside.")).to_be_visible()
    expect(page.get_by_text("1 paper stays, because other lists name them too.")).to_be_visible()
    page.get_by_role("button", name="Undo the import").click()
    expect(page).to_have_url(re.compile(rf"/imports/{name}"))
    expect(page.get_by_text("The import was undone:")).to_be_visible()
    found = container.papers.find("10.5555/one")
    assert found is not None
    assert found.status == "excluded"
    take(container, "10.5555/one,One", "10.5555/two,Two")
    if javascript:
        expect(page.locator("#s-new")).to_contain_text("2")  # the page follows
        watched.sound()
    found = container.papers.find("10.5555/one")
    assert found is not None
    assert found.status == "new"


def test_a_running_import_is_followed_and_cancelled(open_page: Open, base: str, container: Container) -> None:
    upload = container.uploads.keep([b"DOI\n10.5555/one\n10.5555/two\n"])
    name = container.importing.accept(upload, Request(filename="a.csv", collection="c", actor=PROGRAM)).import_id
    watched = open_page(f"/imports/{name}", base_url=base)
    expect(watched.page.get_by_text("Row 0 of 2.")).to_be_visible()
    watched.page.get_by_role("button", name="Cancel the import").click()
    expect(watched.page.get_by_role("heading", name="Cancelled")).to_be_visible()
    watched.sound()


def test_an_import_that_ends_shows_it_by_itself(open_page: Open, base: str, container: Container) -> None:
    upload = container.uploads.keep([b"DOI\n10.5555/one\n"])
    name = container.importing.accept(upload, Request(filename="a.csv", collection="c", actor=PROGRAM)).import_id
    watched = open_page(f"/imports/{name}", base_url=base)
    expect(watched.page.get_by_text("Row 0 of 1.")).to_be_visible()
    container.importing.run(name)
    expect(watched.page.get_by_text("Every row was dealt with.")).to_be_visible()
    watched.sound()


SHAPES = pytest.mark.parametrize(
    "shape",
    [{}, {"color_scheme": "dark"}, {"viewport": {"width": 320, "height": 800}}],
    ids=["wide", "dark", "narrow"],
)


def is_accessible(page: Page) -> None:
    """Raises AssertionError where axe-core finds anything, or something is wider than the window."""
    page.evaluate(AXE)
    found = page.evaluate("async () => (await axe.run()).violations.map((v) => [v.id, v.nodes.map((n) => n.html)])")
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@SHAPES
def test_the_pages_of_imports_are_accessible(
    open_page: Open, base: str, container: Container, untold: Path, shape: dict[str, object], chromium: Browser
) -> None:
    page = open_page("/collections", base_url=base, **shape).page
    is_accessible(page)
    page.goto("/imports")
    is_accessible(page)
    name = take(container, "10.5555/one,One", "10.5555/two,Two", f"none,{HOSTILE}", filename=f"{HOSTILE}.csv")
    for address in ("/collections", "/imports", f"/imports/{name}", f"/imports/{name}/undo"):
        page.goto(address)
        is_accessible(page)
    page.goto("/import")
    is_accessible(page)
    page.get_by_label("Choose a file").set_input_files(untold)
    page.get_by_role("button", name="Check first").click()
    expect(page.get_by_role("alert")).to_be_visible()
    is_accessible(page)
    page.get_by_label("Ref is taken for").select_option(label="PubMed id")
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_role("heading", name="2 rows")).to_be_visible()
    for summary in page.locator("#verdict summary").all():
        summary.click()
    is_accessible(page)
