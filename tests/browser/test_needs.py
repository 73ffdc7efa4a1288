"""What needs a person, in Chromium: verdicts one after the other, files one by one and many at once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import define
from playwright.sync_api import expect

from application.handling import PROGRAM
from application.importing import Request
from domain.copies import Copy
from domain.metadata import Metadata
from domain.paper_events import CopiesLocated, Doubted, Failed, File, ProcessingStarted
from domain.pipeline import Status
from infrastructure.simulation.files import scanned
from infrastructure.simulation.pdf import paper_pdf
from tests.browser.conftest import AXE, Open, Site, Watched, serving
from tests.interfaces.web.serving import application
from tests.interfaces.web.world import happen, populated

pytestmark = pytest.mark.browser
NARROW = {"width": 320, "height": 800}
PAPERS = 40
TITLES = ("Slow drift of tidal sediments in sheltered northern estuaries", "A survey of lichens on village churches")


@define
class Desk:
    """The site, and papers that are brought into a situation one after the other."""

    site: Site
    _next: int = 0

    def paper(self) -> str:
        """A new paper."""
        found = self.site.container.papers.find(f"10.5555/own/{self._next}")
        assert found is not None
        self._next += 1
        return found.id

    def failed(self) -> str:
        """One that failed."""
        name = self.paper()
        happen(self.site.container, name, _started("l"), Failed(cause="forbidden"))
        return name

    def doubtful(self) -> str:
        """One whose file waits for a verdict."""
        name, library = self.paper(), self.site.container.library
        attempt = f"{name}_attempt"
        staged = library.staging(attempt)
        staged.write_bytes(scanned(self._next))
        stored = library.store(staged, attempt, Metadata(title="Doubtful"))
        library.settle(attempt)
        file = File(path=stored.path, sha256=stored.sha256, size=stored.size, pages=2)
        copy = Copy(url=f"https://a.example/{name}", source="unpaywall")
        doubted = Doubted(file=file, copy=copy, checks=("its pages hold hardly any text",))
        happen(self.site.container, name, CopiesLocated(copies=(copy,)), _started(attempt), doubted)
        return name

    def status(self, name: str) -> Status:
        found = self.site.container.papers.find(name)
        assert found is not None
        return found.status

    def doi(self, name: str) -> str:
        found = self.site.container.papers.find(name)
        assert found is not None
        assert found.doi
        return found.doi


def _started(attempt: str) -> ProcessingStarted:
    return ProcessingStarted(module="download", worker="w", attempt=attempt)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of these tests' own: they change what is in its library."""
    with application(tmp_path_factory.mktemp("needs"), link_resolver="https://r.example/x") as container:
        world = populated(container)
        rows = "\n".join(f"10.5555/own/{number},Own paper number {number}" for number in range(PAPERS))
        upload = container.uploads.keep([f"DOI,Title\n{rows}\n".encode()])
        accepted = container.importing.accept(upload, Request(filename="own.csv", collection="Own", actor=PROGRAM))
        container.importing.run(accepted.import_id)
        with serving(container) as base:
            yield Site(base=base, world=world)


@pytest.fixture(scope="module")
def desk(site: Site) -> Desk:
    return Desk(site)


