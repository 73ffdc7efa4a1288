"""What people can do with papers, in words: buttons, effects, and what was done. Pure."""

from collections.abc import Iterable, Mapping

from attrs import frozen

from application.formats import listed, number, plural
from domain.acts import Action
from domain.bulk import Bulk, BulkStatus, Skipped


@frozen(kw_only=True)
class ActWords:
    """How an action is called: on its button, what it will do, and what was done with one paper or many."""

    label: str
    effect: str
    one: str
    many: str


ACT_WORDS: Mapping[Action, ActWords] = {
    Action.RETRY: ActWords(
        label="Try again",
        effect="Sends papers through the pipeline again, in their turn. A doubtful file is thrown away.",
        one="paper was tried again",
        many="papers were tried again",
    ),
    Action.REVERT: ActWords(
        label="Take back",
        effect="Takes planned papers, and those in work, back to where they were.",
        one="paper was taken back",
        many="papers were taken back",
    ),
    Action.EXCLUDE: ActWords(
        label="Exclude",
        effect="Sets papers aside: the program leaves them alone. A file that is there stays.",
        one="paper was excluded",
        many="papers were excluded",
    ),
    Action.REINSTATE: ActWords(
        label="Reinstate",
        effect="Wants excluded papers again: they go on where they were.",
        one="paper was reinstated",
        many="papers were reinstated",
    ),
    Action.UNAVAILABLE: ActWords(
        label="Mark unavailable",
        effect="Gives papers up: they are not looked for any more. A doubtful file is thrown away.",
        one="paper was marked unavailable",
        many="papers were marked unavailable",
    ),
    Action.REQUESTED: ActWords(
        label="Requested",
        effect="Notes that papers were asked for elsewhere, by interlibrary loan for one.",
        one="paper was marked as requested",
        many="papers were marked as requested",
    ),
}
_BACK = ActWords(
    label="Back to where it was",
    effect="Takes back that papers were given up.",
    one="paper is back where it was",
    many="papers are back where they were",
)
SUGGESTED: Mapping[Action, tuple[str, ...]] = {
    Action.EXCLUDE: ("Off topic", "No full article", "Another language", "Duplicate", "Retracted"),
    Action.UNAVAILABLE: ("Only for subscribers", "In no library", "Out of print", "Not answered by the authors"),
    Action.REQUESTED: ("Interlibrary loan", "Asked the authors"),
}
"""Words that are often wanted as a reason or a note."""
_WHYS: Mapping[str, str] = {
    "pending": "planned",
    "processing": "in work",
    "unknown": "not there",
    "changed since": "changed since",
    "busy": "busy at that moment",
    "merged": "merged into another paper",
}
"""Reasons to leave papers alone that are not told by their own name, as statuses are."""


def words_of(action: Action, *, undoes: bool = False) -> ActWords:
    """What an action is called; what takes something back by trying again puts papers back where they were."""
    return _BACK if undoes and action is Action.RETRY else ACT_WORDS[action]


def done_with(action: Action, papers: int, *, undoes: bool = False) -> str:
    """What was done: 214 papers were excluded."""
    words = words_of(action, undoes=undoes)
    return plural(papers, words.one, words.many)


def title_of(action: Action, papers: int, *, undoes: bool = False) -> str:
    """What a bulk is called: Exclude, 8 412 papers."""
    return f"{words_of(action, undoes=undoes).label}: {plural(papers, 'paper')}"


def bulk_text(state: Bulk, *, running: bool, done: int) -> str:
    """What became of a bulk, or what it is about while it runs."""
    undoes = state.undoes is not None
    if running:
        return f"{title_of(state.action, state.papers, undoes=undoes)}. This goes on in the background."
    words = f": {state.words}" if state.words and done else ""
    parts = [f"{done_with(state.action, done, undoes=undoes)}{words}."]
    if left := left_alone(state.skipped):
        parts.append(f"{left}.")
    if state.status is BulkStatus.RUNNING or not state.complete:
        rest = plural(state.papers, "paper")
        parts.append(f"It was broken off before it had come to all {rest}; what was done stays done. Repeat it.")
    return " ".join(parts)


def left_alone(skipped: Iterable[Skipped]) -> str:
    """Which papers were left alone, and why: 3 papers left alone: 2 done and 1 excluded. Empty where there are none."""
    found = [one for one in skipped if one.papers]
    if not found:
        return ""
    reasons = listed([f"{number(one.papers)} {why_words(one.why)}" for one in found])
    return f"{plural(sum(one.papers for one in found), 'paper')} left alone: {reasons}"


def why_words(why: str) -> str:
    """A reason to leave papers alone, as it follows their number."""
    return _WHYS.get(why, why)
