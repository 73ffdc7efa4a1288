"""Links within the documentation lead somewhere, and so do the names of tests and files."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, ROOT, code, pages

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
TEST = re.compile(r"(tests/[\w/]+\.py)(?:::([\w:]+))?")
FOLDERS = ("application/", "docs/", "domain/", "infrastructure/", "interfaces/", "migrations/", "tests/", "tools/")

every_page = pytest.mark.parametrize("path", pages(), ids=lambda path: path.relative_to(ROOT).as_posix())


def anchors(text: str) -> set[str]:
    """The anchors that headings get."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@every_page
def test_every_link_leads_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in LINK.findall(text):
        if target.startswith(("http://", "https://")):
            continue
        place, _, anchor = target.partition("#")
        found = (path.parent / place).resolve() if place else path
        assert found.exists(), target
        assert not anchor or anchor in anchors(found.read_text(encoding="utf-8")), target


@every_page
def test_every_test_that_is_named_exists(path: Path) -> None:
    for piece in code(path.read_text(encoding="utf-8")):
        for file, name in TEST.findall(piece):
            assert (ROOT / file).is_file(), file
            assert not name or name in names_in(ROOT / file), f"{file}::{name}"


@every_page
def test_every_file_that_is_named_exists(path: Path) -> None:
    for piece in code(path.read_text(encoding="utf-8")):
        if piece.startswith(FOLDERS) and re.fullmatch(r"[\w./-]+", piece):
            assert (ROOT / piece).exists(), piece


@cache
def names_in(path: Path) -> frozenset[str]:
    """The tests of a file, as pytest names them."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}::{child.name}" for child in node.body if isinstance(child, ast.FunctionDef)}
    return frozenset(names)


def test_every_decision_is_in_the_list() -> None:
    linked = set(LINK.findall((DOCS / "adr" / "README.md").read_text(encoding="utf-8")))
    assert linked == {path.name for path in (DOCS / "adr").glob("*.md")} - {"README.md"}


@pytest.mark.parametrize("path", sorted((DOCS / "adr").glob("0*.md")), ids=lambda path: path.stem)
def test_every_decision_has_its_parts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {path.name[:4]}: ")
    parts = re.findall(r"^\*\*(\w+)\.?\*\*", text, re.MULTILINE)
    assert [part for part in parts if part != "Measured"] == ["Context", "Decision", "Consequences", "Weighed"]


def test_every_guide_can_be_reached_from_the_readme() -> None:
    reached, ahead = set[Path](), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        local = [target.partition("#")[0] for target in LINK.findall(page.read_text(encoding="utf-8"))]
        ahead += [(page.parent / place).resolve() for place in local if place and "://" not in place]
    assert set(pages()) <= reached
