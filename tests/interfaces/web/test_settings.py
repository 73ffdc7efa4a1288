"""The page of the settings."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from selectolax.lexbor import LexborHTMLParser

from domain import settings as told
from infrastructure.http.settings import user_agent
from interfaces.container import Container
from interfaces.settings import load
from tests.interfaces.web.reading import one
from tests.interfaces.web.serving import application, visitor

Browser = TestClient[Any]


@pytest.fixture
def container(tmp_path: Path) -> Iterator[Container]:
    with application(tmp_path, contact_email="") as container:
        yield container


@pytest.fixture
def browser(container: Container) -> Iterator[Browser]:
    with visitor(container) as browser:
        yield browser


def changes(container: Container) -> list[told.Changed]:
    """What the log says of settings that were changed."""
    records = container.log.stream(told.STREAM)
    return [record.event for record in records if isinstance(record.event, told.Changed)]


def test_the_contact_address_is_set_and_counts_at_once(browser: Browser, container: Container, tmp_path: Path) -> None:
    assert "No contact address is set." in browser.get("/papers").text
    answer = browser.post("/settings/contact", data={"contact_email": "me@example.org"})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/settings?told={container.log.head().position}#contact"
    assert "No contact address is set." not in browser.get("/papers").text
    assert changes(container) == [told.Changed(name="contact_email", value="me@example.org")]
    assert load({"SCIPAPERLOADER_DATA_DIR": str(tmp_path)}, tmp_path)[0].contact_email == "me@example.org"
    assert container.working  # its sources are asked with the new address
    assert "me@example.org" in user_agent(container.settings.contact_email)


def test_a_wrong_value_is_told_beside_its_field_and_kept(browser: Browser, container: Container) -> None:
    answer = browser.post("/settings/politeness", data={"host_gap": "<b>often</b>", "page_seconds": "30"})
    assert answer.status_code == 422
    assert "Nothing was saved" in answer.text
    assert 'value="&lt;b&gt;often&lt;/b&gt;"' in answer.text
    assert "This must be a number of seconds above 0." in answer.text
    assert container.settings.page_seconds == 60
    assert changes(container) == []


def test_a_form_of_one_section_changes_nothing_else(browser: Browser, container: Container) -> None:
    browser.post("/settings/contact", data={"contact_email": "me@example.org", "host_gap": "9", "port": "80"})
    assert [change.name for change in changes(container)] == ["contact_email"]


def test_saving_what_is_there_changes_nothing(browser: Browser, container: Container) -> None:
    before = container.log.head()
    assert browser.post("/settings/politeness", data={"host_gap": "1"}).headers["location"] == "/settings#politeness"
    assert container.log.head() == before


def test_a_secret_is_shown_nowhere_and_stays_when_left_empty(browser: Browser, container: Container) -> None:
    browser.post("/settings/keys", data={"secret_key": "s3cret"})
    page = browser.get("/settings").text
    assert "s3cret" not in page
    assert "set; leave empty to keep it" in page
    browser.post("/settings/keys", data={"secret_key": ""})
    assert str(container.settings.secret_key) == "s3cret"
    browser.post("/settings/keys", data={"secret_key": "", "forget_secret_key": "1"})
    assert str(container.settings.secret_key) == ""
    assert changes(container) == [told.Changed(name="secret_key", value=None)] * 2


def test_a_file_that_cannot_be_changed_is_told(browser: Browser, container: Container) -> None:
    container.book.path.write_text("[table]\ncontact_email = 1\n")
    answer = browser.post("/settings/contact", data={"contact_email": "me@example.org"})
    assert answer.status_code == 500
    assert "cannot be changed by the program" in answer.text
    assert container.settings.contact_email == ""


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"\xff=1", None), (b"a=%FF", None), (b"{}", "application/json"), (b"a&" * 3_000, None)],
)
def test_what_is_no_form_is_refused(browser: Browser, content: bytes, kind: str | None) -> None:
    headers = {"content-type": kind or "application/x-www-form-urlencoded"}
    assert browser.post("/settings/contact", content=content, headers=headers).status_code == 400


def test_a_section_that_does_not_exist_is_not_found(browser: Browser) -> None:
    assert browser.post("/settings/nothing", data={}).status_code == 404


def test_numbers_have_their_units(browser: Browser) -> None:
    page = LexborHTMLParser(browser.get("/settings").text)
    units = {name: one(page, f"#{name}-unit").text() for name in ("disk_reserve_bytes", "page_seconds", "host_gap")}
    assert units["page_seconds"] == units["host_gap"] == "seconds"
    assert units["disk_reserve_bytes"] == "bytes (1 bytes)", "as the tests have it"
    assert one(page, "#max_file_bytes-unit").text() == "bytes (256 MB)"
    assert "1073741824 (1.1 GB)" in one(page, "#disk_reserve_bytes-hint").text()
    assert page.css("#contact_email-unit") == []


def test_a_size_that_is_none_has_only_its_unit(browser: Browser) -> None:
    answer = browser.post("/settings/sizes", data={"max_file_bytes": "<b>much</b>"})
    assert one(LexborHTMLParser(answer.text), "#max_file_bytes-unit").text() == "bytes"
