"""Static files and templates: vendored as they came, and nothing in them that the policy forbids."""

import base64
import hashlib
import re
from typing import Any

import pytest
from litestar.testing import TestClient

from interfaces.web import assets, rendering
from interfaces.web.assets import asset

VENDOR = assets.FOLDER / "vendor"
ROW = re.compile(r"^\| (\S+\.js) \| (\S+ \S+) \| \S+ \| ([0-9a-f]{64}) \|$", re.MULTILINE)
TEMPLATES = sorted(rendering.FOLDER.rglob("*.html"))


def test_vendored_files_are_what_the_table_says() -> None:
    table = {name: sha256 for name, _, sha256 in ROW.findall((VENDOR / "README.md").read_text())}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.glob("*.js")}
    assert found == table


def test_an_asset_is_named_by_its_content(reader: TestClient[Any]) -> None:
    css = asset("app.css")
    served = reader.get(css.url)
    digest = hashlib.sha384(served.content).digest()
    assert css.integrity == f"sha384-{base64.b64encode(digest).decode()}"
    assert css.url == f"/static/app.css?v={digest.hex()[:16]}"


@pytest.mark.case("W13")
@pytest.mark.parametrize("path", ["..%2fapp.py", "../app.py", "%2e%2e/app.py", "/etc/passwd", "..\\app.py", "a%00b"])
def test_nothing_outside_of_the_folder_is_served(reader: TestClient[Any], path: str) -> None:
    answer = reader.get(f"/static/{path}")
    assert answer.status_code in {400, 404}
    assert "create_app" not in answer.text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_has_nothing_that_needs_eval_or_inline_code(path: Any) -> None:
    text = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|hx-on|\bjs:|x-html|\|\s*safe", text)
    assert not re.search(r"hx-trigger=\"[^\"]*\[", text)
    assert "http://" not in text.replace("http://www.w3.org", "")


def test_scripts_are_loaded_in_the_order_that_they_need() -> None:
    base = (rendering.FOLDER / "layouts/base.html").read_text()
    order = [
        base.index(name)
        for name in ("page.js", "htmx.min", "hx-sse", "hx-alpine-compat", "components.js", "alpine-csp")
    ]
    assert order == sorted(order)
    assert "<script defer" not in base


def test_our_scripts_use_nothing_that_the_policy_forbids() -> None:
    for path in assets.FOLDER.glob("*.js"):
        assert not re.search(r"\beval\(|new Function|innerHTML|outerHTML|document\.write|\.style\b", path.read_text())


def test_the_stylesheet_loads_nothing() -> None:
    css = (assets.FOLDER / "app.css").read_text()
    assert "url(" not in css
    assert "@import" not in css
