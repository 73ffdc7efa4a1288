"""The kinds of events, in words for the user."""

from application.kinds import GROUP_WORDS, kinds
from tests.docs.pages import table


def kinds_table() -> str:
    """Every kind under what it is about, with its usual level."""
    rows = (
        (f"`{group}`: {GROUP_WORDS[group]}", f"`{kind.type}`", kind.words, kind.level.value)
        for group, some in kinds().items()
        for kind in some
    )
    return table(("Group", "Type", "What happened", "Level"), rows)
