"""The bodies of the sources' answers, in their documented forms and with every field that they have."""

from collections.abc import Callable
from urllib.parse import quote

from infrastructure.simulation.papers import Paper

At = Callable[[str, str], str]
"""The URL of a path on a host of the world."""


def doi_url(paper: Paper, at: At) -> str:
    """The DOI as an address."""
    return at("doi_org", f"/{quote(paper.doi, safe='/')}")
