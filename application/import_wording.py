"""Imports in words: what taking one back does, and what becomes of rows."""

from collections.abc import Mapping, Sequence

from application.formats import listed, number, plural
from application.ports.tabular import FIELDS, SeenColumn
from application.queries import Stakes
from application.sorting_out import Outcome
from domain.importing import Counts, ImportStatus

STATUS_WORDS: Mapping[str, str] = {
    ImportStatus.RUNNING: "Running",
    ImportStatus.COMPLETED: "Completed",
    ImportStatus.REFUSED: "Ended early",
    ImportStatus.CANCELLED: "Cancelled",
    ImportStatus.UNDOING: "Being undone",
    ImportStatus.UNDONE: "Undone",
}
"""The status of an import, for people."""

OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.NEW: "New papers",
    Outcome.KNOWN: "In the library already",
    Outcome.DUPLICATE: "Repeated in the file",
    Outcome.INVALID: "Rows that cannot be taken",
}
"""What becomes of a row, for people."""


MINDED = ("title", "authors", "journal", "year")
"""Fields whose absence is told: a list of papers shows them."""


def missing_columns(columns: Sequence[SeenColumn], remedy: str) -> str:
    """Which fields no column was found for, and what to do; "" where there is no column that could be meant."""
    used = {column.field for column in columns}
    if None not in used or not (missing := [f"the {FIELDS[name].lower()}" for name in MINDED if name not in used]):
        return ""
    what = "it is not known" if "title" in used else "the list shows the papers by their identifiers only"
    return f"No column was found for {listed(missing)}. {remedy}, or {what}."


def commit_words(counts: Counts) -> str:
    """What importing a list does, as its button says it."""
    new, known = plural(counts.registered, "new paper"), plural(counts.known, "known one", "known ones")
    if not counts.known:
        return f"Import {new}"
    if not counts.registered:
        return f"Add {plural(counts.known, 'known paper')} to the collection"
    return f"Import {new} and add {known} to the collection"


def going_words(stakes: Stakes) -> tuple[str, ...]:
    """Which papers are set aside when an import is taken back, and what that means for them."""
    if not stakes.papers:
        return ("No paper is set aside",)
    told = [f"{plural(stakes.papers, 'paper is', 'papers are')} set aside"]
    if stakes.with_file:
        given = f", {number(stakes.by_hand)} of them given by a person" if stakes.by_hand else ""
        told.append(f"{plural(stakes.with_file, 'has a file', 'have a file')}{given}, which stays in the library")
    if stakes.requested:
        told.append(f"{plural(stakes.requested, 'was', 'were')} asked for elsewhere")
    moving = sum(count for status, count in stakes.leaving.items() if status in {"pending", "processing"})
    if moving:
        told.append(f"{plural(moving, 'is', 'are')} in work, which is broken off")
    return tuple(told)


def staying_words(stakes: Stakes) -> tuple[str, ...]:
    """Which papers stay as they are, and why."""
    told = []
    if stakes.shared:
        told.append(f"{plural(stakes.shared, 'paper stays', 'papers stay')}, because other lists name them too")
    if stakes.aside:
        told.append(plural(stakes.aside, "paper was set aside before", "papers were set aside before"))
    return tuple(told)


def undo_sentence(stakes: Stakes) -> str:
    """What taking an import back does, in one sentence."""
    return f"{listed(list(going_words(stakes)))}."
