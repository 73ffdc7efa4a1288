"""Every dependency is accounted for, with the licence that its package states."""

import re
import tomllib
from importlib.metadata import metadata

import pytest

from tests.docs.pages import DOCS, ROOT

PAGE = (DOCS / "adr" / "0017-dependencies.md").read_text(encoding="utf-8")
ROWS = {name: cells.split(" | ") for name, cells in re.findall(r"^\| ([a-z][\w-]*) \| (.*) \|$", PAGE, re.MULTILINE)}


CLASSIFIED = {"BSD License": "BSD-3-Clause", "MIT License": "MIT"}
"""The licences of packages that state them by a classifier only; read in their own files."""


def declared() -> list[str]:
    """The names in pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0].lower() for line in project["dependencies"]]


def licence(name: str) -> str:
    """The licence that an installed package states."""
    found = metadata(name)
    said = found["License-Expression"] or found["License"]
    if said:
        return str(said)
    classified = [line.rpartition(" :: ")[2] for line in found.get_all("Classifier") or [] if "License ::" in line]
    return CLASSIFIED.get(classified[0], str(classified[0]))


def test_the_table_has_every_dependency_and_no_other() -> None:
    assert sorted(ROWS) == sorted(declared())


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_row_says_what_for_and_the_stated_licence(name: str) -> None:
    purpose, upkeep, size, stated = ROWS[name]
    assert purpose
    assert upkeep
    assert re.match(r"\d+(\.\d+)? MB", size)
    assert stated == licence(name)


def test_every_dependency_is_used() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for layer in ("application", "domain", "infrastructure", "interfaces", "migrations")
        for path in (ROOT / layer).rglob("*.py")
    )
    by_others = {"cattrs": "typed_settings", "jinja2": "litestar", "psycopg": "postgresql"}
    unused = [
        name
        for name in declared()
        if not re.search(rf"import {(module := name.replace('-', '_'))}\b|from {module}\b", code)
    ]
    assert [name for name in unused if by_others.get(name, "never") not in code] == []
