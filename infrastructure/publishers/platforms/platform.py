"""What is known of one platform, and how its entries are written.

An address is written without its scheme; {doi} stands for a DOI, and a slash, parameters and a fragment may follow.
"""

import re
from collections.abc import Callable, Iterator

from attrs import field, frozen

from application.publishers import Proof

_DOI = r"(?P<doi>10\.\d{4,9}(?:/|%2f)[^?#]+?)"
_END = r"/?(?:[?#].*)?"


@frozen
class Rule:
    """`pattern` is matched against a whole address; `target` is the file's, with the groups of the match."""

    pattern: re.Pattern[str]
    target: str


@frozen(kw_only=True)
class Platform:
    """A platform: whose papers are there, how its pages are known, and how they lead to files.

    A rule of `pages` leads from the address of a landing page to the file, one of `viewers` from the address of a page
    that only shows the file to the file itself. Both are tried after what a page says in its tags.
    """

    name: str
    prefixes: tuple[str, ...] = ()
    """Prefixes of the DOIs that are registered for it."""
    hosts: tuple[str, ...] = ()
    """Its domains, with all that end in them; `name.*` is any domain that has this label."""
    signs: tuple[re.Pattern[str], ...] = ()
    """What its pages have in their source, wherever they are."""
    pages: tuple[Rule, ...] = ()
    viewers: tuple[Rule, ...] = ()
    marks: tuple[str, ...] = ()
    """CSS selectors of the link to the file of the paper."""
    data: Callable[[str], Iterator[str]] | None = None
    """Files named in the data of a page's own program."""
    proof: Proof = Proof.UNPROVED
    left_alone: str = field(default="")
    """Why nothing is fetched from it; "" where it may be asked."""


def rule(address: str, target: str) -> Rule:
    """A rule for an address without its scheme."""
    return Rule(re.compile(r"https?://" + address.replace("{doi}", _DOI) + _END, re.IGNORECASE), target)


def sign(pattern: str) -> re.Pattern[str]:
    """A sign in a page's source, without regard to case."""
    return re.compile(pattern, re.IGNORECASE)


def below(*domains: str) -> str:
    """A group of a pattern for domains, with all that end in them."""
    return rf"((?:[\w-]+\.)*(?:{'|'.join(map(re.escape, domains))}))"
