"""The cases of docs/cases.md, and the tests that show them, found by reading the tests' source."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from attrs import frozen

from tests.docs.pages import DOCS, ROOT

PAGE = DOCS / "cases.md"
NOT_SHOWN = "Not shown: "
"""Begins the last cell of a case that no test shows; the reason follows."""
GROUPS = {"C": 30, "D": 20, "K": 15, "B": 10, "T": 18, "I": 10, "X": 22, "G": 15, "N": 12}
"""How many cases each group has."""

_ROW = re.compile(r"^\| ([A-Z]\d\d) \| (.*?) \| (.*) \|$", re.MULTILINE)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@frozen
class Row:
    """A line of the table: a case, what it is in words, and where it is shown or why not."""

    case: str
    words: str
    shown: str


def rows(text: str) -> list[Row]:
    """The lines of the table on the page."""
    return [Row(*found.groups()) for found in _ROW.finditer(text)]


def every_case() -> list[str]:
    """The ids that must be on the page, in order."""
    return [f"{group}{number:02}" for group, count in GROUPS.items() for number in range(1, count + 1)]


def written_anew(text: str, tests: Mapping[str, list[str]]) -> str:
    """The page with the tests that show each case; reasons stay where there is no test."""

    def line(found: re.Match[str]) -> str:
        case, words, shown = found.groups()
        if case in tests:
            shown = "<br>".join(f"`{name}`" for name in tests[case])
        elif not shown.startswith(NOT_SHOWN):
            shown = NOT_SHOWN
        return f"| {case} | {words} | {shown} |"

    return _ROW.sub(line, text)


@cache
def marked_tests(folder: Path = ROOT / "tests") -> dict[str, list[str]]:
    """Which tests carry `pytest.mark.case(…)` with which id, as file::test, sorted."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(folder.rglob("test_*.py")):
        place = path.relative_to(folder.parent).as_posix()
        for name, case in _marks(ast.parse(path.read_text(encoding="utf-8"))):
            found[case].add(f"{place}::{name}" if name else place)
    return {case: sorted(names) for case, names in sorted(found.items())}


def _marks(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Pairs of a test's name and a case; the name is empty for a mark on the whole module."""
    aliases = {
        target.id
        for statement in module.body
        if isinstance(statement, ast.Assign) and _is_mark(statement.value, frozenset())
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    for statement in module.body:
        if isinstance(statement, _DEFINITIONS):
            yield from _marks_on(statement, "", frozenset(aliases))
        else:
            yield from (("", case) for case in _cases(statement, frozenset(aliases)))


def _marks_on(node: ast.stmt, prefix: str, aliases: frozenset[str]) -> Iterator[tuple[str, str]]:
    assert isinstance(node, _DEFINITIONS)
    name = f"{prefix}{node.name}"
    for decorator in node.decorator_list:
        yield from ((name, case) for case in _cases(decorator, aliases))
    if isinstance(node, ast.ClassDef):
        for child in node.body:
            if isinstance(child, _DEFINITIONS):
                yield from _marks_on(child, f"{name}::", aliases)
            else:
                yield from ((name, case) for case in _cases(child, aliases))


def _cases(node: ast.AST, aliases: frozenset[str]) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and _is_mark(call.func, aliases):
            yield from (str(argument.value) for argument in call.args if isinstance(argument, ast.Constant))


def _is_mark(node: ast.AST, aliases: frozenset[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in aliases
    return isinstance(node, ast.Attribute) and ast.unparse(node) == "pytest.mark.case"
