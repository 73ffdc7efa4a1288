"""Writes the generated parts of the documentation anew: `python -P -m tests.docs`."""

from tests.docs.generators import as_it_should_be
from tests.docs.pages import pages

for path in pages():
    path.write_text(as_it_should_be(path), encoding="utf-8")
