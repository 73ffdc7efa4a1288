"""The page on the HTTP API names every address, and no other."""

import re
from pathlib import Path

import pytest

from interfaces.bootstrap import container
from interfaces.settings import load
from interfaces.web.app import create_app
from tests.docs.pages import GUIDE

PAGE = (GUIDE / "http-api.md").read_text(encoding="utf-8")
METHODS = ("get", "post", "put", "patch", "delete")


def without_kinds(address: str) -> str:
    """An address with the names of its parameters only."""
    return re.sub(r"\{(\w+):\w+\}", r"{\1}", address)


def test_every_request_is_on_the_page_and_no_other(tmp_path: Path) -> None:
    settings, origins = load({"SCIPAPERLOADER_DATA_DIR": str(tmp_path)}, tmp_path)
    with container(settings, origins, {}) as app:
        paths = create_app(app).openapi_schema.paths or {}
        served = {
            f"{method.upper()} {without_kinds(address)}"
            for address, item in paths.items()
            for method in METHODS
            if getattr(item, method) is not None
        }
    assert served == set(re.findall(r"^\| `([A-Z]+ /\S*)` \|", PAGE, re.MULTILINE))


@pytest.mark.parametrize("line", [line for line in PAGE.splitlines() if line.startswith("curl")])
def test_every_example_asks_for_an_address_of_the_table(line: str) -> None:
    found = re.search(r"http://127\.0\.0\.1:5000(/[\w/.-]*)", line)
    assert found
    assert f"{found[1]}`" in PAGE
