"""What is the matter with the database, in a word and a sentence: the first thing to know when something is wrong."""

from collections.abc import Sequence
from enum import StrEnum

from attrs import frozen

from application.health import Result, State

ASKED = ("database", "schema", "database-write")
"""The checks that tell it."""


class Condition(StrEnum):
    """How the database is."""

    OK = "ok"
    NONE = "none"
    """It was not made yet."""
    MISSING = "missing"
    DAMAGED = "damaged"
    LOCKED = "locked"
    READ_ONLY = "read-only"
    OLDER = "older"
    NEWER = "newer"
    SILENT = "silent"
    """Its server does not answer."""
    UNUSABLE = "unusable"


@frozen(kw_only=True)
class Headline:
    """How the database is, what to do about it ("" for nothing), and whether it can be read and written."""

    condition: Condition
    sentence: str
    remedy: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether the database can be worked with."""
        return self.condition is Condition.OK


def headline(results: Sequence[Result]) -> Headline:
    """How the database is, by what the checks found; damage counts first, wherever it was met."""
    damaged = [one for one in results if one.kind == Condition.DAMAGED]
    asked = [one for one in results if one.name in ASKED and one.state is not State.OK]
    for one in (*damaged, *asked):
        condition = Condition(one.kind or Condition.UNUSABLE)
        return Headline(condition=condition, sentence=_about_the_database(one), remedy=one.remedy)
    return Headline(condition=Condition.OK, sentence="The database is in order.")


_BEGINNINGS = (
    ("It ", "The database "),
    ("Its ", "The database's "),
    ("There is none yet", "There is no database yet"),
)


def _about_the_database(one: Result) -> str:
    """The value of a check, as a sentence that stands alone."""
    if one.name == "schema" and one.kind in {Condition.OLDER, Condition.NEWER}:
        return f"The database is of the revision {one.value}"
    for start, instead in _BEGINNINGS:
        if one.value.startswith(start):
            return instead + one.value.removeprefix(start)
    return one.value if "database" in one.value.lower() else f"The database: {one.value}"
