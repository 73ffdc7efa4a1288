"""Plain forms."""

from typing import Any

import pytest
from litestar.testing import TestClient

from interfaces.web.forms import MAX_FIELDS, fields_of, one
from interfaces.web.problems import BadForm

Browser = TestClient[Any]


def test_fields_keep_their_order_and_their_empty_values() -> None:
    fields = fields_of(b"w=1&w=&w=3&name=M%C3%BCller+%26+Co")
    assert fields == {"w": ["1", "", "3"], "name": ["Müller & Co"]}
    assert one(fields, "w") == "3"
    assert one(fields, "nothing", "instead") == "instead"


def test_a_field_is_never_missing_for_bytes_that_are_no_text() -> None:
    assert list(fields_of(b"a=%FF%FE&b=\xff")) == ["a", "b"]


def test_too_many_fields_are_no_form() -> None:
    assert len(fields_of(b"&".join([b"w=1"] * MAX_FIELDS))["w"]) == MAX_FIELDS
    with pytest.raises(BadForm):
        fields_of(b"&".join([b"w=1"] * (MAX_FIELDS + 1)))


@pytest.mark.parametrize("address", ["/schedule", "/jobs/revoke"])
@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=x", "text/plain"])
def test_another_kind_of_body_is_refused(browser: Browser, address: str, content_type: str) -> None:
    answer = browser.post(address, content=b"{}", headers={"content-type": content_type})
    assert answer.status_code == 400
    assert "no form of a page" in answer.text
