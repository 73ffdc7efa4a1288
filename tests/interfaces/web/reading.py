"""Pages, read."""

from selectolax.lexbor import LexborHTMLParser, LexborNode


def one(page: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    """The first element that matches. Raises AssertionError where there is none."""
    found = page.css_first(selector)
    assert found is not None, selector
    return found
