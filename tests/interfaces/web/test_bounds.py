"""What a person may write into an address or a form, and no database, header or library takes."""

from typing import Any
from urllib.parse import urlencode

import pytest
from litestar.testing import TestClient

from interfaces.web.answering import in_header
from tests.interfaces.web.world import World

Browser = TestClient[Any]
PLAIN = {"content-type": "application/x-www-form-urlencoded"}
HUGE = 10**30


@pytest.mark.parametrize("place", [HUGE, -1])
def test_a_place_that_no_database_has_is_refused(reader: Browser, world: World, place: int) -> None:
    addresses = ("/notices/{}", "/activity/{}", "/notices?before={}", f"/imports/{world.import_id}?after={{}}")
    for address in addresses:
        assert reader.get(address.format(place)).status_code in {400, 404}
    assert reader.post(f"/notices/{place}/undo").status_code in {400, 404}


@pytest.mark.parametrize("cursor", ["NQ", "bnVsbA", "e30", "WzFd", "%FF"])
def test_a_cursor_that_is_none_is_refused(reader: Browser, cursor: str) -> None:
    assert reader.get(f"/papers?after={cursor}").status_code == 422


def test_a_filter_of_very_many_fields_is_refused(reader: Browser) -> None:
    fields = {"action": "exclude", "everything": "1", "which": "&".join("q=a" for _ in range(1_001))}
    answer = reader.post("/papers/actions/confirm", content=urlencode(fields), headers=PLAIN)
    assert answer.status_code == 422


@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}])
def test_an_address_in_other_letters_can_be_gone_back_to(browser: Browser, headers: dict[str, str]) -> None:
    browser.post("/import", files={"text": (None, "10.5555/one")})
    paper = browser.get("/api/v1/papers").json()["papers"][0]["id"]
    fields = {"back": "/papers/文献%2Fa?q=Müller", "action": "exclude", "paper": paper, "which": "", "shown": "1"}
    answer = browser.post("/papers/actions", content=urlencode(fields), headers=PLAIN | headers)
    where = answer.headers.get("hx-redirect") or answer.headers["location"]
    assert where.startswith("/papers/%E6%96%87%E7%8C%AE%2Fa?q=M%C3%BCller&told=")


def test_what_is_encoded_is_not_encoded_again() -> None:
    plain = "/papers/10.1%2Fa?q=a+b&c=%C3%BC#rejected"
    assert in_header(plain) == plain
    assert in_header("/ü") == "/%C3%BC"
