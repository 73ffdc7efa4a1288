"""The pages of the documentation, and the parts of them that are generated.

A generated part stands between two comments that name it; `python -P -m tests.docs` writes it anew.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
GUIDE = DOCS / "guide"
TOOLS = ROOT / "tools"
README = ROOT / "README.md"

_PART = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end of \2 -->)", re.DOTALL)

Generators = Mapping[str, Callable[[], str]]


def pages() -> list[Path]:
    """Every page, in a stable order."""
    return [README, ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md")), *sorted(TOOLS.rglob("*.md"))]


def parts_of(text: str) -> list[str]:
    """The names of the generated parts of a page."""
    return [found[2] for found in _PART.finditer(text)]


def written_anew(text: str, generators: Generators) -> str:
    """The page with its generated parts as they should be. Raises KeyError for a part that nothing generates."""
    return _PART.sub(lambda found: f"{found[1]}{generators[found[2]]()}\n{found[3]}", text)


def table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown."""
    names = list(headings)
    lines = [names, ["---"] * len(names), *([cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cell(value: object) -> str:
    """A value as the text of a cell."""
    return " ".join(str(value).split()).replace("|", "\\|")


def code_blocks(text: str, language: str) -> list[str]:
    """The contents of the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def code(text: str) -> list[str]:
    """Everything that stands as code on a page: in blocks and between backticks."""
    spans = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE))
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [*spans, *(line.strip() for block in blocks for line in block.splitlines())]
