"""Every generated part by its name."""

from pathlib import Path

from tests.docs import cases, causes, kinds, pages, publishers, settings, statuses

GENERATORS: pages.Generators = {
    "causes": causes.causes_tables,
    "reserved-causes": causes.reserved,
    "kinds": kinds.kinds_table,
    "publishers": publishers.publishers_table,
    "left-alone": publishers.left_alone_table,
    "settings": settings.settings_table,
    "former-names": settings.former_names,
    "diagram": statuses.diagram,
    "decisions": statuses.decisions_from_outside,
}


def as_it_should_be(path: Path) -> str:
    """The text of a page with its generated parts made anew."""
    text = pages.written_anew(path.read_text(encoding="utf-8"), GENERATORS)
    return cases.written_anew(text, cases.marked_tests()) if path == cases.PAGE else text