def assert_sound(watched: Watched) -> None:
    """No fault, no finding of axe, nothing beyond the edge."""
    page = watched.page
    assert page.evaluate(f"{AXE};0") == 0
    found = page.evaluate("axe.run()")["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    watched.sound()


def test_files_are_judged_one_after_the_other_by_keys(open_page: Open, desk: Desk) -> None:
    first, second = desk.doubtful(), desk.doubtful()
    watched = open_page(f"/needs?paper={first}")
    page = watched.page
    expect(page.locator("iframe.viewer")).to_have_attribute("src", re.compile(rf"/papers/{first}/file"))
    assert_sound(watched)
    page.keyboard.press("a")
    expect(page.locator("iframe.viewer")).to_have_attribute("src", re.compile(rf"/papers/{second}/file"))
    page.keyboard.press("r")
    expect(page.locator("iframe.viewer")).not_to_have_attribute("src", re.compile(rf"/papers/{second}/file"))
    assert [desk.status(first), desk.status(second)] == [Status.DONE, Status.FAILED]
    watched.sound()


def test_single_keys_that_are_off_judge_nothing(open_page: Open, desk: Desk) -> None:
    name = desk.doubtful()
    page = open_page(f"/needs?paper={name}").page
    page.evaluate("window.singleKeys.set(false)")
    page.keyboard.press("a")
    page.reload()
    expect(page.get_by_text("Keys:")).to_be_hidden()
    assert desk.status(name) is Status.DOUBTFUL


@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_is_judged_by_its_buttons(open_page: Open, desk: Desk, javascript: bool) -> None:
    name = desk.doubtful()
    page = open_page(f"/needs?paper={name}", java_script_enabled=javascript).page
    page.get_by_role("button", name="Reject").click()
    expect(page).to_have_url(re.compile(r"/needs\?tab=check&after="))
    assert desk.status(name) is Status.FAILED


@pytest.mark.parametrize("javascript", [True, False])
def test_a_paper_is_judged_on_its_page(open_page: Open, desk: Desk, javascript: bool) -> None:
    name = desk.doubtful()
    page = open_page(f"/papers/{name}", java_script_enabled=javascript).page
    page.get_by_role("button", name="Accept").click()
    expect(page).to_have_url(re.compile(rf"/papers/{name}\?told="))
    assert desk.status(name) is Status.DONE


@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_is_given_in_its_row(open_page: Open, desk: Desk, tmp_path: Path, javascript: bool) -> None:
    name = desk.failed()
    right, wrong = tmp_path / "right.pdf", tmp_path / "wrong.txt"
    right.write_bytes(paper_pdf("Own paper", ("Ada Berg",), desk.doi(name)))
    wrong.write_bytes(b"no paper at all")
    page = open_page("/needs?tab=fetch", java_script_enabled=javascript).page
    line = page.locator(f"#p-{name}")
    for path in (wrong, right):
        if not line.locator("input[type=file]").is_visible():
            line.get_by_text("Give the PDF").click()
        line.locator("input[type=file]").set_input_files(path)
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            line.get_by_role("button", name="Give it").click()
        if path == wrong:
            expect(line.get_by_role("alert")).to_contain_text("“wrong.txt” was not taken")
    expect(page.locator(f"#p-{name}")).to_have_count(0)
    assert desk.status(name) is Status.DONE


@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_that_nothing_proves_to_be_the_paper_is_asked_about_and_taken_back(
    open_page: Open, desk: Desk, tmp_path: Path, javascript: bool
) -> None:
    name = desk.failed()
    unrelated = tmp_path / "bread.pdf"
    unrelated.write_bytes(paper_pdf("Sourdough for beginners", ("Ole Lind",), "", pages=2 + javascript))
    watched = open_page("/needs?tab=fetch", java_script_enabled=javascript)
    page = watched.page
    for answer in ("Choose another", "Give it all the same"):
        line = page.locator(f"#p-{name}")
        line.get_by_text("Give the PDF").click()
        line.locator("input[type=file]").set_input_files(unrelated)
        line.get_by_role("button", name="Give it").click()
        expect(page.get_by_role("heading", name="This file does not seem to be the paper")).to_be_visible()
        expect(page.get_by_alt_text("The first page of the file")).to_be_visible()
        assert desk.status(name) is Status.FAILED
        if javascript:
            assert_sound(watched)
        page.get_by_role("button", name=answer).click()
        expect(page).to_have_url(re.compile(r"/needs\?tab=fetch"))
    assert desk.status(name) is Status.DONE
    page.get_by_role("button", name="Take the file back").click()
    expect(page.locator(f"#p-{name}")).to_be_visible()
    assert desk.status(name) is Status.FAILED


@pytest.mark.parametrize("javascript", [True, False])
def test_many_files_are_matched_and_confirmed(open_page: Open, desk: Desk, tmp_path: Path, javascript: bool) -> None:
    sure, named = desk.failed(), desk.failed()
    paths = [tmp_path / "download (1).pdf", tmp_path / "scan.pdf", tmp_path / "page.pdf"]
    paths[0].write_bytes(paper_pdf("Own paper", ("Ada Berg",), desk.doi(sure)))
    paths[1].write_bytes(scanned(700 + javascript))
    paths[2].write_bytes(b"<html>Please sign in</html>")
    watched = open_page("/needs?tab=fetch", java_script_enabled=javascript)
    page = watched.page
    page.get_by_label("Choose PDFs, many at once").set_input_files(paths)
    page.get_by_role("button", name="Match them with papers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which paper is each file?")
    assert desk.status(sure) is Status.FAILED
    if javascript:
        assert_sound(watched)
    scan = page.locator("tr", has_text="scan.pdf")
    scan.get_by_placeholder("DOI or id of the paper").fill(desk.doi(named))
    if not javascript:
        scan.get_by_role("radio", name="Another paper").check()
    expect(scan.get_by_role("radio", name="Another paper")).to_be_checked()
    if javascript:
        page.get_by_role("button", name="Give the chosen files").click()
    else:
        scan.get_by_placeholder("DOI or id of the paper").press("Enter")
    expect(scan.get_by_role("alert")).to_contain_text("neither prove nor disprove")
    scan.get_by_role("radio", name="You gave it to this paper").check()
    page.get_by_role("button", name="Give the chosen files").last.click()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert [desk.status(sure), desk.status(named)] == [Status.DONE, Status.DONE]
    page.get_by_role("button", name="Discard page.pdf").click()
    expect(page.get_by_role("heading", name="No file waits")).to_be_visible()


def test_dropped_files_are_put_into_the_field(open_page: Open, desk: Desk) -> None:
    desk.failed()
    watched = open_page("/needs?tab=fetch")
    page = watched.page
    moved = page.evaluate_handle(
        """() => {
          const moved = new DataTransfer();
          for (const name of ["a.pdf", "b.pdf"]) moved.items.add(new File(["%PDF-1.7"], name));
          return moved;
        }"""
    )
    page.locator(".drop").dispatch_event("dragover", {"dataTransfer": moved})
    expect(page.locator(".drop")).to_have_class(re.compile("over"))
    page.locator(".drop").dispatch_event("drop", {"dataTransfer": moved})
    assert page.locator("#files").evaluate("field => [...field.files].map((file) => file.name)") == ["a.pdf", "b.pdf"]
    watched.sound()


def test_keys_act_on_one_row(open_page: Open, desk: Desk) -> None:
    names = [desk.failed(), desk.failed()]
    page = open_page("/needs?tab=fetch").page
    order = page.locator("tbody tr").evaluate_all("rows => rows.map((row) => row.id.slice(2))")
    page.keyboard.press("j")
    expect(page.locator(f"#p-{order[0]} .paper-title")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(f"#p-{order[1]} .paper-title")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("u")
    expect(page.locator(f"#p-{order[0]} input[type=file]")).to_be_focused()
    assert set(names) <= set(order)


def test_new_numbers_come_by_themselves_and_nothing_else_moves(open_page: Open, desk: Desk) -> None:
    desk.failed()
    watched = open_page("/needs?tab=fetch")
    page = watched.page
    before = int(page.locator("#tab-fetch .tab-count").inner_text())
    rows = page.locator("tbody tr").count()
    page.wait_for_timeout(300)  # the stream has connected
    desk.failed()
    expect(page.locator("#tab-fetch .tab-count")).to_have_text(str(before + 1))
    assert page.locator("tbody tr").count() == rows
    watched.sound()


@pytest.mark.parametrize("tab", ["check", "fetch", "again", "requested", "not-available"])
@pytest.mark.parametrize("options", [{"viewport": NARROW}, {"color_scheme": "dark"}], ids=["narrow", "dark"])
def test_every_tab_is_sound(open_page: Open, tab: str, options: dict[str, object]) -> None:
    assert_sound(open_page(f"/needs?tab={tab}", **options))


@pytest.mark.parametrize("tab", ["check", "fetch", "again", "requested", "not-available"])
def test_every_empty_tab_is_sound(open_page: Open, bare: str, tab: str) -> None:
    watched = open_page(f"{bare}/needs?tab={tab}")
    expect(watched.page.get_by_role("main").get_by_role("link", name="Import a list")).to_be_visible()
    assert_sound(watched)
