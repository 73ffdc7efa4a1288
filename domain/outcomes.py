"""What the outcome of a try says of the site that was asked."""

from enum import StrEnum

from domain.causes import CAUSES, WALLS


class Answer(StrEnum):
    """What a site gave when it was asked."""

    FILE = "file"
    PAGE = "page"
    """A page that leads on to the file."""
    WALL = "wall"
    """It does not let programs in, or asks for a login or a payment."""
    LATER = "later"
    """It was too slow, out of order, or asked for patience."""
    USELESS = "useless"
    """Something came that is of no use, or nothing is there."""


GOOD_ANSWERS = frozenset({Answer.FILE, Answer.PAGE})
NO_LINK = frozenset({"no_pdf_link", "html_instead_of_pdf"})
"""A page came, and no way to the file was found on it."""
NOT_ASKED = frozenset({"no_internet", "host_resting", "budget_exhausted", "policy_skip", "disk_full", "crashed"})
"""Outcomes that say nothing of the site: it was not asked, or what failed is ours."""

_GOOD = {"ok": Answer.FILE, "page": Answer.PAGE}
_WALLS = WALLS | {"login_or_paywall"}


def answer_of(outcome: str) -> Answer | None:
    """What the site gave; None where the outcome says nothing of it."""
    if outcome in NOT_ASKED:
        return None
    if outcome in _GOOD:
        return _GOOD[outcome]
    if outcome in _WALLS:
        return Answer.WALL
    return Answer.LATER if outcome in CAUSES and CAUSES[outcome].transient else Answer.USELESS
